"""What is a region in which a copy differs: something that was laid on the picture, or something put in the
place of what was there?

What is laid on (a caption, a sticker, an emoji, a logo, a band) begins at once, with a hard edge where the
picture had none, consists of strokes and of few colours, has a white rim, or lets the picture shine through.
What replaces fits in: its edge is soft, or lies where the picture had one already, and within it is as grainy
as a photograph is. Where the structure stayed and the colour alone changed, only what ends at the edges of a
thing is a dyed thing; all else is light, a veil, or grading. None of these traits decides alone: they are
weighed together (weighing.py), once for structure that was lost and once for structure that was kept.

The weights were chosen on one half of the photographs and reported on the other
(docs/benchmarks/labels.md). Px are those of the canvas (fine.py), levels are of 255.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.matching.alignment import channels
from detector.matching.changes.differing import TEXTURED, Compared, Region, round_kernel
from detector.matching.changes.fine import Fine, grey
from detector.matching.changes.grading import TO_LUMINANCE, Image, Mask
from detector.matching.changes.weighing import Trait, Weighing, logarithm

STAYED = 0.65  # median correlation of the textured places within: the structure is the picture's own
FLAT = 0.05  # of the region is textured: less is flat in both
STRONG = 10.0  # levels a px: an edge
BEYOND = 1.3  # times as strong as the other's edges near by: a new one
STROKE = 12.0  # levels a px: the edge of a stroke
CHANGED, TIMES_NOISE = 22.0, 5.0  # levels of a place that shows another thing, and times the usual difference
TEXTURE = 4.0  # px of Gaussian blur: what is coarser is no texture
SMOOTHEST = 0.2  # levels of contrast in it: less is none
RIM_LIGHT, RIM_LIGHTER = 200.0, 20.0  # levels of a sticker's white rim
GRAINLESS, GRAINIEST = 0.2, 5.0  # levels at least, and as many times the picture's grain at most
LITTLE = 0.02  # left unexplained: less is nothing
DYED_SHARE, DYED_EDGE, DYED_HARD = 0.05, 0.85, 0.35
REPAINTED = 22.0  # levels of luminance and chroma of a flat region on a flat one
SHINES = "the picture shines through it"
OWN_EDGE = "it has a hard edge of its own"
OTHER_LIGHT = "the same, in another light"
IN_ANOTHER = "the same in another colour"
NOWHERE = "it ends nowhere in particular: a light, or a grading"
LETTERS = "it consists of strokes, as letters do"
COLOURED = "it consists of few colours"
EDGED = "it has a white rim, as a sticker has"
SMALL = "it is small and looks laid on"
SMOOTH = "it has not the grain of the picture"
HARSH = "it is harsher than the picture"
VIVID = "its colour is none of the picture's"
ELSEWHERE = "all the rest of the picture was changed as well"
ACROSS = "it is a band across the picture"

# Fitted by benchmarks/labels/train_replaced.py on 237 replaced and 773 innocent pairs of the choosing halves
# of two sets of photographs, of all groups, 403 of the innocent ones with two changes
# (docs/benchmarks/labels.md). With every tenth of the photographs left out in turn, `least` tells 206 and 4.
LOST = Weighing(
    traits={
        "new edge": Trait(0.617, 0.381, -2.71, OWN_EDGE),
        "strokes": Trait(0.524, 0.352, -1.08, LETTERS),
        "old edge": Trait(0.668, 0.281, -1.26, OWN_EDGE),
        "white rim": Trait(0.117, 0.241, -1.41, EDGED),
        "few colours": Trait(0.806, 0.144, -0.89, COLOURED),
        "size": Trait(-2.496, 0.725, 1.57, SMALL),
        "veil": Trait(0.038, 0.097, -1.12, SHINES),
        "grain": Trait(0.408, 1.212, 0.42, SMOOTH),
        "texture": Trait(0.468, 0.933, -0.73, HARSH),
        "colour": Trait(26.737, 29.604, -1.05, VIVID),
        "unexplained": Trait(-3.490, 0.765, -1.42, ELSEWHERE),
        "band": Trait(0.354, 0.197, -1.32, ACROSS),
    },
    bias=-3.15,
    least=1.0,
)
KEPT = Weighing(
    traits={
        "colour": Trait(17.427, 20.009, 1.04, OTHER_LIGHT),
        "old edge": Trait(0.828, 0.221, 0.35, NOWHERE),
        "size": Trait(-2.369, 0.930, 1.19, OTHER_LIGHT),
        "new edge": Trait(0.225, 0.318, -1.14, OWN_EDGE),
        "changed": Trait(0.595, 0.306, 0.66, OTHER_LIGHT),
        "strokes": Trait(-3.715, 1.105, -1.11, LETTERS),
        "unexplained": Trait(-2.580, 0.980, -1.52, ELSEWHERE),
        "band": Trait(0.429, 0.279, -1.35, ACROSS),
    },
    bias=-3.11,
    least=0.3,
)


@dataclass(frozen=True, slots=True)
class Look:
    """What all regions of one pair need. float32 (h, w): gradients in levels a px, `new` those that the
    reference has not; `apart` levels, the channel that differs most; `grain` what a blur of 1.2 px takes
    away; `noise` the usual difference; `unexplained` the share that the grading leaves so beside regions."""

    fine: Fine
    compared: Compared
    theirs_edges: Image
    new: Image
    apart: Image
    grain: Image
    noise: float
    inner: Mask
    unexplained: float


def look(fine: Fine, compared: Compared, unexplained: float) -> Look:
    apart = channels.largest(np.abs(fine.mine - fine.theirs))
    ours, theirs = _edges(fine.mine), _edges(fine.theirs)
    fuzz = channels.largest(np.abs(fine.mine - cv2.GaussianBlur(fine.mine, (0, 0), 1.2)))
    return Look(
        fine=fine,
        compared=compared,
        theirs_edges=theirs,
        new=np.maximum(ours - BEYOND * cv2.dilate(theirs, round_kernel(5)), 0),
        apart=apart,
        grain=np.asarray(cv2.blur(fuzz, (5, 5)), np.float32),
        noise=float(np.median(apart[fine.shared])),
        inner=cv2.erode(fine.shared.astype(np.uint8), round_kernel(9)) > 0,
        unexplained=unexplained,
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """`words`: what stands there instead, or why it is nothing that was replaced."""

    replaced: bool
    words: str


def judged(region: Region, seen: Look) -> Judged:
    measured = traits(region, seen)
    if measured is None:
        return _or_else(_flat(region, seen), "a plain place in another colour")
    weighing, values = measured
    return _or_else(weighing.against(values), "something else" if weighing is LOST else IN_ANOTHER)


def traits(region: Region, seen: Look) -> tuple[Weighing, Mapping[str, float]] | None:
    """By what it is weighed, `LOST` or `KEPT`, and its traits' values. None where it is flat in both."""
    textured = region.mask & (seen.compared.contrast > TEXTURED)
    if textured.sum() < FLAT * region.mask.sum():
        return None
    if float(np.median(seen.compared.correlation[textured])) >= STAYED:
        return KEPT, _kept(region, seen)
    return LOST, _lost(region, seen)


