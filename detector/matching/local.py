"""Local features of a picture, packed: what finds a picture again after crops, collages and screenshots.

One row a feature (`FEATURE`, 14 bytes): the visual word (the codebook's cell of its descriptor), a signature
within that cell, where it lies, how it is turned and how large it is. A picture keeps at most
`PICTURE_FEATURES` rows (about 3 kB), a reference `REFERENCE_FEATURES`.
"""

import numpy as np
from numpy.typing import NDArray

from storage.records import Fingerprint

ALGORITHM = "local"
REFERENCE_ALGORITHM = "local/reference"
VERSION = "1"
PICTURE_FEATURES = 224
REFERENCE_FEATURES = 600
WORDS = 65536

FEATURE = np.dtype(
    [
        ("word", "<u2"),
        ("signature", "<u8"),
        ("x", "u1"),  # 0 to 255 over the width
        ("y", "u1"),
        ("angle", "u1"),  # 0 to 255 over the full circle
        ("size", "u1"),  # log scale, 16 steps an octave
    ]
)
Features = NDArray[np.void]


def pack(features: Features) -> bytes:
    return features.tobytes()


def unpack(fingerprint: Fingerprint) -> Features:
    """Raises ValueError where the bytes are no whole number of features."""
    return np.frombuffer(fingerprint.bits, FEATURE)
