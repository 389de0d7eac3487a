"""`store.figures`: what figures count."""

from collections.abc import Sequence

from storage.database import Database
from storage.figures import Sighting
from storage.shelves import sightings


class Figures:
    def __init__(self, database: Database) -> None:
        self._database = database

    def sightings(self) -> Sequence[Sighting]:
        """Every finding as figures count it, in no order. Those that `catch_up` has not written yet are
        left out."""
        return self._database.read(sightings.every)

    def state(self) -> tuple[int, ...]:
        """The same as long as no judgement, decision or contest was added: what was counted still holds."""
        return self._database.read(sightings.state)

    def catch_up(self) -> int:
        """Write what is not written yet, as after an upgrade; how many there were."""
        total = 0
        while done := self._database.write(sightings.catch_up):
            total += done
        return total
