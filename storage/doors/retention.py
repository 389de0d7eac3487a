"""`store.retention`: what is kept longer than its term, and what went on purpose."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from storage.database import Database
from storage.keeping import Kept, Removal
from storage.shelves import retention
from storage.shelves.retention import BYTES as BYTES
from storage.shelves.retention import Candidate as Candidate


class Retention:
    def __init__(self, database: Database) -> None:
        self._database = database

    def batch(self, kept: Kept, before: datetime, after: str = "") -> Sequence[Candidate]:
        """The next of this class that are older, behind a key; empty at the end."""
        return self._database.read(retention.batch, kept, before, after)

    def remove(self, kept: Kept, sizes: Mapping[str, int], at: datetime, why: str) -> None:
        """By key → bytes; the bytes themselves are to be deleted afterwards."""
        self._database.write(retention.remove, kept, sizes, at, why)

    def removals(self, files: Sequence[str] | None = None) -> Sequence[Removal]:
        """What went on purpose, of these files; None: all."""
        return self._database.read(retention.removals, files)

    def came_again(self, files: Sequence[str]) -> None:
        """Bytes that retention had taken lie in media again."""
        self._database.write(retention.came_again, files)

    def fingerprinted(self) -> Sequence[str]:
        """SHA-256 of the files that have fingerprints."""
        return self._database.read(retention.fingerprinted)
