"""Pictures within a picture: the rectangles that a collage, a screenshot, a meme or a frame puts around them.

Each (`rectangles.py`; those that stand aslant, `leaning.py`) is hashed by itself, to be held against whole
registered pictures and their tiles.
"""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.hashes import pdq
from detector.matching.local_features.features import Grey
from detector.matching.parts.leaning import leaning, straightened
from detector.matching.parts.rectangles import rectangles
from storage.records import Box, Fingerprint

ALGORITHM = "regions"
VERSION = "3"
REGIONS = 10  # at most so many are kept: 36 bytes each
BANDS = 2  # of them for the largest that the best bounded leave out
LEANING = 2  # of what they leave for those that lean
ROW = np.dtype([("box", "u1", (4,)), ("hash", "u1", (32,))])  # left, top, right, bottom in 255ths


def fingerprints(grey: Grey) -> tuple[Fingerprint, ...]:
    """The hashes of a uint8 (H, W) picture's pictures; () where it has none."""
    rows = np.zeros(REGIONS, ROW)
    kept = 0
    for edges, part in _parts(grey):
        forms, quality = pdq.hashed(square(part))
        if quality <= (pdq.QUALITY_FLOOR or 0):
            continue
        rows[kept]["box"] = np.rint(edges * 255)
        rows[kept]["hash"] = np.frombuffer(forms[:32], np.uint8)
        kept += 1
    return (Fingerprint(ALGORITHM, rows[:kept].tobytes()),) if kept else ()


def _parts(grey: Grey) -> Iterator[tuple[NDArray[np.float64], Grey]]:
    """Left, top, right and bottom of each as shares of the picture, and what it shows."""
    height, width = grey.shape
    size = np.array([width, height, width, height], np.float64)
    upright = rectangles(grey, REGIONS, BANDS)
    for box in upright:
        left, top, right, bottom = box
        yield box / size, grey[top:bottom, left:right]
    for corners in leaning(grey, min(LEANING, REGIONS - len(upright))):
        edges = np.concatenate([corners.min(axis=0), corners.max(axis=0)]) / size
        yield edges.clip(0, 1), straightened(grey, corners)


def square(part: Grey) -> NDArray[np.float32]:
    """A part of a picture as float32 (64, 64) luminance, every pixel counting by its share of the area."""
    return np.asarray(cv2.resize(part, (64, 64), interpolation=cv2.INTER_AREA), np.float32)


def unpack(fingerprint: Fingerprint) -> tuple[tuple[Box, bytes], ...]:
    """Where each region lies, and its hash. Raises ValueError where the bytes are no whole number of rows."""
    return tuple((box_of(row["box"]), row["hash"].tobytes()) for row in np.frombuffer(fingerprint.bits, ROW))


def box_of(edges: NDArray[np.uint8]) -> Box:
    left, top, right, bottom = (int(edge) / 255 for edge in edges)
    return Box(left, top, right - left, bottom - top)
