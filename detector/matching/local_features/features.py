"""Local features of a picture (SIFT, made comparable as RootSIFT), and what mirroring does to them.

A mirrored picture needs no second extraction: its descriptors are the same numbers in another order
(matching.md, section 3: 479 of 484 keypoints). Each descriptor is kept in the one of its two flips that the
codebook's axis calls canonical, with a flag, so that one search covers mirrored copies too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Grey = NDArray[np.uint8]

WIDTH = 128  # numbers in a SIFT descriptor: 4 rows, 4 columns, 8 directions
SPARE = 2.0  # times as many are found as are kept: room to choose
CELLS = 6  # of a grid over the long edge
CONTRAST = 0.02  # half of OpenCV's default: plain cloth has few strong corners
MIRRORED = np.array(  # the place in a descriptor from which each number of the mirrored picture's is taken
    [
        ((3 - row) * 4 + column) * 8 + (8 - turn) % 8
        for row in range(4)
        for column in range(4)
        for turn in range(8)
    ]
)


@dataclass(frozen=True, slots=True)
class Points:
    """n local features: `places` float32 (n, 2) px x, y; `angles` (n,) radians; `sizes` (n,) px;
    `descriptors` float32 (n, 128), RootSIFT, of length 1."""

    places: Floats
    angles: Floats
    sizes: Floats
    descriptors: Floats

    def __len__(self) -> int:
        return len(self.places)


@dataclass(frozen=True, slots=True)
class Packed:
    """The same, a third as large, to be kept: `described` uint8 (n, 128), SIFT as OpenCV counts it."""

    places: Floats
    angles: Floats
    sizes: Floats
    described: Grey

    @property
    def nbytes(self) -> int:
        return sum(one.nbytes for one in (self.places, self.angles, self.sizes, self.described))

    def unpacked(self) -> Points:
        return Points(self.places, self.angles, self.sizes, root(np.asarray(self.described, np.float32)))


def resized(grey: NDArray[np.uint8], long_edge: int, *, enlarge: bool = False) -> NDArray[np.uint8]:
    """The picture with its long edge at most (`enlarge`: exactly) this many px, averaged as it shrinks."""
    height, width = grey.shape[:2]
    share = long_edge / max(height, width)
    if share == 1 or (share > 1 and not enlarge):
        return grey
    size = (max(1, round(width * share)), max(1, round(height * share)))
    how = cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, size, interpolation=how), np.uint8)


def points(grey: Grey, most: int, spare: float = SPARE) -> Points:
    """The `most` strongest local features of a uint8 (H, W) picture, spread over it where `spare` times as
    many are found; none where it is smaller than 8 px."""
    return packed(grey, most, spare).unpacked()


def packed(grey: Grey, most: int, spare: float = SPARE) -> Packed:
    """Likewise."""
    if min(grey.shape[:2]) < 8:
        return _none()
    found, descriptors = _sift(round(spare * most), CONTRAST).detectAndCompute(grey, None)
    if descriptors is None or not len(found):
        return _none()
    chosen = _spread(found, grey.shape[:2], most)
    kept = [found[place] for place in chosen]
    numbers = np.array([(*one.pt, np.deg2rad(one.angle), one.size) for one in kept], np.float32)
    described = np.asarray(descriptors)[chosen].astype(np.uint8)  # whole numbers up to 255
    return Packed(numbers[:, :2], numbers[:, 2], numbers[:, 3], described)


def root(descriptors: Floats) -> Floats:
    """RootSIFT (Arandjelović and Zisserman 2012): the square root of each share of the whole."""
    total = np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-9)
    return np.asarray(np.sqrt(np.maximum(descriptors, 0) / total), np.float32)


def _spread(found: Sequence[cv2.KeyPoint], shape: tuple[int, ...], most: int) -> NDArray[np.intp]:
    """Strongest first, in turn from each cell of a grid: a small picture within a picture gets its share."""
    if len(found) <= most:
        return np.arange(len(found))
    cell = max(shape) / CELLS
    places = np.array([(int(one.pt[0] / cell), int(one.pt[1] / cell)) for one in found])
    cells = places[:, 0] * 1000 + places[:, 1]
    response = np.array([-one.response for one in found])
    order = np.lexsort((response, cells))
    ordered = cells[order]
    starts = np.flatnonzero(np.r_[True, np.diff(ordered) != 0])
    rank = np.arange(len(ordered)) - np.repeat(starts, np.diff(np.r_[starts, len(ordered)]))
    ranks = np.empty(len(found), np.int64)
    ranks[order] = rank
    return np.asarray(np.lexsort((response, ranks))[:most])


def _none() -> Packed:
    nothing = np.zeros(0, np.float32)
    return Packed(nothing.reshape(0, 2), nothing, nothing, np.zeros((0, WIDTH), np.uint8))


@cache
def _sift(most: int, contrast: float) -> cv2.SIFT:
    cv2.setNumThreads(1)  # many workers, few cores
    return cv2.SIFT.create(nfeatures=most, contrastThreshold=contrast)
