"""What was written over a picture, and whether the picture goes on between the letters.

Letters in one or two flat colours hide a little of a copy, and leave it alone between their strokes. Another
print on the same shirt, and another line on the same page, look alike but for one thing: what the registered
picture shows there is gone, between the strokes as well. Numbers: chosen on the choosing half of
clothing-dataset and on drawn pages and shirts (docs/benchmarks/matching.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.matching.alignment import channels
from detector.matching.alignment.agreement import (
    ALIKE,
    COLOUR,
    FLAT_COLOUR,
    GREY,
    SHIFT,
    TEXTURED,
    WINDOW,
    Image,
    Laid,
    Mask,
    largest_patch,
)

ODD = 25.0  # of 255, mean over the channels: differs from the reference
STANDS_OUT = 40.0  # likewise, from what is around it in the picture itself: ink, not paper that came to light
AROUND = 49  # px
INKS = 2  # colours: letters and their outline
NEAR = 40.0  # of 255, mean over the channels: still that colour
FLAT = 0.6  # of what stands out is in these colours
STROKE = 21  # px: nothing thicker is a stroke
LEAST_SIDE = 300  # px of the long edge: letters of a thumbnail are not to be told from what they cover
STRAYS = 0.08  # of what differs is no ink at most: or else
MOST_STRAYS, OWN = 0.5, 0.45  # likewise, where the reference itself stands out in so little of what differs:
# another print covers a print
STEPS = 16  # by which colours are counted
LEAST_SEEN = 0.2  # of a window lies between the strokes: less says nothing of what is there
HIDDEN = 0.05  # of what both share may lie under strokes so close


@dataclass(frozen=True, slots=True)
class Between:
    """What both share but for the ink: `agrees` (h, w) where what can be seen agrees, `spread` (h, w) the
    reference's texture there, 0 where nothing can be seen."""

    agrees: Mask
    spread: Image
    lump: float


def between(laid: Laid, fitted: Image) -> Between | None:
    """`fitted` (h, w, 3): the reference in the picture's colours. None where nothing was written over it, or
    so much that it hides what is there."""
    ink = _ink(laid, fitted)
    if ink is None:
        return None
    seen = laid.shared & ~_grown(ink, 3)
    share = _box(seen.astype(np.float32), WINDOW)
    known = share >= LEAST_SEEN
    if (laid.shared & ~known).sum() > HIDDEN * laid.shared.sum():
        return None
    correlation, spread, widest = _correlation(laid, seen)
    apart = np.abs(fitted - laid.mine).mean(axis=2)
    (colour,) = _means([np.asarray(apart, np.float32)], seen, 5)
    agrees = np.where(widest >= TEXTURED, (correlation >= ALIKE) & (colour < COLOUR), colour < FLAT_COLOUR)
    agrees = np.asarray(agrees | ~known)
    odd = laid.shared & ~agrees
    return Between(
        agrees,
        np.where(known, spread, np.float32(0)),
        float(largest_patch(odd).sum() / max(int(laid.shared.sum()), 1)),
    )


def _ink(laid: Laid, fitted: Image) -> Mask | None:
    if max(laid.size) < LEAST_SIDE:
        return None
    odd = laid.shared & np.asarray(np.abs(fitted - laid.mine).mean(axis=2) >= ODD)
    stands_out = odd & (_contrast(laid.mine, laid.shared & ~odd) >= STANDS_OUT)
    if not stands_out.any():
        return None
    ink = stands_out & _inked(laid.mine, stands_out)
    if ink.sum() < FLAT * stands_out.sum():
        return None
    if cv2.erode(ink.astype(np.uint8), np.ones((STROKE, STROKE), np.uint8)).any():
        return None
    strays = float((odd & ~_grown(ink, 3)).sum() / odd.sum())
    own = float((_contrast(fitted, laid.shared & ~odd)[odd] >= ODD).mean())
    return ink if strays <= STRAYS or (own <= OWN and strays <= MOST_STRAYS) else None


def _contrast(colours: Image, paper: Mask) -> Image:
    """(h, w): how far each place stands out from the paper around it, mean over the channels."""
    around = np.stack(_means([colours[..., one] for one in range(3)], paper, AROUND), axis=2)
    return np.asarray(channels.mean(np.abs(colours - around)), np.float32)


def _inked(colours: Image, which: Mask) -> Mask:
    """What is in the commonest colours of these places."""
    there = colours[which]
    near = np.zeros(len(there), np.bool_)
    inked = np.zeros_like(which)
    for _ in range(INKS):
        if near.all():
            break
        colour = _commonest(there[~near])
        near |= channels.mean(np.abs(there - colour)) <= NEAR
        inked |= channels.mean(np.abs(colours - colour)) <= NEAR
    return inked


def _commonest(colours: NDArray[np.float32]) -> NDArray[np.float32]:
    steps = (colours // STEPS).astype(np.int64)
    names = (steps[:, 0] * 256 + steps[:, 1]) * 256 + steps[:, 2]
    values, counts = np.unique(names, return_counts=True)
    return np.asarray(np.median(colours[names == values[counts.argmax()]], axis=0), np.float32)


def _correlation(laid: Laid, seen: Mask) -> tuple[Image, Image, Image]:
    """Of what is seen in the window around each place: the best correlation over the shifts, the reference's
    spread, and the larger of both spreads."""
    mine, theirs = (np.asarray(one @ GREY, np.float32) for one in (laid.mine, laid.theirs))
    mean, squares = _means([theirs, theirs * theirs], seen, WINDOW)
    spread = np.sqrt(np.maximum(squares - mean * mean, 0))
    best = np.full(mine.shape, -1, np.float32)
    widest = spread
    for across in range(-SHIFT, SHIFT + 1):
        for down in range(-SHIFT, SHIFT + 1):
            moved = np.roll(mine, (down, across), axis=(0, 1))
            both = seen & np.roll(seen, (down, across), axis=(0, 1))
            wanted = [moved, theirs, moved * theirs, moved * moved, theirs * theirs]
            ours, its, crossed, our_squares, its_squares = _means(wanted, both, WINDOW)
            one = np.sqrt(np.maximum(our_squares - ours * ours, 0))
            other = np.sqrt(np.maximum(its_squares - its * its, 0))
            best = np.maximum(best, (crossed - ours * its) / np.maximum(one * other, 1.0))
            if across == down == 0:
                widest = np.maximum(spread, one)
    return np.asarray(best, np.float32), np.asarray(spread, np.float32), np.asarray(widest, np.float32)


def _means(values: Sequence[Image], of: Mask, window: int) -> list[Image]:
    """Of each, over those places of the window around each place; 0 where there is none."""
    count = _box(of.astype(np.float32), window)
    some, many = count > 1e-6, np.maximum(count, 1e-6)
    return [np.asarray(np.where(some, _box(one * of, window) / many, 0), np.float32) for one in values]


def _box(values: Image, window: int) -> Image:
    return np.asarray(cv2.boxFilter(np.asarray(values, np.float32), -1, (window, window)), np.float32)


def _grown(mask: Mask, size: int) -> Mask:
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((size, size), np.uint8)) > 0)
