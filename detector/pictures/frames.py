"""Which frames of a video or an animation are looked at: the first, those at which the scene changes, and one
a second, less those which nearly equal the one kept before. Each is then fingerprinted like a picture.

Of a scene that stands, the last look is kept too, so that a match's span ends where the scene does: after two
seconds, the film's last scene after one (detector/matching/conclusion.py knows of the others).
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from detector.pictures.animation import ANIMATED, stills
from detector.pictures.containers import cut_off
from detector.pictures.decode import VIDEOS, Pixels, SmallPicture, opened, rgb, small_picture
from detector.pictures.film import GAP_SECONDS, Film
from detector.processes.patience import Patience
from storage.errors import PictureError

MOST_FRAMES = 300  # kept of a file: five minutes of a film that never rests, 1.2 MB of fingerprints
LOOK_SECONDS = 0.2  # between two looks, less a frame's length
KEY_SECONDS = 0.1  # key frames are looked at sooner: encoders set them where the scene changes …
KEYS_APART = 0.3  # seconds … unless they set them all the time
KEEP_SECONDS = 1.0  # issue 3: at least one a second
REST_SECONDS = 2.0  # a scene that stands so long ends with a frame of its own
# The next three were chosen on the films of benchmarks/matching/reels.py (docs/benchmarks/video.md).
NEAR = 2.0  # grey levels, mean over the thumbnail: less than that apart is the same picture
SCENE = 20.0  # grey levels from one look to the next: more, and suddenly, is another scene
SUDDEN = 3.0  # times the lesser of the two changes before: what moves quickly changes much at every look
UNLIKE = 38.0  # grey levels: of two photographs that have nothing in common 99 in 100 are further apart
# (clothing-dataset, clothing-co-parsing), so quick cuts in a row are scenes each
THUMBNAIL = 16  # px
STRIDE = 64  # px of the short side that are looked at for it
SLACK = 0.02  # seconds: a frame's time is no multiple of ours

Thumbnail = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Frame:
    """`at` in seconds from the start, and the frame as `decode_small` gives a picture."""

    at: float
    picture: SmallPicture


def moves(format_name: str) -> bool:
    """Files of this format have frames, or may have."""
    return format_name in VIDEOS or format_name in ANIMATED


def frames(data: bytes, format_name: str) -> Iterator[Frame]:
    """The frames to fingerprint, in order. None of a still picture; an animation's first (`at` 0.0) is what
    `decode` gives of it.

    Raises PictureError, after the last frame that could be had: "video_cut" (too many frames, or too long
    a decode: the rest was not looked at), "truncated", "broken_video", or what `Film` and `decode` raise.
    """
    if format_name in VIDEOS:
        yield from _of_film(data, format_name)
    else:
        yield from _of_animation(data, format_name)


def frame_at(data: bytes, format_name: str, at: float) -> Pixels:
    """The frame that is shown at this second, uint8 (H, W, 3) RGB of full size. Raises PictureError as
    `frames` does, and "no_frames" where the film ended before."""
    return next(frames_at(data, format_name, (at,)))


def frames_at(data: bytes, format_name: str, ats: Iterable[float]) -> Iterator[Pixels]:
    """Several, one for each second asked for; give them in order, since a film is decoded forwards."""
    if format_name in VIDEOS:
        with Film(data, format_name) as film:
            for at in ats:
                yield film.pixels_at(at)[..., ::-1].copy()
    else:
        for at in ats:
            yield _still_at(data, format_name, at)


def _still_at(data: bytes, format_name: str, at: float) -> Pixels:
    with opened(data, format_name) as (image, _):
        for still in stills(image):
            if still.until > at + SLACK / 10:
                break
        return rgb(image)


class Choice:
    """Looks at thumbnails in the order of time and says which frames to keep."""

    def __init__(self) -> None:
        self.number = 0  # of frames kept
        self.kept_at = self.looked_at = -math.inf
        self._kept: Thumbnail | None = None
        self._looked: Thumbnail | None = None
        self._changes = (0.0, 0.0)  # at the last two looks
        self._key_at = -math.inf
        self.rested: float | None = None  # when the look before was the last at a scene that stood

    def due(self, at: float, *, key: bool) -> bool:
        """Whether it is time for a look."""
        return at - self.looked_at >= (KEY_SECONDS if key else LOOK_SECONDS) - SLACK

    def keeps(self, at: float, thumbnail: Thumbnail, *, key: bool = False) -> bool:
        """A look: keep the frame or not."""
        apart, change = _apart(thumbnail, self._kept), _apart(thumbnail, self._looked)
        told = key and at - self._key_at >= KEYS_APART
        sudden = told or change >= SUDDEN * min(self._changes)
        cut = (sudden and min(change, apart) >= SCENE) or min(change, apart) >= UNLIKE
        stood = self.looked_at if self.stands else None
        self._looked, self.looked_at = thumbnail, at
        self._changes = (self._changes[1], change if self.number else 0.0)
        self._key_at = at if key else self._key_at
        keep = cut or (apart >= NEAR and at - self.kept_at >= KEEP_SECONDS - LOOK_SECONDS / 2)
        self.rested = stood if keep else None
        if keep:
            self._kept, self.kept_at = thumbnail, at
            self.number += 1 if stood is None else 2
        return keep

    @property
    def stands(self) -> bool:
        """The last look was at what was kept a while before."""
        return self.looked_at - self.kept_at >= REST_SECONDS

    @property
    def full(self) -> bool:
        return self.number >= MOST_FRAMES


def thumbnail(pixels: Pixels) -> Thumbnail:
    """float32 (16, 16, 3) of uint8 (H, W, 3), from every n-th pixel: enough to tell scenes apart."""
    step = max(1, min(pixels.shape[:2]) // STRIDE)
    sparse = np.ascontiguousarray(pixels[::step, ::step])
    return np.asarray(cv2.resize(sparse, (THUMBNAIL, THUMBNAIL), interpolation=cv2.INTER_AREA), np.float32)


def _apart(one: Thumbnail, other: Thumbnail | None) -> float:
    return math.inf if other is None else float(np.abs(one - other).mean())


def _of_film(data: bytes, format_name: str) -> Iterator[Frame]:
    choice = Choice()
    at = 0.0
    with Film(data, format_name, Patience(len(data))) as film:
        for at in film.moments():
            if choice.due(at, key=film.key):
                pixels = film.pixels()
                if choice.keeps(at, thumbnail(pixels), key=film.key):
                    if choice.rested is not None:
                        yield _frame(choice.rested, film.seen_before)
                    yield _frame(at, pixels)
                    if choice.full:
                        break
        if film.late or choice.full:
            rest = f" of {film.seconds:.0f} s" if film.seconds > at else ""
            raise PictureError(f"only as far as {at:.1f} s{rest}", kind="video_cut")
        if choice.looked_at - choice.kept_at >= KEEP_SECONDS:  # no frame after it says until when it stood
            yield _frame(choice.looked_at, film.seen)
        _say_where_it_broke(film, at, cut=cut_off(data, format_name))


def _frame(at: float, pixels: Pixels) -> Frame:
    return Frame(round(at, 3), small_picture(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)))


def _say_where_it_broke(film: Film, at: float, *, cut: bool) -> None:
    words = f"only as far as {at:.1f} s of {film.seconds:.1f} s"
    if cut and at < film.last - GAP_SECONDS:
        raise PictureError(f"{words}, where the file is cut off", kind="truncated")
    if not film.reached(at):
        raise PictureError(f"{words}: nothing decodes after that", kind="broken_video")


def _of_animation(data: bytes, format_name: str) -> Iterator[Frame]:
    """Read whole before the first is handed on: Pillow's file is not left open meanwhile."""
    kept: list[Frame] = []
    failure: PictureError | None = None
    try:
        _read_animation(data, format_name, kept)
    except PictureError as error:
        failure = error
    yield from kept
    if failure:
        raise failure


