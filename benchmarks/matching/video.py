"""What a video costs, and how much of it is seen.

    python -m benchmarks.matching.video PHOTOS FILMS [--seconds 60]

PHOTOS is a folder of JPEGs; the films that are made of them (benchmarks/matching/reels.py) go to FILMS and
are used again the next time. CPU seconds of one core; every film is decoded whole in the same run, beside.
"""

import argparse
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from benchmarks.matching.reels import SIZE, STYLES, Shot, can_write, planned, transcoded, write
from detector.decode import SmallPicture
from detector.examine import examine
from detector.film import Film
from detector.fingerprints import picture_stages
from detector.frames import Frame, frame_at, frames
from detector.hashes import pdq
from storage.formats import format_of
from storage.records import Fingerprint

OTHERS = (("libx265", ".mp4"), ("libvpx-vp9", ".webm"))
OTHER_SECONDS = 10.0
SHOWN = 5  # frames taken out again, for the price of `frame_at`
TIME_ALLOWED = 0.1  # seconds: a shot of less than this that is left is no shot


@dataclass(frozen=True, slots=True)
class Measured:
    """CPU seconds: to decode every frame, to choose the frames, for all that is stored; `shown` of one
    `frame_at`."""

    name: str
    megabytes: float
    seconds: float
    whole: float
    chosen: float
    examined: float
    shown: float
    kept: int
    bytes_a_frame: float
    found: int
    shots: int
    moved: tuple[int, ...]  # bits of PDQ from a frame not kept to the one that stands for it


def timed(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def decoded_whole(data: bytes) -> None:
    """Every frame, none of them shown."""
    with Film(data, format_of(data)) as film:
        for _ in film.every_moment():
            pass


def measured(name: str, path: Path, shots: Sequence[Shot]) -> Measured:
    data = path.read_bytes()
    kind = format_of(data)
    whole = timed(lambda: decoded_whole(data))
    start = time.process_time()
    kept = list(frames(data, kind))
    chosen = time.process_time() - start
    start = time.process_time()
    looked = examine(data, picture_stages())
    examined = time.process_time() - start
    step = max(1, len(kept) // SHOWN)
    shown = [timed(lambda at=frame.at: frame_at(data, kind, at)) for frame in kept[::step]]  # type: ignore[misc]
    with Film(data, kind) as film:
        seconds = film.seconds
    seen = [shot for shot in shots if shot.end <= seconds + TIME_ALLOWED]
    return Measured(
        name=name,
        megabytes=len(data) / 1e6,
        seconds=seconds,
        whole=whole,
        chosen=chosen,
        examined=examined,
        shown=float(np.mean(shown)),
        kept=len(kept),
        bytes_a_frame=stored(looked.fingerprints) / max(1, len(kept)),
        found=sum(any(shot.start <= one.at < shot.end for one in kept) for shot in seen),
        shots=len(seen),
        moved=tuple(stands_for(data, kind, kept)),
    )


def stored(fingerprints: Sequence[Fingerprint]) -> int:
    return sum(len(one.bits) for one in fingerprints)


def stands_for(data: bytes, kind: str, kept: Sequence[Frame]) -> list[int]:
    """Twice a second: how far the frame shown is from the kept one that stands for it then."""
    far: list[int] = []
    with Film(data, kind) as film:
        due = 0.0
        for at in film.moments():
            if at < due:
                continue
            due = at + 0.5
            grey = np.asarray(cv2.cvtColor(film.pixels(), cv2.COLOR_BGR2GRAY), np.uint8)
            now = hashed(SmallPicture(grey, grey.shape[1], grey.shape[0], 1))
            before = [one for one in kept if one.at <= at + 0.001][-1]
            far.append(int(np.bitwise_count(now ^ hashed(before.picture)).sum()))
    return far


def hashed(picture: SmallPicture) -> "np.ndarray[tuple[int], np.dtype[np.uint8]]":
    found = pdq.quick_fingerprints(picture)
    return np.frombuffer(found[0].bits if found else bytes(32), np.uint8)


def report(rows: Sequence[Measured]) -> None:
    print(
        "| film | MB | s | every frame decoded | frames chosen | all that is stored | kept | B a frame "
        "| shots seen | one frame again |\n|---|---|---|---|---|---|---|---|---|---|"
    )
    for one in rows:
        shots = f"{one.found} of {one.shots}" if one.shots else "–"
        print(
            f"| {one.name} | {one.megabytes:.0f} | {one.seconds:.0f} | {one.whole:.2f} s "
            f"| {one.chosen:.2f} s | {one.examined:.2f} s | {one.kept} | {one.bytes_a_frame:.0f} "
            f"| {shots} | {one.shown:.2f} s |"
        )
    print("\nPDQ, bits from a frame to the kept one that stands for it, twice a second:")
    for one in rows:
        low, middle, high = np.percentile(one.moved, [50, 90, 100])
        print(f"{one.name}: median {low:.0f}, 90 % {middle:.0f}, most {high:.0f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nmemory at most: {peak:.0f} MiB, the film's own bytes included")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("photos", type=Path)
    parser.add_argument("films", type=Path)
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="of the first film; a third of the others"
    )
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    photos = sorted(asked.photos.glob("*.jpg"))
    rows = []
    for number, style in enumerate(STYLES):
        seconds = asked.seconds / (3 if number else 1)
        chosen = photos[number * 7 :: max(1, len(photos) // 200)]
        shots = planned(chosen, style, seconds, seed=number)
        path = asked.films / f"{style.name.partition(',')[0].replace(' ', '-')}-{seconds:g}s.mp4"
        if not path.exists():
            if not can_write():
                parser.error("no ffmpeg that could write the films")
            asked.films.mkdir(parents=True, exist_ok=True)
            write(path, shots, style, seconds)
        rows.append(measured(f"{style.name}, {SIZE[0]}×{SIZE[1]}, H.264", path, shots))
        for codec, suffix in OTHERS if number == 0 and can_write() else ():
            other = path.with_name(f"{path.stem}-{codec}{suffix}")
            if not other.exists():
                other = transcoded(path, codec, suffix, OTHER_SECONDS)
            rows.append(measured(f"its first seconds, {codec.removeprefix('lib')}", other, shots))
    report(rows)


if __name__ == "__main__":
    main()
