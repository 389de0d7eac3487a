"""Who read something sensitive: a line of the record an hour for each person and thing. Each look would be
noise in which the one that matters is lost."""

import threading
from datetime import UTC, datetime

from fastapi import Request

from desk.web.access import Visitor
from storage.store import Store

_MOST = 10_000  # remembered in a process; then it begins anew, and some are written twice


class Noted:
    """What this process has written down already."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: set[tuple[str, str, str, datetime]] = set()

    def is_new(self, who: str, what: str, about: str, now: datetime) -> bool:
        key = (who, what, about, now.replace(minute=0, second=0, microsecond=0))
        with self._lock:
            if key in self._seen:
                return False
            if len(self._seen) >= _MOST:
                self._seen.clear()
            self._seen.add(key)
            return True


def by_token(visitor: Visitor) -> dict[str, object]:
    """What a line of the record says beside who did it: that a program did, with her token."""
    return {"by": "token"} if visitor.token else {}


def note_read(request: Request, visitor: Visitor, what: str, about: str) -> None:
    """`what`: "read models' names", "screenshot seen". `about` names no person: the record cannot be
    altered."""
    store: Store = request.app.state.store
    noted: Noted = request.app.state.noted
    now = datetime.now(UTC)
    if noted.is_new(visitor.user.name, what, about, now):
        store.audit.append(now, visitor.user.name, what, about)
