"""Looking back: which of all pictures ever collected may show a newly registered one?

From the archive alone; no picture is opened here. Whole pictures and their regions beside the new references'
hashes and crop tiles, exactly; local features through `Scan` and then `LocalIndex`, with more votes than the
bank asks for of one picture: three among a million pictures would open thousands of them. What comes out are
candidates: pictures to verify.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from detector.hashes import pdq
from detector.hashing import TRANSFORMS
from detector.matching.candidate import Candidate
from detector.matching.collected.archive import NO_QUALITY, Archive
from detector.matching.collected.scan import Scan
from detector.matching.local_features import local_reference
from detector.matching.parts import regions, tiles
from detector.matching.search.bank import IDENTICAL, LOCAL, REGIONS, TILE_RADIUS, WHOLE, Entry
from detector.matching.search.index import LocalIndex
from detector.matching.search.radius import Hashes, Rows, exactly
from detector.matching.search.shelves import packed
from storage.records import Fingerprint

VOTES = 5  # docs/benchmarks/search.md: recall and pictures to open at 5, 6, 7 and 8
THREADS = 2  # numpy works outside the interpreter's lock for nearly all of it
HASHES_AT_ONCE = 1 << 16
PICTURES_AT_ONCE = 1 << 11
# The archive keeps no forms of a picture, so those of the reference are searched: the form that undoes a turn
# by 90° is that of a turn by 90° the other way.
DONE = tuple(TRANSFORMS[place] for place in (0, 3, 2, 1, 4, 5, 6, 7))

Found = tuple[str, Candidate]  # SHA-256 of the collected picture
_Hit = tuple[int, Candidate]  # row of the archive
_Look = Callable[[], list[_Hit]]


@dataclass(slots=True)
class _Queries:
    """Hashes to look for; whose each is, and what was done to that reference where it is found."""

    bits: list[bytes] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    def put(self, bits: bytes, reference: str, done: str) -> None:
        self.bits.append(bits)
        self.references.append(reference)
        self.done.append(done)

    @property
    def hashes(self) -> Hashes:
        return np.frombuffer(b"".join(self.bits), np.uint64).reshape(-1, 4)

    def nearest(self, asked: Rows, rows: Rows, distances: Rows) -> Iterator[tuple[int, int, int]]:
        """(query, row, distance), for every row and reference the nearest."""
        best: dict[tuple[int, str], tuple[int, int, int]] = {}
        for query, row, far in zip(asked.tolist(), rows.tolist(), distances.tolist(), strict=True):
            key = (row, self.references[query])
            if key not in best or far < best[key][2]:
                best[key] = (query, row, far)
        return iter(best.values())


@dataclass(slots=True)
class _Sought:
    """What is looked for: `forms` of whole references, their `tiles`, and their local features. `guessed`:
    the forms of those of which one hash is all that is known."""

    names: list[str] = field(default_factory=list)
    forms: _Queries = field(default_factory=_Queries)
    guessed: _Queries = field(default_factory=_Queries)
    tiles: _Queries = field(default_factory=_Queries)
    features: list[NDArray[np.void]] = field(default_factory=list)

    def put(self, name: str, fingerprints: Iterable[Fingerprint]) -> None:
        found = {one.algorithm: one for one in fingerprints}
        self.names.append(name)
        self._put_whole(name, found.get("pdq/forms") or found.get(pdq.ALGORITHM))
        for one in packed(found.values(), tiles.ALGORITHM, tiles.TILE):
            for _, upright, mirrored in tiles.unpack(one):
                self.tiles.put(upright, name, "")
                self.tiles.put(mirrored, name, TRANSFORMS[tiles.MIRRORED])
        features = packed(found.values(), local_reference.ALGORITHM, local_reference.REFERENCE_FEATURE)
        self.features.append(next(map(local_reference.unpack, features), local_reference.NONE))

    def _put_whole(self, name: str, whole: Fingerprint | None) -> None:
        if whole is None or (whole.quality is not None and whole.quality <= (pdq.QUALITY_FLOOR or 0)):
            return
        if len(whole.bits) == 32 * len(DONE):
            known = [whole.bits[start : start + 32] for start in range(0, len(whole.bits), 32)]
            _put_forms(self.forms, known, name)
        elif len(whole.bits) == 32:
            _put_forms(self.guessed, pdq.guessed_forms(whole.bits), name)


def _put_forms(queries: _Queries, forms: Sequence[bytes], name: str) -> None:
    for bits, done in zip(forms, DONE, strict=True):
        inverted = bytes(255 - byte for byte in bits)
        queries.put(bits, name, done)
        queries.put(inverted, name, f"{done}, colours inverted".removeprefix(", "))


def retro(
    archive: Archive, entries: Sequence[Entry], *, votes: int = VOTES, threads: int = THREADS
) -> Iterator[Found]:
    """Every living picture that may show one of the entries, and how it was found; a picture may come more
    than once."""
    sought = _Sought()
    for name, fingerprints in {reference.sha256: prints for reference, prints in entries}.items():
        sought.put(name, fingerprints)
    looks = [
        partial(_identical, archive, sought.names),
        *_hashed(archive, sought),
        *_local(archive, sought, votes),
    ]
    alive = archive.alive
    pool = ThreadPoolExecutor(threads)
    try:
        for hits in pool.map(lambda look: look(), looks):
            yield from ((archive.sha256(row), candidate) for row, candidate in hits if alive[row])
    finally:
        pool.shutdown(cancel_futures=True)


def _identical(archive: Archive, names: Sequence[str]) -> list[_Hit]:
    kept = archive.columns["sha256"].view(np.uint64)
    hits = []
    for name in names:
        same = (kept == np.frombuffer(bytes.fromhex(name), np.uint64)).all(axis=1)
        hits += [(row, Candidate(name, IDENTICAL, 0, 0, WHOLE)) for row in np.flatnonzero(same).tolist()]
    return hits


# --- hashes -------------------------------------------------------------------------------------------------


def _hashed(archive: Archive, sought: _Sought) -> Iterator[_Look]:
    likely = pdq.LIKELY or 0
    for first in range(0, len(archive), HASHES_AT_ONCE):
        yield partial(_whole, archive, sought.forms, likely, pdq.ALGORITHM, first)
        if sought.guessed.bits:  # whoever comes out is matched anew, by the true forms of the picture
            yield partial(_whole, archive, sought.guessed, likely + pdq.GUESSED, pdq.ALGORITHM, first)
        yield partial(_whole, archive, sought.tiles, TILE_RADIUS, REGIONS, first)
    for first in range(0, archive.header.regions, HASHES_AT_ONCE):
        yield partial(_regions, archive, sought.tiles, first)


def _whole(archive: Archive, queries: _Queries, radius: int, found_by: str, first: int) -> list[_Hit]:
    stretch = slice(first, first + HASHES_AT_ONCE)
    asked, rows, distances = exactly(archive.columns["whole"][stretch], queries.hashes, radius)
    quality = archive.columns["quality"][stretch][rows]
    believed = (quality > (pdq.QUALITY_FLOOR or 0)) & (quality != NO_QUALITY)
    hits = []
    for query, row, far in queries.nearest(asked[believed], rows[believed] + first, distances[believed]):
        reference, done = queries.references[query], queries.done[query]
        hits.append((row, Candidate(reference, found_by, far, radius, WHOLE, done, archive.at(row))))
    return hits


def _regions(archive: Archive, queries: _Queries, first: int) -> list[_Hit]:
    hashes = archive.columns["region_hash"][first : first + HASHES_AT_ONCE]
    asked, places, distances = exactly(hashes, queries.hashes, TILE_RADIUS)
    hits = []
    for query, place, far in queries.nearest(asked, places + first, distances):
        row = int(np.searchsorted(archive.columns["region_end"], place, side="right"))
        box = regions.box_of(archive.columns["region_box"][place])
        reference, done = queries.references[query], queries.done[query]
        hits.append((row, Candidate(reference, REGIONS, far, TILE_RADIUS, box, done, archive.at(row))))
    return hits


# --- local features -----------------------------------------------------------------------------------------


def _local(archive: Archive, sought: _Sought, least: int) -> Iterator[_Look]:
    index = LocalIndex(sought.features)
    scan = Scan(index, least)
    for first in range(0, len(archive), PICTURES_AT_ONCE):
        yield partial(_voted, archive, sought.names, index, scan, first)


def _voted(archive: Archive, names: Sequence[str], index: LocalIndex, scan: Scan, first: int) -> list[_Hit]:
    starts = archive.starts("feature", first, min(len(archive), first + PICTURES_AT_ONCE))
    stretch = slice(int(starts[0]), int(starts[-1]))
    words, signatures, poses = (
        np.asarray(archive.columns[name][stretch]) for name in ("word", "signature", "pose")
    )
    possible = (scan.possible(words, signatures, poses, starts - starts[0]) + first).tolist()
    hits = []
    voted = index.votes_of([archive.features(row) for row in possible], scan.least)
    for row, votes in zip(possible, voted, strict=True):
        for reference, count in zip(votes.references.tolist(), votes.counts.tolist(), strict=True):
            if count >= scan.least:
                found = Candidate(names[reference], LOCAL, count, scan.least, at=archive.at(row))
                hits.append((row, found))
    return hits
