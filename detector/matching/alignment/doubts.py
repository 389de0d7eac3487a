"""Why what agrees like a copy may be none: what is looked at once more before the program says so.

The pixels of two pictures are compared at 128 px (agreement.py). Pages of one layout, drawings of one shirt
with another print and tiles of one pattern agree there for all but a little, and that little is what they
show. So a copy has to pass here as well; what does not waits for a person. Measured on the choosing half of
clothing-dataset and on drawn pages, shirts and patterns (docs/benchmarks/matching.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.matching.alignment import channels
from detector.matching.alignment.agreement import (
    FLAT_COLOUR,
    GREY,
    TEXTURED,
    WINDOW,
    Agreeing,
    Image,
    Laid,
    Mask,
    laid_on,
    largest_patch,
    moments,
    on_canvas,
)
from detector.matching.alignment.align import Matrix3
from detector.matching.alignment.written import between
from storage.boxes import Box

FINE_SIDE = 256  # px, long edge of what both share
FINEST_SIDE = 512  # px, where something was written over it
LUMP = 0.05  # of what they share: a larger patch that differs may be somebody else before the same backdrop
DETAILS = 0.02  # of the reference's own texture differs at most
CLEAN = 0.01  # likewise, between letters that were written over it
BLEACHED, BLACKENED = 250.0, 5.0  # of 255: what only the picture's colours make so bright or so dark
LOST = 0.2  # of a window is so: its texture went with the light
SOFTER = (0.0, 0.7, 1.0, 1.5, 2.0)  # px (sigma) by which one may have been blurred
STRIP, STRANGE = 0.08, 0.4  # of an edge's depth at most, and what agrees of it: a strip that a cut left
REPEATING = 0.96  # correlation of what they share with itself, moved: it would fit elsewhere as well
COARSE_SIDE = 128  # px, at which that is looked for,
MOVED = 3  # px at least; over which
FLAT_OVER = 4.0  # px (sigma) means are taken off,
REMAINING = 0.35  # and so much of it must still lie on itself
BORDER = 0.7  # of a line is an edge: a border, drawn or cut
STEP = 20.0  # of 255 from one side of an edge to the other, 2 px wide
REACH = 20  # px of the reference that a seam may lie beside its border
BEYOND = 0.03  # of the reference's edge goes on beyond the seam at least
POINTS = 96  # along a line

Pixels = NDArray[np.uint8]
Rectangle = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Doubts:
    """`lump` the largest patch that differs, as a share of what both share; `details` the share of the
    reference's texture that differs, `repeating` -1 to 1 the highest correlation
    of what they share with itself, moved; `border`: a seam of the picture lies on a border of the
    reference's."""

    lump: float
    details: float
    repeating: float
    border: bool
    written: bool = False  # letters lie over it, and between them it agrees

    @property
    def by_details(self) -> bool:
        return self.details > DETAILS

    @property
    def reason(self) -> str:
        """In words; "" where it may be said that it is a copy."""
        if self.border:
            return "it ends where the registered picture has a border of its own: both may use the same page"
        if self.lump > LUMP:
            share = f"{round(self.lump * 100)} %"
            return f"{share} of it, in one place, differs: it is covered, or somebody else is there"
        if self.repeating >= REPEATING:
            return "it is a pattern that repeats itself, which fits wherever it is laid"
        if self.by_details:
            return f"{max(1, round(self.details * 100))} % of its details differ"
        return ""


def doubts(
    picture: Pixels,
    reference: Pixels,
    matrix: Matrix3,
    within: Rectangle | None = None,
    marks: Sequence[Box] = (),
) -> Doubts:
    """Of two RGB pictures; `matrix` leads from the reference's px to the picture's, `within` is the rectangle
    of the picture (px) that alone shows it, if a collage cut it. `marks` (shares of the reference) may be
    gone: that is asked by itself (kept_marks.py), and makes it no other picture."""
    border = within is not None and _ends_at_a_border(reference, matrix, within)
    if within is not None:
        left, top, right, bottom = within
        picture = picture[top:bottom, left:right]
        matrix = np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1.0]]) @ matrix
    fine, coarse = (laid_on(picture, reference, matrix, side) for side in (FINE_SIDE, COARSE_SIDE))
    if fine is None or coarse is None:  # too small to be looked at finer than it was
        return Doubts(0.0, 0.0, 0.0, border)
    beside = [_beside_marks(laid, marks, reference.shape[:2]) for laid in (fine, coarse)]
    found = Doubts(_lump(coarse, beside[1]), _details(fine, beside[0]), _repeating(coarse), border)
    if not found.by_details and found.lump <= LUMP:
        return found
    finest = laid_on(picture, reference, matrix, FINEST_SIDE)
    return found if finest is None else _beside_ink(finest, marks, reference.shape[:2], found)


