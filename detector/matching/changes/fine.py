"""A picture and a reference laid on each other finely: place for place and colour for colour, so that what
still differs was done to the picture.

`align.py` laid them to within a px or so, which is enough to say that the one is a copy of the other. Here
the flow between both (Kroeger, Timofte, Dai and Van Gool 2016) takes away what is left of that px, the
grading is fitted (grading.py), and the sharper of the two is softened to the other.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.matching.alignment.agreement import GRID, LEAST, inside, warped, warped_mask
from detector.matching.alignment.align import Matrix3
from detector.matching.candidate import Matrix
from detector.matching.changes.grading import Grading, Image, Mask, grading
from storage.records import Box

SIDE = 320  # px, long edge of what both share (docs/benchmarks/labels.md, likewise all that follows)
FEWEST_PX = 2000
STEP = 3  # px between the places at which the flow is read, at half of `SIDE`
TEXTURED = 100.0  # squared gradient around a place: less has no flow
FEW = 30  # such places
HOLDS = 0.3  # of them agree on one small move
CLOSE = 0.3  # px at half of `SIDE`
FAR = 1.0  # px that a corner moves: then it is asked whether that was any good
SOFTER = (0.4, 0.6, 0.8, 1.0, 1.3, 1.7, 2.2)  # px of Gaussian blur
Pixels = NDArray[np.uint8]
LUMINANCE = np.array([[0.299, 0.587, 0.114]], np.float32)  # ITU-R BT.601


@dataclass(frozen=True, slots=True)
class Fine:
    """Both on one canvas: float32 (h, w, 3) RGB `mine`, and `theirs` in the picture's colours; `even` are
    both at one sharpness. `found` and `registered` (3, 3) lead from the canvas's px to the shares of the
    picture and of the reference; `explained` is the share of the places that the grading explains, `plainly`
    the same grading without all that goes over from place to place."""

    mine: Image
    theirs: Image
    even: tuple[Image, Image]
    shared: Mask
    found: Matrix3
    registered: Matrix3
    explained: float
    plainly: Grading

    @property
    def onto_picture(self) -> Matrix3:
        """From the shares of the reference to those of the picture."""
        return np.asarray(self.found @ np.linalg.inv(self.registered), np.float64)


def laid_finely(picture: Pixels, reference: Pixels, matrix: Matrix, side: int = SIDE) -> Fine | None:
    """Of two RGB pictures under an alignment's matrix. None where they share too little to compare."""
    numbers = np.array(matrix, np.float64).reshape(3, 3)
    there = np.diag([picture.shape[1], picture.shape[0], 1.0]) @ numbers
    onto = there @ np.diag([1 / reference.shape[1], 1 / reference.shape[0], 1.0])
    seen = inside(onto, reference.shape[:2], picture.shape[:2])
    if seen.mean() < LEAST:
        return None
    frame, size = _canvas(seen, reference.shape[:2], onto, side)
    back = frame @ np.linalg.inv(onto)
    mine = warped(picture, back, size)
    here = warped_mask(picture.shape[:2], back, size)
    roughly = _Laid.of(mine, here, reference, frame, roughly=True)
    if roughly.shared.sum() < FEWEST_PX:
        return None
    move = _flow(mine, roughly.graded, roughly.shared)
    laid = _Laid.of(mine, here, reference, frame if move is None else move @ frame)
    if move is not None and _far(move, size) > FAR:
        still = _Laid.of(mine, here, reference, frame)
        if still.grading.explained > laid.grading.explained:
            laid = still
    if laid.shared.sum() < FEWEST_PX:
        return None
    return Fine(
        mine=mine,
        theirs=laid.graded,
        even=_evenly(mine, laid.graded, laid.shared),
        shared=laid.shared,
        found=np.diag([1 / picture.shape[1], 1 / picture.shape[0], 1.0]) @ np.linalg.inv(back),
        registered=np.diag([1 / reference.shape[1], 1 / reference.shape[0], 1.0]) @ np.linalg.inv(laid.frame),
        explained=laid.grading.explained,
        plainly=roughly.grading,
    )


def closer(
    fine: Fine, pictures: tuple[Pixels, Pixels], box: Box, size: tuple[int, int], around: Mask
) -> Fine | None:
    """The same two, laid just so, only within this box of the reference and at this (width, height), the
    reference in the colours that it has in the whole picture and `around`: what is small within it must not
    be graded away. None where they share too little of it."""
    picture, reference = pictures
    window = np.array([[box.w / size[0], 0, box.x], [0, box.h / size[1], box.y], [0, 0, 1.0]])
    there = fine.onto_picture @ window
    onto = np.linalg.inv(np.diag([picture.shape[1], picture.shape[0], 1.0]) @ there)
    frame = np.linalg.inv(np.diag([reference.shape[1], reference.shape[0], 1.0]) @ window)
    mine, theirs = warped(picture, onto, size), warped(reference, frame, size)
    shared = warped_mask(picture.shape[:2], onto, size) & warped_mask(reference.shape[:2], frame, size)
    beside = shared & around
    if beside.sum() < FEWEST_PX // 8:
        return None
    graded = fine.plainly.applied(theirs)
    graded = np.asarray((graded + np.median((mine - graded)[beside], axis=0)).clip(0, 255), np.float32)
    even = _evenly(mine, graded, beside)
    return Fine(mine, graded, even, shared, there, window, fine.explained, fine.plainly)


