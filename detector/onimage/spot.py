"""The cheap detector: may small text stand near an edge of this picture? It reads nothing; it says whether
reading may be worth a second.

Rows of letters (letters.py) are judged by a small forest of decision trees, learned from labels drawn on one
half of the photographs (benchmarks/labels/train_spot.py) and measured on the other
(docs/benchmarks/labels.md).
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.onimage.letters import FEATURES, Floats, rows
from detector.onimage.look import Pixels

VERSION = "2"

EDGE = 720  # px, the long edge that pictures are brought to
# Log odds. Chosen on one half (360 labels, 250 bare photographs): at 1.5 every label with 40 grey levels and
# more is found and 97 % of those with 15 to 40, and 31 % of photographs are taken to bear one; at .3 as many
# labels and 50 % of photographs, at 2 98 %, 95 % and 24 %. On the other half: docs/benchmarks/labels.md.
THRESHOLD = 1.5


def may_bear_text(pixels: Pixels) -> bool:
    """`pixels`: uint8 RGB (H, W, 3), or grey (H, W) from a reduced decode: 600 px and more will do."""
    found, _ = judged(pixels)
    return bool(len(found)) and bool(found.max() >= THRESHOLD)


def judged(pixels: Pixels) -> tuple[Floats, Floats]:
    """For each letter at an edge how sure it is one of a label's (log odds), and (n, 3) where: x, y, height,
    in px of the picture brought to EDGE."""
    measures, places = rows(_small(pixels))
    return _forest().judge(measures), places


def _small(pixels: Pixels) -> Pixels:
    """Grey, its long edge at EDGE. Whole steps first: they are ten times quicker than others."""
    tall, wide = pixels.shape[:2]
    steps = max(1, round(max(tall, wide) / EDGE))
    if steps > 1:
        size = (max(1, wide // steps), max(1, tall // steps))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    grey = pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    share = EDGE / max(grey.shape)
    if 0.95 < share < 1.06:
        return grey
    size = (max(1, round(grey.shape[1] * share)), max(1, round(grey.shape[0] * share)))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_LINEAR), np.uint8)


@dataclass(frozen=True, slots=True)
class _Forest:
    """(trees, nodes) each; `left` of a leaf is the leaf itself."""

    feature: NDArray[np.int32]
    threshold: Floats
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: Floats
    depth: int
    base: float

    def judge(self, measures: Floats) -> Floats:
        """All trees and all rows take one step at a time."""
        tree = np.arange(len(self.feature))[None]
        node = np.zeros((len(measures), len(self.feature)), np.int32)
        row = np.arange(len(measures))[:, None]
        for _ in range(self.depth):
            low = measures[row, self.feature[tree, node]] <= self.threshold[tree, node]
            node = np.where(low, self.left[tree, node], self.right[tree, node])
        return np.asarray(self.value[tree, node].sum(1) + self.base, np.float32)


@cache
def _forest() -> _Forest:
    with (files("detector.onimage") / "spot.npz").open("rb") as stored, np.load(stored) as kept:
        arrays = {name: kept[name] for name in kept.files}
    forest = _Forest(**{**arrays, "depth": int(arrays["depth"]), "base": float(arrays["base"])})
    if forest.feature.max() >= FEATURES:
        raise ValueError("spot.npz was learned from other measures")
    return forest
