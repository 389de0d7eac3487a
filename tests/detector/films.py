"""Films that the tests make: drawings shown one after the other, in the containers that OpenCV can write."""

import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from tests.detector.drawings import Pixels, scene

RATE = 10  # frames a second
SIZE = (160, 120)  # px across and down
CODECS = {"mp4": "mp4v", "mov": "mp4v", "avi": "MJPG", "mkv": "MJPG", "webm": "VP80", "flv": "FLV1"}


@cache
def shots(*seconds: float, kind: str = "mp4", size: tuple[int, int] = SIZE) -> bytes:
    """A film in which a different scene is shown for each of these times, and stands."""
    pictures = [scene(*size, seed=number) for number in range(len(seconds))]
    frames = [each for each, time in zip(pictures, seconds, strict=True) for _ in range(round(time * RATE))]
    return film(frames, kind)


def film(frames: Sequence[Pixels], kind: str = "mp4", stamps: Sequence[float] = ()) -> bytes:
    """`stamps`: the second of each frame, where they do not come at an even rate."""
    height, width = frames[0].shape[:2] if frames else (SIZE[1], SIZE[0])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"film.{kind}"
        code = cv2.VideoWriter.fourcc(*CODECS[kind])
        writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, code, RATE, (width, height))
        assert writer.isOpened()
        for place, frame in enumerate(frames):
            if stamps:
                writer.set(cv2.VIDEOWRITER_PROP_PTS, round(stamps[place] * RATE))
            writer.write(np.ascontiguousarray(frame[..., ::-1]))
        writer.release()
        return path.read_bytes()


def boxes(data: bytes) -> dict[bytes, bytes]:
    """The outermost boxes of an MP4, whole."""
    found: dict[bytes, bytes] = {}
    place = 0
    while place < len(data):
        size = int.from_bytes(data[place : place + 4], "big")
        found[data[place + 4 : place + 8]] = data[place : place + size]
        place += size
    return found


def moov_first(data: bytes) -> bytes:
    """An MP4 as it is published: what describes it comes first, so that it plays while it loads."""
    parts = boxes(data)
    movie = bytearray(parts[b"moov"])
    at = movie.index(b"stco") + 8  # ISO/IEC 14496-12, 8.7.5: version, then how many offsets, then those
    for number in range(int.from_bytes(movie[at : at + 4], "big")):
        place = at + 4 + 4 * number
        offset = int.from_bytes(movie[place : place + 4], "big") + len(movie)
        movie[place : place + 4] = offset.to_bytes(4, "big")
    rest = [part for name, part in parts.items() if name not in (b"ftyp", b"moov")]
    return b"".join([parts[b"ftyp"], bytes(movie), *rest])


def turned(data: bytes) -> bytes:
    """An MP4 that says: show me turned by 90° clockwise, as telephones do."""
    matrix = np.array([0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000], ">u4").tobytes()
    quarter = np.array([0, 0x10000, 0, 0xFFFF0000, 0, 0, 0, 0, 0x40000000], ">u4").tobytes()
    place = data.index(matrix, data.index(b"tkhd"))
    return data[:place] + quarter + data[place + len(matrix) :]


def slowed(data: bytes, times: int) -> bytes:
    """An MP4 whose frames are each shown so many times as long (ISO/IEC 14496-12, 8.6.1.2 and 8.6.6)."""
    slow = bytearray(data)
    for name, place in ((b"stts", 16), (b"elst", 12)):  # of a sample; of all that is shown
        place += data.index(name)
        longer = int.from_bytes(data[place : place + 4], "big") * times
        slow[place : place + 4] = longer.to_bytes(4, "big")
    return bytes(slow)
