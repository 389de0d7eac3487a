"""What is a region in which a copy differs: something that was laid on the picture, or something put in the
place of what was there?

What is laid on (a caption, a sticker, an emoji, a logo, a band) has a hard edge where the picture had none,
consists of few colours, or lets the picture shine through. What replaces fits in: its edge is soft, or lies
where the picture had one already, and within it is as a photograph is. Where the structure stayed and the
colour alone changed, only what ends at the edges of a thing is a dyed thing; all else is light or grading.

The thresholds were chosen on one half of the photographs and reported on the other
(docs/benchmarks/labels.md). Px are those of the canvas (fine.py), levels are of 255.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.matching.differing import TEXTURED, Compared, Region, round_kernel
from detector.matching.fine import Fine
from detector.matching.grading import TO_LUMINANCE, Image, Mask

STAYED = 0.65  # median correlation of the textured places within: the structure is the picture's own
FLAT = 0.05  # of the region is textured: less is flat in both
STRONG = 10.0  # levels a px: an edge
BEYOND = 1.3  # times as strong as the other's edges near by: a new one
STROKE = 12.0  # levels a px: the edge of a stroke
CHANGED, TIMES_NOISE = 22.0, 5.0  # levels of a place that shows another thing, and times the usual difference
HARD = 0.5  # `_hardness` of what is laid on
STROKES, COLOURS, MIXED = 0.2, 0.9, 0.75  # how strokes count, and how it counts that three colours make it up
THROUGH, FADED = 0.65, (0.2, 0.95)  # explained variance of what shines through, and how faint it then is
PHOTO_SHARE, PHOTO_CHANGED, PHOTO_RIM = 0.05, 0.6, 0.3  # a photograph pasted with a hard edge
GRAIN, GRAIN_USUAL, BUSY = 0.5, 0.3, 9.0  # its finest tenth, and as a share of the picture's; its median
EMPTY = 0.03  # of it has no grain at all, at most
GRAINLESS = 0.35  # levels
RIM_LIGHT, RIM_LIGHTER = 200.0, 20.0  # levels of a sticker's white rim
DYED = 17.0  # levels of chroma
DYED_SHARE, DYED_EDGE, DYED_HARD = 0.05, 0.85, 0.35
DYED_FOLDS, DYED_SLOPE = (
    0.9,
    (0.5, 1.3),
)  # correlation of its folds with what they were, and how much contrast
REPAINTED = 22.0  # levels of luminance and chroma of a flat region on a flat one
SHINES = "the picture shines through it"
OWN_EDGE = "it has a hard edge of its own"
OTHER_LIGHT = "the same, in another light"


@dataclass(frozen=True, slots=True)
class Look:
    """What all regions of one pair need. float32 (h, w): gradients in levels a px, `new` those that the
    reference has not; `apart` levels, the channel that differs most; `grain` what a blur of 1.2 px takes
    away; `noise` the usual difference."""

    fine: Fine
    compared: Compared
    theirs_edges: Image
    new: Image
    apart: Image
    grain: Image
    noise: float
    inner: Mask


def look(fine: Fine, compared: Compared) -> Look:
    apart = np.abs(fine.mine - fine.theirs).max(axis=2)
    ours, theirs = _edges(fine.mine), _edges(fine.theirs)
    fuzz = np.abs(fine.mine - cv2.GaussianBlur(fine.mine, (0, 0), 1.2)).max(axis=2)
    return Look(
        fine=fine,
        compared=compared,
        theirs_edges=theirs,
        new=np.maximum(ours - BEYOND * cv2.dilate(theirs, round_kernel(5)), 0),
        apart=apart,
        grain=cv2.blur(fuzz, (5, 5)),
        noise=float(np.median(apart[fine.shared])),
        inner=cv2.erode(fine.shared.astype(np.uint8), round_kernel(9)) > 0,
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """`words`: what stands there instead, or why it is nothing that was replaced."""

    replaced: bool
    words: str


def judged(region: Region, seen: Look) -> Judged:
    textured = region.mask & (seen.compared.contrast > TEXTURED)
    if textured.sum() < FLAT * region.mask.sum():
        return _or_else(_flat(region, seen), "a plain place in another colour")
    if float(np.median(seen.compared.correlation[textured])) >= STAYED:
        return _or_else(_not_dyed(region, seen), "the same in another colour")
    return _or_else(_laid_on(region, seen), "something else")


def _or_else(not_replaced: str, instead: str) -> Judged:
    return Judged(not not_replaced, not_replaced or instead)


def _laid_on(region: Region, seen: Look) -> str:
    """Why it is nothing that was replaced; "" where it is."""
    changed = region.mask & (seen.apart > max(CHANGED, TIMES_NOISE * seen.noise))
    if _shines_through(changed, seen):
        return SHINES
    if _hardness(region, changed, seen) < HARD or _is_photograph(region, changed, seen):
        return ""
    return OWN_EDGE


# --- structure lost -----------------------------------------------------------------------------------------


def _hardness(region: Region, changed: Mask, seen: Look) -> float:
    """How much of its outline is an edge that the picture had not, with what strokes and what few colours it
    consists of."""
    outline = _outline(region.mask, seen.inner)
    rim = float((cv2.dilate(seen.new, round_kernel(9))[outline] > STRONG).mean())
    strokes = _rim(changed) & region.mask & seen.inner
    stroke = cv2.dilate(seen.new, round_kernel(3))[strokes] > STROKE
    few = _three_colours(seen.fine.mine[changed])
    return rim + STROKES * (float(stroke.mean()) if strokes.sum() > 20 else 0.0) + COLOURS * (few - MIXED)


def _shines_through(changed: Mask, seen: Look) -> bool:
    """One colour over the picture, half transparent: what is below is there, only fainter."""
    if changed.sum() < 60:
        return False
    mine, theirs = (one[changed] - one[changed].mean(axis=0) for one in (seen.fine.mine, seen.fine.theirs))
    power = float((theirs * theirs).sum())
    faint = float((mine * theirs).sum()) / max(power, 1.0)
    left = float(((mine - faint * theirs) ** 2).sum())
    return FADED[0] < faint < FADED[1] and left <= (1 - THROUGH) * float((mine * mine).sum())


def _is_photograph(region: Region, changed: Mask, seen: Look) -> bool:
    """As grainy as a photograph, none of it empty, not as busy as letters, without a sticker's white rim."""
    if region.share < PHOTO_SHARE or changed.sum() < PHOTO_CHANGED * region.mask.sum():
        return False
    within = cv2.erode(region.mask.astype(np.uint8), round_kernel(7)) > 0
    around = seen.fine.shared & ~(cv2.dilate(region.mask.astype(np.uint8), round_kernel(9)) > 0)
    if within.sum() < 80 or not around.any():
        return False
    grain = seen.grain[within]
    finest, usual = float(np.percentile(grain, 10)), float(np.percentile(seen.grain[around], 10))
    if finest < max(GRAIN, GRAIN_USUAL * usual) or float(np.median(grain)) > BUSY:
        return False
    return float((grain < GRAINLESS).mean()) < EMPTY and _white_rim(region, seen) < PHOTO_RIM


