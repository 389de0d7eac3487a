"""`store.checks`: checks that somebody kept."""

from collections.abc import Sequence

from storage.checks import KeptCheck
from storage.database import Database
from storage.shelves import checks


class Checks:
    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, given: KeptCheck, picture: bytes) -> int:
        """Its number. `picture`: a small copy; b"" where there is none."""
        return self._database.write(checks.keep, given, picture)

    def one(self, number: int) -> KeptCheck | None:
        return self._database.read(checks.one, number)

    def latest(self, before: int | None = None, limit: int = 50) -> Sequence[KeptCheck]:
        """Newest first; `before`: those that are older than this one."""
        return self._database.read(checks.latest, before, limit)

    def count(self) -> int:
        return self._database.read(checks.count)

    def picture(self, number: int) -> bytes:
        """b"" where there is none."""
        return self._database.read(checks.picture, number)

    def let_go(self, number: int) -> bool:
        """False: there is none. Raises StoreError(kind="held") where a hold covers a twin that it
        matched."""
        return self._database.write(checks.let_go, number)
