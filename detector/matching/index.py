"""An index over the local features of the registered pictures: which of them share features with a picture,
in one consistent pose?

Postings by visual word. A pair of features votes when their signatures are near; votes count together when
they agree on mirroring, turn and scale (weak geometric consistency: Jégou, Douze and Schmid 2008).
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.matching.local import STEPS, Features
from detector.matching.local_reference import REFERENCE_FEATURE, WORDS
from detector.matching.local_reference import Features as ReferenceFeatures

VOCABULARY = 65536
NEAR = 18  # bits of 64 that may differ
TURNS = 16  # bins of the full circle; every vote counts in two neighbours
SCALES = 2  # bins an octave; likewise
PLACE = 0.35  # width of a bin of the reference's middle, in shares of the reference's long edge
MIDDLE = 0.4  # of a reference, along either side, in shares of its long edge: any fixed point would do
OWNER_SHIFT = 32
FEATURE_BITS = 10  # a picture keeps fewer than 1,024 features
DOUBTFUL, SURE = 5, 16  # votes: fewer are never enough (bank.VOTES), from so many on no closer look is needed
LOOSE = 0.02  # of the picture's long edge, that places may lie beside each other
APART = 0.03  # of the reference's, that two points must lie apart to give a pose
TRIED = 8  # best poses in which points are counted once each

Longs = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Votes:
    """`references` (k,) places in the index, `counts` (k,) the votes of each in its best pose, most first."""

    references: Longs
    counts: Longs


@dataclass(frozen=True, slots=True)
class Postings:
    """Every entry of an index, by word: word w's stand from `starts[w]` to `starts[w + 1]`. Of each (n,): its
    signature, whose it is, and the flip, angle and size of its feature."""

    starts: Longs
    signatures: NDArray[np.uint64]
    owners: Longs
    flips: NDArray[np.bool_]
    angles: NDArray[np.int16]
    sizes: NDArray[np.int16]


class LocalIndex:
    """Over references' feature rows; a reference's place is its place in the input."""

    def __init__(self, references: Sequence[ReferenceFeatures]) -> None:
        self._references = len(references)
        lengths = np.array([len(rows) for rows in references], np.int64)
        self._owner = np.repeat(np.arange(len(references), dtype=np.int64), lengths)
        rows = np.concatenate([*references, np.zeros(0, REFERENCE_FEATURE)])
        words = rows["words"]
        order = np.argsort(words, axis=None, kind="stable")
        self._feature = (order // WORDS).astype(np.int32)
        self._signature = rows["signatures"].ravel()[order]
        self._starts = np.searchsorted(words.ravel()[order], np.arange(VOCABULARY + 1))
        self._angle = rows["angle"].astype(np.int16)
        self._size = (rows["size"] >> 1).astype(np.int16)
        self._flip = (rows["size"] & 1).astype(np.bool_)
        self._x, self._y = rows["x"] / np.float32(255), rows["y"] / np.float32(255)

    def __len__(self) -> int:
        return self._references

    @property
    def postings(self) -> Postings:
        """For those who look through very many pictures at once (scan.py)."""
        of = self._feature
        return Postings(
            self._starts, self._signature, self._owner[of], self._flip[of], self._angle[of], self._size[of]
        )

    def votes(self, features: Features) -> Votes:
        """Of one picture's features."""
        mine, posting = self._postings(features["word"])
        near = np.bitwise_count(features["signature"][mine] ^ self._signature[posting]) <= NEAR
        mine, theirs = mine[near], self._feature[posting[near]]
        if not len(mine):
            return Votes(np.zeros(0, np.int64), np.zeros(0, np.int64))
        return self._count(features, mine, theirs)

    def _postings(self, words: NDArray[np.uint16]) -> tuple[Longs, Longs]:
        """Every (picture's feature, posting of a reference's feature) that share a word."""
        first, end = self._starts[words], self._starts[words.astype(np.int64) + 1]
        lengths = end - first
        mine = np.repeat(np.arange(len(words)), lengths)
        offsets = np.arange(len(mine)) - np.repeat(lengths.cumsum() - lengths, lengths)
        return mine, np.repeat(first, lengths) + offsets

    def _count(self, features: Features, mine: Longs, theirs: Longs) -> Votes:
        """Votes in the fullest cell of (mirrored, turn, scale, place), of every reference that has any."""
        mirrored = (features["size"][mine] & 1) != self._flip[theirs]
        angle = features["angle"][mine].astype(np.int64)
        turn = np.where(mirrored, angle + self._angle[theirs] - 128, angle - self._angle[theirs]) & 255
        grown = (features["size"][mine] >> 1).astype(np.int64) - self._size[theirs]
        centre = self._centre(features, mine, theirs, mirrored, turn, grown)
        cell = np.concatenate(
            [
                _cell(self._owner[theirs] * 2 + mirrored, turn, grown, centre, shifts)
                for shifts in itertools.product((0, 1), repeat=4)
            ]
        )
        pair = np.tile(np.arange(len(mine)), 2**4)
        # One feature of the picture votes once in a cell.
        once = np.unique(cell << FEATURE_BITS | mine[pair], return_index=True)[1]
        cell, pair = cell[once], pair[once]
        names, first, counts = np.unique(cell, return_index=True, return_counts=True)
        fullest = np.lexsort((-counts, names >> OWNER_SHIFT))
        fullest = fullest[np.r_[True, np.diff(names[fullest] >> OWNER_SHIFT) != 0]]
        owner, first, counts = names[fullest] >> OWNER_SHIFT, first[fullest], counts[fullest]
        seen = (features["x"] + 1j * features["y"].astype(np.float32)) / 255
        for place in np.flatnonzero((counts >= DOUBTFUL) & (counts < SURE)):
            chosen = pair[first[place] : first[place] + counts[place]]
            known = self._x[theirs[chosen]] + 1j * self._y[theirs[chosen]]
            counts[place] = _fitting(seen[mine[chosen]], -known.conj() if mirrored[chosen[0]] else known)
        order = np.argsort(-counts, kind="stable")
        return Votes(owner[order], counts[order])

    def _centre(
        self,
        features: Features,
        mine: Longs,
        theirs: Longs,
        mirrored: NDArray[np.bool_],
        turn: Longs,
        grown: Longs,
    ) -> NDArray[np.float64]:
        """Where in the picture each vote puts the reference's middle: float64 (2, n), shares of the long
        edge."""
        angle = turn * (2 * np.pi / 256)
        scale = np.exp2(grown / STEPS)
        across = (MIDDLE - self._x[theirs]) * np.where(mirrored, -1, 1)
        down = MIDDLE - self._y[theirs]
        cos, sin = np.cos(angle) * scale, np.sin(angle) * scale
        return np.stack(
            [
                features["x"][mine] / 255 + cos * across - sin * down,
                features["y"][mine] / 255 + sin * across + cos * down,
            ]
        )