@dataclass(frozen=True, slots=True)
class _Laid:
    """The reference on the canvas by this frame, in the picture's colours."""

    frame: Matrix3
    graded: Image
    shared: Mask
    grading: Grading

    @classmethod
    def of(
        cls,
        mine: Image,
        here: Mask,
        reference: Pixels,
        frame: Matrix3,
        *,
        roughly: bool = False,
    ) -> "_Laid":
        size = (mine.shape[1], mine.shape[0])
        theirs = warped(reference, frame, size)
        shared = here & warped_mask(reference.shape[:2], frame, size)
        fitted = grading(mine, theirs, shared, roughly=roughly)
        return cls(frame, fitted.applied(theirs), shared, fitted)


def _canvas(
    seen: Mask, shape: tuple[int, ...], matrix: Matrix3, side: int
) -> tuple[Matrix3, tuple[int, int]]:
    """From the reference's px to the canvas: what of it is seen, no finer than the coarser of the two shows
    it."""
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    left, right = columns[0] / GRID * shape[1], (columns[-1] + 1) / GRID * shape[1]
    top, bottom = rows[0] / GRID * shape[0], (rows[-1] + 1) / GRID * shape[0]
    finest = min(1.0, float(np.sqrt(abs(np.linalg.det(matrix[:2, :2])))))
    longer = max(right - left, bottom - top)
    share = min(side, longer * max(finest, 0.1)) / longer
    size = (max(8, round((right - left) * share)), max(8, round((bottom - top) * share)))
    return np.array([[share, 0, -left * share], [0, share, -top * share], [0, 0, 1.0]]), size


def _flow(mine: Image, theirs: Image, shared: Mask) -> Matrix3 | None:
    """The small move of the canvas that lays theirs on mine, by what most textured places agree on."""
    size = (mine.shape[1] // 2, mine.shape[0] // 2)
    if min(size) < 24:
        return None
    ours, other = (
        cv2.resize(grey(one).clip(0, 255).astype(np.uint8), size, interpolation=cv2.INTER_AREA)
        for one in (mine, theirs)
    )
    still = np.zeros((size[1], size[0], 2), np.float32)
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST).calc(other, ours, still)
    across, down = (cv2.Sobel(other, cv2.CV_32F, *way) for way in ((1, 0), (0, 1)))
    texture = cv2.blur(across * across + down * down, (5, 5))
    y, x = (one.ravel() for one in np.mgrid[2 : size[1] - 2 : STEP, 2 : size[0] - 2 : STEP])
    known = shared[2 * y, 2 * x] & (texture[y, x] > TEXTURED)
    x, y = x[known], y[known]
    if len(x) < FEW:
        return None
    places = np.stack([x, y], axis=1).astype(np.float32)
    cv2.setRNGSeed(7)  # the same two pictures get the same answer every night
    move, held = cv2.estimateAffine2D(
        places, places + flow[y, x], method=cv2.RANSAC, ransacReprojThreshold=CLOSE, maxIters=500
    )
    if move is None or float(held.mean()) < HOLDS:
        return None
    whole = np.diag([2.0, 2.0, 1.0]) @ np.vstack([move, [0, 0, 1]]) @ np.diag([0.5, 0.5, 1.0])
    return np.asarray(whole, np.float64)


def _far(move: Matrix3, size: tuple[int, int]) -> float:
    """px that the canvas's corners move at most."""
    corners = np.array([[0, 0, 1], [size[0], 0, 1], [0, size[1], 1], [*size, 1.0]])
    return float(np.abs(corners @ (move - np.eye(3)).T).max())


def grey(pixels: Image) -> Image:
    """float32 (h, w)."""
    return np.asarray(cv2.transform(pixels, LUMINANCE), np.float32)


def _evenly(mine: Image, theirs: Image, shared: Mask) -> tuple[Image, Image]:
    """The sharper of the two as soft as the other: a picture that was enlarged, or saved small, lacks what is
    finest."""
    ours, other = grey(mine), grey(theirs)
    sharp = _sharpness(ours, shared), _sharpness(other, shared)
    sharper, wanted = (ours, sharp[1]) if sharp[0] > sharp[1] else (other, sharp[0])
    chosen = 0.0
    for blur in SOFTER:
        softened = np.asarray(cv2.GaussianBlur(sharper, (0, 0), blur), np.float32)
        if _sharpness(softened, shared) < wanted * 1.05:
            break
        chosen = blur
    if not chosen:
        return mine, theirs
    if sharp[0] > sharp[1]:
        return np.asarray(cv2.GaussianBlur(mine, (0, 0), chosen), np.float32), theirs
    return mine, np.asarray(cv2.GaussianBlur(theirs, (0, 0), chosen), np.float32)


def _sharpness(light: Image, shared: Mask) -> float:
    return float(np.abs(light - cv2.GaussianBlur(light, (0, 0), 1.0))[shared].mean())


def around(places: NDArray[np.float64], matrix: Matrix3) -> Box:
    """The upright rectangle around these (n, 2), once they were moved, cut at the picture's borders."""
    there = cv2.perspectiveTransform(places[None].astype(np.float64), matrix)[0].clip(0, 1)
    low, high = there.min(axis=0), there.max(axis=0)
    return Box(*(round(float(number), 4) for number in (*low, *(high - low))))
