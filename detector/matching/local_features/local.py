"""Local features of a picture, packed: what finds a picture again after crops, collages and screenshots.

One row a feature (`FEATURE`, 14 bytes): the visual word (the codebook's cell of its descriptor), a signature
within that cell, where it lies, how it is turned and how large it is. A picture keeps at most
`PICTURE_FEATURES` rows (about 3 kB).
"""

import numpy as np
from numpy.typing import NDArray

from detector.matching.local_features.codebook import VERSION as CODEBOOK_VERSION
from detector.matching.local_features.codebook import codebook
from detector.matching.local_features.features import Grey, Points, points, resized
from storage.records import Fingerprint

ALGORITHM = "local"
VERSION = f"2.{CODEBOOK_VERSION}"
PICTURE_FEATURES = (
    218  # rows: with the hashes of the whole and of ten regions at most 4 kB a picture (issue 3)
)
FEW = 12  # features: with fewer a picture is not found again once it was cropped or framed
LONG_EDGE = 320  # px, at which a picture's features are taken (matching.md, section 3a, "Candidates")

FEATURE = np.dtype(
    [
        ("word", "<u2"),
        ("signature", "<u8"),
        ("x", "u1"),  # 0 to 255 over the long edge, as y is
        ("y", "u1"),
        ("angle", "u1"),  # 0 to 255 over the full circle
        ("size", "u1"),  # seven bits log size, `STEPS` an octave from `SMALLEST` up; then the flip
    ]
)
Features = NDArray[np.void]
STEPS = 8  # an octave of size
SMALLEST = 1 / 1024  # of the long edge


def fingerprints(grey: Grey) -> tuple[Fingerprint, ...]:
    """Of a uint8 (H, W) picture, its long edge at least `LONG_EDGE` px where the picture has as many. ()
    where there is not one feature."""
    small = resized(grey, LONG_EDGE)
    found = points(small, PICTURE_FEATURES)
    if not len(found):
        return ()
    rows = np.zeros(len(found), FEATURE)
    book = codebook()
    reduced = book.reduce(found.descriptors)
    words = book.words(reduced.low)
    rows["word"], rows["signature"] = words[:, 0], book.signatures(reduced.low, words)[:, 0]
    describe(rows, found, reduced.flipped, max(small.shape))
    return (Fingerprint(ALGORITHM, rows.tobytes()),)


def describe(rows: Features, found: Points, flipped: NDArray[np.bool_], long_edge: int) -> None:
    """Where and how the features lie. `long_edge` px."""
    rows["x"], rows["y"] = (found.places * (255 / long_edge)).round().clip(0, 255).T
    rows["angle"] = (found.angles * (256 / (2 * np.pi))).round().astype(np.int64) & 255
    steps = np.log2(np.maximum(found.sizes / long_edge, SMALLEST) / SMALLEST) * STEPS
    rows["size"] = (steps.round().clip(0, 127).astype(np.uint8) << 1) | flipped


def unpack(fingerprint: Fingerprint) -> Features:
    """Raises ValueError where the bytes are no whole number of features."""
    return np.frombuffer(fingerprint.bits, FEATURE)


def count(fingerprint: Fingerprint) -> int:
    """Features in it; 0 for a fingerprint of another kind."""
    return len(fingerprint.bits) // FEATURE.itemsize if fingerprint.algorithm == ALGORITHM else 0
