"""Gemini's sparkle: a plain shape that decorations share. Believed only where Gemini puts it.

It is 48 px large with 32 px free to the right and below, or twice all of that (its pictures of 2025), so its
middle is 1.17 of its size from both edges, to whatever size the picture was brought. That place is a sharper
test than the shape, which a half transparent star on a busy ground shows poorly. Sparkles elsewhere on a
picture are not looked for.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from detector.onimage.hunt import Spot, Where, hunted
from detector.onimage.patterns import Pattern

CORNER = 0.25  # of the shorter side: a corner that holds the sparkle with its margin
# 2.5 to 13.75 % of the shorter side: Gemini's are 3 to 5 %, and 12.5 % on a narrow picture (96 px of 768)
THERE = Where(0.1, 0.55, 1.0, 1.0)
AWAY = 1.17  # of its size, its middle from the right edge and from the bottom
TOLERANCE = 0.15  # of its size
FIT = 0.8  # correlation: on the choosing half no photograph has more than 0.59 in that place


def sparkles(grey: NDArray[np.uint8], pattern: Pattern) -> Iterator[tuple[Spot, bool]]:
    """In the bottom right corner, best first: each, and whether it stands where Gemini's does."""
    tall, wide = grey.shape
    side = round(CORNER * min(tall, wide))
    if side < 20:
        return
    for spot in hunted(grey[tall - side :, wide - side :], [pattern], THERE):
        aside = (side - spot.left - spot.wide / 2) / spot.wide
        below = (side - spot.top - spot.tall / 2) / spot.tall
        placed = max(abs(aside - AWAY), abs(below - AWAY)) <= TOLERANCE
        there = replace(spot, left=spot.left + wide - side, top=spot.top + tall - side)
        yield there, placed and spot.light and spot.fit >= FIT