def _cell(
    owner: Longs, turn: Longs, grown: Longs, centre: NDArray[np.float64], shifts: tuple[int, ...]
) -> Longs:
    """One number for a cell of (whose, mirrored, turn, scale, place): 5 bits turn, 8 scale, 9 each for the
    place. Cells overlap by half: `shifts` says for each axis which of the two that hold a vote is meant."""
    halves = [turn * 2 * TURNS // 256, grown * 2 * SCALES // STEPS]
    turned = ((halves[0] + shifts[0]) % (2 * TURNS) >> 1) * 2 + shifts[0]
    scale = (halves[1] + shifts[1]) >> 1
    places = np.floor(2 * centre / (PLACE * np.exp2(scale / SCALES))).astype(np.int64)
    across, down = (
        ((place + shift) >> 1) * 2 + shift for place, shift in zip(places, shifts[2:], strict=True)
    )
    half_turns, half_scales = turned & 31, (scale * 2 + shifts[1]) & 255
    cell = ((owner << 5 | half_turns) << 8 | half_scales) << 18 | (across & 511) << 9 | (down & 511)
    return np.asarray(cell, np.int64)


def _fitting(seen: NDArray[np.complex64], known: NDArray[np.complex64]) -> int:
    """How many places one similarity lays on each other; places in the picture and in the reference, (n,)."""
    first, second = np.triu_indices(len(seen), 1)
    far = np.abs(known[first] - known[second]) > APART
    first, second = first[far], second[far]
    if not len(first):
        return 1
    grown = (seen[first] - seen[second]) / (known[first] - known[second])
    moved = grown[:, None] * (known[None, :] - known[first][:, None]) + seen[first][:, None]
    fits = np.abs(moved - seen[None, :]) <= LOOSE
    best = 1
    for row in np.argsort(-fits.sum(axis=1), kind="stable")[:TRIED]:
        held = fits[row]  # one place that many features share counts once, on either side
        best = max(best, min(len(np.unique(seen[held].round(2))), len(np.unique(known[held].round(2)))))
    return best
