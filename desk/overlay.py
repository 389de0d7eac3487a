"""A registered picture laid on a found one: which part they share, and what is the same in it.

`detector.matching.alignment.verify` decided with numbers; this is for eyes.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from desk.sheet import MARK, PAPER, WHITE, Pixels
from detector.matching.alignment.agreement import warped, warped_mask
from detector.matching.candidate import Matrix

Polygon = NDArray[np.float64]  # (n, 2), each 0 to 1 of a picture's width and height
Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

AHEAD = 1e-6  # what a homography would show from behind is left out
LEAST_PX = 4  # a shared part that is drawn smaller than this shows nothing
AROUND = 0.04  # of the shared part's longer side: shown around it
ENLARGED = 4.0
TICK = 14  # px
CROSSED = 24  # px: smaller squares get no crosses at their corners
SQUARES = 7  # across the shorter side
FADED = 0.72  # how far what is not shared goes towards the paper
# Levels of 255 by which a place differs: up to the first nothing is coloured, from the last on all of it is.
SLIGHT, STRONG = 10, 70
RAMP = ((255, 236, 150), (247, 148, 29), (178, 16, 40))  # from slight to strong
SHIFT = 1  # px either way by which two pictures may lie beside each other and still be the same
ENOUGH = 10_000  # places at which the colours are fitted
FITS = 8  # times that the colours are fitted, less and less by places that differ


@dataclass(frozen=True, slots=True)
class Shared:
    """The part that both show: corner for corner the same, in the registered picture and in the found one."""

    registered: Polygon
    found: Polygon

    def corners(self) -> list[int]:
        """Which of the polygon's corners are the registered picture's upper left, upper right, lower right
        and lower left one; fewer where one is two of them."""
        x, y = self.registered[:, 0], self.registered[:, 1]
        found = (np.argmin(x + y), np.argmax(x - y), np.argmax(x + y), np.argmin(x - y))
        return [int(place) for place in dict.fromkeys(found)]


@dataclass(frozen=True, slots=True)
class Laid:
    """Both at the same size, place for place: uint8 (h, w, 3) RGB `found` and `registered`, and `fitted`, the
    registered one in the found one's colours; bool (h, w) `shared`, where both are."""

    found: Pixels
    registered: Pixels
    fitted: Pixels
    shared: Mask

    def split(self) -> Pixels:
        """The left half found, the right half registered; two marks where the one ends."""
        middle = self._middle()
        mixed = self._mixed(np.arange(self.shared.shape[1])[None, :] >= middle, self.registered)
        for rows in (slice(None, TICK), slice(-TICK, None)):
            mixed[rows, max(0, middle - 2) : middle + 2] = WHITE
            mixed[rows, max(0, middle - 1) : middle + 1] = MARK
        return mixed

    def squares(self) -> Pixels:
        """The two in turn, like a chessboard; small crosses where its squares meet."""
        high, wide = self.shared.shape
        side = max(8, min(high, wide) // SQUARES)
        down, across = np.arange(high)[:, None] // side, np.arange(wide)[None, :] // side
        mixed = self._mixed((down + across) % 2 == 1, self.fitted)
        if side < CROSSED:
            return mixed
        for y in range(side, high - 1, side):
            for x in range(side, wide - 1, side):
                mixed[y - 1 : y + 1, x - 3 : x + 3] = WHITE
                mixed[y - 3 : y + 3, x - 1 : x + 1] = WHITE
        return mixed

    def difference(self) -> Pixels:
        """How far they differ once the colours are fitted, in colours (`ramp`), on a pale grey of the found
        one."""
        grey = np.asarray(cv2.cvtColor(self.found, cv2.COLOR_RGB2GRAY), np.float32)[..., None]
        pale = _towards_paper(np.repeat(grey, 3, axis=2), 0.55)
        colours, strength = ramp(self._apart())
        strength = np.where(self.shared, strength, 0.0).astype(np.float32)[..., None]
        mixed = _bytes(pale * (1 - strength) + colours * strength)
        return self._faded(mixed)

    def differing(self) -> float:
        """The share of what they share that differs strongly, 0 to 1."""
        return float((self._apart()[self.shared] >= (SLIGHT + STRONG) / 2).mean())

    def _middle(self) -> int:
        across = np.flatnonzero(self.shared.any(axis=0))
        return int(across[0] + across[-1] + 1) // 2

    def _mixed(self, registered_here: Mask, registered: Pixels) -> Pixels:
        return self._faded(np.where((registered_here & self.shared)[..., None], registered, self.found))

    def _faded(self, pixels: Pixels) -> Pixels:
        faded = _bytes(_towards_paper(self.found.astype(np.float32), FADED))
        return np.where(self.shared[..., None], pixels, faded)

    def _apart(self) -> Floats:
        """float32 (h, w), levels of 255, the mean over the channels and a few px around; the least over small
        shifts, so that an edge which lies a px beside itself is no difference."""
        best = np.full(self.shared.shape, 255, np.float32)
        theirs = self.fitted.astype(np.float32)
        high, wide = self.shared.shape
        for across in range(-SHIFT, SHIFT + 1):
            for down in range(-SHIFT, SHIFT + 1):
                move = np.array([[1, 0, across], [0, 1, down]], np.float64)
                moved = cv2.warpAffine(self.found, move, (wide, high), borderMode=cv2.BORDER_REPLICATE)
                apart = np.abs(np.asarray(moved, np.float32) - theirs).mean(axis=2)
                best = np.minimum(best, cv2.blur(apart, (3, 3)))
        return best


def shared_part(matrix: Matrix) -> Shared | None:
    """Of an alignment's matrix. None where it shows nothing of the registered picture."""
    numbers = np.array(matrix, np.float64).reshape(3, 3)
    polygon: Polygon = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float64)
    across, down, ahead = numbers
    for side, least in (
        (ahead, AHEAD),
        (across, 0.0),
        (down, 0.0),
        (ahead - across, 0.0),
        (ahead - down, 0.0),
    ):
        polygon = _cut(polygon, side, least)
        if len(polygon) < 3:
            return None
    there = np.column_stack([polygon, np.ones(len(polygon))]) @ numbers.T
    found = (there[:, :2] / there[:, 2:]).clip(0, 1)
    return Shared(polygon, found)