def _beside_ink(laid: Laid, marks: Sequence[Box], shape: tuple[int, int], found: Doubts) -> Doubts:
    """Where something was written over it: what can be seen between the letters."""
    laid, asked = _equally_soft(laid), _beside_marks(laid, marks, shape)
    places = laid.agreeing(laid.shared)
    seen = between(laid, places.fitted)
    if seen is None:
        return found
    texture = np.where(asked & _shown(laid, places) & (seen.spread >= TEXTURED), seen.spread, 0.0)
    details = float(texture[~seen.agrees].sum() / max(float(texture.sum()), 1.0))
    if details > CLEAN:
        return found
    return replace(found, details=min(found.details, details), lump=min(found.lump, seen.lump), written=True)


def _beside_marks(laid: Laid, marks: Sequence[Box], shape: tuple[int, int]) -> Mask:
    """All but the marks, and what a window reaches of them."""
    height, width = shape
    mask = np.zeros(laid.shared.shape, np.bool_)
    for box in marks:
        edges = box.x * width, box.y * height, (box.x + box.w) * width, (box.y + box.h) * height
        mask |= on_canvas(edges, laid.frame, laid.size)
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((WINDOW, WINDOW), np.uint8)) == 0)


def _lump(laid: Laid, asked: Mask) -> float:
    places = laid.agreeing(laid.shared)
    odd = asked & _shown(laid, places) & ~places.agrees
    return float(largest_patch(odd).sum() / laid.shared.sum())


def _details(laid: Laid, asked: Mask) -> float:
    laid = _equally_soft(laid)
    places = laid.agreeing(laid.shared)
    _, spread = moments(np.asarray(laid.theirs @ GREY))
    texture = np.where(asked & _shown(laid, places) & (spread >= TEXTURED), spread, 0.0)
    return float(texture[~places.agrees].sum() / max(float(texture.sum()), 1.0))


def _shown(laid: Laid, places: Agreeing) -> Mask:
    """What of the reference the picture can show: what was not cut off, bleached or blackened."""
    strips = _without_strips(places.agrees, laid.shared)
    return np.asarray(laid.shared & strips & ~_lost(laid, places.fitted))


def _equally_soft(laid: Laid) -> Laid:
    """The sharper of the two blurred like the other: fine cloth that was blurred is the same cloth."""
    mine, theirs = (np.asarray(one @ GREY, np.float32) for one in (laid.mine, laid.theirs))
    _, soft = min(
        (_apart(_blurred(mine, -softer), _blurred(theirs, softer), laid.shared), softer)
        for sigma in SOFTER
        for softer in {sigma, -sigma}
    )
    return replace(laid, mine=_blurred(laid.mine, -soft), theirs=_blurred(laid.theirs, soft))


def _apart(one: Image, other: Image, shared: Mask) -> float:
    """0 to 2: one less the correlation of what both share, means around each place taken off."""
    mine, theirs = (flat[shared] for flat in (_flat(one), _flat(other)))
    return 1.0 - float(mine @ theirs) / max(float(np.linalg.norm(mine) * np.linalg.norm(theirs)), 1e-6)


def _flat(grey: Image) -> Image:
    return grey - np.asarray(cv2.GaussianBlur(grey, (0, 0), FLAT_OVER), np.float32)


def _blurred(pixels: Image, sigma: float) -> Image:
    return pixels if sigma <= 0 else np.asarray(cv2.GaussianBlur(pixels, (0, 0), sigma), np.float32)


