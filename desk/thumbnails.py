"""Small pictures for reports: decoded in a worker process under limits, encoded anew here from its pixels."""

import base64
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Self

from PIL import Image

from detector.jobs import ShowJob
from detector.workers import SECONDS, Workers

SIDE = 560  # px, the longer side: twice what the page shows, for dense screens
STOPPED = ("time_limit", "memory_limit", "worker_died")


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """`uri` is a data: URI, or "" with the reason in `why`."""

    uri: str = ""
    width: int = 0
    height: int = 0
    why: str = ""


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

    def of(self, path: Path, at: float | None = None) -> Thumbnail:
        """Of a picture, or of a video's frame at this second. Never raises for what is in the file."""
        if not path.is_file():
            return Thumbnail(why="the bytes are no longer there")
        (shown,) = self._workers.show([ShowJob(path, at, SIDE)])
        if shown.pixels is None:
            kind = shown.failure.kind if shown.failure else ""
            why = "within its limits" if kind in STOPPED else f"({kind.replace('_', ' ')})"
            return Thumbnail(why=f"the picture could not be decoded {why}")
        height, width = shown.pixels.shape[:2]
        out = BytesIO()
        Image.fromarray(shown.pixels).save(out, "JPEG", quality=78, optimize=True)
        return Thumbnail(f"data:image/jpeg;base64,{base64.b64encode(out.getvalue()).decode()}", width, height)
