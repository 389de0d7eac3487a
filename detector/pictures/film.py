"""A video file, one picture after the other. The only place that calls FFmpeg, which comes with OpenCV (LGPL,
without x264); run it in a worker.

What a stranger put into a container must not reach anything else: the demuxer is named by the file's first
bytes and never guessed, so that no playlist passes for a video; no protocol is allowed, so that nothing in it
can open another file or the network; and the bytes come from memory.
"""

import math
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from types import TracebackType
from typing import Any, Self, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.pictures.containers import cut_off, encrypted, without_pictures
from detector.processes.patience import Patience
from storage.errors import PictureError

os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # AV_LOG_QUIET: what matters is raised, by name
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)

Pixels = NDArray[np.uint8]

DEMUXERS = {  # what format_of says → FFmpeg's demuxer; all others stay shut
    "mp4": "mov",
    "mov": "mov",
    "webm": "matroska",
    "mkv": "matroska",
    "avi": "avi",
    "flv": "flv",
    "ogg": "ogg",
    "mpeg": "mpeg",
}
SEQUENCE_HEADER = b"\x00\x00\x01\xb3"  # ISO/IEC 13818-2, 6.2.2: MPEG video without a container
# Which frames the decoder leaves out, as `avdiscard` calls them. Without B frames a 1080p film costs a third
# (docs/benchmarks/video.md), and every other frame stays as it is. Where that leaves a gap (HEVC writes all
# but its key frames as B), the next word is tried, and at last everything is decoded.
THRIFT = ("bidir", "nonref", "default")
STAMPED = frozenset({"mov", "matroska"})  # demuxers that know every frame's time, however many are left out
GAP_SECONDS = 1.0
AHEAD_SECONDS = 4.0  # decoding on so far costs as much as seeking, which starts from a key frame
INSTANT = 0.001  # seconds: times are kept in thousandths
PIXEL_LIMIT = 8192 * 4352  # the largest picture of H.264's level 6.2 (ITU-T H.264, table A-1: 139,264 blocks)
REACHED = 0.9  # of the seconds that the container tells: sound may last longer than pictures do
ONE_THREAD = [cv2.CAP_PROP_N_THREADS, 1]  # many workers, few cores
TRIES = 64  # frames in a row that may fail to decode before the rest is given up
FRAMES_A_SECOND = 25.0  # where the file says nothing believable

_opening = threading.Lock()  # OpenCV takes FFmpeg's options from the environment, which is everybody's


