"""Pictures within a picture: the rectangles that a collage, a screenshot, a meme or a frame puts around them.

Looked for by long straight edges: wherever two upright and two level lines (or the picture's own borders)
bound a rectangle along most of its sides. Each is hashed by itself, to be held against whole registered
pictures and their tiles.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.hashes import pdq
from detector.matching.features import Grey, resized
from storage.records import Box, Fingerprint

ALGORITHM = "regions"
VERSION = "2"
REGIONS = 8  # at most so many are kept: 36 bytes each
LONG_EDGE = 320  # px, at which edges are looked for
STEP = 10  # of 255: a smaller step between neighbours is no edge
LONG = 0.12  # of the picture's long edge: a shorter line bounds nothing
LINES = 14  # strongest lines either way, the two borders beside them
COVERED = 0.62  # of each of its sides must be edge (or border)
SMALLEST = 0.08  # of the picture's long edge: a smaller rectangle is a button
# Of the kept ones the largest that the best bounded leave out: on cloth with a pattern eight rectangles of
# threads come before what a band of words leaves of the picture. Chosen on the choosing half, likewise how
# much of their sides must be edge, and their share of the area (docs/benchmarks/matching-choosing.md).
BANDS, BAND_COVERED, BAND_SHARE = 2, 0.8, 0.3
SAME = 0.85  # intersection over union: one rectangle found twice
ROW = np.dtype([("box", "u1", (4,)), ("hash", "u1", (32,))])  # left, top, right, bottom in 255ths

Boxes = NDArray[np.int64]  # (n, 4) px: left, top, right, bottom


def fingerprints(grey: Grey) -> tuple[Fingerprint, ...]:
    """The hashes of a uint8 (H, W) picture's rectangles; () where it has none."""
    rows = np.zeros(REGIONS, ROW)
    kept = 0
    height, width = grey.shape
    for left, top, right, bottom in rectangles(grey, BANDS):
        forms, quality = pdq.hashed(square(grey[top:bottom, left:right]))
        if quality <= (pdq.QUALITY_FLOOR or 0):
            continue
        rows[kept]["box"] = np.rint(
            np.array([left / width, top / height, right / width, bottom / height]) * 255
        )
        rows[kept]["hash"] = np.frombuffer(forms[:32], np.uint8)
        kept += 1
    return (Fingerprint(ALGORITHM, rows[:kept].tobytes()),) if kept else ()


def square(part: Grey) -> NDArray[np.float32]:
    """A part of a picture as float32 (64, 64) luminance, every pixel counting by its share of the area."""
    return np.asarray(cv2.resize(part, (64, 64), interpolation=cv2.INTER_AREA), np.float32)


def unpack(fingerprint: Fingerprint) -> tuple[tuple[Box, bytes], ...]:
    """Where each region lies, and its hash. Raises ValueError where the bytes are no whole number of rows."""
    return tuple((box_of(row["box"]), row["hash"].tobytes()) for row in np.frombuffer(fingerprint.bits, ROW))


def box_of(edges: NDArray[np.uint8]) -> Box:
    left, top, right, bottom = (int(edge) / 255 for edge in edges)
    return Box(left, top, right - left, bottom - top)


def rectangles(grey: Grey, bands: int = 0) -> Boxes:
    """The rectangles within a picture, best bounded first, at most `REGIONS`; px of the picture given. The
    last places are for so many `bands`: the largest that are not among them."""
    small = resized(grey, LONG_EDGE)
    height, width = small.shape
    if min(height, width) < 32:
        return np.zeros((0, 4), np.int64)
    upright, level = _edges(small)
    long = max(4, round(LONG * max(height, width)))
    columns = _lines(upright, long)
    rows = _lines(level.T, long)
    least = round(SMALLEST * max(height, width))
    found = _bounded(_sums(upright, 0), _sums(level, 1), columns, rows, least, bands)
    scale = np.array([grey.shape[1] / width, grey.shape[0] / height] * 2)
    return np.asarray(np.rint(found * scale), np.int64)


