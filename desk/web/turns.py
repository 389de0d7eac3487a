"""Pages that are made one after the other, in the order of being asked for.

Making a page is work for one core, and Python runs one thread of a process at a time: ten made at once take
as long as one after the other, all of them end last, and the changing between them costs a fifth more. So
they take turns. Whoever waits for something else meanwhile (a writer, a picture, an export) holds none:
nobody waits for a wait. A page whose turn has come at once, and which reads a file and waits for nobody, is
made where it was asked for: to hand it to another thread and back costs as much as a tenth of it.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from storage.store import Store

T = TypeVar("T")


class Turns:
    """One thread at a time, the one that came first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()
        self._mine = threading.local()
        self.came = 0  # how many ever came, or asked for a turn
        self.tell: Callable[[], None] | None = None  # called when somebody asks for one, or gives it back

    @property
    def asked(self) -> int:
        """How many have a turn or wait for theirs."""
        with self._lock:
            return int(self._taken) + len(self._waiting)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Within a turn, it is that one."""
        if getattr(self._mine, "turn", False):
            yield
            return
        self._take()
        self._mine.turn = True
        try:
            yield
        finally:
            self._mine.turn = False
            self._give()
            self._say()

    @contextmanager
    def turn_at_once(self) -> Iterator[bool]:
        """A turn if nobody else has one; whether there is."""
        with self._lock:
            free = not self._taken and not getattr(self._mine, "turn", False)
            if free:
                self._taken = True
                self.came += 1
        self._mine.turn = free
        try:
            yield free
        finally:
            self._mine.turn = False
            if free:
                self._give()
                self._say()

    def arrived(self) -> None:
        """A request is here that was waited for, whether or not it will want a turn."""
        with self._lock:
            self.came += 1
        self._say()

    def _say(self) -> None:
        tell = self.tell
        if tell is not None:
            tell()

    def _take(self) -> None:
        called = threading.Lock()
        with self._lock:
            self.came += 1
            if free := not self._taken:
                self._taken = True
            else:
                called.acquire()
                self._waiting.append(called)
        self._say()
        if not free:
            called.acquire()  # given by whoever had the turn before: nobody can slip in between

    def _give(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


_TURNS = Turns()


def turns() -> Turns:
    """Those of this process."""
    return _TURNS


async def made(request: Request, work: Callable[[], T]) -> T:
    """What `work` returns, which only reads and makes, in its turn."""
    store: Store = request.app.state.store
    if store.remembered.at_hand:
        with turns().turn_at_once() as mine:
            if mine:
                return work()

    def later() -> T:
        with turn():
            return work()

    return await run_in_threadpool(later)


def turn() -> AbstractContextManager[None]:
    """For reading what a page shows, and for making it of that; not for writing."""
    return _TURNS.turn()
