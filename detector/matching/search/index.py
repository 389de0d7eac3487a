"""An index over the local features of the registered pictures: which of them share features with a picture,
in one consistent pose?

Postings by visual word. A pair of features votes when their signatures are near, and weighs the more the
nearer they are (Hamming embedding: Jégou, Douze and Schmid 2010); votes count together when they agree on
mirroring, turn and scale (weak geometric consistency: the same, 2008).
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.matching.local_features.local import FEATURE, STEPS, Features
from detector.matching.local_features.local_reference import REFERENCE_FEATURE, WORDS
from detector.matching.local_features.local_reference import Features as ReferenceFeatures

VOCABULARY = 65536
NEAR = 18  # bits of 64 that may differ
# What a vote weighs by differing bits: of 360 changed copies the 4 to 6 votes differed in 7 bits on average,
# those of 450 other photographs in 11 (docs/benchmarks/matching-choosing.md, "Votes, weighed").
WEIGHTS = np.exp(-((np.arange(65) / 8) ** 2))
TURNS = 16  # bins of the full circle; every vote counts in two neighbours
SCALES = 2  # bins an octave; likewise
PLACE = 0.35  # width of a bin of the reference's middle, in shares of the reference's long edge
MIDDLE = 0.4  # of a reference, along either side, in shares of its long edge: any fixed point would do
OWNER_SHIFT = 32
FEATURE_BITS = 10  # a picture keeps fewer than 1,024 features
DOUBTFUL, SURE = 3, 16  # votes: fewer are never enough (bank.VOTES), from so many on no closer look is needed
LOOSE = 0.02  # of the picture's long edge, that places may lie beside each other
APART = 0.03  # of the reference's, that two points must lie apart to give a pose
MOST_GROUPS = 1 << 19  # (picture, reference) counted at once: cells and features share 64 bits with them
TRIED = 8  # best poses in which points are counted once each

Longs = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Votes:
    """`references` (k,) places in the index, `counts` (k,) the votes of each in its best pose, most first;
    `weights` (k,) what these weigh together."""

    references: Longs
    counts: Longs
    weights: NDArray[np.float64]


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


@dataclass(frozen=True, slots=True)
class _Ballots:
    """Pairs of near features, (n,) each, the nearest first: places in the pictures' features and in the
    references', what they weigh, whether the one is mirrored beside the other, and the group in which they
    count, a number for each (picture, reference, mirrored). The features of each picture begin at its
    `starts`."""

    mine: Longs
    theirs: Longs
    weight: NDArray[np.float64]
    mirrored: NDArray[np.bool_]
    group: Longs
    starts: Longs


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

    def votes(self, features: Features, least: int = 1, weight: float = 0.0) -> Votes:
        """Of one picture's features; references that cannot get `least` votes, or not this weight, are left
        out."""
        return next(iter(self.votes_of([features], least, weight)))

    def votes_of(self, pictures: Sequence[Features], least: int = 1, weight: float = 0.0) -> Iterator[Votes]:
        """Of many pictures, in their order, counted together: an answer each, as `votes` would give it."""
        at_once = max(1, MOST_GROUPS // max(self._references, 1))
        for first in range(0, len(pictures), at_once):
            yield from self._voted(pictures[first : first + at_once], least, weight)

    def _voted(self, pictures: Sequence[Features], least: int, weight: float) -> Iterator[Votes]:
        features = np.concatenate([*pictures, np.zeros(0, FEATURE)])
        starts = np.cumsum([0, *map(len, pictures)])
        cast = self._cast(features, starts, least, weight)
        groups, counts, weights = self._count(features, cast)
        places = np.searchsorted(groups, np.arange(len(pictures) + 1) * self._references)
        for begin, end in itertools.pairwise(places.tolist()):
            order = np.lexsort((-weights[begin:end], -counts[begin:end]))
            names = groups[begin:end][order] % max(self._references, 1)
            yield Votes(names, counts[begin:end][order], weights[begin:end][order])

    def _cast(self, features: Features, starts: Longs, least: int, weight: float) -> _Ballots:
        mine, posting = self._postings(features["word"])
        apart = np.bitwise_count(features["signature"][mine] ^ self._signature[posting])
        near = np.flatnonzero(apart <= NEAR)
        near = near[np.argsort(apart[near], kind="stable")]
        mine, theirs, weighs = mine[near], self._feature[posting[near]], WEIGHTS[apart[near]]
        picture = np.searchsorted(starts, mine, side="right") - 1
        mirrored = (features["size"][mine] & 1) != self._flip[theirs]
        group = (picture * self._references + self._owner[theirs]) * 2 + mirrored
        many, heavy = np.bincount(group, minlength=1), np.bincount(group, weighs, minlength=1)
        enough = ((many >= least) & (heavy >= weight))[group] if len(group) else np.zeros(0, np.bool_)
        return _Ballots(mine[enough], theirs[enough], weighs[enough], mirrored[enough], group[enough], starts)

    def _postings(self, words: NDArray[np.uint16]) -> tuple[Longs, Longs]:
        """Every (picture's feature, posting of a reference's feature) that share a word."""
        first, end = self._starts[words], self._starts[words.astype(np.int64) + 1]
        lengths = end - first
        mine = np.repeat(np.arange(len(words)), lengths)
        offsets = np.arange(len(mine)) - np.repeat(lengths.cumsum() - lengths, lengths)
        return mine, np.repeat(first, lengths) + offsets

    def _count(self, features: Features, cast: _Ballots) -> tuple[Longs, Longs, NDArray[np.float64]]:
        """Votes in the fullest cell of (mirrored, turn, scale, place): (picture * references + reference) in
        rising order, its count and its weight."""
        mine, theirs = cast.mine, cast.theirs
        if not len(mine):
            return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
        angle = features["angle"][mine].astype(np.int64)
        turn = np.where(cast.mirrored, angle + self._angle[theirs] - 128, angle - self._angle[theirs]) & 255
        grown = (features["size"][mine] >> 1).astype(np.int64) - self._size[theirs]
        centre = self._centre(features, mine, theirs, cast.mirrored, turn, grown)
        cell = np.concatenate(
            [_cell(cast.group, turn, grown, centre, shifts) for shifts in itertools.product((0, 1), repeat=4)]
        )
        # One feature of the picture votes once in a cell, with its nearest.
        own = mine - cast.starts[np.searchsorted(cast.starts, mine, side="right") - 1]
        pair = np.tile(np.arange(len(mine)), 2**4)
        once = np.unique(cell << FEATURE_BITS | own[pair], return_index=True)[1]
        cell, pair = cell[once], pair[once]
        names, first, counts = np.unique(cell, return_index=True, return_counts=True)
        weights = np.add.reduceat(cast.weight[pair], first)
        fullest = np.lexsort((-weights, -counts, names >> OWNER_SHIFT))
        fullest = fullest[np.r_[True, np.diff(names[fullest] >> OWNER_SHIFT) != 0]]
        group, first = names[fullest] >> OWNER_SHIFT, first[fullest]
        counts, weights = counts[fullest], weights[fullest]
        seen = (features["x"] + 1j * features["y"].astype(np.float32)) / 255
        for place in np.flatnonzero((counts >= DOUBTFUL) & (counts < SURE)):
            chosen = pair[first[place] : first[place] + counts[place]]
            known = self._x[theirs[chosen]] + 1j * self._y[theirs[chosen]]
            over = cast.mirrored[chosen[0]]
            counts[place], weights[place] = _fitting(
                seen[mine[chosen]], -known.conj() if over else known, cast.weight[chosen]
            )
        return group, counts, weights

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


def _fitting(
    seen: NDArray[np.complex64], known: NDArray[np.complex64], weight: NDArray[np.float64]
) -> tuple[int, float]:
    """How many places one similarity lays on each other, and what they weigh; places in the picture and in
    the reference, (n,)."""
    first, second = np.triu_indices(len(seen), 1)
    far = np.abs(known[first] - known[second]) > APART
    first, second = first[far], second[far]
    if not len(first):
        return 1, float(weight.max())
    grown = (seen[first] - seen[second]) / (known[first] - known[second])
    moved = grown[:, None] * (known[None, :] - known[first][:, None]) + seen[first][:, None]
    fits = np.abs(moved - seen[None, :]) <= LOOSE
    held = fits.sum(axis=1)
    spots = _spots(seen), _spots(known)
    best = 1, float(weight.max())
    for row in np.argsort(-held, kind="stable")[:TRIED]:
        if held[row] < best[0]:
            break  # one place that many features share counts once, on either side: never more than they
        count = min(len(set(spot[fits[row]].tolist())) for spot in spots)
        best = max(best, (count, float(weight[fits[row]].sum()) * count / int(held[row])))
    return best


def _spots(places: NDArray[np.complex64]) -> Longs:
    """The same number for places that are the same to a hundredth of the long edge."""
    hundredths = np.rint(places.view(np.float32).reshape(-1, 2) * 100).astype(np.int64)
    return np.asarray(hundredths[:, 0] * 4096 + hundredths[:, 1], np.int64)
