"""`store.pairs`: what people decide about a picture beside another one."""

from collections.abc import Mapping, Sequence

from storage.database import Database
from storage.records import PairDecision, PairReview
from storage.shelves import decided, pairs
from storage.shelves.pairs import WaitingPair


class Pairs:
    """A decision stays with the two pictures, whatever posts show them. Every Match that the store gives back
    carries the one that holds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, review: PairReview) -> None:
        """What shows the picture is judged again; nothing is matched again. Raises StoreError(kind="no_file")
        for either picture, or kind "nothing_to_undo"."""
        self._database.write(pairs.add, review)

    def reviews(self, picture: str | None = None, reference: str | None = None) -> Sequence[PairReview]:
        """All that were ever given, oldest first."""
        return self._database.read(pairs.given, picture, reference)

    def findings(self, picture: str) -> Sequence[int]:
        """The numbers of all findings that show this very file, whatever posts they are of."""
        return self._database.read(decided.findings_of, picture)

    def standing(self) -> Sequence[PairReview]:
        """The one that holds, for each pair that has one."""
        return tuple(self._database.read(decided.everything).values())

    def decided(self) -> Mapping[tuple[str, str], PairDecision]:
        """By picture and reference."""
        return self._database.read(decided.decided)

    def waiting(self, limit: int = 100) -> Sequence[WaitingPair]:
        """Likely copies that nobody has decided about, surest first; none of a reference in quarantine."""
        return self._database.read(pairs.waiting, limit)
