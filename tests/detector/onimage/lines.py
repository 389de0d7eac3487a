"""Recognised lines without OCR: what the reading of them is tested with."""

import numpy as np

from detector.onimage.ocr import Line, Place
from storage.records import Box

WIDE, TALL = 1000, 1250


def line(
    text: str, x: float, y: float, *, height: float = 30, width: float = 0, confidence: float = 0.99
) -> Line:
    """Upright, its top left corner at (x, y) px; as wide as its letters, where nothing is said."""
    across = width or 0.5 * height * max(1, len(text))
    corners = np.array([(x, y), (x + across, y), (x + across, y + height), (x, y + height)], np.float32)
    box = Box(x / WIDE, y / TALL, across / WIDE, height / TALL)
    return Line(text, Place(corners, box, height, 0.8), confidence)
