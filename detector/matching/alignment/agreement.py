"""Comparing the pixels of two pictures that lie on each other: one photograph, or the same garment twice?

Both are warped to about 128 px, the reference's colours are fitted to the picture's, and each place is
compared with its surroundings (normalised cross-correlation in a window, a shift of one px allowed). Source
of rule and numbers: matching.md, section 3a; the thresholds on what comes out stand in verify.py.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.matching.alignment import channels
from detector.matching.alignment.align import Fit, Matrix3
from detector.matching.alignment.seams import shown

SIDE = 128  # px, long edge of what both share
WINDOW = 11  # px
SHIFT = 1  # px either way
TEXTURED = 6.0  # standard deviation within the window, of 255: less is flat
ALIKE = 0.6  # correlation of a textured place
COLOUR = 36.0  # mean difference over the channels of a textured place, of 255
FLAT_COLOUR = 18.0  # of a flat place
GREY = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601
ALL = 0.98  # agrees: nothing is cut off
HELD = 0.9  # of the inliers lie in a rectangle that is all the picture shows
WITHIN = 0.9  # of such a rectangle agrees
STRANGE = 0.4  # of what lies beyond it agrees at most: flat places do by chance
BEYOND = 0.03  # of what the fit says they share lies beyond it
GRID = 64  # places either way at which overlap is measured
LEAST = 0.02  # of the reference: less is not compared
FEWEST_PX = 100
FITTED_TO = 16_384  # px, evenly taken: twelve numbers need no more
WHITE, BLACK = 250.0, 5.0  # of 255, one channel: it may have been brighter, or darker, than can be shown
WHOLE = 0.2  # of the px lie between: enough to begin with these alone
MARGIN = 3  # px next to the border of either picture that are not compared

Image = NDArray[np.float32]
Mask = NDArray[np.bool_]
Places = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Agreement:
    """All shares are 0 to 1. `overlap` of the reference that lies within the picture, `filled` of the picture
    within the reference; `hull` of the inliers' hull that agrees, `whole` of all that both share;
    `correlation` the median over the textured places, `textured` how many are; `lump` the largest patch that
    does not agree, `rest` the share of all but it that agrees, `clear` the correlation over all but it.
    `within`: the picture shows only what lies in this rectangle of it (a collage that cuts its parts; left,
    top, right, bottom px), and the other shares are of that."""

    overlap: float
    filled: float
    hull: float
    whole: float
    correlation: float
    textured: float
    lump: float
    rest: float
    clear: float
    within: tuple[int, int, int, int] | None = None

    @property
    def cut(self) -> bool:
        return self.within is not None

    @property
    def score(self) -> float:
        """s of matching.md, section 3a: 0 to 1."""
        return max(0.0, self.hull * self.correlation)


def agreement(
    picture: NDArray[np.uint8],
    reference: NDArray[np.uint8],
    fit: Fit,
    inliers: tuple[Places, Places],
    rectangles: Sequence[NDArray[np.int64]] = (),
) -> Agreement | None:
    """Of two RGB pictures under a fit. `inliers` are its points, px, in the picture and in the reference;
    `rectangles` those of the picture (left, top, right, bottom px) that may be all it shows of the reference.
    None where they share too little to compare."""
    found = _compared(picture, reference, fit.matrix, inliers[1])
    if found is None:
        return None
    whole, laid, agrees = found
    if whole.whole >= ALL:
        return whole
    size = picture.shape[1], picture.shape[0]
    for rectangle in _possible(rectangles, laid, agrees, inliers[0], size):
        if laid.ends_at(rectangle, agrees):
            cut = _cut(picture, reference, fit.matrix, inliers, rectangle)
            if cut is not None:
                return cut
    return whole


def _compared(
    picture: NDArray[np.uint8], reference: NDArray[np.uint8], matrix: Matrix3, held: Places
) -> tuple[Agreement, "Laid", Mask] | None:
    """All that both share; `held`: the inliers, px of the reference."""
    shape, other = reference.shape[:2], picture.shape[:2]
    seen = inside(matrix, shape, other)
    if seen.mean() < LEAST:
        return None
    laid = _laid(picture, reference, matrix, seen, SIDE)
    if laid is None:
        return None
    overlap = float(seen.mean())
    filled = float(inside(np.asarray(np.linalg.inv(matrix), np.float64), other, shape).mean())
    hull = _hull(cv2.perspectiveTransform(held[None].astype(np.float64), laid.frame)[0], laid.size)
    found, agrees = laid.compared(laid.shared, hull, overlap, filled)
    return found, laid, agrees


def laid_on(
    picture: NDArray[np.uint8], reference: NDArray[np.uint8], matrix: Matrix3, side: int
) -> "Laid | None":
    """Both RGB pictures on one canvas whose long edge is at most `side` px; `matrix` leads from the
    reference's px to the picture's. None where they share too little to compare."""
    seen = inside(matrix, reference.shape[:2], picture.shape[:2])
    return _laid(picture, reference, matrix, seen, side) if seen.mean() >= LEAST else None


def _possible(
    rectangles: Sequence[NDArray[np.int64]], laid: "Laid", agrees: Mask, held: Places, size: tuple[int, int]
) -> Iterator[NDArray[np.int64]]:
    """Rectangles of the picture in which the inliers lie: those with edges, then the one that agrees."""
    yield from (rectangle for rectangle in rectangles if _holds(rectangle, held) >= HELD)
    found = shown(agrees, laid.shared, laid.back, size)
    if found is None:
        return
    # Next to its seam nothing agrees for as far as a window reaches over it.
    reach = (WINDOW // 2 + SHIFT) / np.sqrt(abs(np.linalg.det(laid.back[:2, :2])))
    grown = np.concatenate([found[:2] - reach, found[2:] + reach]).clip(0, [*size, *size])
    if _holds(grown, held) >= HELD:
        yield np.asarray(np.rint(grown), np.int64)


def _cut(
    picture: NDArray[np.uint8],
    reference: NDArray[np.uint8],
    matrix: Matrix3,
    inliers: tuple[Places, Places],
    rectangle: NDArray[np.int64],
) -> Agreement | None:
    """As if the picture were this rectangle alone, so that nothing beyond its seam takes part; None where too
    little of that agrees."""
    left, top, right, bottom = rectangle.clip(0).tolist()
    alone = picture[top:bottom, left:right]
    if not alone.size:
        return None
    moved = np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1.0]]) @ matrix
    within = ((inliers[0] >= rectangle[:2]) & (inliers[0] <= rectangle[2:])).all(axis=1)
    found = _compared(alone, reference, moved, inliers[1][within])
    if found is None or found[0].whole < WITHIN:
        return None
    share = alone.shape[0] * alone.shape[1] / (picture.shape[0] * picture.shape[1])
    return replace(found[0], filled=found[0].filled * share, within=(left, top, right, bottom))


@dataclass(frozen=True, slots=True)
class Agreeing:
    """Place by place, (h, w) each: which agree, how far they correlate, which are textured in either picture;
    `fitted` (h, w, 3) the reference in the picture's colours."""

    agrees: Mask
    correlation: Image
    textured: Mask
    fitted: Image