def _lost(laid: Laid, fitted: Image) -> Mask:
    """Places that became white or black with the picture's colours, and lost what was to be seen there: the
    fit says so, and the picture's colours are what it says."""
    bleached = (fitted >= BLEACHED) & (laid.theirs < BLEACHED)
    blackened = (fitted <= BLACKENED) & (laid.theirs > BLACKENED)
    some = np.asarray(channels.any_of(bleached | blackened), np.float32)
    apart = np.asarray(channels.mean(np.abs(fitted.clip(0, 255) - laid.mine)), np.float32)
    as_told = cv2.boxFilter(apart, -1, (3, 3)) < FLAT_COLOUR
    return np.asarray((cv2.boxFilter(some, -1, (WINDOW, WINDOW)) >= LOST) & as_told)


def _without_strips(agrees: Mask, shared: Mask) -> Mask:
    """All but strips along the four sides that show something else: a cell of a collage was cut narrower."""
    kept = np.ones_like(shared)
    for turns in range(4):
        ours, theirs = np.rot90(agrees, turns), np.rot90(shared, turns)
        strange = 0
        for row in range(1, round(STRIP * len(ours)) + 1):
            if theirs[:row].any() and ours[:row][theirs[:row]].mean() <= STRANGE:
                strange = row
        np.rot90(kept, turns)[: strange + WINDOW // 2 + 1 if strange else 0] = False
    return kept


def _repeating(laid: Laid) -> float:
    """By Fourier transform, the border masked (Padfield 2012, Masked object registration)."""
    grey = _flat(np.asarray(laid.theirs @ GREY, np.float32)) * laid.shared
    mask = laid.shared.astype(np.float32)
    size = 2 * grey.shape[0], 2 * grey.shape[1]
    waves, squares, seen = (np.fft.rfft2(one, size) for one in (grey, grey * grey, mask))

    def products(one: NDArray[np.complex128], other: NDArray[np.complex128]) -> NDArray[np.float64]:
        return np.asarray(np.fft.fftshift(np.fft.irfft2(one * np.conj(other), size)), np.float64)

    # Where hardly anything but ground lies on itself, what is there says nothing.
    least = max(REMAINING * float((grey * grey).sum()), 1e-3)
    power = np.maximum(products(squares, seen), least) * np.maximum(products(seen, squares), least)
    correlation = products(waves, waves) / np.sqrt(power)
    down, across = np.ogrid[: size[0], : size[1]]
    far = np.hypot(down - size[0] // 2, across - size[1] // 2) >= MOVED
    enough = products(seen, seen) >= REMAINING * mask.sum()
    return float(correlation[far & enough].max(initial=-1.0))


def _ends_at_a_border(reference: Pixels, matrix: Matrix3, within: Rectangle) -> bool:
    """A collage cuts anywhere, not along a border that the reference has there already."""
    grey = np.asarray(cv2.cvtColor(reference, cv2.COLOR_RGB2GRAY), np.uint8)
    left, top, right, bottom = (float(edge) for edge in within)
    corners = np.array([[[left, top], [right, top], [right, bottom], [left, bottom]]])
    there = cv2.perspectiveTransform(corners, np.linalg.inv(matrix))[0]
    middle = there.mean(axis=0)
    return any(_is_border(grey, there[side], there[(side + 1) % 4], middle) for side in range(4))


def _is_border(
    grey: Pixels, start: NDArray[np.float64], end: NDArray[np.float64], middle: NDArray[np.float64]
) -> bool:
    """The line, or one beside it, is an edge of the picture nearly all along; and the picture goes on."""
    along = end - start
    across = np.array([-along[1], along[0]]) / max(float(np.hypot(*along)), 1e-6)
    if float(across @ ((start + end) / 2 - middle)) < 0:
        across = -across
    points = start + np.linspace(0.02, 0.98, POINTS)[:, None] * along
    height, width = grey.shape
    if _within(points + across * BEYOND * max(width, height), width, height).mean() < 1 / 2:
        return False
    offsets = np.arange(-REACH - 1, REACH + 2)
    lines = points[:, None] + offsets[None, :, None] * across  # (points, offsets, 2)
    seen = _within(points, width, height)
    if not seen.any():
        return False
    places = np.asarray(lines[seen], np.float32)
    values = cv2.remap(
        np.asarray(grey, np.float32),
        places[..., 0],
        places[..., 1],
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    steps = np.abs(values[:, 2:] - values[:, :-2]) >= STEP
    return bool(steps.mean(axis=0).max() >= BORDER)


def _within(points: NDArray[np.float64], width: int, height: int) -> Mask:
    return np.asarray((points >= 0).all(axis=1) & (points[:, 0] < width) & (points[:, 1] < height))
