"""A cheap word on whether it is worth reading what stands on a picture: "hint:text". One more look at the
bytes while they are at hand, at a few milliseconds (docs/benchmarks/labels.md)."""

from collections.abc import Mapping

import cv2
import numpy as np

from detector.onimage import spot
from detector.pictures.decode import VIDEOS, Pixels, decode_small
from detector.pictures.frames import frame_at

HINT = "hint"
TEXT = f"{HINT}:text"
EDGE = 600  # px, the long edge at least: what the detector needs (onimage/spot.py)


def hint_stages() -> Mapping[str, str]:
    """With today's versions."""
    return {TEXT: spot.VERSION}


def may_bear_text(data: bytes, format_name: str) -> bool:
    """Whether small text may stand near an edge of the picture, or of a video's first frame. Where that
    cannot be told of pixels that are there, it may. Raises PictureError as `decode` and `frames` do."""
    grey = _first_frame(data, format_name) if format_name in VIDEOS else _small(data, format_name)
    try:
        return spot.may_bear_text(grey)
    except MemoryError:
        raise
    except Exception:  # a detector that stumbles must not pass for one that saw nothing
        return True


def _small(data: bytes, format_name: str) -> Pixels:
    return decode_small(data, format_name, long_edge=EDGE).reduced(EDGE)


def _first_frame(data: bytes, format_name: str) -> Pixels:
    return np.asarray(cv2.cvtColor(frame_at(data, format_name, 0.0), cv2.COLOR_RGB2GRAY), np.uint8)
