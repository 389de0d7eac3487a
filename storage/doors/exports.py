"""`store.exports`: what left the house."""

from collections.abc import Sequence
from datetime import datetime

from storage.database import Database
from storage.keeping import Export
from storage.shelves import exports


class Exports:
    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, export: Export) -> int:
        """Its number: to be said by whatever writes a file for others, once the file is whole."""
        return self._database.write(exports.record, export)

    def all(self) -> Sequence[Export]:
        """Oldest first; those erased say when."""
        return self._database.read(exports.every)

    def erased(self, number: int, at: datetime) -> None:
        """The file is no longer what was written."""
        self._database.write(exports.erased, number, at)
