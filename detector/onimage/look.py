"""What is looked for on a picture: marks, by their drawing. Pixels in, readings out; no post, no database."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]  # (H, W, 3) RGB as a viewer sees it
Plane = NDArray[np.uint8]  # (H, W)


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A mark that may stand on a picture, drawn in one colour or several on nothing.

    `says` is what it tells people, in words, for the quote. `grey` (h, w) is its luminance, `alpha` (h, w)
    how much it covers, both 0 to 255. `letters` must be read within it where it is made of letters ("" where
    it is not); `sha256` names the file of one that a user registered.
    """

    name: str
    says: str
    grey: NDArray[np.uint8]
    alpha: NDArray[np.uint8]
    letters: str = ""
    sha256: str = ""


def planes(pixels: Pixels) -> tuple[Plane, ...]:
    """Light, red against it, blue against it (ITU-R BT.601, as a JPEG keeps them); none where there are no
    pixels."""
    if not pixels.size:
        return ()
    return tuple(np.asarray(one, np.uint8) for one in cv2.split(cv2.cvtColor(pixels, cv2.COLOR_RGB2YCrCb)))
