"""Local features of a registered picture: more of them than of a found one, each with its reduced descriptor.

What a feature's word is wavers with every change of the picture. The registered side carries the doubt, since
there are few registered pictures: the index files each feature under several words, and under both flips
where it is unsure which is canonical.
"""

import numpy as np
from numpy.typing import NDArray

from detector.matching.codebook import VERSION as CODEBOOK_VERSION
from detector.matching.codebook import codebook
from detector.matching.features import Grey, Points, points, resized
from detector.matching.local import FEATURE, describe
from storage.records import Fingerprint

ALGORITHM = "local/reference"
VERSION = f"1.{CODEBOOK_VERSION}"
REFERENCE_FEATURES = 500  # before those of doubtful flip are doubled (matching.md, section 3a, "Candidates")
LONG_EDGE = 480  # px (likewise)
DOUBT = 0.03  # beside the codebook's flip axis: a fifth of all features lie nearer

REFERENCE_FEATURE = np.dtype(
    [("low", "i1", (64,)), *((name, FEATURE[name]) for name in ("x", "y", "angle", "size"))]
)
Features = NDArray[np.void]


def fingerprints(grey: Grey) -> tuple[Fingerprint, ...]:
    """Of a uint8 (H, W) picture, its long edge at least `LONG_EDGE` px where the picture has as many. ()
    where there is not one feature."""
    small = resized(grey, LONG_EDGE)
    found = points(small, REFERENCE_FEATURES)
    if not len(found):
        return ()
    doubtful = np.abs(found.descriptors @ codebook().flip) < DOUBT
    again = Points(
        found.places[doubtful], found.angles[doubtful], found.sizes[doubtful], found.descriptors[doubtful]
    )
    long_edge = max(small.shape)
    rows = np.concatenate(
        [_rows(found, long_edge, other_flip=False), _rows(again, long_edge, other_flip=True)]
    )
    return (Fingerprint(ALGORITHM, rows.tobytes()),)


def _rows(found: Points, long_edge: int, *, other_flip: bool) -> Features:
    rows = np.zeros(len(found), REFERENCE_FEATURE)
    reduced = codebook().reduce(found.descriptors, other_flip=other_flip)
    rows["low"] = reduced.low
    describe(rows, found, reduced.flipped, long_edge)
    return rows


def unpack(fingerprint: Fingerprint) -> Features:
    """Raises ValueError where the bytes are no whole number of features."""
    return np.frombuffer(fingerprint.bits, REFERENCE_FEATURE)


NONE: Features = np.zeros(0, REFERENCE_FEATURE)
