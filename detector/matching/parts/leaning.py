"""Pictures within a picture that lean: a screen or a print that somebody photographed, at an angle.

Such a picture is brighter than the frame around it. Whatever is brighter than some grey and has four corners
is one that may be; it is laid straight before it is hashed. Those that stand upright are rectangles.py's.
"""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.matching.local_features.features import Grey, resized

# All chosen by measuring: docs/benchmarks/matching-choosing.md, "Pictures that lean".
LONG_EDGE = 240  # px, at which they are looked for
DARKEST = (0.02, 0.05, 0.20)  # of the picture's px: a frame is hardly brighter than these,
ABOVE = 10  # of 255; and the picture in it is brighter than so much, or than Otsu's threshold
SMALLEST, LARGEST = 0.08, 0.97  # of the picture's area
STRAIGHT = (
    0.015,
    0.03,
    0.05,
)  # of its outline, by which an edge may waver: the first that leaves four corners
FILLED = 0.9  # of it, or of what it was found for: four corners describe it
LEANING = 0.02  # of the picture's long edge, by which a corner lies beside that of an upright rectangle
APART = 3  # px, at `LONG_EDGE`, between one corner and its next of kin: one found twice
SIDE = 128  # px of one laid straight

Corners = NDArray[np.float32]  # (4, 2) px: top left, top right, bottom right, bottom left


def leaning(grey: Grey, most: int) -> tuple[Corners, ...]:
    """Of a uint8 (H, W) picture, in its own px, at most so many, those that four corners describe best."""
    small = resized(grey, LONG_EDGE)
    height, width = small.shape
    if most < 1 or min(height, width) < 32:
        return ()
    calm = np.asarray(cv2.GaussianBlur(small, (3, 3), 0), np.uint8)
    found = sorted(
        (one for bright in _brightnesses(calm) for one in _outlined(calm > bright)), key=lambda one: -one[0]
    )
    kept: list[Corners] = []
    for _, corners in found:
        if len(kept) < most and all(np.abs(corners - other).max() > APART for other in kept):
            kept.append(corners)
    return tuple(np.asarray(corners * (max(grey.shape) / max(small.shape)), np.float32) for corners in kept)


def straightened(grey: Grey, corners: Corners) -> Grey:
    """What lies between the corners, uint8 (`SIDE`, `SIDE`)."""
    onto = np.array([[0, 0], [SIDE, 0], [SIDE, SIDE], [0, SIDE]], np.float32)
    view = cv2.getPerspectiveTransform(corners, onto)
    return np.asarray(
        cv2.warpPerspective(grey, view, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def _brightnesses(calm: Grey) -> list[int]:
    """Greys above which a picture in a darker frame may be whole."""
    share = np.cumsum(np.bincount(calm.ravel(), minlength=256)) / calm.size
    frames = np.searchsorted(share, DARKEST) + ABOVE
    otsu, _ = cv2.threshold(calm, 0, 255, cv2.THRESH_OTSU)
    return sorted({int(otsu), *frames.tolist()})


def _outlined(bright: NDArray[np.bool_]) -> Iterator[tuple[float, Corners]]:
    """How far four corners describe each of the pieces that lean, and the corners."""
    mask = cv2.morphologyEx(bright.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    outlines, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for outline in outlines:
        _, _, wide, high = cv2.boundingRect(outline)
        if wide * high < SMALLEST * mask.size:
            continue
        hull = cv2.convexHull(outline)  # what is dark in it, at its border too, belongs to it
        area = cv2.contourArea(hull)
        if not SMALLEST < area / mask.size < LARGEST:
            continue
        corners = _four(np.asarray(hull, np.int32))
        if corners is None or not _leans(corners, max(mask.shape)):
            continue
        own = cv2.contourArea(corners)
        filled = min(own, area) / max(own, area)
        if filled > FILLED:
            yield filled, corners


def _four(hull: NDArray[np.int32]) -> Corners | None:
    length = cv2.arcLength(hull, True)
    for share in STRAIGHT:
        found = cv2.approxPolyDP(hull, share * length, True)
        if len(found) == 4:
            return _in_order(found[:, 0].astype(np.float32))
        if len(found) < 4:
            return None
    return None


def _in_order(corners: Corners) -> Corners:
    """Clockwise on the screen, from the top left one."""
    beside = corners - corners.mean(axis=0)
    turned = corners[np.argsort(np.arctan2(beside[:, 1], beside[:, 0]))]
    return np.asarray(np.roll(turned, -int(turned.sum(axis=1).argmin()), axis=0))


def _leans(corners: Corners, long_edge: int) -> bool:
    low, high = corners.min(axis=0), corners.max(axis=0)
    upright = np.array([low, (high[0], low[1]), high, (low[0], high[1])])
    return bool(np.abs(corners - upright).max() > LEANING * long_edge)
