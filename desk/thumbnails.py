"""Small pictures for reports: decoded in a worker process under limits, encoded anew here from its pixels."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from math import ceil
from pathlib import Path
from types import TracebackType
from typing import Self

from PIL import Image, ImageFilter

from detector.processes.jobs import ShowJob
from detector.processes.workers import SECONDS, Workers
from storage.records import Box

BLUR = 0.03  # of the longer side: a face that fills a fifth of the picture is no longer one
SIDE = 560  # px, the longer side: twice what the page shows, for dense screens
STOPPED = ("time_limit", "memory_limit", "worker_died")


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A JPEG; without one, `why` says why there is none."""

    jpeg: bytes = b""
    width: int = 0
    height: int = 0
    why: str = ""

    @property
    def uri(self) -> str:
        """As a data: URI; "" where there is none."""
        return f"data:image/jpeg;base64,{base64.b64encode(self.jpeg).decode()}" if self.jpeg else ""


class Thumbnails:
    """A context manager around one worker. `seconds` wall time a file."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._workers = Workers(processes=1, seconds=seconds)

    def __enter__(self) -> Self:
        self._workers.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._workers.__exit__(kind, error, trace)

    def of(self, path: Path, at: float | None = None, only: Sequence[Box] = ()) -> Thumbnail:
        """Of a picture, or of a video's frame at this second; blurred outside the boxes `only`, where there
        are any, since bystanders are nobody's business. Never raises for what is in the file."""
        if not path.is_file():
            return Thumbnail(why="the bytes are no longer there")
        (shown,) = self._workers.show([ShowJob(path, at, SIDE)])
        if shown.pixels is None:
            kind = shown.failure.kind if shown.failure else ""
            why = "within its limits" if kind in STOPPED else f"({kind.replace('_', ' ')})"
            return Thumbnail(why=f"the picture could not be decoded {why}")
        height, width = shown.pixels.shape[:2]
        out = BytesIO()
        _blurred(Image.fromarray(shown.pixels), only).save(out, "JPEG", quality=78, optimize=True)
        return Thumbnail(out.getvalue(), width, height)


def _blurred(picture: Image.Image, only: Sequence[Box]) -> Image.Image:
    if not only:
        return picture
    blurred = picture.filter(ImageFilter.GaussianBlur(max(picture.size) * BLUR))
    for box in only:
        left, top = int(box.x * picture.width), int(box.y * picture.height)
        right, bottom = ceil((box.x + box.w) * picture.width), ceil((box.y + box.h) * picture.height)
        corners = (max(0, left), max(0, top), min(picture.width, right), min(picture.height, bottom))
        if corners[0] < corners[2] and corners[1] < corners[3]:
            blurred.paste(picture.crop(corners), corners[:2])
    return blurred
