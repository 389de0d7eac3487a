"""The OCR library, kept in its place: one engine a process, made when it is first needed, on one thread.

Its models are files of its wheel and are named by path, so that it never asks the network for one. It writes
no file and logs nothing: a worker may do neither. Measured: 95 MB and 1 to 3 s to load; while it looks for
lines, about 330 MB a megapixel.

Finding lines costs in proportion to the pixels and needs few (letters of 8 px do), recognising them is cheap
and needs all there are: so they are looked for on a smaller picture, and read from the picture itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.onimage.look import Pixels
from storage.records import Box

VERSION = "rapidocr-3.10/PP-OCRv6-small/2"  # another model reads something else

MOST_PIXELS = 1080 * 1440  # that lines are looked for on in one go: a worker has 1 GiB
UPRIGHT = 0.85  # confidence: of nine lines of Hangul that were turned the surest was read with 0.78
BATCH = 6  # lines that are recognised together, as the library does

_MODELS: Final = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
}

Corners = NDArray[np.float32]  # (4, 2) px, clockwise from the top left


@dataclass(frozen=True, slots=True)
class Place:
    """Where something looks like a line of letters; `sure`, 0 to 1, is how much. `height` (px) is across the
    line, with a margin of about a fifth of the letters on either side."""

    corners: Corners
    box: Box
    height: float
    sure: float


@dataclass(frozen=True, slots=True)
class Line:
    """What was recognised there: `text` is "" where nothing was; `confidence`, 0 to 1, is the mean over its
    letters."""

    text: str
    place: Place
    confidence: float


def lines(pixels: Pixels) -> tuple[Line, ...]:
    """Every line of text, from top to bottom, however unsure."""
    return recognised(pixels, places(pixels))


def places(pixels: Pixels, edge: int = 0, rows: tuple[int, int] | None = None) -> tuple[Place, ...]:
    """Where lines are, from top to bottom; `rows`: between these alone. They are looked for on the picture
    brought to a long edge of `edge` px (0: as it is), at most enlarged twice, and never on more than
    MOST_PIXELS."""
    first, last = rows or (0, pixels.shape[0])
    part = pixels[first:last]
    tall, wide = part.shape[:2]
    share = min(edge / max(tall, wide) if edge else 1.0, 2.0, (MOST_PIXELS / (tall * wide)) ** 0.5)
    found, _, _, _ = _engine().run_ocr_steps(_bgr(_resized(part, share)), {})
    if found.boxes is None:
        return ()
    return tuple(
        _place(np.asarray(corners, np.float32) / share + (0, first), float(score), pixels)
        for corners, score in zip(found.boxes, found.scores, strict=True)
    )


def recognised(
    pixels: Pixels, found: Sequence[Place], go_on: Callable[[], bool] = lambda: True
) -> tuple[Line, ...]:
    """The lines in these places, in the same order; fewer, when `go_on` says so between two batches."""
    engine, read = _engine(), []
    for start in range(0, len(found), BATCH):
        if not go_on():
            break
        batch = found[start : start + BATCH]
        crops = engine.crop_text_regions(_bgr(pixels), [place.corners for place in batch])
        read += [
            Line(text, place, sure) for place, (text, sure) in zip(batch, _said(engine, crops), strict=True)
        ]
    return tuple(read)


def _said(engine: Any, crops: Sequence[Pixels]) -> list[tuple[str, float]]:
    """Text and confidence of each. The library turns what it takes to stand on its head, and Hangul with it:
    "AI" becomes "IV". What is then not read for sure is read as it stands."""
    turned, _ = engine.cls_and_rotate(list(crops))
    said = _recognised(engine, turned)
    unsure = [
        at
        for at, (crop, other) in enumerate(zip(crops, turned, strict=True))
        if said[at][1] < UPRIGHT and not np.array_equal(crop, other)
    ]
    if unsure:
        straight = _recognised(engine, [crops[at] for at in unsure])
        for at, one in zip(unsure, straight, strict=True):
            said[at] = one if one[0] else said[at]
    return said


def _recognised(engine: Any, crops: Sequence[Pixels]) -> list[tuple[str, float]]:
    found = engine.recognize_txt(list(crops))
    return [(str(text).strip(), float(score)) for text, score in zip(found.txts, found.scores, strict=True)]


def letters_in(pixels: Pixels) -> str:
    """What one small crop says, taken as a single line; "" when there are no letters."""
    read = _engine().recognize_txt([_bgr(pixels)])
    return "" if read.txts is None else " ".join(read.txts).strip()


def _place(corners: Corners, sure: float, pixels: Pixels) -> Place:
    tall, wide = pixels.shape[:2]
    left, top = np.clip(corners.min(axis=0) / (wide, tall), 0, 1)
    right, bottom = np.clip(corners.max(axis=0) / (wide, tall), 0, 1)
    sides = np.linalg.norm(corners - np.roll(corners, -1, axis=0), axis=1)
    across = float(min(sides[0::2].mean(), sides[1::2].mean()))
    box = Box(float(left), float(top), float(right - left), float(bottom - top))
    return Place(corners.astype(np.float32), box, across, sure)


def _resized(pixels: Pixels, share: float) -> Pixels:
    if share == 1:
        return pixels
    tall, wide = pixels.shape[:2]
    size = (max(1, round(wide * share)), max(1, round(tall * share)))
    how = cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, size, interpolation=how), np.uint8)


def _bgr(pixels: Pixels) -> Pixels:
    """As the models learned it."""
    return np.ascontiguousarray(pixels[:, :, ::-1])


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR  # noqa: PLC0415  memory and seconds that most processes never need

    folder = files("rapidocr") / "models"
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_vertical_padding": False,
            "Global.use_cls": False,  # asked for apart: lines are found small and read large
            "Global.use_rec": False,
            "Det.limit_type": "max",
            "Det.limit_side_len": MOST_PIXELS,  # brought to size by us
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            **{f"{part}.model_path": str(folder / name) for part, name in _MODELS.items()},
        }
    )
