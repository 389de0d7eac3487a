"""Pages take turns, in the order of being asked for."""

import asyncio
import threading
import time
from types import SimpleNamespace
from typing import cast

import pytest
from fastapi import Request

from desk.web.turns import Turns, made, turn


def test_one_at_a_time_in_the_order_of_coming() -> None:
    turns, order, at_once = Turns(), list[int](), list[int]()
    inside = 0

    def page(number: int) -> None:
        nonlocal inside
        with turns.turn():
            inside += 1
            at_once.append(inside)
            order.append(number)
            inside -= 1

    threads = [threading.Thread(target=page, args=(number,)) for number in range(12)]
    with turns.turn():
        for waiting, thread in enumerate(threads, start=1):
            thread.start()
            while len(turns._waiting) < waiting:
                time.sleep(0.001)
        assert order == []
    for thread in threads:
        thread.join(10)
    assert order == list(range(12))
    assert set(at_once) == {1}


def test_a_turn_within_a_turn_is_that_one_and_an_error_gives_it_on() -> None:
    turns = Turns()
    with pytest.raises(ValueError, match="no"), turns.turn(), turns.turn():
        raise ValueError("no")
    taken = threading.Event()

    def next_one() -> None:
        with turns.turn():
            taken.set()

    threading.Thread(target=next_one).start()
    assert taken.wait(10)


def test_a_turn_at_once_is_had_or_not_and_nobody_is_waited_for() -> None:
    turns, inside = Turns(), threading.Event()
    with turns.turn_at_once() as mine:
        assert mine
        waits = threading.Thread(target=lambda: _within(turns, inside))
        waits.start()
        while not turns._waiting:
            time.sleep(0.001)
        with turns.turn():  # within it: that one
            assert not inside.is_set()
    assert inside.wait(10)
    waits.join(10)
    with turns.turn_at_once() as again:
        assert again

    with turns.turn():
        other = list[bool]()
        asks = threading.Thread(target=lambda: other.append(_at_once(turns)))
        asks.start()
        asks.join(10)
        assert other == [False]
    assert turns.asked == 0


def _within(turns: Turns, inside: threading.Event) -> None:
    with turns.turn():
        inside.set()


def _at_once(turns: Turns) -> bool:
    with turns.turn_at_once() as mine:
        return mine


def _asked(*, at_hand: bool) -> Request:
    store = SimpleNamespace(remembered=SimpleNamespace(at_hand=at_hand))
    return cast(Request, SimpleNamespace(app=SimpleNamespace(state=SimpleNamespace(store=store))))


async def _made_in(request: Request) -> int:
    return await made(request, threading.get_ident)


def test_a_page_is_made_where_it_is_asked_for_when_nothing_is_waited_for() -> None:
    here = threading.get_ident()
    assert asyncio.run(_made_in(_asked(at_hand=True))) == here


def test_a_page_that_asks_a_server_is_made_in_another_thread() -> None:
    assert asyncio.run(_made_in(_asked(at_hand=False))) != threading.get_ident()


def test_a_page_whose_turn_it_is_not_holds_nobody_up() -> None:
    """The loop goes on with others until the turn is given back."""
    held, let = threading.Event(), threading.Event()

    def slow() -> None:
        with turn():
            held.set()
            assert let.wait(10)

    async def asks() -> int:
        page = asyncio.create_task(_made_in(_asked(at_hand=True)))
        await asyncio.sleep(0.05)
        assert not page.done()
        let.set()
        return await page

    holds = threading.Thread(target=slow)
    holds.start()
    assert held.wait(10)
    assert asyncio.run(asks()) != threading.get_ident()
    holds.join(10)
