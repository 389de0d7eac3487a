"""`store.holds`: what a legal hold keeps from erasure and purge."""

from collections.abc import Sequence
from datetime import datetime

from storage.database import Database
from storage.keeping import Hold
from storage.shelves import holds


class Holds:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, hold: Hold) -> Hold:
        """With its number. Raises RegistryError(kind="no_twin"), StoreError(kind="no_finding")."""
        return self._database.write(holds.add, hold)

    def lift(self, number: int, by: str, at: datetime, reason: str) -> Hold:
        """Raises RegistryError: "no_hold", "lifted"."""
        return self._database.write(holds.lift, number, by, at, reason)

    def all(self, *, standing: bool = False) -> Sequence[Hold]:
        """Oldest first, those lifted too; `standing`: without them."""
        return self._database.read(holds.every, standing=standing)

    def over(self, twin: str) -> Sequence[Hold]:
        """Those that keep the twin from being erased."""
        return self._database.read(holds.over, twin)
