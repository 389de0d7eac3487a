"""A mark in one colour on a ground as light as it is: plain to the eye, and nothing to the grey picture.

So the marks that users register are looked for in the colour as well, and where one may stand, it is asked
how well light and colour *together* make its shape (multiple correlation): a mark shifts all three the same
way all over, its ground does not.

The built-in marks are black or white, and are looked for in the light alone.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.onimage.hunt import AROUND, FINE_STEPS, FINE_TALL, Spot
from detector.onimage.look import Plane
from detector.onimage.patterns import Template, template

Floats = NDArray[np.float64]

# Levels (standard deviation) that a plane differs from itself for nothing: a JPEG of quality 60 has less.
# Without them a mark would be found in what a viewer does not see.
NOISE = 4.0, 3.0, 3.0
# Of the height: strokes of less than half of that stay; of the thin outlines that benchmarks/labels/brands.py
# draws on the choosing half five of six that nothing else finds have a fit of 0.76 and more there, and of 25
# photographs without a mark one has 0.54 (0.01 and 0.02 find no more)
THIN = 0.014
STRONGEST = 40  # grey levels that a stroke counts with at most, so that single glints do not drown it


def together(seen: Sequence[Plane], spot: Spot) -> float:
    """The fit at this spot of all planes together, 0 to 1; small where hardly anything is to be seen."""
    margin = AROUND * spot.tall
    tall, wide = seen[0].shape
    top, bottom = max(0, int(spot.top - margin)), min(tall, round(spot.top + spot.tall + margin))
    left, right = max(0, int(spot.left - margin)), min(wide, round(spot.left + spot.wide + margin))
    share = min(max(spot.tall, FINE_TALL[0]), FINE_TALL[1]) / spot.tall
    size = max(1, round((right - left) * share)), max(1, round((bottom - top) * share))
    how = cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC
    parts = [
        np.asarray(
            cv2.resize(plane[top:bottom, left:right].astype(np.float32), size, interpolation=how), np.float32
        )
        for plane in seen
    ]
    sizes = {max(4, round(spot.tall * share * (1 + change))) for change in FINE_STEPS}
    fits = (_fit(parts, template(spot.pattern, one)) for one in sorted(sizes))
    return max(fits)


def thin(light: Plane) -> Plane:
    """What is thinner than THIN, on a middle grey: edges of garments that run through a mark are gone, its
    strokes are not."""
    reach = max(3, round(THIN * light.shape[0]) | 1)
    off = light.astype(np.int16) - np.asarray(cv2.medianBlur(light, reach), np.int16)
    return (np.clip(off, -STRONGEST, STRONGEST) + 128).astype(np.uint8)


def contrasts(seen: Sequence[Plane], spot: Spot) -> tuple[float, ...]:
    """Levels between the drawing's ink and its paper in each plane, at this spot."""
    tall = max(4, round(spot.tall))
    drawn = template(spot.pattern, tall)
    high, wide = drawn.light.shape
    share = spot.tall / tall
    onto = np.array(
        [[share, 0, spot.left + drawn.left * share], [0, share, spot.top + drawn.top * share]], np.float32
    )
    ink = drawn.light - drawn.light.mean()
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    there = (
        cv2.warpAffine(one.astype(np.float32), onto, (wide, high), flags=how, borderMode=cv2.BORDER_REPLICATE)
        for one in seen
    )
    return tuple(255 * abs(float((ink * one).sum())) / float((ink * ink).sum()) for one in there)


def _fit(parts: Sequence[NDArray[np.float32]], drawn: Template) -> float:
    """The best place: how much of the drawing's variance the three planes account for, as its root."""
    ink = drawn.light - drawn.light.mean()
    high, wide = ink.shape
    if parts[0].shape[0] < high or parts[0].shape[1] < wide:
        return 0.0
    alike = np.stack([cv2.matchTemplate(one, ink, cv2.TM_CCORR) / ink.size for one in parts], axis=-1)
    shape = alike.shape[:2]

    def mean(plane: NDArray[np.float32]) -> Floats:
        window = cv2.boxFilter(plane.astype(np.float64), -1, (wide, high), anchor=(0, 0))
        return np.asarray(window, np.float64)[: shape[0], : shape[1]]

    means = [mean(one) for one in parts]
    spread = np.empty((*shape, len(parts), len(parts)))
    for row, one in enumerate(parts):
        for column, other in enumerate(parts):
            spread[..., row, column] = mean(one * other) - means[row] * means[column]
    spread += np.diag(np.square(NOISE))
    shares = np.linalg.solve(spread, alike.astype(np.float64)[..., None])[..., 0]
    told = (alike * shares).sum(axis=-1) / float((ink * ink).mean())
    return float(np.sqrt(np.clip(told, 0, 1).max()))
