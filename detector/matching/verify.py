"""Is it a copy? Every candidate is laid on the picture, and their pixels are compared: the last word of
matching.

Features alone prove a shared object, not a copy: the same room, model and garment fill a retailer's feed
(matching.md, section 3a). Three tiers come out: `copy`, which the program may say; `likely_copy`, covered or
borderline, for a person; `same_scene_or_garment`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.matching.agreement import Agreement, agreement
from detector.matching.align import FEWEST, Fit, fit
from detector.matching.candidate import Alignment, Matrix
from detector.matching.features import Points, points, resized
from detector.matching.transform import in_words
from storage.records import Box, MatchKind

VERSION = "1"
PICTURE_EDGE = 640  # px (matching.md 3a; likewise the next two)
REFERENCE_EDGE = 512
FEATURES = 800
SPARE = 1.25  # times as many are found as are kept
FEW = 20  # features: a picture with fewer says nothing by them
SHARED = 0.5  # of the reference or of the picture must lie in the other
RESIDUALS = ((200, 0.6), (100, 1.1), (30, 1.4), (FEWEST, 1.6))  # inliers from, px at most (matching.md 3a)

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An RGB picture at the size at which it is verified, with its features: what is dear to make twice."""

    pixels: Pixels
    points: Points

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
    return prepare(pixels, PICTURE_EDGE)


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
    shared = agreement(picture.pixels, reference.pixels, found, reference.points.places[found.pairs[:, 1]])
    if shared is None:
        return Alignment(sha256, None, "they share too small a part", at)
    kind, reason = _tier(found, shared)
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


def _tier(found: Fit, shared: Agreement) -> tuple[MatchKind, str]:
    """matching.md, section 3a, with what docs/benchmarks/matching.md chose."""
    scene = MatchKind.SAME_SCENE_OR_GARMENT
    if max(shared.overlap, shared.filled) < SHARED:
        return scene, "they share less than half of either picture"
    if found.residual > next(most for inliers, most in RESIDUALS if len(found.pairs) >= inliers):
        return scene, f"details lie {found.residual:.1f} px apart: the same thing, photographed twice"
    if shared.score >= (0.90 if found.residual < 0.8 else 0.92):
        return MatchKind.COPY, ""
    if shared.score >= 0.8:
        return MatchKind.LIKELY_COPY, f"only {shared.score:.0%} of what they share is the same"
    if found.residual < 0.2 and shared.score >= 0.55 and len(found.pairs) >= 15:
        return MatchKind.LIKELY_COPY, "part of it is covered or was changed"
    return scene, f"only {shared.score:.0%} of what they share is the same"


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
