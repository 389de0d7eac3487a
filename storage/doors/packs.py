"""`store.packs`: references by their fingerprints alone, and whether today's program can compare those."""

from collections.abc import Mapping, Sequence

from storage.database import Database
from storage.records import Failure, ReferenceImage, Twin
from storage.shelves import packs
from storage.shelves.packs import Entry, Outdated, PackedPicture


class Packs:
    """`comparable`: by the name of a stage ("pdq", "tiles") the version that today's program compares."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def register(self, twins: Sequence[tuple[Twin, Sequence[PackedPicture]]]) -> Sequence[ReferenceImage]:
        """Those that are new; all of it or nothing. A picture that this program has seen itself keeps what
        it saw. Raises RegistryError, kind "other_kind" (the name stands for another kind of twin)."""
        return self._database.write(packs.register, twins)

    def entries(self, comparable: Mapping[str, str]) -> Sequence[Entry]:
        """`Store.bank_entries`, but for fingerprints out of packs that cannot be compared."""
        return self._database.read(packs.comparable_entries, comparable)

    def outdated(self, comparable: Mapping[str, str]) -> Sequence[Outdated]:
        """By twin and stage: the fingerprints that cannot be compared any more."""
        return self._database.read(packs.outdated, comparable)

    def outdated_pictures(self, comparable: Mapping[str, str]) -> frozenset[str]:
        """SHA-256 of the references that have such."""
        return self._database.read(packs.outdated_pictures, comparable)

    def told(self, failure: Failure) -> bool:
        """Whether some run has recorded the very same failure."""
        return self._database.read(packs.told, failure)