def laid_over(
    found: Pixels, registered: Pixels, matrix: Matrix, shared: Shared, width: int, height: int
) -> Laid | None:
    """The shared part and a little around it, as large as fits into this room. None where it would be too
    small to see anything."""
    size = np.array([found.shape[1], found.shape[0]], np.float64)
    low, high = shared.found.min(axis=0) * size, shared.found.max(axis=0) * size
    around = AROUND * float((high - low).max())
    low, high = (low - around).clip(0, size), (high + around).clip(0, size)
    extent = high - low
    share = min(width / max(extent[0], 1e-9), height / max(extent[1], 1e-9), ENLARGED)
    wide, tall = (int(side) for side in np.floor(extent * share + 1e-6))
    if min(wide, tall) < LEAST_PX:
        return None
    view = np.array([[share, 0, -low[0] * share], [0, share, -low[1] * share], [0, 0, 1.0]])
    scale = np.diag([1 / registered.shape[1], 1 / registered.shape[0], 1.0])
    onto = view @ np.diag([*size, 1.0]) @ np.array(matrix, np.float64).reshape(3, 3) @ scale
    mine, theirs = warped(found, view, (wide, tall)), warped(registered, onto, (wide, tall))
    both = warped_mask(registered.shape, onto, (wide, tall)) & warped_mask(found.shape, view, (wide, tall))
    if not both.any():
        return None
    return Laid(_bytes(mine), _bytes(theirs), _bytes(_recoloured(theirs, mine, both)), both)


def ramp(levels: Floats) -> tuple[Floats, Floats]:
    """Colours (…, 3) for differences in levels of 255, and how strongly they cover (…), 0 to 1."""
    share = ((levels - SLIGHT) / (STRONG - SLIGHT)).clip(0, 1)
    stops = np.linspace(0, 1, len(RAMP))
    channels = [np.interp(share, stops, [colour[channel] for colour in RAMP]) for channel in range(3)]
    colours = np.stack(channels, axis=-1).astype(np.float32)
    return colours, np.asarray(np.clip(share * 4, 0, 0.95), np.float32)


def _cut(polygon: Polygon, side: NDArray[np.float64], least: float) -> Polygon:
    """What of a convex polygon lies where `side` · (x, y, 1) >= `least` (Sutherland and Hodgman 1974)."""
    heights = polygon @ side[:2] + side[2] - least
    kept: list[NDArray[np.float64]] = []
    for place, height in enumerate(heights):
        after = (place + 1) % len(polygon)
        if height >= 0:
            kept.append(polygon[place])
        if (height >= 0) != (heights[after] >= 0):
            share = height / (height - heights[after])
            kept.append(polygon[place] + share * (polygon[after] - polygon[place]))
    return np.array(kept, np.float64).reshape(-1, 2)


def _recoloured(theirs: Floats, mine: Floats, both: Mask) -> Floats:
    """The registered picture in the colours that fit the found one best: a filter is no difference. What was
    laid over the picture weighs less and less each time (Cauchy's weights)."""
    few = slice(None, None, 1 + int(both.sum()) // ENOUGH)
    colours, wanted = theirs[both][few], mine[both][few]
    known = np.column_stack([colours, np.ones(len(colours))])
    weights = np.ones(len(known))
    for _ in range(FITS):
        heavy = known * weights[:, None]
        steady = np.diag([1e-3] * 4)
        turned = np.linalg.solve(heavy.T @ known + steady, heavy.T @ wanted)
        apart = np.abs(known @ turned - wanted).mean(axis=1)
        weights = 1 / (1 + (apart / max(2.0, 1.5 * float(np.median(apart)))) ** 2)
    return np.asarray(theirs @ turned[:3] + turned[3], np.float32)


def _towards_paper(pixels: Floats, share: float) -> Floats:
    return np.asarray(pixels * (1 - share) + np.array(PAPER, np.float32) * share, np.float32)


def _bytes(pixels: Floats) -> Pixels:
    return np.rint(pixels).clip(0, 255).astype(np.uint8)
