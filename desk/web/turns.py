"""Pages that are made one after the other, in the order of being asked for.

Making a page is work for one core, and Python runs one thread of a process at a time: ten made at once take
as long as one after the other, all of them end last, and the changing between them costs a fifth more. So
they take turns. Whoever waits for something else meanwhile (a writer, a picture, an export) holds none:
nobody waits for a wait.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager


class Turns:
    """One thread at a time, the one that came first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()
        self._mine = threading.local()
        self.came = 0  # how many ever asked for a turn
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


def turn() -> AbstractContextManager[None]:
    """For reading what a page shows, and for making it of that; not for writing."""
    return _TURNS.turn()