def _white_rim(region: Region, seen: Look) -> float:
    """Share of its outline beside which there is white that was not there."""
    mine, theirs = (
        cv2.dilate(one.min(axis=2), round_kernel(9)) for one in (seen.fine.mine, seen.fine.theirs)
    )
    outline = _outline(region.mask, seen.inner)
    return float(((mine > RIM_LIGHT) & (mine - theirs > RIM_LIGHTER))[outline].mean())


# --- structure kept -----------------------------------------------------------------------------------------


def _not_dyed(region: Region, seen: Look) -> str:
    """A thing in another colour has its own outline, which the picture had, and its folds."""
    within = _within(region.mask)
    mine, theirs = (
        cv2.transform(one[within][None], TO_LUMINANCE)[0] for one in (seen.fine.mine, seen.fine.theirs)
    )
    chroma = float(np.hypot(*(mine - theirs).mean(axis=0)[1:]))
    if chroma < DYED or region.share < DYED_SHARE:
        return OTHER_LIGHT
    (ours, both), (_, other) = np.cov(mine[:, 0], theirs[:, 0])
    slope = both / max(other, 1.0)
    folds = both / max(float(np.sqrt(ours * other)), 1.0)
    if folds < DYED_FOLDS or not DYED_SLOPE[0] <= slope <= DYED_SLOPE[1]:
        return SHINES
    return _not_at_edges(region, seen)


def _flat(region: Region, seen: Look) -> str:
    """A flat region in the place of another: a wall repainted."""
    within = _within(region.mask)
    apart = cv2.transform((seen.fine.mine - seen.fine.theirs)[within][None], TO_LUMINANCE)[0].mean(axis=0)
    if float(np.linalg.norm(apart)) < REPAINTED or region.share < DYED_SHARE:
        return OTHER_LIGHT
    return _not_at_edges(region, seen)


def _not_at_edges(region: Region, seen: Look) -> str:
    outline = _outline(region.mask, seen.inner)
    new = cv2.dilate(seen.new, round_kernel(9))[outline] > STRONG
    old = cv2.dilate(seen.theirs_edges, round_kernel(9))[outline] > STRONG
    if float(new.mean()) > DYED_HARD:
        return OWN_EDGE
    if float(old.mean()) < DYED_EDGE:
        return "it ends nowhere in particular: a light, or a grading"
    return ""


# --- parts --------------------------------------------------------------------------------------------------


def _edges(pixels: Image) -> Image:
    """Levels a px, in the channel where it is strongest."""
    across, down = (cv2.Scharr(pixels, cv2.CV_32F, *way, scale=1 / 32) for way in ((1, 0), (0, 1)))
    return np.asarray(np.sqrt((across * across + down * down).max(axis=2)), np.float32)


def _outline(mask: Mask, inner: Mask) -> Mask:
    """Not where the shared part ends: the region may go on there."""
    edge = mask & ~(cv2.erode(mask.astype(np.uint8), round_kernel(3)) > 0)
    return edge & inner if (edge & inner).sum() >= 20 else edge


def _rim(changed: Mask) -> Mask:
    plain = changed.astype(np.uint8)
    return np.asarray(cv2.morphologyEx(plain, cv2.MORPH_GRADIENT, round_kernel(3)) > 0)


def _within(mask: Mask) -> Mask:
    inner = cv2.erode(mask.astype(np.uint8), round_kernel(7)) > 0
    return np.asarray(inner if inner.sum() >= 60 else mask)


def _three_colours(pixels: NDArray[np.float32]) -> float:
    """Which share of these the three most frequent colours make up, each with what is within 26 levels of
    it."""
    if len(pixels) < 50:
        return 0.0
    left = pixels[:: 1 + len(pixels) // 3000]
    whole, found = len(left), 0
    for _ in range(3):
        if len(left) < 0.02 * whole:
            break
        named = np.rint(left / 24).astype(np.int32) @ np.array([256, 16, 1])
        _, first, counts = np.unique(named, return_inverse=True, return_counts=True)
        middle = left[first == counts.argmax()].mean(axis=0)
        for _ in range(2):
            near = np.abs(left - middle).max(axis=1) < 26
            middle = np.median(left[near], axis=0) if near.any() else middle
        near = np.abs(left - middle).max(axis=1) < 26
        found += int(near.sum())
        left = left[~near]
    return found / whole
