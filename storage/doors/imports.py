"""`store.imports`: saving what an import laid out before, what it brought, and taking it back."""

from collections.abc import Mapping, Sequence

from storage.crawled import Capture
from storage.database import Database
from storage.fresh import Fresh
from storage.records import Account, PostVersion, Saved
from storage.shelves import imported, pages, undoing
from storage.shelves.undoing import Stays


class Imports:
    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def takes_fresh(self) -> bool:
        """Whether `save_fresh` can be used here: on SQLite."""
        return self._database.is_sqlite

    def save_fresh(self, many: Sequence[tuple[Account, Sequence[Fresh]]], raw_sha256: str) -> None:
        """New posts of several accounts, each with its captures, in one transaction: the same rows as by
        `Store.save_pages`. `raw_sha256`: the raw form of all, and the bytes of captures that name none.
        Raises StoreError, and none is saved, where one of them is stored already."""
        self._database.write(pages.save_fresh, many, raw_sha256)

    def save(
        self, many: Sequence[tuple[Account, Sequence[tuple[PostVersion, Sequence[Capture]]]]], source: str
    ) -> Sequence[Sequence[Saved]]:
        """`Store.save_pages` of a folder's or an archive's import, and what it brought. `source`: its run."""
        return self._database.write(imported.save, many, source)

    def met(self, source: str, posts: Mapping[Account, Sequence[str]]) -> None:
        """Posts that an import found stored as they are. `source`: its file's SHA-256, else its run."""
        if posts:
            self._database.write(imported.met, source, posts)

    def brought(self, source: str) -> Sequence[int]:
        """Posts behind which an import of this file stands, or this run of a folder's or an archive's import,
        as numbers to be handed to `take_back`."""
        return self._database.read(undoing.brought, source)

    def newest_version(self) -> int:
        """By which what was stored before can be told from what comes now."""
        return self._database.read(imported.newest_version)

    def is_known(self, source: str) -> bool:
        """Whether anything is written down of this run."""
        return self._database.read(imported.is_known, source)

    def take_back(self, source: str, posts: Sequence[int]) -> tuple[int, Sequence[Stays]]:
        """In one transaction: how many of these went, and the others with why they stay. Captures, the file
        and pictures' bytes stay in any case."""
        return self._database.write(undoing.take_back, source, posts)

    def forget_met(self, source: str) -> None:
        """After all were taken back: this import stands behind nothing any longer that it only met."""
        self._database.write(imported.forget_met, source)