class Film:
    """One video, opened: a context manager. `seconds` is its length as the container says, 0.0 where it does
    not; where `patience` is over, decoding stops wherever it is.

    Raises PictureError: "empty", "not_a_video", "encrypted", "no_frames", "truncated", "broken_video",
    "no_reader_yet" (a codec without a decoder: AV1), "too_many_pixels".
    """

    def __init__(self, data: bytes, format_name: str, patience: Patience | None = None) -> None:
        if not data:
            raise PictureError("the file is empty", kind="empty")
        if format_name not in DEMUXERS:
            raise PictureError(f"not a video: {format_name or 'unknown first bytes'}", kind="not_a_video")
        if encrypted(data, format_name):
            raise PictureError("the video is encrypted", kind="encrypted")
        self._data, self._format = data, format_name
        self._demuxer = "mpegvideo" if data.startswith(SEQUENCE_HEADER) else DEMUXERS[format_name]
        self._thrifts = THRIFT if self._demuxer in STAMPED else THRIFT[-1:]
        self._patience = patience
        self._stream = BytesIO(data)  # ours to the last: OpenCV lets go of it without Python's lock, and
        # would crash where it was the only one to hold it
        self._seen: Pixels | None = None
        self._seen_before: Pixels | None = None
        self._walk: Iterator[float] = iter(())
        self._at = math.inf  # where the walk is
        self._fresh = self._thrifts[0]
        self._capture = self._opened(self._fresh)
        width, height = self._whole(cv2.CAP_PROP_FRAME_WIDTH), self._whole(cv2.CAP_PROP_FRAME_HEIGHT)
        if width * height > PIXEL_LIMIT:
            self.close()
            raise PictureError(
                f"{width} x {height} pixels; at most {PIXEL_LIMIT} are read", kind="too_many_pixels"
            )
        rate = self._number(cv2.CAP_PROP_FPS)
        self.step = 1 / (rate if 0 < rate <= 1000 else FRAMES_A_SECOND)
        self.seconds = max(0.0, self._number(cv2.CAP_PROP_FRAME_COUNT)) * self.step

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._capture.release()

    @property
    def last(self) -> float:
        """When its last frame should come, as the container says."""
        return self.seconds - self.step

    def reached(self, at: float) -> bool:
        """A film whose last frame came now has been decoded whole, as far as the container lets one say."""
        return at >= REACHED * self.last - GAP_SECONDS

    @property
    def late(self) -> bool:
        return self._patience is not None and self._patience.over

    @property
    def key(self) -> bool:
        """The frame of the moment stands alone: every encoder begins a scene so."""
        return self._whole(cv2.CAP_PROP_FRAME_TYPE) == ord("I")

    @property
    def seen(self) -> Pixels:
        """What `pixels` gave last."""
        return self._kept(self._seen)

    @property
    def seen_before(self) -> Pixels:
        """What it gave the time before."""
        return self._kept(self._seen_before)

    def _kept(self, pixels: Pixels | None) -> Pixels:
        if pixels is None:
            raise self._nothing()
        return pixels

    def moments(self) -> Iterator[float]:
        """The times (seconds from the start, increasing) of the frames that are decoded: not of all, but with
        no second left out that could be read. Ends where the film does, or where nothing decodes any more.

        Raises PictureError "no_frames" and so on where not one came.
        """
        seen = -1.0
        for thrift in self._thrifts:
            self._reopen(thrift)
            for at in self._grabbed():
                if at <= seen:
                    continue
                if 0 <= seen < at - GAP_SECONDS and thrift != self._thrifts[-1]:
                    break
                seen = at
                yield at
            else:
                if self.late or (seen >= 0 and self.reached(seen)):
                    return
        if seen < 0:
            raise self._nothing()

    def every_moment(self) -> Iterator[float]:
        """The same of all frames."""
        self._reopen(THRIFT[-1])
        yield from self._grabbed()

    def pixels(self) -> Pixels:
        """The frame of the moment, uint8 (H, W, 3) BGR, turned as the file says; overwritten by the
        next call but one. Raises PictureError "broken_video"."""
        try:
            got, pixels = self._capture.retrieve(self._seen_before)
        except cv2.error as error:
            raise PictureError(f"a frame cannot be shown: {error.err}", kind="broken_video") from error
        if not got or pixels is None or pixels.ndim != 3 or not pixels.size:
            raise PictureError("a frame cannot be shown", kind="broken_video")
        self._seen_before, self._seen = self._seen, np.asarray(pixels, np.uint8)
        return self._seen

    def pixels_at(self, at: float) -> Pixels:
        """The frame that is shown at this second, or the last one before. Raises PictureError "no_frames"
        where the film ended more than a second earlier. Quickest where one time follows the other."""
        if not self._at + INSTANT < at <= self._at + AHEAD_SECONDS:
            self._walk, self._seen = self._from_near(at), None
        for moment in self._walk:
            self._at = moment
            if moment >= at - GAP_SECONDS:
                found = self.pixels()
            if moment >= at - INSTANT:
                return found
        if self._seen is None:
            raise PictureError(f"there is no frame at {at:g} s", kind="no_frames")
        return self._seen

    def _from_near(self, at: float) -> Iterator[float]:
        """Moments from shortly before `at` on; from the start where the file cannot be sought in."""
        self._reopen(THRIFT[-1])
        if self._demuxer in STAMPED and at > 2 * GAP_SECONDS:
            self._capture.set(cv2.CAP_PROP_POS_MSEC, (at - GAP_SECONDS) * 1000)
            moments = self._grabbed()
            first = next(moments, math.inf)
            if 0 < first <= at:
                yield first
                yield from moments
                return
        yield from self.every_moment()

    def _grabbed(self) -> Iterator[float]:
        """Decode frame by frame. Where the file tells no times, or runs backwards, frames count."""
        self._fresh = ""
        at, missed = -self.step, 0
        while missed < TRIES and not self.late:
            if not self._capture.grab():
                missed += 1
                continue
            missed = 0
            told = self._number(cv2.CAP_PROP_POS_MSEC) / 1000
            at = told if told > at else at + self.step
            yield at

    def _reopen(self, thrift: str) -> None:
        if self._fresh != thrift:
            self._capture.release()
            self._capture = self._opened(thrift)

    def _opened(self, thrift: str) -> Any:
        settings = {
            "input_format": self._demuxer,
            "format_whitelist": self._demuxer,
            "protocol_whitelist": "none",
            "avdiscard": thrift,
        }
        self._stream.seek(0)
        with _options("|".join(f"{name};{value}" for name, value in settings.items())):
            try:
                # OpenCV takes any stream; its stubs know only its own class.
                capture = cv2.VideoCapture(self._stream, cv2.CAP_FFMPEG, ONE_THREAD)  # type: ignore[call-overload]
            except cv2.error as error:
                raise self._unopened() from error
        if not capture.isOpened():
            raise self._unopened()
        return cast(cv2.VideoCapture, capture)

    def _unopened(self) -> PictureError:
        if cut_off(self._data, self._format):
            return PictureError("it ends before its first frame", kind="truncated")
        if without_pictures(self._data, self._format):
            return PictureError("there are no pictures in it", kind="no_frames")
        return PictureError(
            "it cannot be opened as a video: broken, or of an unknown codec", kind="broken_video"
        )

    def _nothing(self) -> PictureError:
        """Why it opened, and gave not one frame."""
        codec = self._whole(cv2.CAP_PROP_FOURCC).to_bytes(4, "little", signed=True)
        if codec.lower() == b"av01":
            return PictureError("no decoder for AV1 is installed", kind="no_reader_yet")
        if cut_off(self._data, self._format):
            return PictureError("it ends before its first frame", kind="truncated")
        if self.seconds > 0:
            return PictureError("none of its frames can be decoded", kind="broken_video")
        return PictureError("there is no frame in it", kind="no_frames")

    def _number(self, what: int) -> float:
        found = float(self._capture.get(what))
        return found if math.isfinite(found) else 0.0

    def _whole(self, what: int) -> int:
        return int(self._number(what))


@contextmanager
def _options(words: str) -> Iterator[None]:
    name = "OPENCV_FFMPEG_CAPTURE_OPTIONS"
    with _opening:
        before = os.environ.get(name)
        os.environ[name] = words
        try:
            yield
        finally:
            if before is None:
                del os.environ[name]
            else:
                os.environ[name] = before
