"""`store.looks`: what stands on pictures, which files are to be looked at, and what people saw themselves."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from storage.database import Database
from storage.records import Reading, Surface
from storage.shelves import judging, looks, persons
from storage.shelves.judging import ItemToJudge
from storage.shelves.looks import FileToLook
from storage.testimony import PersonReading


class Looks:
    def __init__(self, database: Database) -> None:
        self._database = database

    # --- what stands on pictures ----------------------------------------------------------------------------

    def of(self, sha256: str) -> Mapping[Surface, Reading]:
        return self._database.read(looks.of_files, [sha256]).get(sha256, {})

    def weigh(self, weights: Sequence[tuple[ItemToJudge, int]]) -> None:
        """How much it matters what stands on each picture; 0: it does not."""
        rows = [(item.version.version_id, item.position, weight) for item, weight in weights]
        self._database.write(looks.weigh, rows)

    def waiting(self, stamps: Mapping[Surface, str]) -> Sequence[FileToLook]:
        """Files of some weight which were not looked at under these stamps, in no order."""
        return self._database.read(looks.waiting, stamps)

    def save(
        self, sha256: str, readings: Iterable[Reading], stamps: Mapping[Surface, str], at: datetime
    ) -> bool:
        """Whether it says something else than before: then what shows the file is judged again. Raises
        StoreError(kind="no_file")."""
        return self._database.write(looks.save, sha256, readings, stamps, at)

    def put_off(self, files: Iterable[tuple[str, Iterable[Reading]]], at: datetime) -> None:
        """Why they could not be looked at this time. What was read before stays, and they are asked for
        again. Raises StoreError(kind="no_file")."""
        self._database.write(looks.put_off, files, at)

    # --- what people saw ------------------------------------------------------------------------------------

    def add(self, reading: PersonReading) -> None:
        """The post's pictures are judged again. Raises StoreError, kinds "no_finding" and
        "nothing_to_undo"."""
        self._database.write(persons.add, reading)

    def given(self, finding_id: int) -> Sequence[PersonReading]:
        """All of a finding, oldest first, those taken back too."""
        return self._database.read(persons.of_finding, finding_id)

    def item(self, finding_id: int) -> ItemToJudge | None:
        """What the finding is about, to be judged now; None where the picture no longer stands there."""
        return self._database.read(judging.of_finding, finding_id)
