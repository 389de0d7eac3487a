"""Films for the video benchmark: photographs as shots that stand, pan or zoom, cut hard or dissolved, with
the grain of a camera, as H.264 in MP4 at the size and rate of a Reel.

Needs an `ffmpeg` that can write H.264; nothing but this benchmark does. OpenCV's own writer knows only MPEG-4
part 2, VP8 and VP9.
"""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
SIZE = (1080, 1920)  # px across and down
RATE = 30  # frames a second
DISSOLVE = 0.5  # seconds
MOVES = ("stands", "pans", "zooms")
GRAINS = 4  # different pictures of grain, in turn


@dataclass(frozen=True, slots=True)
class Style:
    """A kind of film: lengths of its shots in seconds, one in how many dissolves, grain (grey levels, sigma)
    and the bit rate."""

    name: str
    shots: tuple[float, float]
    dissolves: int
    grain: float
    kilobits: int


STYLES = (
    Style("Reel, 4 Mbit/s", (0.7, 5.0), 4, 1.5, 4000),
    Style("grainy, 6 Mbit/s", (2.0, 6.0), 6, 4.0, 6000),
    Style("quick cuts, 4 Mbit/s", (0.3, 1.2), 0, 1.5, 4000),
)


@dataclass(frozen=True, slots=True)
class Shot:
    """From `start` to `end` (seconds) this photograph is seen, and nothing else."""

    photo: Path
    start: float
    end: float


def can_write() -> bool:
    return shutil.which("ffmpeg") is not None


def planned(photos: Sequence[Path], style: Style, seconds: float, seed: int) -> tuple[Shot, ...]:
    """The shots of a film; between two of them there may be a dissolve that belongs to neither."""
    rng = np.random.default_rng(seed)
    shots: list[Shot] = []
    at = 0.0
    while at < seconds - style.shots[0]:
        end = round(min(seconds, at + rng.uniform(*style.shots)), 2)
        shots.append(Shot(photos[len(shots) % len(photos)], at, end))
        dissolved = style.dissolves and len(shots) % style.dissolves == 0
        at = round(end + (DISSOLVE if dissolved else 0), 2)
    return tuple(shots)


def write(path: Path, shots: Sequence[Shot], style: Style, seconds: float) -> None:
    """Raises subprocess.CalledProcessError."""
    command = [
        *("ffmpeg", "-loglevel", "error", "-y", "-f", "rawvideo", "-pix_fmt", "bgr24"),
        *("-s", f"{SIZE[0]}x{SIZE[1]}", "-r", str(RATE), "-i", "-", "-c:v", "libx264", "-preset", "veryfast"),
        *("-b:v", f"{style.kilobits}k", "-pix_fmt", "yuv420p", "-movflags", "+faststart", str(path)),
    ]
    grains = tuple(_grains(style.grain))
    with subprocess.Popen(command, stdin=subprocess.PIPE) as writer:
        if writer.stdin is None:
            raise OSError("ffmpeg takes no input")
        for number, frame in enumerate(_frames(shots, seconds)):
            writer.stdin.write(cv2.add(frame, grains[number % GRAINS], dtype=cv2.CV_8U).data)
        writer.stdin.close()
    if writer.returncode:
        raise subprocess.CalledProcessError(writer.returncode, command)


def transcoded(path: Path, codec: str, suffix: str, seconds: float) -> Path:
    """The first seconds of a film, in another codec."""
    other = path.with_name(f"{path.stem}-{codec}{suffix}")
    quick = {"libx265": ("-preset", "ultrafast"), "libvpx-vp9": ("-deadline", "realtime", "-cpu-used", "8")}
    subprocess.run(
        [
            *("ffmpeg", "-loglevel", "error", "-y", "-t", str(seconds), "-i", str(path), "-c:v", codec),
            *quick.get(codec, ()),
            *("-b:v", "3M", str(other)),
        ],
        check=True,
    )
    return other


def _frames(shots: Sequence[Shot], seconds: float) -> Iterator[Pixels]:
    before = after = None
    index = 0
    for number in range(round(seconds * RATE)):
        at = number / RATE
        while index + 1 < len(shots) and at >= shots[index + 1].start:
            index += 1
            before = after = None
        shot = shots[index]
        before = _opened(shot.photo) if before is None else before
        frame = _moved(before, index, (at - shot.start) / max(0.1, shot.end - shot.start))
        if at >= shot.end and index + 1 < len(shots):
            after = _opened(shots[index + 1].photo) if after is None else after
            share = (at - shot.end) / DISSOLVE
            frame = np.asarray(
                cv2.addWeighted(frame, 1 - share, _moved(after, index + 1, 0), share, 0), np.uint8
            )
        yield frame


def _opened(photo: Path) -> Pixels:
    """Large enough to fill the frame, and a fifth more to move in."""
    pixels = cv2.imread(str(photo))
    if pixels is None:
        raise SystemExit(f"{photo}: cannot be read")
    height, width = pixels.shape[:2]
    scale = 1.2 * max(SIZE[0] / width, SIZE[1] / height)
    return np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)


def _moved(pixels: Pixels, index: int, share: float) -> Pixels:
    height, width = pixels.shape[:2]
    spare = np.array([min(300, width - SIZE[0]), min(300, height - SIZE[1])])
    move = MOVES[index % len(MOVES)]
    scale, (left, top) = 1.0, spare / 2
    if move == "pans":
        left, top = spare * min(1.0, share)
    elif move == "zooms":
        scale = 1 + 0.2 * share
    matrix = np.array([[scale, 0, -left * scale], [0, scale, -top * scale]], np.float32)
    return np.asarray(cv2.warpAffine(pixels, matrix, SIZE), np.uint8)


def _grains(sigma: float) -> Iterator[NDArray[np.int16]]:
    rng = np.random.default_rng(1)
    for _ in range(GRAINS):
        noise = rng.normal(0, sigma, (SIZE[1], SIZE[0], 1)).clip(-4 * sigma, 4 * sigma)
        yield np.repeat(noise.astype(np.int16), 3, axis=2)
