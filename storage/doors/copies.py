"""`store.copies`: collected pictures that are copies of earlier collected ones. One picture in fifty posts is
one picture."""

from collections.abc import Sequence

from storage.database import Database
from storage.records import Match
from storage.shelves import copies
from storage.shelves.copies import Showing


class Copies:
    """All raise StoreError(kind="no_file") for bytes that were neither collected nor registered, except `of`
    and `shown`, which then are empty."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, sha256: str) -> tuple[Match, ...]:
        """Its links to earlier pictures: matches without a twin."""
        return self._database.read(copies.of, sha256)

    def link(self, sha256: str, links: Sequence[Match]) -> str:
        """Replaces the links of these bytes, and joins (or parts) the groups: the group it is in now."""
        return self._database.write(copies.link, sha256, links)

    def group_of(self, sha256: str) -> str:
        """SHA-256 of the earliest picture of its group: its own where it is alone."""
        return self._database.read(copies.group_of, sha256)

    def pictures(self, sha256: str) -> Sequence[str]:
        """All of its group, earliest first."""
        return self._database.read(copies.pictures, sha256)

    def posts(self, sha256: str) -> Sequence[Showing]:
        """Where any picture of its group stands, the earliest post first."""
        return self._database.read(copies.posts, sha256)

    def shown(self, sha256: str) -> Sequence[Showing]:
        """Where these very bytes stand."""
        return self._database.read(copies.showings, [sha256])[sha256]
