"""Pictures as a worker opens them to verify or show them: a file, or a frame of it, in colour and small."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np

from detector.pictures.decode import Picture, Pixels, decode
from detector.pictures.frames import frames_at
from detector.pictures.plain_files import plain_bytes, why_unread
from storage.errors import PictureError
from storage.formats import format_of
from storage.records import Failure


def small_rgb(path: Path, edge: int, at: float | None = None) -> Picture:
    """uint8 (H, W, 3) RGB with the long edge at most `edge` px; `at`: the frame that is shown at this second.

    Raises PictureError as `decode` and `frame_at` do, and "not_found", "not_readable" or "memory_limit".
    """
    return next(small_frames(path, edge, (at,)))


def small_frames(path: Path, edge: int, ats: Iterable[float | None]) -> Iterator[Picture]:
    """The same of several frames, one for each second asked for; quickest in order of time."""
    try:
        data = plain_bytes(path)
        moments = tuple(ats)
        if None in moments:
            whole = decode(data, format_of(data), long_edge=edge)
            yield Picture(_shrunk(whole.pixels, edge), whole.width, whole.height)
        for pixels in frames_at(data, format_of(data), [at for at in moments if at is not None]):
            height, width = pixels.shape[:2]
            yield Picture(_shrunk(pixels, edge), width, height)
    except OSError as error:
        failure = why_unread(error, path)
        raise PictureError(failure.message, kind=failure.kind) from error
    except MemoryError as error:
        raise PictureError("it does not fit into memory", kind="memory_limit") from error


def failure_of(error: PictureError, path: Path) -> Failure:
    """As it is recorded."""
    return Failure(error.kind, printable(str(error)), str(path))


def printable(words: str) -> str:
    """In one line, without control characters, not endless: a decoder quotes what a stranger wrote."""
    return "".join(letter if letter.isprintable() else " " for letter in words)[:300]


def _shrunk(pixels: Pixels, edge: int) -> Pixels:
    height, width = pixels.shape[:2]
    if max(height, width) <= edge:
        return pixels
    share = edge / max(height, width)
    size = (max(1, round(width * share)), max(1, round(height * share)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
