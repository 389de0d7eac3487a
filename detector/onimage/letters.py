"""Things on a picture that could be letters, and rows of them: in milliseconds, without reading anything.

Thin strokes are what a small opening takes away (top-hat, black-hat); what hangs together is a letter or a
piece of one; letters of one line are alike, stand on one line, and are inked alike. `rows` measures how much
so, for each letter at an edge and its neighbours.
"""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.onimage.look import Pixels

EDGE = 0.2  # of height and width: letters that reach into it are looked at
STROKE = 9  # px: thicker ones are ground. Of letters of 5 % of 720 px the strokes have about 7
LEVEL = 14  # grey levels between a stroke and its ground (the floor is 15: prominence.py)
LOW, HIGH = 4, 56  # px, a letter's height: 1.3 to 5 % of 400 to 720 px, with small letters and descenders
CLASSES = (4.0, 6.0, 9.0, 13.5, 20.0, 30.0, 42.0)  # px, letters of about one size are compared
WIDER = 1.5  # from one class to the next
NEIGHBOURS = 0.62, 1.3  # times the bounds of a class: small letters and capitals of one line
MOST = 64  # letters of a class that are looked at; of more, as many in equal steps
MOST_PIECES = 4000  # of one polarity: a texture
FEATURES = 21

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]


def rows(grey: Pixels) -> tuple[Floats, Floats]:
    """(n, FEATURES) measures, and (n, 3) where: x and y of the middle, and the height (px)."""
    found = [one for pieces in _pieces(grey) for one in _rows(pieces, grey.shape)]
    if not found:
        return np.zeros((0, FEATURES), np.float32), np.zeros((0, 3), np.float32)
    measures, places = zip(*found, strict=True)
    return np.concatenate(measures).astype(np.float32), np.concatenate(places).astype(np.float32)


def _pieces(grey: Pixels) -> Iterator[Floats]:
    """Light ones on dark, and dark ones on light: (n, 6) x, y, width, height, ink in px, mean contrast."""
    element = cv2.getStructuringElement(cv2.MORPH_RECT, (STROKE, STROKE))
    for kind in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT):
        strokes = cv2.morphologyEx(grey, kind, element, borderType=cv2.BORDER_REPLICATE)
        mask = cv2.threshold(strokes, LEVEL, 255, cv2.THRESH_BINARY)[1]
        stats = cv2.connectedComponentsWithStatsWithAlgorithm(mask, 8, cv2.CV_16U, cv2.CCL_BOLELLI)[2][1:]
        x, y, wide, tall, ink = stats.T
        letter = (tall >= LOW) & (tall <= HIGH) & (wide >= 2) & (wide <= 3 * tall)
        kept = stats[letter & (ink >= 8) & (ink >= 0.12 * wide * tall)][:MOST_PIECES]
        x, y, wide, tall, ink = kept.T
        sums = cv2.integral(cv2.bitwise_and(strokes, mask))
        right, below = x + wide, y + tall
        inked = sums[below, right] - sums[y, right] - sums[below, x] + sums[y, x]
        yield np.column_stack([kept, inked / ink]).astype(np.float32)


def _rows(pieces: Floats, shape: tuple[int, ...]) -> Iterator[tuple[Floats, Floats]]:
    high, wide = shape[:2]
    x, y, w, h = pieces.T[:4]
    middle = y + h / 2
    edge = (
        (middle < EDGE * high)
        | (middle > (1 - EDGE) * high)
        | (x < EDGE * wide)
        | (x + w > (1 - EDGE) * wide)
    )
    for low in CLASSES:
        near = (h >= low * NEIGHBOURS[0]) & (h < low * WIDER * NEIGHBOURS[1])
        group = pieces[near]
        tall = group[:, 3]
        chosen = np.flatnonzero((tall >= low) & (tall < low * WIDER) & edge[near])
        if not len(chosen) or len(group) < 3:
            continue
        if len(chosen) > MOST:
            chosen = chosen[np.linspace(0, len(chosen) - 1, MOST).astype(int)]
        yield from _measured(group, chosen)


def _measured(group: Floats, chosen: NDArray[np.intp]) -> Iterator[tuple[Floats, Floats]]:
    """Each chosen letter beside all of its size; lengths are in its own heights."""
    x, y, wide, tall, ink, contrast = group.T
    own = tall[chosen][:, None]

    def apart(of: Floats) -> Floats:
        return np.asarray((of[None] - of[chosen][:, None]) / own, np.float32)

    along, across = apart(x + wide / 2), apart(y + tall / 2)
    base, top = apart(y + tall), apart(y)
    level = (np.abs(base) < 0.35) | (np.abs(top) < 0.35)
    row = (np.abs(across) < 0.45) & (np.abs(along) < 7) & level
    enough = row.sum(1) >= 3
    if not enough.any():
        return
    chosen, own, row = chosen[enough], own[enough], row[enough]
    along, across, base, top = along[enough], across[enough], base[enough], top[enough]
    count = row.sum(1)

    def spread(of: Floats) -> tuple[Floats, Floats]:
        of = np.broadcast_to(of, row.shape)
        mean = (of * row).sum(1) / count
        return mean, np.sqrt(np.maximum(((of - mean[:, None]) ** 2 * row).sum(1) / count, 0))

    around = ((np.abs(across) > 0.8) & (np.abs(across) < 3) & (np.abs(along) < 4)).sum(1)
    on_base, on_top = (row & (np.abs(base) < 0.12)).sum(1), (row & (np.abs(top) < 0.12)).sum(1)
    extent = np.where(row, along, -9).max(1) - np.where(row, along, 9).min(1)
    inked = (wide[None] / own * row).sum(1) / np.maximum(extent, 0.5)
    beside = (row & (np.abs(along) < 1.6)).sum(1)
    mean_contrast, uneven = spread(contrast[None])
    measures = [
        count,
        around,
        around / count,
        spread(base)[1],
        spread(top)[1],
        *spread(tall[None] / own),
        *spread(wide[None] / own),
        *spread((ink / (wide * tall))[None]),
        on_base,
        on_base / count,
        on_top / count,
        inked,
        extent,
        beside,
        np.full(len(chosen), len(group)),
        own[:, 0],
        mean_contrast,
        uneven / mean_contrast,
    ]
    places = [(x + wide / 2)[chosen], (y + tall / 2)[chosen], tall[chosen]]
    yield np.column_stack(measures).astype(np.float32), np.column_stack(places).astype(np.float32)
