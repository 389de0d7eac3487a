"""How far a label on the picture can be seen: its height, its contrast, its place. One measure for text and
for marks.

The floor is what nobody can read, not what a law asks for. GB 45438-2025 asks for letters of 5 % of the
shortest side: `of_short_side` lets a rule say so, and it makes no label weak by itself.
"""

from collections.abc import Mapping, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.onimage.look import Pixels, Plane, planes
from storage.records import Box

FAINTEST = 15.0  # grey levels: below, OCR reads 2 % of labels (docs/benchmarks/labels.md)
# Of the picture's width. On a telephone (68 mm wide, held at 40 cm) that is 5 minutes of arc: the smallest
# letters that an eye of normal sight reads (acuity 1.0, ISO 8596). At 1080 px it is 9 px, where OCR ends too.
SMALLEST = 0.0085
_STROKE = 0.4  # of the letters' height: a stroke is narrower, in a bold face too
_SAMPLED = 48.0  # px that the letters are measured at, when they are larger

Prominence = Mapping[str, str | int | float]


def prominence(
    pixels: Pixels,
    box: Box,
    *,
    height: float | None = None,
    contrast: float | None = None,
    colour: float | None = None,
) -> Prominence:
    """What a Reading says of a label in `box`. `height`: px of its letters, where the box has a margin;
    `contrast`, grey levels, and `colour`, levels of red or blue against the light, where the caller measured
    them on the label's own strokes. `colour` is told where a label is as light as its ground: red on green is
    not faint."""
    tall, wide = pixels.shape[:2]
    across = box.h * tall if height is None else height
    levels = contrast_in(pixels, box, across) if contrast is None else contrast
    seen: dict[str, str | int | float] = {
        "height": round(across / tall, 4),
        "of_short_side": round(across / min(tall, wide), 4),
        "contrast": round(levels, 1),
        "position": position(box),
    }
    if levels < FAINTEST:
        coloured = colour_in(pixels, box, across) if colour is None else colour
        if coloured >= FAINTEST:
            seen["colour"] = round(coloured, 1)
            levels = coloured
    return {**seen, "below_floor": int(across < SMALLEST * wide or levels < FAINTEST)}


def position(box: Box) -> str:
    """Where its middle lies, in thirds: "bottom left", "top", "middle"."""
    rows, columns = ("top", "", "bottom"), ("left", "", "right")
    row = rows[min(2, max(0, int((box.y + box.h / 2) * 3)))]
    column = columns[min(2, max(0, int((box.x + box.w / 2) * 3)))]
    return f"{row} {column}".strip() or "middle"


def contrast_in(pixels: Pixels, box: Box, letters: float) -> float:
    """Grey levels between strokes and what lies around them, 0 to 255. `letters`: their height in px."""
    return _contrast(planes(_cut(pixels, box))[:1], letters)


def colour_in(pixels: Pixels, box: Box, letters: float) -> float:
    """The same in the colours: levels of red or of blue against the light, whichever is more."""
    return _contrast(planes(_cut(pixels, box))[1:], letters)


def _contrast(seen: Sequence[Plane], letters: float) -> float:
    return max((_in_plane(one, letters) for one in seen), default=0.0)


def _in_plane(grey: Plane, letters: float) -> float:
    if min(grey.shape) < 3:
        return 0.0
    share = min(1.0, _SAMPLED / max(1.0, letters))
    if share < 1:
        size = (max(3, round(grey.shape[1] * share)), max(3, round(grey.shape[0] * share)))
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
    side = max(3, round(letters * share * _STROKE) | 1)
    element = cv2.getStructuringElement(cv2.MORPH_RECT, (side, side))
    light, dark = (
        np.asarray(cv2.morphologyEx(grey, kind, element, borderType=cv2.BORDER_REPLICATE), np.float64)
        for kind in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT)
    )
    return max(_of_strokes(light), _of_strokes(dark))


def _of_strokes(response: NDArray[np.float64]) -> float:
    """The strokes' middle: a tenth of a line is ink, so its strongest tenth is looked at."""
    return float(np.median(response[response >= np.percentile(response, 90)]))


def _cut(pixels: Pixels, box: Box) -> Pixels:
    tall, wide = pixels.shape[:2]
    top, bottom = (min(tall, max(0, round(share * tall))) for share in (box.y, box.y + box.h))
    left, right = (min(wide, max(0, round(share * wide))) for share in (box.x, box.x + box.w))
    return pixels[top:bottom, left:right]
