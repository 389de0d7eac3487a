"""`store.erasures`: twins that are erased, step by step, and the receipts of it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from storage.database import Database
from storage.keeping import Erasure, Receipt
from storage.shelves import erasing, receipts
from storage.shelves.erasing import Reach


class Erasures:
    def __init__(self, database: Database) -> None:
        self._database = database

    def reach(self, twin: str, *, captures: bool) -> Reach:
        """What there is of it. Raises RegistryError(kind="no_twin")."""
        return self._database.read(erasing.reach, twin, captures=captures)

    def begin(self, given: Erasure) -> Erasure:
        """Remembered before anything goes; one that was begun and not finished goes on as it was told. Raises
        RegistryError(kind="no_twin")."""
        return self._database.write(erasing.begin, given)

    def tell(self, number: int, told: Mapping[str, Any]) -> None:
        """What the receipt will say."""
        self._database.write(erasing.tell, number, told)

    def rows(self, number: int, told: Mapping[str, Any], stages: Collection[str], at: datetime) -> Erasure:
        """All rows of the twin become a tombstone's, in one transaction; `told` is kept without what was
        erased. `stages`: those that registered pictures alone go through."""
        return self._database.write(erasing.rows, number, told, stages, at)

    def compact(self) -> bool:
        """See Database.compact."""
        return self._database.compact()

    def finish(self, number: int, document: Mapping[str, Any], at: datetime) -> Receipt:
        return self._database.write(receipts.write, number, document, at)

    def unfinished(self) -> Sequence[Erasure]:
        return [one for one in self._database.read(erasing.every) if one.step != "done"]

    def receipts(self) -> Sequence[Receipt]:
        """Oldest first."""
        return self._database.read(receipts.every)

    def breaks(self) -> Iterator[str]:
        """Where the chain of receipts does not hold."""
        return receipts.breaks(self.receipts())


def digest_of(document: Mapping[str, Any]) -> str:
    """Of a receipt: SHA-256 over its JSON without its own digest, keys sorted, no blanks."""
    return receipts.digest_of(document)