def _edges(small: Grey) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where neighbours differ along a row (H, W-1) and along a column (H-1, W)."""
    numbers = small.astype(np.int16)
    return (np.abs(np.diff(numbers, axis=1)) > STEP, np.abs(np.diff(numbers, axis=0)) > STEP)


def _lines(edge: NDArray[np.bool_], long: int) -> NDArray[np.int64]:
    """The columns with the most edge in long runs, borders included: places between px."""
    width = edge.shape[1]
    # A run survives an opening along the column as long as `long`.
    runs = cv2.morphologyEx(edge.astype(np.uint8), cv2.MORPH_OPEN, np.ones((long, 1), np.uint8))
    strength = runs.sum(axis=0).astype(np.int64)
    strength[(strength < np.roll(strength, 1)) | (strength <= np.roll(strength, -1) - 1)] = 0
    best = np.argsort(-strength, kind="stable")[:LINES]
    return np.unique(np.concatenate([[0], best[strength[best] > 0] + 1, [width + 1]]))


def _sums(edge: NDArray[np.bool_], axis: int) -> NDArray[np.int64]:
    """Edge px up to each place along the axis. A line may waver by one px to either side; a border counts as
    edge all along."""
    other = 1 - axis
    wide = edge.copy()
    for shift in (1, -1):
        wide |= np.roll(edge, shift, other)
    border = np.ones_like(np.take(wide, [0], other))
    wide = np.concatenate([border, wide, border], axis=other)
    start = np.zeros_like(np.take(wide, [0], axis), np.int64)
    return np.concatenate([start, wide.cumsum(axis=axis)], axis=axis)


def _bounded(
    upright: NDArray[np.int64],
    level: NDArray[np.int64],
    columns: NDArray[np.int64],
    rows: NDArray[np.int64],
    least: int,
    bands: int,
) -> Boxes:
    lefts, rights = (part.ravel() for part in np.meshgrid(columns, columns, indexing="ij"))
    tops, bottoms = (part.ravel() for part in np.meshgrid(rows, rows, indexing="ij"))
    wide, high = rights - lefts >= least, bottoms - tops >= least
    across, down = np.stack([lefts[wide], rights[wide]]), np.stack([tops[high], bottoms[high]])
    if not across.size or not down.size:
        return np.zeros((0, 4), np.int64)
    left, right = across[0][:, None], across[1][:, None]
    top, bottom = down[0][None, :], down[1][None, :]
    sides = np.stack(
        [(upright[bottom, side] - upright[top, side]) / (bottom - top) for side in (left, right)]
        + [(level[side, right] - level[side, left]) / (right - left) for side in (top, bottom)]
    )
    last_column, last_row = upright.shape[1] - 1, level.shape[0] - 1
    free = (left > 0).astype(int) + (right < last_column) + (top > 0) + (bottom < last_row)
    worst = sides.min(axis=0)
    good = (worst >= COVERED) & (free > 0)
    score = np.where(good, sides.mean(axis=0) + 0.15 * free, 0)
    area = (right - left) * (bottom - top) / (last_column * last_row)
    large = np.where(good & (worst >= BAND_COVERED) & (area > BAND_SHARE), area, 0)
    best, largest = (
        _different(np.stack([across[0][one], down[0][two], across[1][one], down[1][two]], axis=1))
        for one, two in (_highest(score, 40 * REGIONS), _highest(large, 40 if bands else 0))
    )
    fresh = [box for box in largest[:bands] if all(_overlap(box, other) < SAME for other in best)]
    return np.array([*best[: REGIONS - len(fresh)], *fresh], np.int64).reshape(-1, 4)


def _highest(score: NDArray[np.float64], most: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where the highest are, highest first; none of 0."""
    order = np.argsort(-score, axis=None, kind="stable")[:most]
    one, two = np.unravel_index(order[score.ravel()[order] > 0], score.shape)
    return one, two


def _different(boxes: Boxes) -> Boxes:
    """The first of each set of nearly the same."""
    kept: list[NDArray[np.int64]] = []
    for box in boxes:
        if len(kept) < REGIONS and all(_overlap(box, other) < SAME for other in kept):
            kept.append(box)
    return np.array(kept, np.int64).reshape(-1, 4)


def _overlap(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    """Intersection over union."""
    low, high = np.maximum(one[:2], other[:2]), np.minimum(one[2:], other[2:])
    shared = float(np.prod(np.maximum(high - low, 0)))
    return shared / (float(np.prod(one[2:] - one[:2]) + np.prod(other[2:] - other[:2])) - shared)
