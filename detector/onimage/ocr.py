"""The OCR library, kept in its place: one engine a process, made when it is first needed, on one thread.

Its models are files of its wheel and are named by path, so that it never asks the network for one. It writes
no file and logs nothing: a worker may do neither. Measured: 95 MB and 1 to 3 s to load; while it reads,
up to 620 MB for a picture of 1080 x 1440 px, which is the most it is given.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import repeat
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.onimage.look import Pixels
from storage.records import Box

VERSION = "rapidocr-3.10/PP-OCRv6-small"  # another model reads something else

MOST_PIXELS = 1080 * 1440  # in one go: memory grows by about 330 MB a megapixel, and a worker has 1 GiB

_MODELS: Final = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text. `text` is "" where letters were seen and none was recognised. `box` encloses it,
    `height` is the px across the line with a margin of about a fifth of the letters; `confidence`, 0 to 1, is
    the mean over its letters."""

    text: str
    box: Box
    height: float
    confidence: float


def lines(pixels: Pixels) -> tuple[Line, ...]:
    """Every line of text that is found, from top to bottom, however unsure. Letters below about 10 px are not
    found: enlarge the picture."""
    share = min(1.0, (MOST_PIXELS / (pixels.shape[0] * pixels.shape[1])) ** 0.5)
    small = _resized(pixels, share) if share < 1 else pixels
    height, width = small.shape[:2]
    found, _, read, _ = _engine().run_ocr_steps(_bgr(small), {})
    if found.boxes is None:
        return ()
    texts = repeat("") if read.txts is None else read.txts
    scores = repeat(0.0) if read.txts is None else read.scores
    return tuple(
        _line(str(text), np.asarray(corners, np.float64), float(score), (width, height), share)
        for corners, text, score in zip(found.boxes, texts, scores, strict=False)
    )


def letters_in(pixels: Pixels) -> str:
    """What one small crop says, taken as a single line; "" when there are no letters."""
    read = _engine().recognize_txt([_bgr(pixels)])
    return "" if read.txts is None else " ".join(read.txts).strip()


def _line(text: str, corners: NDArray[np.float64], score: float, size: tuple[int, int], share: float) -> Line:
    left, top = corners.min(axis=0) / size
    right, bottom = corners.max(axis=0) / size
    sides = np.linalg.norm(corners - np.roll(corners, -1, axis=0), axis=1)
    across = min(sides[0::2].mean(), sides[1::2].mean()) / share
    return Line(text.strip(), Box(left, top, right - left, bottom - top), float(across), score)


def _resized(pixels: Pixels, share: float) -> Pixels:
    height, width = pixels.shape[:2]
    size = (max(1, round(width * share)), max(1, round(height * share)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


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
            "Det.limit_type": "max",  # found at the size that it is given
            "Det.limit_side_len": MOST_PIXELS,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            **{f"{part}.model_path": str(folder / name) for part, name in _MODELS.items()},
        }
    )
