"""Where a picture differs from the reference that it lies on, once its grading and its softness are taken
away: connected regions, whatever they are.

A place differs by its colour (over a few px), or by its structure: normalised cross-correlation in a window,
a shift of one px allowed, and more left over than noise leaves elsewhere in the same picture.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.matching.alignment import channels
from detector.matching.changes.fine import Fine, grey
from detector.matching.changes.grading import TO_LUMINANCE, Image, Mask

# docs/benchmarks/labels.md; px are those of the canvas, levels are of 255.
WINDOW = 9  # px
SHIFT = 1  # px either way
COLOUR, TIMES_COLOUR = 9.0, 4.0  # levels over 5 px, and times what is usual in this picture
LEFT, TIMES_LEFT = 6.0, 3.0  # levels of structure that the other does not have, likewise
ALIKE = 0.65  # correlation: more is the same structure
TEXTURED = 5.0  # standard deviation: less is flat
OPENED, CLOSED, SOLID = 3, 9, 7  # px: specks go, gaps are closed, threads go


@dataclass(frozen=True, slots=True)
class Compared:
    """`odd` where the two differ. float32 (h, w): `correlation` of the structure, `contrast` of the more
    contrasted of both (standard deviation in the window)."""

    odd: Mask
    correlation: Image
    contrast: Image


@dataclass(frozen=True, slots=True)
class Region:
    """A connected part that differs, holes filled; `share` of what both pictures share."""

    mask: Mask
    share: float


def compared(fine: Fine) -> Compared:
    mine, theirs = fine.even
    colour = _colour(mine, theirs)
    correlation, contrast = _structure(grey(mine), grey(theirs))
    left = np.asarray(contrast * np.sqrt(np.maximum(1 - np.maximum(correlation, 0) ** 2, 0)), np.float32)
    usual = [float(np.median(one[fine.shared])) for one in (colour, left)]
    odd = colour > max(COLOUR, TIMES_COLOUR * usual[0])
    odd |= (left > max(LEFT, TIMES_LEFT * usual[1])) & (correlation < ALIKE)
    return Compared(odd & fine.shared, correlation, contrast)


def regions(fine: Fine, odd: Mask, least: float) -> list[Region]:
    """The largest first; none smaller than this share."""
    return sorted(_regions(fine, odd, least), key=lambda one: -one.share)


def _regions(fine: Fine, odd: Mask, least: float) -> Iterator[Region]:
    patches = cv2.morphologyEx(odd.astype(np.uint8), cv2.MORPH_OPEN, round_kernel(OPENED))
    patches = cv2.morphologyEx(patches, cv2.MORPH_CLOSE, round_kernel(CLOSED))
    patches = cv2.morphologyEx(patches, cv2.MORPH_OPEN, round_kernel(SOLID))
    outlines, _ = cv2.findContours(patches, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    whole = float(fine.shared.sum())
    for outline in outlines:
        filled = np.zeros_like(patches)
        cv2.drawContours(filled, [outline], -1, 1, -1)
        mask = (filled > 0) & fine.shared
        share = float(mask.sum()) / whole
        if share >= least:
            yield Region(mask, share)


def round_kernel(wide: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (wide, wide)), np.uint8)


def _colour(mine: Image, theirs: Image) -> Image:
    apart = cv2.blur(cv2.transform(mine - theirs, TO_LUMINANCE), (5, 5))
    return np.asarray(np.sqrt(channels.total(apart * apart)), np.float32)


def _structure(mine: Image, theirs: Image) -> tuple[Image, Image]:
    """The best correlation over the shifts, and the larger of both standard deviations."""
    mean, spread = _moments(theirs)
    ours, our_spread = _moments(mine)
    around = [np.pad(one, SHIFT, mode="edge") for one in (mine, ours, our_spread)]
    high, wide = mine.shape
    best = np.full(mine.shape, -1, np.float32)
    for down in range(2 * SHIFT + 1):
        for across in range(2 * SHIFT + 1):
            moved, its_mean, its_spread = (one[down : down + high, across : across + wide] for one in around)
            product = cv2.blur(moved * theirs, (WINDOW, WINDOW)) - its_mean * mean
            best = np.maximum(best, product / np.maximum(its_spread * spread, 1.0))
    return best, np.maximum(spread, our_spread)


def _moments(light: Image) -> tuple[Image, Image]:
    """Mean and standard deviation in the window around each place."""
    mean = cv2.blur(light, (WINDOW, WINDOW))
    spread = np.sqrt(np.maximum(cv2.blur(light * light, (WINDOW, WINDOW)) - mean * mean, 0))
    return np.asarray(mean, np.float32), np.asarray(spread, np.float32)
