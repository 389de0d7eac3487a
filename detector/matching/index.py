"""An index over the local features of the registered pictures: which of them share features with a picture,
in one consistent pose?

Postings by visual word. A pair of features votes when their signatures are near; votes count together when
they agree on mirroring, turn and scale (weak geometric consistency: Jégou, Douze and Schmid 2008).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.matching.codebook import codebook
from detector.matching.local import STEPS, Features
from detector.matching.local_reference import REFERENCE_FEATURE
from detector.matching.local_reference import Features as ReferenceFeatures

VOCABULARY = 65536
WORDS = 8  # under which each reference's feature is filed
NEAR = 18  # bits of 64 that may differ
TURNS = 16  # bins of the full circle; every vote counts in two neighbours
SCALES = 2  # bins an octave; likewise
PLACE = 0.35  # width of a bin of the reference's middle, in shares of the reference's long edge
MIDDLE = 0.4  # of a reference, along either side, in shares of its long edge: any fixed point would do
OWNER_SHIFT = 32

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
        book = codebook()
        words = book.words(rows["low"], WORDS)
        order = np.argsort(words, axis=None, kind="stable")
        self._feature = (order // WORDS).astype(np.int32)
        self._signature = book.signatures(rows["low"], words).ravel()[order]
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
        cells = []
        for up in (0, 1):
            scale = (grown * 2 * SCALES // STEPS + up) >> 1
            width = PLACE * np.exp2(scale / SCALES)
            places = np.floor(2 * centre / width).astype(np.int64)
            for across in range(8):
                one, two, three = across & 1, across >> 1 & 1, across >> 2
                cells.append(
                    _cell(
                        self._owner[theirs] * 2 + mirrored,
                        (((turn * 2 * TURNS // 256 + one) % (2 * TURNS)) >> 1) * 2 + one,
                        scale * 2 + up,
                        ((places[0] + two) >> 1) * 2 + two,
                        ((places[1] + three) >> 1) * 2 + three,
                    )
                )
        # One feature of the picture votes once in a cell.
        votes = np.unique(np.concatenate([cell * 1024 + mine for cell in cells])) >> 10
        cell, counts = np.unique(votes, return_counts=True)
        owner = cell >> OWNER_SHIFT
        best = np.zeros(int(owner.max()) + 1, np.int64)
        np.maximum.at(best, owner, counts)
        found = np.flatnonzero(best)
        order = np.argsort(-best[found], kind="stable")
        return Votes(found[order], best[found][order])

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


def _cell(owner: Longs, turn: Longs, scale: Longs, across: Longs, down: Longs) -> Longs:
    """One number for a cell: 5 bits turn, 8 scale, 9 each for the place, and whose it is above."""
    return (((owner << 5 | turn) << 8 | (scale & 255)) << 18) | ((across & 511) << 9) | (down & 511)
