"""Pages take turns, in the order of being asked for."""

import threading
import time

import pytest

from desk.web.turns import Turns


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
