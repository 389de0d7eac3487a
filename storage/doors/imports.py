"""`store.imports`: saving what an import laid out before, what it brought, and taking it back."""

from collections.abc import Sequence

from storage.crawled import Capture
from storage.database import Database
from storage.fresh import Fresh
from storage.records import Account
from storage.shelves import pages, undoing
from storage.shelves.undoing import Stays


class Imports:
    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def takes_fresh(self) -> bool:
        """Whether `save_fresh` can be used here: on SQLite."""
        return self._database.is_sqlite

    def save_fresh(
        self, many: Sequence[tuple[Account, Sequence[tuple[Fresh, Sequence[Capture]]]]], raw_sha256: str
    ) -> None:
        """New posts of several accounts, each with its captures, in one transaction: the same rows as by
        `Store.save_pages`. `raw_sha256`: the raw form of all, and the bytes of captures that name none.
        Raises StoreError, and none is saved, where one of them is stored already."""
        self._database.write(pages.save_fresh, many, raw_sha256)

    def brought(self, raw_sha256: str) -> Sequence[int]:
        """Posts behind which an import of this file stands, as numbers to be handed to `take_back`."""
        return self._database.read(undoing.brought, raw_sha256)

    def take_back(self, raw_sha256: str, posts: Sequence[int]) -> tuple[int, Sequence[Stays]]:
        """In one transaction: how many of these went, and the others with why they stay. Captures, the file
        and pictures' bytes stay in any case."""
        return self._database.write(undoing.take_back, raw_sha256, posts)
