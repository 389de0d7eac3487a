"""A disc with "AI" drawn into a corner of a picture, half transparent, and the same picture without it."""

import cv2
import numpy as np

from detector.onimage.icons import AI, built_in_marks
from detector.onimage.look import Mark, Pixels
from detector.onimage.marks import read_marks
from storage.records import ReadingState, Surface

NAME = "a mark on a picture"
READS = (Surface.IMAGE_MARK.value,)

_WIDE, _TALL = 540, 675
_SIZE, _MARGIN = 34, 14  # px: 5 % of its height


def missed() -> str:
    disc = next(mark for mark in built_in_marks() if mark.name == AI)
    for mark, state in ((disc, ReadingState.PRESENT), (None, ReadingState.ABSENT)):
        found = read_marks(_picture(mark), built_in_marks())
        if found.state is not state:
            return f'"{mark.says if mark else "nothing"}" is {found.state}: {found.reason}'
    return ""


def _picture(mark: Mark | None) -> Pixels:
    """On a slope of grey, at the bottom right."""
    slope = np.linspace(60, 120, _TALL, dtype=np.float32)[:, None]
    picture = np.tile(slope, (1, _WIDE))
    if mark:
        grey, alpha = (
            np.asarray(cv2.resize(plane, (_SIZE, _SIZE), interpolation=cv2.INTER_AREA), np.float32)
            for plane in (mark.grey, mark.alpha)
        )
        share = alpha / 255 * np.where(grey > 127, 1.0, 0.5)
        corner = picture[-_MARGIN - _SIZE : -_MARGIN, -_MARGIN - _SIZE : -_MARGIN]
        corner[:] = corner * (1 - share) + grey * share
    return np.repeat(np.rint(picture).astype(np.uint8)[:, :, None], 3, axis=2)
