"""A label drawn at the bottom of a picture, and the same picture with another text there."""

import cv2
import numpy as np

from detector.onimage.look import Pixels
from detector.onimage.text import read_text
from storage.records import ReadingState, Surface

NAME = "a text on a picture"
READS = (Surface.IMAGE_TEXT.value,)

_WIDE, _TALL = 540, 675


def missed() -> str:
    for words, state in (("Made with AI", ReadingState.PRESENT), ("New collection", ReadingState.ABSENT)):
        found = read_text(_picture(words))
        if found.state is not state:
            return f'"{words}" is {found.state}: {found.reason}'
    return ""


def _picture(words: str) -> Pixels:
    """On a slope of grey, in letters of 4 % of its height."""
    slope = np.linspace(60, 120, _TALL, dtype=np.uint8)[:, None, None]
    picture = np.tile(slope, (1, _WIDE, 3))
    cv2.putText(picture, words, (20, _TALL - 20), cv2.FONT_HERSHEY_DUPLEX, 1.2, (240, 240, 240), 2)
    return picture
