"""`store.imports`: what an import brought, and taking it back."""

from collections.abc import Sequence

from storage.database import Database
from storage.shelves import undoing
from storage.shelves.undoing import Stays


class Imports:
    def __init__(self, database: Database) -> None:
        self._database = database

    def brought(self, raw_sha256: str) -> Sequence[int]:
        """Posts behind which an import of this file stands, as numbers to be handed to `take_back`."""
        return self._database.read(undoing.brought, raw_sha256)

    def take_back(self, raw_sha256: str, posts: Sequence[int]) -> tuple[int, Sequence[Stays]]:
        """In one transaction: how many of these went, and the others with why they stay. Captures, the file
        and pictures' bytes stay in any case."""
        return self._database.write(undoing.take_back, raw_sha256, posts)
