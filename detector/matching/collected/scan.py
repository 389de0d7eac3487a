"""A first look at very many stored pictures: which of them may get enough votes of local features at all?

Pictures by the thousand in one pass of numpy: shared words, near signatures, then turn and scale alone. It
loses nothing: where `LocalIndex.votes` would count so many votes in one pose, at least as many features pass
each step here. A few pictures in a hundred remain, and those are asked one by one.
"""

import numpy as np
from numpy.typing import NDArray

from detector.matching.local_features.local import STEPS
from detector.matching.search.index import NEAR, SCALES, TURNS, LocalIndex

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]


class Scan:
    """Over the references of an index. `least`: votes that a reference must be able to get."""

    def __init__(self, index: LocalIndex, least: int) -> None:
        shelf = index.postings
        self.least = least
        self._references = len(index)
        self._starts = shelf.starts[:-1].astype(np.int32)
        self._many = np.diff(shelf.starts).astype(np.int32)
        self._signatures = shelf.signatures
        self._owners = shelf.owners.astype(np.int32)
        self._flips, self._angles, self._sizes = shelf.flips, shelf.angles, shelf.sizes

    def possible(
        self,
        words: NDArray[np.uint16],
        signatures: NDArray[np.uint64],
        poses: NDArray[np.uint8],
        starts: Longs,
    ) -> Longs:
        """Of p pictures one after another, with uint16 (n,), uint64 (n,) and uint8 (n, 4) features of which
        the first of each stands at `starts` (p + 1): those that may get `least` votes, by their place."""
        mine, posting = self._near(words, signatures)
        picture = np.searchsorted(starts, mine, side="right") - 1
        group = picture * self._references + self._owners[posting]
        groups = self._references * (len(starts) - 1)
        enough = np.bincount(group, minlength=groups)[group] >= self.least
        mine, posting, group = mine[enough], posting[enough], group[enough]
        enough = _different(group, mine, groups)[group] >= self.least
        return self._in_one_pose(poses, mine[enough], posting[enough], group[enough])

    def _near(self, words: NDArray[np.uint16], signatures: NDArray[np.uint64]) -> tuple[Longs, Longs]:
        """Every (feature, posting) that share a word and have near signatures."""
        counts = self._many.take(words)
        sharing = np.flatnonzero(counts)
        counts = counts[sharing]
        ends = np.cumsum(counts, dtype=np.int32)
        total = int(ends[-1]) if len(ends) else 0
        posting = np.repeat(self._starts.take(words[sharing]) - (ends - counts), counts)
        posting += np.arange(total, dtype=np.int32)
        apart = np.repeat(signatures[sharing], counts)
        apart ^= self._signatures.take(posting)
        near = np.flatnonzero(np.bitwise_count(apart) <= NEAR)
        return sharing[np.searchsorted(ends, near, side="right")], posting[near].astype(np.int64)

    def _in_one_pose(self, poses: NDArray[np.uint8], mine: Longs, posting: Longs, group: Longs) -> Longs:
        """Those whose features agree, enough of them, on mirroring, turn and scale."""
        angle, size = poses[mine, 2].astype(np.int64), poses[mine, 3]
        mirrored = (size & 1) != self._flips[posting]
        turned = np.where(mirrored, angle + self._angles[posting] - 128, angle - self._angles[posting]) & 255
        grown = (size >> 1).astype(np.int64) - self._sizes[posting]
        cells = []
        for up in (0, 1):
            scale = ((grown * 2 * SCALES // STEPS + up) >> 1) * 2 + up
            for on in (0, 1):
                turn = (((turned * 2 * TURNS // 256 + on) % (2 * TURNS)) >> 1) * 2 + on
                cells.append((((group * 2 + mirrored) * 2 * TURNS + turn) << 10) | (scale & 1023))
        cell, place = np.unique(np.concatenate(cells), return_inverse=True)
        votes = _different(place, np.tile(mine, len(cells)), len(cell))
        found = np.unique(cell[votes >= self.least] >> 10)
        return np.unique(found // (2 * TURNS * 2 * self._references))


def _different(group: Longs, mine: Longs, groups: int) -> Longs:
    """int64 (groups,): how many different features each has."""
    order = np.lexsort((mine, group))
    group, mine = group[order], mine[order]
    first = np.ones(len(group), np.bool_)
    first[1:] = (np.diff(group) != 0) | (np.diff(mine) != 0)
    return np.bincount(group[first], minlength=groups)
