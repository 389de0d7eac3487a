"""`store.contests`: registrations that somebody disputes."""

from collections.abc import Sequence

from storage.database import Database
from storage.keeping import Contest
from storage.shelves import contests


class Contests:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, contest: Contest) -> None:
        """The findings that rest on it are `disputed` from now on, or, undone, no longer. Raises
        RegistryError: "no_twin", "no_reference", "contested", "not_contested"."""
        self._database.write(contests.add, contest)

    def of(self, twin: str | None = None) -> Sequence[Contest]:
        """All that was said, oldest first; None: of every twin."""
        return self._database.read(contests.of, twin)

    def resting(self, twin: str, references: Sequence[str] | None = None) -> Sequence[int]:
        """Numbers of the findings that rest on these pictures of the twin; None: on any."""
        return self._database.read(contests.resting, twin, references)
