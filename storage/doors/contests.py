"""`store.contests`: registrations that somebody disputes, or sets right."""

from collections.abc import Sequence

from storage.database import Database
from storage.keeping import Contest, Correction
from storage.shelves import contests, corrections


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

    def correct(self, given: Correction) -> None:
        """What was typed wrong is said right, and both are remembered. Raises RegistryError: "no_twin",
        "erased"."""
        self._database.write(corrections.add, given)

    def corrections(self, twin: str | None = None) -> Sequence[Correction]:
        """Oldest first; None: of every twin."""
        return self._database.read(corrections.of, twin)
