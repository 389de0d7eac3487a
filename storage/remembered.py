"""What was read out of a database, kept for as long as nothing in it changes: not a second longer, and for
no guess of how long that may be."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from storage.database import Database

T = TypeVar("T")
MOST = 500  # answers kept; a page of the list is some 40 kB


def this_hour() -> datetime:
    """What a question's key says of the time where its answer grows old by itself (UTC): a verification that
    is a week old is no longer shown as fresh, though nothing in the database has changed."""
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


class Remembered:
    """Of one database, for all threads of this process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._state: object = None
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()

    @property
    def at_hand(self) -> bool:
        """Whether asking this database waits for nobody: it is a file, no server answers it, and it is open
        for one more."""
        return self._database.is_at_hand

    def of(self, key: Hashable, work: Callable[[], T]) -> T:
        """What `work` returns; what it returned before, if the database is as it was then. `key` says the
        question with all that its answer depends on but the database: two questions never share one."""
        state = self._database.state()
        if state is None:
            return work()
        with self._lock:
            if state == self._state and key in self._kept:
                self._kept.move_to_end(key)
                return cast(T, self._kept[key])
        # The state was asked first: what changes while this works makes the next asker work anew.
        made = work()
        with self._lock:
            if state != self._state:
                self._kept.clear()
                self._state = state
            self._kept[key] = made
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return made
