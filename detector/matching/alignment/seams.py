"""What of a picture shows a registered one, where a collage cut it to fit: the rectangle in which both agree.

`regions.py` looks for such rectangles by their edges and may miss one between two like walls. Once the two
pictures lie on each other, what agrees and what does not shows it as well: the rectangle, upright in the
picture, with the most places that agree and the fewest that do not.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.matching.alignment.align import Matrix3

CELLS = 64  # along the picture's long edge
AGAINST = 2.0  # a place that does not agree counts as much as so many that do
NARROW = 6  # cells: a narrower rectangle shows nothing

Mask = NDArray[np.bool_]


def shown(agrees: Mask, shared: Mask, back: Matrix3, size: tuple[int, int]) -> NDArray[np.int64] | None:
    """Left, top, right, bottom px of a picture of this (width, height). `back` leads from its px to the
    canvas on which bool (h, w) `agrees` and `shared` tell about each place. None where no such rectangle is
    wide enough."""
    cell = max(size) / CELLS
    columns, rows = (max(1, round(edge / cell)) for edge in size)
    weights = np.where(agrees, 1.0, -AGAINST) * shared
    onto = np.diag([columns / size[0], rows / size[1], 1.0]) @ np.linalg.inv(back)
    votes = cv2.warpPerspective(weights.astype(np.float32), onto, (columns, rows), flags=cv2.INTER_AREA)
    left, top, right, bottom = _heaviest(np.asarray(votes, np.float32))
    if min(right - left, bottom - top) < NARROW:
        return None
    box = np.array([left * size[0] / columns, top * size[1] / rows, right * size[0] / columns, 0.0])
    box[3] = bottom * size[1] / rows
    return np.asarray(np.rint(box), np.int64)


def _heaviest(votes: NDArray[np.float32]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of the rectangle with the largest sum: for each pair of rows the best stretch
    of columns (Bentley 1984), all pairs at once."""
    sums = np.vstack([np.zeros((1, votes.shape[1]), np.float32), votes.cumsum(axis=0)])
    tops, bottoms = np.triu_indices(len(sums), 1)
    bands = sums[bottoms] - sums[tops]  # (pairs, columns)
    ahead = np.hstack([np.zeros((len(bands), 1), np.float32), bands.cumsum(axis=1)])
    lowest = np.minimum.accumulate(ahead, axis=1)
    gains = ahead - lowest
    pair, right = np.unravel_index(int(gains.argmax()), gains.shape)
    left = int(ahead[pair, : right + 1].argmin())
    return left, int(tops[pair]), int(right), int(bottoms[pair])
