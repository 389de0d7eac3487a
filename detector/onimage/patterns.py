"""A mark as it is searched for: the part of its drawing that looks the same on any ground, at any size asked
for.

On a plate (a disc, a pill) that is the rectangle around its letters, which lies wholly on the plate; of
strokes on nothing it is the whole, ink against no ink. Grounds, polarity and contrast do not matter to it.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.onimage.look import Mark

COVERS = 100  # of 255: from here on a mark hides its ground
PLATE = 0.6  # of its box that a mark must cover to be a plate with something on it
INK = 40  # grey levels from a plate's own light: what is drawn on it
MARGIN = 0.35  # of the letters' height, of the plate around them, where there is as much
TALLEST = 200  # px that a drawing is kept at

Light = NDArray[np.float32]
Box = tuple[int, int, int, int]  # left, top, right, bottom


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """`light` (h, w) is the drawing, 0 to 255; `window` the rectangle of it that is searched for, in px.
    `ink`: px that what is drawn on it is high; `plate`: there is one."""

    mark: Mark
    light: Light
    window: Box
    ink: int
    plate: bool

    @property
    def aspect(self) -> float:
        """Width of the whole mark for a height of 1."""
        tall, wide = self.light.shape
        return float(wide / tall)


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """A pattern at one size: `light` is its window, which begins at (`left`, `top`) px of a mark of
    (`tall`, `wide`) px."""

    light: Light
    left: int
    top: int
    tall: int
    wide: int


def pattern_of(mark: Mark) -> Pattern | None:
    """None for a drawing with nothing on it: it would be found everywhere."""
    grey, alpha = _sized(mark.grey), _whole(_sized(mark.alpha))
    covered = alpha >= COVERS
    if not covered.any():
        return None
    plate = bool(covered.mean() >= PLATE)
    if plate:
        light = np.where(covered, grey, np.median(grey[covered])).astype(np.float32)
        window, ink = _on_plate(light, covered)
    else:
        light = _strokes(grey, alpha, covered)
        window, ink = (0, 0, light.shape[1], light.shape[0]), light.shape[0]
    left, top, right, bottom = window
    if float(light[top:bottom, left:right].std()) < INK / 4:
        return None
    return Pattern(mark, light, window, ink, plate)


@lru_cache(maxsize=512)
def template(pattern: Pattern, tall: int) -> Template:
    """With a mark that is so many px high."""
    wide = max(1, round(pattern.aspect * tall))
    share_x, share_y = wide / pattern.light.shape[1], tall / pattern.light.shape[0]
    sized = np.asarray(cv2.resize(pattern.light, (wide, tall), interpolation=cv2.INTER_AREA), np.float32)
    left, top, right, bottom = pattern.window
    first, last = (
        (floor(left * share_x), floor(top * share_y)),
        (ceil(right * share_x), ceil(bottom * share_y)),
    )
    light = np.ascontiguousarray(sized[first[1] : last[1], first[0] : last[0]])
    return Template(light, *first, tall, wide)


def _sized(plane: NDArray[np.uint8]) -> Light:
    """As float, brought to the size that drawings are kept at."""
    tall, wide = plane.shape
    if tall <= TALLEST:
        return plane.astype(np.float32)
    size = (max(1, round(wide * TALLEST / tall)), TALLEST)
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), np.float32)


def _whole(alpha: Light) -> Light:
    """As if what covers most covered all: a watermark's file is often see-through as a whole."""
    most = float(alpha.max())
    return alpha * (255 / most) if 0 < most < 255 else alpha


def _strokes(grey: Light, alpha: Light, covered: NDArray[np.bool_]) -> Light:
    """Of one colour: how much it covers. Of several: as they look on a middle grey."""
    if float(grey[covered].std()) < INK:
        return alpha
    share = alpha / 255
    return np.asarray(grey * share + 127.5 * (1 - share), np.float32)


def _on_plate(light: Light, covered: NDArray[np.bool_]) -> tuple[Box, int]:
    """Around all that stands free on it, with plain plate beside it, and how high it is; the whole where
    nothing does."""
    own = np.median(light[covered])
    inked = covered & (np.abs(light - own) >= INK)
    free = _free(inked, covered)
    if not free.any():
        return (0, 0, light.shape[1], light.shape[0]), light.shape[0]
    plain = covered & (free | ~inked)
    rows, columns = np.flatnonzero(free.any(axis=1)), np.flatnonzero(free.any(axis=0))
    left, top, right, bottom = int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
    high = bottom - top
    spare = min(round(MARGIN * high), left, top, light.shape[1] - right, light.shape[0] - bottom)
    for step in range(spare, 0, -1):
        if plain[top - step : bottom + step, left - step : right + step].all():
            return (left - step, top - step, right + step, bottom + step), high
    return (left, top, right, bottom), high


def _free(inked: NDArray[np.bool_], covered: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Without what reaches the plate's edge, such as a ring: the ground would count with it."""
    outside = np.pad(~covered, 1, constant_values=True).astype(np.uint8)
    near = np.asarray(cv2.dilate(outside, np.ones((5, 5), np.uint8)))[1:-1, 1:-1] > 0
    _, pieces = cv2.connectedComponents(inked.astype(np.uint8), connectivity=8)
    return np.asarray(inked & ~np.isin(pieces, np.unique(pieces[near & inked])))
