"""Local features of a registered picture: more of them than of a found one, each under several words.

What a feature's word is wavers with every change of the picture. The registered side carries the doubt, since
there are few registered pictures: each feature is filed under several words, with its signature in each, and
under both flips where it is unsure which is canonical. Words are worked out once, here, and not whenever a
bank is made.
"""

import numpy as np
from numpy.typing import NDArray

from detector.matching.local_features.codebook import VERSION as CODEBOOK_VERSION
from detector.matching.local_features.codebook import codebook
from detector.matching.local_features.features import Grey, Points, points, resized
from detector.matching.local_features.local import FEATURE, describe
from storage.records import Fingerprint

ALGORITHM = "local/reference"
VERSION = f"2.{CODEBOOK_VERSION}"
WORDS = 8  # a feature
REFERENCE_FEATURES = 500  # before those of doubtful flip are doubled (matching.md, section 3a, "Candidates")
LONG_EDGE = 480  # px (likewise)
DOUBT = 0.03  # beside the codebook's flip axis: a fifth of all features lie nearer

REFERENCE_FEATURE = np.dtype(
    [
        ("words", "<u2", (WORDS,)),
        ("signatures", "<u8", (WORDS,)),
        *((name, FEATURE[name]) for name in ("x", "y", "angle", "size")),
    ]
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
    book = codebook()
    reduced = book.reduce(found.descriptors, other_flip=other_flip)
    rows["words"] = book.words(reduced.low, WORDS)
    rows["signatures"] = book.signatures(reduced.low, rows["words"])
    describe(rows, found, reduced.flipped, long_edge)
    return rows


def unpack(fingerprint: Fingerprint) -> Features:
    """Raises ValueError where the bytes are no whole number of features."""
    return np.frombuffer(fingerprint.bits, REFERENCE_FEATURE)


NONE: Features = np.zeros(0, REFERENCE_FEATURE)
