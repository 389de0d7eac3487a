"""Is it a copy? Every candidate is laid on the picture, and their pixels are compared: the last word of
matching.

Features alone prove a shared object, not a copy: the same room, model and garment fill a retailer's feed
(matching.md, section 3a). Three tiers come out: `copy`, which the program may say; `likely_copy`, covered or
borderline, for a person; `same_scene_or_garment`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.matching.agreement import Agreement, agreement
from detector.matching.align import FEWEST, Fit, fit
from detector.matching.candidate import Alignment, Matrix
from detector.matching.features import Points, points, resized
from detector.matching.regions import rectangles
from detector.matching.transform import LEANING, in_words, lean, turn_and_stretch
from storage.records import Box, MatchKind

VERSION = "1"
PICTURE_EDGE = 640  # px (matching.md 3a; likewise the next two)
REFERENCE_EDGE = 512
FEATURES = 800
SPARE = 1.25  # times as many are found as are kept
FEW = 20  # features: a picture with fewer says nothing by them
SHARED = 0.5  # of the reference or of the picture must lie in the other
COPY, COPY_LOOSE = 0.90, 0.92  # score of a copy, the second where the residual is not below CLOSE (likewise)
CLOSE = 0.8  # px (likewise)
LIKELY = 0.80  # score (likewise)
EXACT, COVERED = 0.2, 0.55  # px and score of a covered copy (likewise), of at least so many inliers:
COVERED_INLIERS = 15
# Chosen on the choosing half of clothing-dataset (docs/benchmarks/matching.md):
ALIKE, SOFT = 0.95, 0.82  # everywhere the same, only softer or grainier: share that agrees, correlation
REST, CLEAR = 0.97, 0.97  # of all but one patch agrees, and its correlation: that patch lies on it
CLEAR_RESIDUAL = 0.25  # px
COARSE = "it is too coarse or too noisy for its details to fit exactly"
CUT = 0.7  # of `SHARED`, for a part of a collage that was cut to fit
CUT_CORRELATION, CUT_RESIDUAL, CUT_INLIERS = 0.9, 0.5, 30
MANY = 150  # inliers that measure a turn and a stretch finely
TURNED = (0.2, 1.2)  # degrees from upright or level: less is nothing, more was meant
STRETCHED = (0.01, 0.04)  # longer one way than the other, likewise (a thumbnail's rounding is below)
RESIDUALS = ((200, 0.6), (100, 1.1), (30, 1.4), (FEWEST, 1.6))  # inliers from, px at most (matching.md 3a)

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An RGB picture at the size at which it is verified, with its features: what is dear to make twice."""

    pixels: Pixels
    points: Points
    rectangles: tuple[NDArray[np.int64], ...] = ()  # left, top, right, bottom px: pictures within it

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) px."""
        return self.pixels.shape[1], self.pixels.shape[0]


def prepare(pixels: Pixels, long_edge: int) -> Prepared:
    """Of uint8 (H, W, 3) RGB. `long_edge`: `PICTURE_EDGE` or `REFERENCE_EDGE`."""
    small = resized(pixels, long_edge)
    return Prepared(
        small, points(np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8), FEATURES, SPARE)
    )


def prepare_picture(pixels: Pixels) -> Prepared:
    ready = prepare(pixels, PICTURE_EDGE)
    grey = np.asarray(cv2.cvtColor(ready.pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    return replace(ready, rectangles=tuple(rectangles(grey)))


def prepare_reference(pixels: Pixels) -> Prepared:
    return prepare(pixels, REFERENCE_EDGE)


def verify(
    picture: Pixels, references: Sequence[tuple[str, Pixels]], at: float | None = None
) -> tuple[Alignment, ...]:
    """One alignment a reference (SHA-256, uint8 (H, W, 3) RGB), in their order. `at`: second of the frame."""
    ready = prepare_picture(picture)
    return tuple(compare(ready, sha256, prepare_reference(pixels), at) for sha256, pixels in references)


def compare(picture: Prepared, sha256: str, reference: Prepared, at: float | None = None) -> Alignment:
    """The picture beside one reference."""
    if min(len(picture.points), len(reference.points)) < FEW:
        side = "picture" if len(picture.points) < FEW else "registered picture"
        return Alignment(
            sha256, None, f"the {side} has too little texture to be compared", at, too_little=True
        )
    found = fit(picture.points, reference.points)
    if found is None:
        return Alignment(sha256, None, "their details do not fit on each other", at)
    places = picture.points.places[found.pairs[:, 0]], reference.points.places[found.pairs[:, 1]]
    shared = agreement(picture.pixels, reference.pixels, found, places, picture.rectangles)
    if shared is None:
        return Alignment(sha256, None, "they share too small a part", at)
    kind, reason = tier(found, shared, reference.size)
    return Alignment(
        reference=sha256,
        kind=kind,
        reason=reason,
        at=at,
        matrix=_unit(found, picture, reference),
        region=_region(found, picture, reference),
        transform=in_words(found.matrix, reference.size, shared.overlap, shared.filled),
        overlap=round(shared.overlap, 3),
        inliers=len(found.pairs),
        residual=round(found.residual, 3),
        agreement=round(shared.score, 4),
    )


def tier(found: Fit, shared: Agreement, size: tuple[int, int]) -> tuple[MatchKind, str]:
    """matching.md, section 3a, with what docs/benchmarks/matching.md chose. `size` of the reference, px."""
    scene = MatchKind.SAME_SCENE_OR_GARMENT
    differs = f"{_percent(1 - shared.score)} of what they share differs"
    if max(shared.overlap, shared.filled) < SHARED * (CUT if shared.cut else 1):
        return scene, "they share less than half of either picture"
    second_shot = askew(found, size)
    if found.residual > next(most for inliers, most in RESIDUALS if len(found.pairs) >= inliers):
        if shared.score >= COPY_LOOSE and not second_shot and not shared.cut:
            return MatchKind.LIKELY_COPY, COARSE
        return scene, f"details lie {found.residual:.1f} px apart: the same thing, photographed twice"
    if _is_copy(found, shared):
        return (MatchKind.LIKELY_COPY, second_shot) if second_shot else (MatchKind.COPY, "")
    if second_shot:
        return scene, f"{differs}, and {second_shot}"
    if shared.score >= LIKELY and not shared.cut:
        return MatchKind.LIKELY_COPY, differs
    if _is_covered(found, shared):
        return (
            MatchKind.LIKELY_COPY,
            f"{_percent(shared.lump)} of it is covered or was changed, the rest is the same",
        )
    return scene, differs


def _is_copy(found: Fit, shared: Agreement) -> bool:
    if shared.cut:
        return (
            shared.hull >= ALIKE
            and shared.correlation >= CUT_CORRELATION
            and found.residual <= CUT_RESIDUAL
            and len(found.pairs) >= CUT_INLIERS
        )
    if shared.score >= (COPY if found.residual < CLOSE else COPY_LOOSE):
        return True
    return min(shared.hull, shared.whole) >= ALIKE and shared.correlation >= SOFT and found.residual < CLOSE


def _is_covered(found: Fit, shared: Agreement) -> bool:
    """Something lies on it, or only a part of it was changed: all else fits exactly. Another garment before
    the same backdrop looks like that too, so a person has to look."""
    if len(found.pairs) < COVERED_INLIERS:
        return False
    if shared.cut:
        return shared.rest >= ALIKE and shared.correlation >= SOFT
    if found.residual < EXACT and shared.score >= COVERED:
        return True
    exact = found.residual < CLEAR_RESIDUAL and shared.rest >= REST and shared.clear >= CLEAR
    return exact and shared.whole >= SHARED


def askew(found: Fit, size: tuple[int, int]) -> str:
    """Why it may be a second shot of one thing, from nearly the same place; "" where nothing says so.

    Software cuts, scales and turns by what somebody chose: not at all, or plainly. A camera that was moved a
    little turns by half a degree and stretches by one percent. Many points measure both far finer than that.
    """
    if len(found.pairs) < MANY or abs(lean(found.matrix, size)) >= LEANING:
        return ""
    turn, stretch = turn_and_stretch(found.affine)
    off = abs((turn + 45) % 90 - 45)
    if TURNED[0] <= off < TURNED[1] or STRETCHED[0] <= stretch < STRETCHED[1]:
        so_far = f"{off:.1f}° and is stretched by {stretch * 100:.1f} %"
        return f"it lies askew by {so_far}, as a second shot of the same thing does"
    return ""


def _percent(share: float) -> str:
    return f"{round(share * 100)} %"


def _unit(found: Fit, picture: Prepared, reference: Prepared) -> Matrix:
    into = np.diag([1 / picture.size[0], 1 / picture.size[1], 1.0])
    whole = into @ found.matrix @ np.diag([*map(float, reference.size), 1.0])
    numbers = (whole / whole[2, 2]).ravel().tolist()
    return tuple(float(number) for number in numbers)  # type: ignore[return-value]


def _region(found: Fit, picture: Prepared, reference: Prepared) -> Box:
    """The upright rectangle around the reference's corners, cut at the picture's borders."""
    width, height = reference.size
    corners = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float64)
    there = cv2.perspectiveTransform(corners, found.matrix)[0] / picture.size
    low, high = there.min(axis=0).clip(0, 1), there.max(axis=0).clip(0, 1)
    return Box(*(float(round(number, 4)) for number in (*low, *(high - low))))
