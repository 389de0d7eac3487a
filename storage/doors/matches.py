"""`store.matches`: the matches of a bank that grows. Only the difference between two banks is matched: its
matches are dropped or added, and the files get the new bank's stamp."""

from collections.abc import Iterator, Mapping, Sequence

from storage.database import Database
from storage.records import Fingerprint, Match, MatchKind
from storage.shelves import matches, matching, stamps


class Matches:
    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, sha256: str) -> tuple[Match, ...]:
        """With registered pictures, then links to earlier ones; surest first."""
        return self._database.read(matches.of_files, [sha256]).get(sha256, ())

    def pictures(
        self, reference: str, twin: str | None = None, kinds: Sequence[MatchKind] = tuple(MatchKind)
    ) -> Sequence[str]:
        """SHA-256 of the files that match it, as a picture of this twin or of any."""
        return self._database.read(matching.pictures, reference, twin, kinds)

    def stamps(self) -> Mapping[str, int]:
        """How many collected and examined files carry each stamp; "" those that were never matched. A stamp
        that no bank was remembered for goes by a name of the store's own ("unknown:…")."""
        return self._database.read(stamps.stamped_files)

    def stamped(self, stamp: str) -> Iterator[tuple[str, tuple[Fingerprint, ...]]]:
        """The files (SHA-256, fingerprints) that carry it. The caller may save as it walks."""
        after = ""
        while batch := self._database.read(matching.stamped, stamp, after):
            yield from batch
            after = batch[-1][0]

    def add(self, sha256: str, found: Sequence[Match]) -> bool:
        """Beside those that are there; one with the same twin and reference is replaced. Whether anything
        changed. Raises StoreError(kind="no_file")."""
        return self._database.write(matching.add, sha256, found)

    def drop(self, references: Sequence[str], twin: str | None = None) -> int:
        """Delete all matches with these references (of one twin, or of any): how many pictures had one."""
        return self._database.write(matching.drop, references, twin)

    def restamp(self, old: str, new: str) -> int:
        """How many files carried the old stamp and carry the new one now. Hold the lock of detection, or a
        file that is matched under the old stamp meanwhile is passed over."""
        return self._database.write(stamps.restamp, old, new)

    def spread(self, kinds: Sequence[MatchKind] = (MatchKind.COPY,)) -> Mapping[str, int]:
        """How many different collected pictures match each reference; copies of one another are one."""
        return self._database.read(matching.spread, tuple(kinds))
