"""`store.roster`: registering many pictures at once, so that a registration that was broken off goes on where
it stood."""

from collections.abc import Collection, Mapping, Sequence

from storage.database import Database
from storage.records import Examination, Fingerprint, ReferenceImage, Twin
from storage.shelves import roster
from storage.shelves.roster import Examined as Examined


class Roster:
    def __init__(self, database: Database) -> None:
        self._database = database

    def examined(
        self, files: Sequence[str], stages: Mapping[str, str], algorithms: Collection[str]
    ) -> Mapping[str, Examined]:
        """By SHA-256: those of which all these stages (name → version) ran and none failed, with their
        fingerprints of these algorithms."""
        return self._database.read(roster.examined, files, stages, algorithms)

    def hashes_of(
        self, files: Sequence[str], algorithms: Collection[str]
    ) -> Mapping[str, tuple[Fingerprint, ...]]:
        """Fingerprints of these algorithms alone: a hundredth of all that is stored of a registered
        picture."""
        return self._database.read(roster.hashes_of, files, algorithms)

    def keep(self, looked: Sequence[Examination]) -> None:
        """What was found in files that are not registered yet, in one transaction: `forget` takes it away
        again, where nobody comes to register them."""
        self._database.write(roster.keep, looked)

    def register(self, many: Sequence[tuple[Twin, Sequence[ReferenceImage]]]) -> Sequence[ReferenceImage]:
        """All of them or none: the references that were new. A model or agency that an earlier registration
        left empty is filled. Raises RegistryError as `add_twin` does."""
        return self._database.write(roster.register, many)

    def forget(self) -> int:
        """Take away what was found in files that were neither collected nor ever registered; how many."""
        return self._database.write(roster.forget)