def _read_animation(data: bytes, format_name: str, kept: list[Frame]) -> None:
    """Every picture is looked at, and one that stands twice: the second look says that nothing moves."""
    choice = Choice()
    patience = Patience(len(data))
    begun = 0.0  # when the scene of the moment came,
    last: tuple[float, Pixels] | None = None  # and the end of its last look
    with opened(data, format_name) as (image, _):
        for still in stills(image):
            pixels = rgb(image)
            look = thumbnail(pixels)
            if choice.keeps(still.at, look):
                kept += _rested(begun, last)
                kept.append(_still(still.at, pixels))
                begun = still.at
            last = still.until - SLACK, pixels
            if still.until - still.at >= LOOK_SECONDS - SLACK:
                choice.keeps(still.at, look)
            if len(kept) >= MOST_FRAMES or patience.over:
                raise PictureError(f"only as far as {still.at:.1f} s", kind="video_cut")
    kept += _rested(begun, last)


def _rested(begun: float, last: tuple[float, Pixels] | None) -> Iterator[Frame]:
    """A scene that stood ends with a frame of its own."""
    if last is not None and last[0] - begun >= REST_SECONDS - SLACK:
        yield _still(*last)


def _still(at: float, pixels: Pixels) -> Frame:
    return Frame(round(at, 3), small_picture(np.asarray(Image.fromarray(pixels).convert("L"))))
