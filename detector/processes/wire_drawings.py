"""The mark that is drawn on a file, as one line of JSON from a worker process: checked field by field, like
all that comes from there (`wire`)."""

import base64
from dataclasses import asdict
from typing import Any

import numpy as np

from detector.onimage.drawn import HEIGHT, LONGEST, Drawing, Plane
from detector.processes.wire import checked, failure_or_none, line, text, whole
from storage.records import Failure


def drawing_line(drawing: Drawing | None, failure: Failure | None = None) -> bytes:
    if drawing is None:
        return line({"grey": None, "failure": None if failure is None else asdict(failure)})
    return line(
        {
            "grey": _packed(drawing.grey),
            "alpha": _packed(drawing.alpha),
            "shape": list(drawing.grey.shape),
            "see_through": drawing.see_through,
            "failure": None,
        }
    )


def read_drawing(words: bytes) -> tuple[Drawing | None, Failure | None]:
    """Raises ValueError for anything else."""
    return checked(words, "drawing", _drawing)


def _drawing(document: dict[str, Any]) -> tuple[Drawing | None, Failure | None]:
    if document["grey"] is None:
        failure = failure_or_none(document["failure"])
        return None, failure or Failure("worker_died", "it gave no drawing and no reason")
    high, wide = document["shape"]
    shape = whole(high, 1, HEIGHT), whole(wide, 1, HEIGHT * LONGEST)
    grey, alpha = (_plane(document[name], shape) for name in ("grey", "alpha"))
    return Drawing(grey, alpha, document["see_through"] is True), None


def _plane(packed: object, shape: tuple[int, int]) -> Plane:
    return np.frombuffer(base64.b64decode(text(packed), validate=True), np.uint8).reshape(shape)


def _packed(plane: Plane) -> str:
    return base64.b64encode(np.ascontiguousarray(plane).tobytes()).decode()
