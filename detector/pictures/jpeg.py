"""The commonest file of all, read with little ado: the luminance alone of a JPEG, at a part of its size.

A JPEG decoder that is asked for 1/2, 1/4 or 1/8 makes each pixel the mean of a block, and colour is never
decoded. Opening a file in Pillow costs as much as hashing it, so a header that says nothing but a size is
read here; whatever is not plain is left to `detector.pictures.decode`.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

FLAGS = {
    1: cv2.IMREAD_GRAYSCALE,
    2: cv2.IMREAD_REDUCED_GRAYSCALE_2,
    4: cv2.IMREAD_REDUCED_GRAYSCALE_4,
    8: cv2.IMREAD_REDUCED_GRAYSCALE_8,
}
MOST = max(FLAGS)
MARKERS = 64  # an honest header has about ten
FRAMES = (0xC0, 0xC1, 0xC2)  # baseline, extended, progressive (ITU-T T.81, table B.1)
PLAIN = frozenset({0xC4, 0xDB, 0xDD, 0xE0, *range(0xE2, 0xF0), 0xFE})  # tables, comments, all APPn but APP1


def plain_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a grey or coloured JPEG without EXIF or XMP, which could tell that it lies turned.
    None for any other, and for what is broken."""
    place = 2
    for _ in range(MARKERS):
        if data[place : place + 1] != b"\xff" or len(data) < place + 10:
            return None
        kind, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4])
        if kind in FRAMES:
            height, width = (int.from_bytes(data[at : at + 2]) for at in (place + 5, place + 7))
            plain = data[place + 4] == 8 and data[place + 9] in (1, 3) and width and height
            return (width, height) if plain else None
        if kind not in PLAIN or length < 2:
            return None
        place += 2 + length
    return None


def luminance(data: bytes, width: int, height: int, share: int) -> NDArray[np.uint8] | None:
    """uint8 (height / share, width / share), rounded up, as the file lies; `share` one of `FLAGS`. None where
    OpenCV gives up or finds another size: a decoder that tells why has to look."""
    grey = cv2.imdecode(np.frombuffer(data, np.uint8), FLAGS[share] | cv2.IMREAD_IGNORE_ORIENTATION)
    if grey is None or grey.shape != (-(-height // share), -(-width // share)):
        return None
    return np.asarray(grey, np.uint8)
