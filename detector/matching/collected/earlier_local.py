"""Earlier copies by local features: what was cut, turned or framed, of which no hash is near.

The newcomers of a pass are laid open together, and the archive is gone through once, as when a registered
picture is looked for in it (retro.py). A collected picture has one word a feature where a registered one has
eight, which is enough for a copy that is most of the picture: of 60 photographs, cut by 5 to 35 % and saved
anew, each got 6 votes or more, and none of 220 other ones more than 4 (2026-11-27).
"""

from collections.abc import Mapping, Sequence

import numpy as np

from detector.matching.candidate import Candidate
from detector.matching.collected.archive import Archive
from detector.matching.collected.scan import Scan
from detector.matching.local_features import local
from detector.matching.local_features.local_reference import REFERENCE_FEATURE, WORDS
from detector.matching.local_features.local_reference import Features as ReferenceFeatures
from detector.matching.search.bank import LOCAL
from detector.matching.search.index import LocalIndex
from detector.matching.search.shelves import packed
from storage.records import Fingerprint

VERSION = "1"  # of the search for earlier copies
VOTES = 6
PICTURES_AT_ONCE = 1 << 11
MOST = 8  # earlier pictures that are told of each

Newcomers = Sequence[tuple[str, tuple[Fingerprint, ...]]]  # SHA-256


def alike(archive: Archive, newcomers: Newcomers) -> Mapping[str, tuple[Candidate, ...]]:
    """By SHA-256, pictures of the archive that may be earlier copies of a newcomer, most votes first. Still
    pictures alone: a frame is a small part of its film."""
    names, features = _still(newcomers)
    if not names:
        return {}
    index = _Single(features)
    scan = Scan(index, VOTES)
    rows = _rows(archive)
    own = {name: rows.get(name, len(archive)) for name in names}
    found: dict[str, dict[str, int]] = {}
    for first in range(0, min(len(archive), max(own.values())), PICTURES_AT_ONCE):
        for row, newcomer, votes in _voted(archive, index, scan, first):
            name, there = names[newcomer], archive.sha256(row)
            if row < own[name] and there != name and archive.alive[row]:
                best = found.setdefault(name, {})
                best[there] = max(votes, best.get(there, 0))
    return {name: _nearest(best) for name, best in found.items()}


def _still(newcomers: Newcomers) -> tuple[list[str], list[ReferenceFeatures]]:
    names, features = [], []
    for name, fingerprints in newcomers:
        still = [one for one in fingerprints if one.at is None]
        for one in packed(still, local.ALGORITHM, local.FEATURE):
            names.append(name)
            features.append(_as_reference(local.unpack(one)[: local.PICTURE_FEATURES]))
    return names, features


def _as_reference(found: local.Features) -> ReferenceFeatures:
    """With its one word in every place."""
    rows = np.zeros(len(found), REFERENCE_FEATURE)
    rows["words"] = found["word"][:, None]
    rows["signatures"] = found["signature"][:, None]
    for name in ("x", "y", "angle", "size"):
        rows[name] = found[name]
    return rows


class _Single(LocalIndex):
    """Each feature was filed `WORDS` times under its one word; once is enough."""

    def __init__(self, references: Sequence[ReferenceFeatures]) -> None:
        super().__init__(references)
        self._feature, self._signature = self._feature[::WORDS], self._signature[::WORDS]
        self._starts = self._starts // WORDS


def _rows(archive: Archive) -> Mapping[str, int]:
    """The first living row of each picture."""
    alive = np.flatnonzero(archive.alive)
    names = archive.columns["sha256"][alive]
    return {bytes(name).hex(): row for name, row in zip(names[::-1], alive[::-1].tolist(), strict=True)}


def _voted(archive: Archive, index: LocalIndex, scan: Scan, first: int) -> list[tuple[int, int, int]]:
    """(row, newcomer, votes) of the pictures from `first` on."""
    starts = archive.starts("feature", first, min(len(archive), first + PICTURES_AT_ONCE))
    stretch = slice(int(starts[0]), int(starts[-1]))
    words, signatures, poses = (
        np.asarray(archive.columns[name][stretch]) for name in ("word", "signature", "pose")
    )
    possible = (scan.possible(words, signatures, poses, starts - starts[0]) + first).tolist()
    still = [row for row in possible if archive.at(row) is None]
    voted = index.votes_of([archive.features(row) for row in still], scan.least)
    return [
        (row, newcomer, count)
        for row, votes in zip(still, voted, strict=True)
        for newcomer, count in zip(votes.references.tolist(), votes.counts.tolist(), strict=True)
        if count >= scan.least
    ]


def _nearest(best: Mapping[str, int]) -> tuple[Candidate, ...]:
    ordered = sorted(best.items(), key=lambda one: (-one[1], one[0]))
    return tuple(Candidate(there, LOCAL, votes, VOTES) for there, votes in ordered[:MOST])
