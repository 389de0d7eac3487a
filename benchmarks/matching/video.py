"""What a video costs, and how much of it is seen.

    python -m benchmarks.matching.video PHOTOS FILMS [--seconds 60]

PHOTOS is a folder of JPEGs; the films that are made of them (benchmarks/matching/reels.py) go to FILMS and
are used again the next time. CPU seconds of one core; every film is decoded whole in the same run, beside.
"""

import argparse
import hashlib
import math
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import cv2
import numpy as np

from benchmarks.matching.reels import SIZE, STYLES, Shot, can_write, planned, transcoded, write
from detector.examine import examine, reference_stage_versions
from detector.fingerprints import picture_stages
from detector.matching.search.bank import Bank
from detector.pictures.film import Film
from detector.pictures.frames import frame_at, frames
from detector.processes import patience
from detector.verification import PreparedReferences, verified
from storage.formats import format_of
from storage.records import Fingerprint, Match, MatchKind, ReferenceImage, ReferenceKind

DECOYS = 20  # registered photographs that the film does not show
SEEN = 0.5  # seconds: what is shown for less may be missed
SURE = (MatchKind.COPY, MatchKind.LIKELY_COPY)
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
    matched: "Matched"
    cut: str  # why not all of it was examined; "" where it was


@dataclass(frozen=True, slots=True)
class Matched:
    """The film beside the photographs of its shots, registered, and beside `DECOYS` others. `late`: seconds
    from the start of a shot to that of the match's span; `cpu` for candidates and verification."""

    shots: int
    copies: int
    found: int  # copies and likely copies
    wrong: int  # of a decoy
    late: tuple[float, ...]
    cpu: float
    candidates: int


def timed(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def decoded_whole(data: bytes) -> None:
    """Every frame, none of them shown."""
    with Film(data, format_of(data)) as film:
        for _ in film.every_moment():
            pass


def measured(name: str, path: Path, shots: Sequence[Shot], decoys: Sequence[Path]) -> Measured:
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
        matched=matched(path, looked.fingerprints, seen, decoys),
        cut=looked.failure.message if looked.failure else "",
    )


def stored(fingerprints: Sequence[Fingerprint]) -> int:
    return sum(len(one.bits) for one in fingerprints)


def matched(
    path: Path, fingerprints: Sequence[Fingerprint], shots: Sequence[Shot], decoys: Sequence[Path]
) -> Matched:
    registered = {hashlib.sha256(photo.read_bytes()).hexdigest(): photo for photo in decoys}
    registered |= {hashlib.sha256(shot.photo.read_bytes()).hexdigest(): shot.photo for shot in shots}
    bank = Bank(
        (
            ReferenceImage(photo.stem, sha256, ReferenceKind.DIGITAL_TWIN, basis="benchmark"),
            examine(photo.read_bytes(), reference_stage_versions().keys()).fingerprints,
        )
        for sha256, photo in registered.items()
    )
    start = time.process_time()
    candidates = bank.candidates(fingerprints)
    beside = dict.fromkeys((one.reference, registered[one.reference], one.at) for one in candidates)
    alignments, _ = verified(path, tuple(beside), PreparedReferences())
    matches = bank.conclude(candidates, alignments).matches
    cpu = time.process_time() - start
    by_photo = {registered[match.reference]: match for match in matches if match.kind in SURE}
    long = [shot for shot in shots if shot.end - shot.start >= SEEN]
    found = [(shot, by_photo[shot.photo]) for shot in long if shot.photo in by_photo]
    return Matched(
        shots=len(long),
        copies=sum(match.kind is MatchKind.COPY for _, match in found),
        found=len(found),
        wrong=sum(photo in decoys for photo in by_photo),
        late=tuple(late(shot, match) for shot, match in found),
        cpu=cpu,
        candidates=len(beside),
    )


def late(shot: Shot, match: Match) -> float:
    return (match.span or (0.0, 0.0))[0] - shot.start


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
    print(
        f"\nShots of {SEEN} s or more whose photograph is registered, beside {DECOYS} others:\n\n"
        "| film | copy | copy or likely | wrong | span begins late by, median / most | looked at closely "
        "| CPU for that |\n|---|---|---|---|---|---|---|"
    )
    for one in rows:
        found = one.matched
        middle, most = np.percentile(found.late or (0.0,), [50, 100])
        print(
            f"| {one.name} | {found.copies} of {found.shots} | {found.found} of {found.shots} "
            f"| {found.wrong} | {middle:.1f} / {most:.1f} s | {found.candidates} pairs | {found.cpu:.1f} s |"
        )
    for one in rows:
        if one.cut:
            print(f"\nnot all of “{one.name}” was examined: {one.cut}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nmemory at most: {peak:.0f} MiB, the film's own bytes included")


def films(photos: Sequence[Path], folder: Path, seconds: float) -> Iterator[tuple[str, Path, Sequence[Shot]]]:
    """What each is called, where it is, and its shots; made where it is not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, style in enumerate(STYLES):
        long = seconds / (3 if number else 1)
        shots = planned(photos[number * 7 :: max(1, len(photos) // 200)], style, long, seed=number)
        path = folder / f"{style.name.partition(',')[0].replace(' ', '-')}-{long:g}s.mp4"
        if not path.exists():
            write(path, shots, style, long)
        yield f"{style.name}, {SIZE[0]}×{SIZE[1]}, H.264", path, shots
        for codec, suffix in OTHERS if number == 0 else ():
            other = path.with_name(f"{path.stem}-{codec}{suffix}")
            if not other.exists():
                other = transcoded(path, codec, suffix, OTHER_SECONDS)
            yield f"its first seconds, {codec.removeprefix('lib')}", other, shots


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("photos", type=Path)
    parser.add_argument("films", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0, help="of the first; a third of the others")
    parser.add_argument("--only", type=int, help="so many films")
    asked = parser.parse_args()
    if not can_write():
        parser.error("no ffmpeg that could write the films")
    cv2.setNumThreads(1)
    patience.WALL = math.inf  # CPU time is measured, and others may be busy on this machine
    photos = sorted(asked.photos.glob("*.jpg"))
    rows = []
    for name, path, shots in islice(films(photos, asked.films, asked.seconds), asked.only):
        shown = {shot.photo for shot in shots}
        decoys = [photo for photo in photos[3::31] if photo not in shown][:DECOYS]
        rows.append(measured(name, path, shots, decoys))
        print(rows[-1], file=sys.stderr)
    report(rows)


if __name__ == "__main__":
    main()
