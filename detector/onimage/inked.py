"""Does one ink stand there in the shape of a mark? On uneven ground the correlation of a mark without a plate
falls, since the ground counts with it. What does not fall: its ink is even, and all along its outline the
ground is another.

Thresholds: on the choosing half (benchmarks/labels/brands.py) 46 of 46 pasted marks that the search finds are
apart along 0.55 of their outline, 37 of them even and along 0.9; of 258 places on 60 photographs without a
mark one is apart along 0.82 (and uneven), no other along 0.7.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.onimage.hunt import Spot
from detector.onimage.patterns import INK

Plane = NDArray[np.uint8]

TALL = 64  # px that the mark is looked at
BEYOND = 0.12  # of its height, of the ground around it
CORE = 1.5  # px from its outline: what is ink for sure
RING = 2.0, 6.0  # px from its outline: the ground beside it
LEVELS = 12.0  # grey levels between ink and ground that count
EVEN = 9.0  # grey levels that ink differs from itself: a JPEG of quality 60 makes 8 of it
SPREAD = 80  # percentile of that
MOST = 0.9  # of the ring: the outline shows
HALF = 0.5
LEAST = 20  # px of either, to say anything


@dataclass(frozen=True, slots=True)
class Ink:
    """`even`: grey levels that the ink differs from itself; `apart`: share of the ground beside it that is
    another grey."""

    even: float
    apart: float

    @property
    def sure(self) -> bool:
        return self.even <= EVEN and self.apart >= MOST

    @property
    def likely(self) -> bool:
        return self.apart >= HALF


NO_INK = Ink(255.0, 0.0)


def ink_at(grey: Plane, spot: Spot) -> Ink:
    """`grey`: uint8 (H, W) of the whole picture. NO_INK for a plate, or a mark of several colours, of which
    this says nothing."""
    mark, pattern = spot.pattern.mark, spot.pattern
    covered = mark.alpha >= INK
    if pattern.plate or float(mark.grey[covered].std()) >= INK:
        return NO_INK
    beyond, share = BEYOND * spot.tall, TALL / spot.tall
    size = round((spot.wide + 2 * beyond) * share), round((spot.tall + 2 * beyond) * share)
    onto = np.array(
        [[share, 0, -(spot.left - beyond) * share], [0, share, -(spot.top - beyond) * share]], np.float32
    )
    seen = cv2.warpAffine(grey.astype(np.float32), onto, size, flags=cv2.INTER_LINEAR, borderValue=-1)
    drawn = _drawn(mark.alpha, size, round(beyond * share), max(1, round(spot.wide * share)))
    depth = cv2.distanceTransform(drawn, cv2.DIST_L2, 3)
    away = cv2.distanceTransform(1 - drawn, cv2.DIST_L2, 3)
    core = seen[(depth >= CORE) & (seen >= 0)]
    ring = seen[(away >= RING[0]) & (away <= RING[1]) & (seen >= 0)]
    if min(core.size, ring.size) < LEAST:
        return NO_INK
    own = float(np.median(core))
    even = float(np.percentile(np.abs(core - own), SPREAD))
    return Ink(even, float((np.abs(ring - own) >= max(LEVELS, 2 * even)).mean()))


def _drawn(alpha: Plane, size: tuple[int, int], beyond: int, wide: int) -> Plane:
    """1 where there is ink, with the ground around it."""
    shape = np.zeros((size[1], size[0]), np.uint8)
    sized = np.asarray(cv2.resize(alpha, (wide, TALL), interpolation=cv2.INTER_AREA), np.uint8)
    room = shape[beyond : beyond + TALL, beyond : beyond + wide]
    room[:] = (sized >= int(alpha.max()) // 2)[: room.shape[0], : room.shape[1]]
    return shape
