"""`store.notices` and `store.feeds`: what is owed to channels, and what feed readers may ask for."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from storage.database import Database
from storage.notices import Feed, Notice, NoticeState
from storage.shelves import feeds, notices


class Notices:
    def __init__(self, database: Database) -> None:
        self._database = database

    def owe(self, made: Sequence[Notice]) -> None:
        """All of them or none."""
        self._database.write(notices.owe, made)

    def told(self, channel: str, since: datetime) -> Mapping[int, frozenset[str]]:
        """Finding → its alarms that the channel was told, or is owed, since then."""
        return self._database.read(notices.told, channel, since)

    def claim(self, now: datetime, held: timedelta, besides: Collection[str] = ()) -> Notice | None:
        """One that is due, as tried once more; nobody else gets it until `held` is over."""
        return self._database.write(notices.claim, now, held, besides)

    def due(self, now: datetime) -> Sequence[Notice]:
        return self._database.read(notices.due, now)

    def ended(self, number: int, state: NoticeState, at: datetime, error: str = "") -> None:
        """What it said is not kept any longer."""
        self._database.write(notices.ended, number, state, at, error)

    def failed(self, number: int, next_at: datetime, error: str) -> None:
        """It is tried again then."""
        self._database.write(notices.failed, number, next_at, error)

    def latest(self, limit: int = 50, before: int | None = None) -> Sequence[Notice]:
        """Newest first. `before`: those that are older than this one."""
        return self._database.read(notices.latest, limit, before)


class Feeds:
    """Secrets come here as digests."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def make(self, user_id: int, secret: str, sought: str, at: datetime) -> int:
        """Its number."""
        return self._database.write(feeds.make, user_id, secret, sought, at)

    def of(self, secret: str) -> Feed | None:
        """None: there is none, it was revoked, or its user may not log in any more."""
        return self._database.read(feeds.of, secret)

    def every(self, user_id: int) -> Sequence[Feed]:
        return self._database.read(feeds.every, user_id)

    def revoke(self, number: int, user_id: int, at: datetime) -> bool:
        """False: this user has no such feed."""
        return self._database.write(feeds.revoke, number, user_id, at)

    def served(self, number: int, digest: str) -> None:
        self._database.write(feeds.served, number, digest)
