"""A mark as people want to see it: laid on a light, a grey and a dark ground, side by side."""

from io import BytesIO

import numpy as np
from PIL import Image

from detector.onimage.look import Mark

GROUNDS = (255, 128, 0)
MARGIN = 24  # px around it on each


def mark_png(mark: Mark) -> bytes:
    """A grey PNG: colours are not looked at."""
    grey, alpha = (np.pad(plane.astype(np.float32), MARGIN) for plane in (mark.grey, mark.alpha))
    covers = alpha / 255
    laid = [grey * covers + ground * (1 - covers) for ground in GROUNDS]
    out = BytesIO()
    Image.fromarray(np.hstack(laid).round().astype(np.uint8)).save(out, "PNG")
    return out.getvalue()