def _or_else(not_replaced: str, instead: str) -> Judged:
    return Judged(not not_replaced, not_replaced or instead)


# --- structure lost -----------------------------------------------------------------------------------------


def _lost(region: Region, seen: Look) -> Mapping[str, float]:
    """The traits of `LOST`."""
    changed = _changed(region, seen)
    outline = _outline(region.mask, seen.inner)
    strokes = _rim(changed) & region.mask & seen.inner
    stroke = cv2.dilate(seen.new, round_kernel(3))[strokes] > STROKE
    together, texture = _textures(_within(region.mask), seen)
    return {
        "new edge": _edged(seen.new, outline),
        "strokes": float(stroke.mean()) if strokes.sum() > 20 else 0.0,
        "old edge": _edged(seen.theirs_edges, outline),
        "white rim": _white_rim(region, seen),
        "few colours": _three_colours(seen.fine.mine[changed]),
        "size": logarithm(region.share, 0.0),
        "veil": _shining_through(changed, seen) * max(together, 0.0),
        "grain": _grain(region, seen),
        "texture": texture,
        "colour": _coloured(region, seen),
        "unexplained": logarithm(seen.unexplained, LITTLE),
        "band": _across(region.mask),
    }


def _changed(region: Region, seen: Look) -> Mask:
    return np.asarray(region.mask & (seen.apart > max(CHANGED, TIMES_NOISE * seen.noise)))


def _edged(edges: Image, outline: Mask) -> float:
    """The share of an outline at which there is an edge."""
    return float((cv2.dilate(edges, round_kernel(9))[outline] > STRONG).mean())


