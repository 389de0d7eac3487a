"""Crop tiles of a registered picture: what of it a found one may show, each hashed as it is and mirrored."""

import numpy as np

from detector.hashes import pdq
from detector.matching.local_features.features import Grey
from detector.matching.parts.regions import box_of, square
from storage.records import Box, Fingerprint

ALGORITHM = "tiles"
VERSION = "1"
MIRRORED = 5  # place among the eight forms (detector.hashing.TRANSFORMS)

# (share kept of either side, steps across, steps down): the whole, then windows over it. 42 tiles.
WINDOWS = ((1.0, 1, 1), (0.9, 2, 2), (0.8, 3, 3), (0.7, 3, 3), (0.55, 3, 3))
HALVES = (
    (0.0, 0.0, 1.0, 0.5),
    (0.0, 0.5, 1.0, 1.0),
    (0.0, 0.25, 1.0, 0.75),
    (0.0, 0.0, 1.0, 0.75),
    (0.0, 0.25, 1.0, 1.0),
    (0.0, 0.0, 0.5, 1.0),
    (0.5, 0.0, 1.0, 1.0),
    (0.25, 0.0, 0.75, 1.0),
    (0.125, 0.0, 0.875, 1.0),
    (0.0, 0.125, 1.0, 0.875),
)

HASH_BYTES = 32
TILE = np.dtype([("box", "u1", (4,)), ("hashes", "u1", (2, HASH_BYTES))])  # as in regions.py, and mirrored


def boxes() -> tuple[tuple[float, float, float, float], ...]:
    """left, top, right, bottom as shares of the picture."""
    made = []
    for share, across, down in WINDOWS:
        for row in range(down):
            for column in range(across):
                left = (1 - share) * (column / (across - 1) if across > 1 else 0.0)
                top = (1 - share) * (row / (down - 1) if down > 1 else 0.0)
                made.append((left, top, left + share, top + share))
    return (*made, *HALVES)


def fingerprints(grey: Grey) -> tuple[Fingerprint, ...]:
    """Of a uint8 (H, W) registered picture; () where no part of it holds enough to be hashed."""
    height, width = grey.shape
    rows = []
    for left, top, right, bottom in boxes():
        part = grey[round(top * height) : round(bottom * height), round(left * width) : round(right * width)]
        if min(part.shape) < pdq.MIN_SIDE:
            continue
        forms, quality = pdq.hashed(square(part))
        if quality > (pdq.QUALITY_FLOOR or 0):
            row = np.zeros((), TILE)
            row["box"] = np.rint(np.array([left, top, right, bottom]) * 255)
            hashes = np.frombuffer(forms, np.uint8).reshape(8, 32)
            row["hashes"] = hashes[[0, MIRRORED]]
            rows.append(row)
    return (Fingerprint(ALGORITHM, np.array(rows, TILE).tobytes()),) if rows else ()


def unpack(fingerprint: Fingerprint) -> tuple[tuple[Box, bytes, bytes], ...]:
    """Box, hash and mirrored hash of each tile. Raises ValueError where the bytes are no whole rows."""
    return tuple(
        (box_of(row["box"]), row["hashes"][0].tobytes(), row["hashes"][1].tobytes())
        for row in np.frombuffer(fingerprint.bits, TILE)
    )