@dataclass(frozen=True, slots=True)
class Laid:
    """Both pictures on one canvas, and where both are. `frame` and `back` lead from the reference's and the
    picture's px to the canvas."""

    mine: Image
    theirs: Image
    shared: Mask
    frame: Matrix3
    back: Matrix3

    def agreeing(self, part: Mask) -> "Agreeing":
        """Which places agree, the colours fitted to each other within a part of what they share."""
        fitted = _fitted(self.mine, self.theirs, part)
        apart = np.asarray(channels.mean(np.abs(fitted.clip(0, 255) - self.mine)), np.float32)
        colour = cv2.boxFilter(apart, -1, (3, 3))
        correlation, spread = _correlation(*(np.asarray(one @ GREY) for one in (self.mine, self.theirs)))
        textured = spread >= TEXTURED
        agrees = np.where(textured, (correlation >= ALIKE) & (colour < COLOUR), colour < FLAT_COLOUR)
        return Agreeing(np.asarray(agrees), correlation, np.asarray(textured), fitted)

    def compared(self, part: Mask, hull: Mask, overlap: float, filled: float) -> tuple[Agreement, Mask]:
        """Within a part of what they share; and which places agree."""
        places = self.agreeing(part)
        agrees, correlation = places.agrees, places.correlation
        hull = hull & part
        lump = largest_patch(part & ~agrees)
        over = part & places.textured
        found = Agreement(
            overlap=overlap,
            filled=filled,
            hull=_share(agrees, hull if hull.sum() >= FEWEST_PX // 2 else part),
            whole=_share(agrees, part),
            correlation=_median(correlation, over),
            textured=_share(places.textured, part),
            lump=_share(lump, part),
            rest=_share(agrees, part & ~lump),
            clear=_median(correlation, over & ~lump),
        )
        return found, agrees

    @property
    def size(self) -> tuple[int, int]:
        return self.shared.shape[1], self.shared.shape[0]

    def ends_at(self, rectangle: NDArray[np.int64], agrees: Mask) -> bool:
        """What they share ends at this rectangle of the picture: beyond it there is some, and next to nothing
        of that agrees."""
        within = on_canvas(rectangle.astype(float).tolist(), self.back, self.size)
        part = self.shared & (cv2.erode(within.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0)
        beyond = self.shared & ~np.asarray(cv2.dilate(part.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0)
        return bool(beyond.sum() >= BEYOND * self.shared.sum()) and _share(agrees, beyond) <= STRANGE


def _laid(
    picture: NDArray[np.uint8], reference: NDArray[np.uint8], matrix: Matrix3, seen: Mask, side: int
) -> "Laid | None":
    """On a canvas whose long edge is at most `side` px. `seen`: what of the reference lies in the picture."""
    frame, size = canvas_frame(seen, reference.shape[:2], matrix, side)
    back = np.asarray(frame @ np.linalg.inv(matrix), np.float64)
    shared = warped_mask(reference.shape[:2], frame, size) & warped_mask(picture.shape[:2], back, size)
    if shared.sum() < FEWEST_PX:
        return None
    return Laid(warped(picture, back, size), warped(reference, frame, size), shared, frame, back)


def _holds(rectangle: NDArray[np.int64], places: Places) -> float:
    """Share of these places that lie in the rectangle."""
    low, high = rectangle[:2] - 1, rectangle[2:] + 1
    return float(((places >= low) & (places <= high)).all(axis=1).mean())


def on_canvas(rectangle: Sequence[float], matrix: Matrix3, size: tuple[int, int]) -> Mask:
    """Where on a canvas of this (width, height) a rectangle of a picture lies (left, top, right, bottom px);
    `matrix` leads from the picture's px to the canvas."""
    left, top, right, bottom = rectangle
    corners = np.array([[[left, top], [right, top], [right, bottom], [left, bottom]]])
    mask = np.zeros((size[1], size[0]), np.uint8)
    there = cv2.perspectiveTransform(corners, matrix)[0].clip(-1e4, 1e4)
    cv2.fillConvexPoly(mask, there.round().astype(np.int32), 1)
    return np.asarray(mask > 0)


def inside(matrix: Matrix3, shape: tuple[int, ...], other: tuple[int, ...]) -> Mask:
    """Which of a 64 x 64 grid over a picture of this (height, width) lies within the other, under the matrix
    from the one's px to the other's."""
    steps = (np.arange(GRID) + 0.5) / GRID
    across, down = np.meshgrid(steps * shape[1], steps * shape[0])
    there = cv2.perspectiveTransform(np.stack([across, down], axis=2).reshape(1, -1, 2), matrix)[0]
    ahead = matrix[2, 0] * across.ravel() + matrix[2, 1] * down.ravel() + matrix[2, 2] > 1e-6
    within = (there >= 0).all(axis=1) & (there[:, 0] <= other[1]) & (there[:, 1] <= other[0]) & ahead
    return np.asarray(within.reshape(GRID, GRID))


def canvas_frame(
    seen: Mask, shape: tuple[int, ...], matrix: Matrix3, side: int
) -> tuple[Matrix3, tuple[int, int]]:
    """From the reference's px to the canvas on which both are compared: what of it is seen, no finer than the
    coarser of the two shows it."""
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    left, right = columns[0] / GRID * shape[1], (columns[-1] + 1) / GRID * shape[1]
    top, bottom = rows[0] / GRID * shape[0], (rows[-1] + 1) / GRID * shape[0]
    finest = min(1.0, float(np.sqrt(abs(np.linalg.det(matrix[:2, :2])))))
    share = min(side, max(right - left, bottom - top) * max(finest, 0.1)) / max(right - left, bottom - top)
    size = (max(8, round((right - left) * share)), max(8, round((bottom - top) * share)))
    return np.array([[share, 0, -left * share], [0, share, -top * share], [0, 0, 1.0]]), size


def warped(pixels: NDArray[np.uint8], matrix: Matrix3, size: tuple[int, int]) -> Image:
    """float32 (h, w, 3) for `size` (w, h). Averaged first where it shrinks: no false patterns."""
    height, width = pixels.shape[:2]
    share = min(1.0, 1.3 * _scale_at(matrix, width / 2, height / 2))
    if share < 0.75:
        small = (max(2, round(width * share)), max(2, round(height * share)))
        pixels = np.asarray(cv2.resize(pixels, small, interpolation=cv2.INTER_AREA), np.uint8)
        grown = np.array([width / small[0], height / small[1]])
        # Averaging keeps the corners of the outer px where they were, not their centres.
        matrix = matrix @ np.array(
            [[grown[0], 0, (grown[0] - 1) / 2], [0, grown[1], (grown[1] - 1) / 2], [0, 0, 1]]
        )
    return np.asarray(
        cv2.warpPerspective(pixels, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
        np.float32,
    )


def _scale_at(matrix: Matrix3, across: float, down: float) -> float:
    """How much longer a short line there becomes."""
    points = np.array([[[across, down], [across + 1, down], [across, down + 1]]])
    at, right, below = cv2.perspectiveTransform(points, matrix)[0]
    return float(np.sqrt(max(abs(float(np.linalg.det(np.stack([right - at, below - at])))), 1e-9)))


def warped_mask(shape: tuple[int, ...], matrix: Matrix3, size: tuple[int, int]) -> Mask:
    """Where on the canvas the picture lies, a margin along its borders left out."""
    whole = np.full(shape[:2], 255, np.uint8)
    mask = cv2.warpPerspective(whole, matrix, size, flags=cv2.INTER_NEAREST)
    padded = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    kernel = np.ones((2 * MARGIN + 1, 2 * MARGIN + 1), np.uint8)
    return np.asarray(cv2.erode(padded, kernel)[1:-1, 1:-1] > 0)


def _hull(places: NDArray[np.float64], size: tuple[int, int]) -> Mask:
    mask = np.zeros((size[1], size[0]), np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(places.astype(np.float32)).round().astype(np.int32), 1)
    return np.asarray(mask > 0)


def _share(which: Mask, of: Mask) -> float:
    return float(which[of].mean()) if of.any() else 0.0


def _median(values: Image, of: Mask) -> float:
    return float(np.median(values[of])) if of.any() else 0.0


def _correlation(mine: Image, theirs: Image) -> tuple[Image, Image]:
    """The best over the shifts, and the larger of both spreads, for each place."""
    window = (WINDOW, WINDOW)
    mean, spread = moments(theirs)
    best = np.full(theirs.shape, -1, np.float32)
    widest = spread
    for across in range(-SHIFT, SHIFT + 1):
        for down in range(-SHIFT, SHIFT + 1):
            shift = cv2.warpAffine(
                mine,
                np.array([[1, 0, across], [0, 1, down]], np.float64),
                mine.shape[::-1],
                borderMode=cv2.BORDER_REPLICATE,
            )
            moved = np.asarray(shift, np.float32)
            other, its = moments(moved)
            product = cv2.boxFilter(moved * theirs, -1, window) - other * mean
            best = np.asarray(np.maximum(best, product / np.maximum(spread * its, 1.0)), np.float32)
            if across == down == 0:
                widest = np.maximum(spread, its)
    return best, np.asarray(widest, np.float32)


def moments(grey: Image) -> tuple[Image, Image]:
    """Mean and standard deviation in the window around each place."""
    window = (WINDOW, WINDOW)
    mean = cv2.boxFilter(grey, -1, window)
    spread = np.sqrt(np.maximum(cv2.boxFilter(grey * grey, -1, window) - mean * mean, 0))
    return np.asarray(mean, np.float32), np.asarray(spread, np.float32)


def _fitted(mine: Image, theirs: Image, shared: Mask) -> Image:
    """The reference in the colours that fit the picture's best, outliers counting little (absolute
    deviations, by weights that are found again five times). What is white or black in the picture says only
    that it was at least so bright or so dark (a censored regression, Tobin 1958), so the fitted colours
    may lie beyond 0 and 255."""
    some = slice(None, None, 1 + int(shared.sum()) // FITTED_TO)
    known = theirs[shared][some]
    known = np.concatenate([known, np.ones((len(known), 1), np.float32)], axis=1)
    seen = mine[shared][some]
    white, black = seen >= WHITE, seen <= BLACK
    whole = ~channels.any_of(white | black)
    weights: NDArray[Any] = np.asarray(
        whole if whole.sum() >= WHOLE * len(seen) else whole | True, np.float32
    )
    wanted = seen
    for _ in range(5):
        heavy = known * weights[:, None]
        fitted = np.linalg.lstsq(heavy.T @ known + np.eye(4) * 1e-3, heavy.T @ wanted, rcond=None)[0]
        told = known @ fitted
        wanted = np.where(white, np.maximum(seen, told), np.where(black, np.minimum(seen, told), seen))
        weights = 1 / np.maximum(channels.mean(np.abs(told - wanted)), 2.0)
    everywhere = np.concatenate([theirs, np.ones((*theirs.shape[:2], 1), np.float32)], axis=2) @ fitted
    return np.asarray(everywhere, np.float32)


def largest_patch(odd: Mask) -> Mask:
    """The largest connected patch."""
    count, names, stats, _ = cv2.connectedComponentsWithStats(odd.astype(np.uint8), connectivity=4)
    if count < 2:
        return np.zeros_like(odd)
    return np.asarray(names == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax()))