def _shining_through(changed: Mask, seen: Look) -> float:
    """0 to 1: what one faint copy of the reference explains of the colours. By chance another wall does, as
    light on the same side: so it counts only as far as the textures go together."""
    if changed.sum() < 60:
        return 0.0
    mine, theirs = (one[changed] - one[changed].mean(axis=0) for one in (seen.fine.mine, seen.fine.theirs))
    faint = float((mine * theirs).sum()) / max(float((theirs * theirs).sum()), 1.0)
    left = float(((mine - faint * theirs) ** 2).sum()) / max(float((mine * mine).sum()), 1.0)
    return max(1 - left, 0.0)


def _textures(within: Mask, seen: Look) -> tuple[float, float]:
    """Of what is finer than `TEXTURE`: the correlation of both, -1 to 1, and how much more contrast the
    picture has in it than the reference, as a logarithm."""
    fine = [
        light - cv2.GaussianBlur(light, (0, 0), TEXTURE)
        for light in map(grey, (seen.fine.mine, seen.fine.theirs))
    ]
    mine, theirs = (one[within] - one[within].mean() for one in fine)
    spread = [max(float(one.std()), SMOOTHEST) for one in (mine, theirs)]
    return float((mine * theirs).mean()) / (spread[0] * spread[1]), float(np.log(spread[0] / spread[1]))


def _grain(region: Region, seen: Look) -> float:
    """The finest tenth of it beside the finest tenth of all else, as a logarithm."""
    around = seen.fine.shared & ~(cv2.dilate(region.mask.astype(np.uint8), round_kernel(9)) > 0)
    finest = float(np.percentile(seen.grain[_within(region.mask)], 10))
    usual = float(np.percentile(seen.grain[around], 10)) if around.any() else finest
    return logarithm(min(finest / max(usual, GRAINLESS), GRAINIEST), 0.1)


def _white_rim(region: Region, seen: Look) -> float:
    """Share of its outline beside which there is white that was not there."""
    mine, theirs = (
        cv2.dilate(one.min(axis=2), round_kernel(9)) for one in (seen.fine.mine, seen.fine.theirs)
    )
    outline = _outline(region.mask, seen.inner)
    return float(((mine > RIM_LIGHT) & (mine - theirs > RIM_LIGHTER))[outline].mean())


# --- structure kept -----------------------------------------------------------------------------------------


def _kept(region: Region, seen: Look) -> Mapping[str, float]:
    """The traits of `KEPT`. A thing in another colour has its own outline, which the picture had."""
    within, outline = _within(region.mask), _outline(region.mask, seen.inner)
    return {
        "colour": _coloured(region, seen),
        "old edge": _edged(seen.theirs_edges, outline),
        "size": logarithm(region.share, 0.0),
        "new edge": _edged(seen.new, outline),
        "changed": float(_changed(region, seen).sum() / region.mask.sum()),
        "strokes": logarithm(float((seen.new[within] > STROKE).mean()), 0.01),
        "unexplained": logarithm(seen.unexplained, LITTLE),
        "band": _across(region.mask),
    }


def _across(mask: Mask) -> float:
    """0 to 1: how far the rectangle around it reaches across the picture, and how much of that it fills."""
    _, _, wide, high = cv2.boundingRect(mask.astype(np.uint8))
    filled = float(mask.sum()) / (wide * high)
    return float(max(wide / mask.shape[1], high / mask.shape[0])) * filled


def _coloured(region: Region, seen: Look) -> float:
    """Levels of chroma that its mean differs by."""
    return float(np.hypot(*_apart(_within(region.mask), seen)[1:]))


def _apart(within: Mask, seen: Look) -> NDArray[np.float32]:
    """Mean difference of luminance and both chroma channels, levels."""
    apart = cv2.transform((seen.fine.mine - seen.fine.theirs)[within][None], TO_LUMINANCE)[0]
    return np.asarray(apart.mean(axis=0), np.float32)


def _flat(region: Region, seen: Look) -> str:
    """A flat region in the place of another: a wall repainted."""
    apart = _apart(_within(region.mask), seen)
    if float(np.linalg.norm(apart)) < REPAINTED or region.share < DYED_SHARE:
        return OTHER_LIGHT
    outline = _outline(region.mask, seen.inner)
    if _edged(seen.new, outline) > DYED_HARD:
        return OWN_EDGE
    return NOWHERE if _edged(seen.theirs_edges, outline) < DYED_EDGE else ""


# --- parts --------------------------------------------------------------------------------------------------


def _edges(pixels: Image) -> Image:
    """Levels a px, in the channel where it is strongest."""
    across, down = (cv2.Scharr(pixels, cv2.CV_32F, *way, scale=1 / 32) for way in ((1, 0), (0, 1)))
    return np.asarray(np.sqrt(channels.largest(across * across + down * down)), np.float32)


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
