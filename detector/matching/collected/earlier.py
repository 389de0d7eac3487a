"""Earlier copies of a picture among all that were collected: whole pictures and the rectangles within them.

The picture's eight forms and its regions beside earlier wholes and earlier regions: a screenshot finds the
post it shows, and a post the screenshot that was collected before it. Candidates, to be verified like any
other; evidence travels between copies only then.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.hashes import pdq
from detector.hashing import TRANSFORMS
from detector.matching.candidate import Candidate
from detector.matching.collected.archive import NO_QUALITY, Archive
from detector.matching.parts import regions
from detector.matching.search.bank import REGIONS, WHOLE
from detector.matching.search.radius import Hashes, RadiusIndex, Rows
from detector.matching.search.shelves import packed
from storage.records import Box, Fingerprint

RADIUS = 31  # bits; Meta's documented threshold for a copy
MOST = 8  # earlier pictures that are told: who is a copy of fifty is a copy of eight of them


@dataclass(frozen=True, slots=True)
class _Query:
    bits: bytes
    box: Box
    done: str
    at: float | None


class Earlier:
    """The living rows of an archive, ready to be searched. `take` brings in what was appended since."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._index = RadiusIndex()
        self._rows: Rows = np.zeros(0, np.int64)  # of the archive, by row of the index
        self._is_whole = np.zeros(0, np.bool_)
        self._taken = 0
        self.take()

    def __len__(self) -> int:
        """Hashes that can be found."""
        return len(self._index)

    def take(self) -> None:
        """In place, in seconds."""
        first, end = self._taken, len(self._archive)
        for hashes, rows, whole in (self._wholes(first, end), self._parts(first, end)):
            self._index.add(hashes)
            self._rows = np.append(self._rows, rows)
            self._is_whole = np.append(self._is_whole, np.full(len(rows), whole))
        self._taken = end
        self._index.remove(~self._archive.alive[self._rows])

    def candidates(self, fingerprints: Sequence[Fingerprint], sha256: str) -> tuple[Candidate, ...]:
        """Pictures that may be earlier copies, nearest first: of those in the archive before this one, or of
        all where it is not in it."""
        queries = list(_queries(fingerprints))
        asked = np.frombuffer(b"".join(one.bits for one in queries), np.uint64).reshape(-1, 4)
        mine, found, distances = self._index.search(asked, RADIUS)
        own = self._row_of(sha256)
        best: dict[str, tuple[int, int, Candidate]] = {}
        for place, row, far in zip(mine.tolist(), found.tolist(), distances.tolist(), strict=True):
            there = int(self._rows[row])
            name = self._archive.sha256(there)
            if there < own and name != sha256 and (name not in best or far < best[name][0]):
                best[name] = (
                    far,
                    there,
                    _candidate(name, queries[place], far, whole=bool(self._is_whole[row])),
                )
        return tuple(one for _, _, one in sorted(best.values(), key=lambda one: one[:2])[:MOST])

    def _row_of(self, sha256: str) -> int:
        """The picture's own first living row, or the end."""
        kept = self._archive.columns["sha256"].view(np.uint64)
        name = np.frombuffer(bytes.fromhex(sha256), np.uint64)
        rows = np.flatnonzero(kept[:, 0] == name[0])
        rows = rows[(kept[rows] == name).all(axis=1) & self._archive.alive[rows]]
        return int(rows[0]) if len(rows) else len(self._archive)

    def _wholes(self, first: int, end: int) -> tuple[Hashes, Rows, bool]:
        quality = self._archive.columns["quality"][first:end]
        rows = np.flatnonzero((quality > (pdq.QUALITY_FLOOR or 0)) & (quality != NO_QUALITY)) + first
        return _plain(self._archive.columns["whole"][rows]), rows, True

    def _parts(self, first: int, end: int) -> tuple[Hashes, Rows, bool]:
        starts = self._archive.starts("region", first, end)
        rows = np.repeat(np.arange(first, end), np.diff(starts))
        return _plain(self._archive.columns["region_hash"][starts[0] : starts[-1]]), rows, False


def _plain(hashes: NDArray[np.uint64]) -> Hashes:
    """Out of the memory map."""
    return np.array(hashes, np.uint64)


def _queries(fingerprints: Sequence[Fingerprint]) -> Iterator[_Query]:
    for one in fingerprints:
        whole = one.algorithm == f"{pdq.ALGORITHM}/forms" and len(one.bits) == 32 * len(TRANSFORMS)
        if whole and (one.quality or 0) > (pdq.QUALITY_FLOOR or 0):
            for place, done in enumerate(TRANSFORMS):
                yield _Query(one.bits[32 * place : 32 * place + 32], WHOLE, done, one.at)
    for one in packed(fingerprints, regions.ALGORITHM, regions.ROW):
        for box, bits in regions.unpack(one):
            yield _Query(bits, box, "", one.at)


def _candidate(name: str, query: _Query, far: int, *, whole: bool) -> Candidate:
    found_by = pdq.ALGORITHM if whole and query.box == WHOLE else REGIONS
    return Candidate(name, found_by, far, RADIUS, query.box, query.done, query.at)
