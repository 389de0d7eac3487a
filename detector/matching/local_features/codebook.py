"""The codebook: which of 65,536 visual words a descriptor is, and a 64-bit signature within it.

An inverted multi-index (Babenko and Lempitsky 2012): the descriptor's first principal axes are cut into two
halves of 16, each half goes to the nearest of 256 centres, and the pair of them is the word. The signature
(Jégou, Douze and Schmid 2008) is on which side of its median what is left beside the word's centre lies,
along each of 64 rotated axes.

The numbers in `codebook.npz` were learnt by `benchmarks/matching/train_codebook.py` on the choosing half of
the CC0 photographs named in docs/benchmarks/matching.md. They change no verdict by themselves: whatever the
words bring up is verified on pixels.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from detector.matching.local_features.features import MIRRORED, Floats

VERSION = "1"
CENTRES = 256  # a half
HALF = 16  # axes a half
NEAREST = 4  # centres of each half that are tried for a descriptor's further words


@dataclass(frozen=True, slots=True)
class Reduced:
    """n descriptors in their canonical flip (or the other) along the principal axes: `low` int8 (n, 64), in
    steps of the codebook's `step`; `flipped` bool (n,): that flip is the mirrored one."""

    low: NDArray[np.int8]
    flipped: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Codebook:
    """`flip` (128,) the axis that tells the two flips apart; `mean` (128,), `axes` (128, 64) the principal
    axes, `step` (64,) what one step of an int8 is along each; `first`, `second` (256, 16) the centres of both
    halves; `rotation` (64, 64), `medians` (64,) of the signature."""

    flip: Floats
    mean: Floats
    axes: Floats
    step: Floats
    first: Floats
    second: Floats
    rotation: Floats
    medians: Floats

    def reduce(self, descriptors: Floats, *, other_flip: bool = False) -> Reduced:
        """Of float32 (n, 128) descriptors."""
        flipped = (descriptors @ self.flip < 0) != other_flip
        turned = np.where(flipped[:, None], descriptors[:, MIRRORED], descriptors)
        low = (turned - self.mean) @ self.axes / self.step
        return Reduced(low.round().clip(-127, 127).astype(np.int8), flipped)

    def words(self, low: NDArray[np.int8], most: int = 1) -> NDArray[np.uint16]:
        """uint16 (n, most): the nearest words, nearest first. `most` is at most 16."""
        halves = [
            _distances(low[:, part] * self.step[part], centres)
            for part, centres in ((slice(HALF), self.first), (slice(HALF, 2 * HALF), self.second))
        ]
        if most == 1:
            left, right = (half.argmin(axis=1) for half in halves)
            return np.asarray(left * CENTRES + right, np.uint16)[:, None]
        nearest = [np.argpartition(half, NEAREST, axis=1)[:, :NEAREST] for half in halves]
        far = [np.take_along_axis(half, places, 1) for half, places in zip(halves, nearest, strict=True)]
        sums = (far[0][:, :, None] + far[1][:, None, :]).reshape(len(low), NEAREST**2)
        names = (nearest[0][:, :, None] * CENTRES + nearest[1][:, None, :]).reshape(len(low), NEAREST**2)
        order = np.argsort(sums, axis=1, kind="stable")[:, :most]
        return np.asarray(np.take_along_axis(names, order, 1), np.uint16)

    def signatures(self, low: NDArray[np.int8], words: NDArray[np.uint16]) -> NDArray[np.uint64]:
        """uint64, the shape of `words` (n, k): of each descriptor beside the centre of each of its words."""
        along = (low * self.step) @ self.rotation - self.medians
        first = (self.first @ self.rotation[:HALF])[words >> 8]
        second = (self.second @ self.rotation[HALF : 2 * HALF])[words & 255]
        above = along[:, None, :] > first + second
        return np.packbits(above, axis=2).view(np.uint64)[..., 0]


@cache
def codebook() -> Codebook:
    """The one that comes with the program."""
    stored = files("detector.matching.local_features") / "codebook.npz"
    with stored.open("rb") as file, np.load(file) as kept:
        return Codebook(**{name: kept[name].astype(np.float32) for name in kept.files})


def _distances(points: Floats, centres: Floats) -> Floats:
    """Squared, but for what is the same for every centre."""
    return np.asarray((centres**2).sum(axis=1) - 2 * points @ centres.T, np.float32)
