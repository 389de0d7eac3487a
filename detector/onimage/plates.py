"""Does the plate of a mark show: a disc or a pill, all along its edge lighter or darker than what is around?

Letters on a plate of their own are a mark. Letters without one may belong to a line, whatever they spell.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.onimage.hunt import Spot

TALL = 40  # px that the mark is looked at
SECTORS = 16  # around its middle
SAME = 14  # of them on the same side: lighter inside, or darker
LEVELS = 6.0  # grey levels that count: a JPEG of quality 60 has less on plain ground
BAND = 0.06, 0.13  # of its height, inside its edge and outside: how near the edge, and how wide


def plate_shows(grey: NDArray[np.uint8], spot: Spot) -> bool:
    """`grey`: uint8 (H, W) of the whole picture. False where it stands so near the border that nothing is
    seen around it."""
    near, wide = BAND
    beyond = (near + wide) * spot.tall
    corner = spot.left - beyond, spot.top - beyond
    share = TALL / spot.tall
    size = round((spot.wide + 2 * beyond) * share), round((spot.tall + 2 * beyond) * share)
    onto = np.array([[share, 0, -corner[0] * share], [0, share, -corner[1] * share]], np.float32)
    seen = cv2.warpAffine(grey.astype(np.float32), onto, size, flags=cv2.INTER_LINEAR, borderValue=-1)
    inside, outside, sectors = _bands(spot, size, beyond * share)
    known = seen >= 0
    apart = []
    for sector in range(SECTORS):
        mine = sectors == sector
        one, other = seen[mine & inside & known], seen[mine & outside & known]
        apart.append(float(np.median(one) - np.median(other)) if one.size and other.size else 0.0)
    steps = np.array(apart)
    return max(int((steps >= LEVELS).sum()), int((steps <= -LEVELS).sum())) >= SAME


def _bands(
    spot: Spot, size: tuple[int, int], beyond: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.int64]]:
    """What lies a little inside the plate's edge, what a little outside, and the sector of each pixel."""
    wide, tall = size
    alpha = spot.pattern.mark.alpha
    inner = (max(1, round(wide - 2 * beyond)), TALL)
    plate = np.zeros((tall, wide), np.uint8)
    left, top = round(beyond), round(beyond)
    sized = np.asarray(cv2.resize(alpha, inner, interpolation=cv2.INTER_AREA), np.uint8)[: tall - top]
    plate[top : top + sized.shape[0], left : left + sized.shape[1]] = sized[:, : wide - left] >= 128
    depth = cv2.distanceTransform(plate, cv2.DIST_L2, 3)
    away = cv2.distanceTransform(1 - plate, cv2.DIST_L2, 3)
    near, broad = (TALL * one for one in BAND)
    y, x = np.mgrid[:tall, :wide]
    angle = np.arctan2((y - tall / 2) / tall, (x - wide / 2) / wide)
    sectors = np.floor((angle / np.pi + 1) / 2 * SECTORS).astype(np.int64) % SECTORS
    return (
        np.asarray((depth > near) & (depth <= near + broad)),
        np.asarray((away > near) & (away <= near + broad)),
        sectors,
    )
