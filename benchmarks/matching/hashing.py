"""Decode once, small: how quick, and how far the hashes lie from those of the whole decode.

python -m benchmarks.matching.hashing PHOTOS [--every 1] [--timed 40] > docs/benchmarks/hashing.md

Speed is CPU time of this thread: every way in turn on each file, `ROUNDS` times, the median of a file, means
over the files. Movement is Hamming distance of 256 bits, over every photograph that was asked for.
"""

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from statistics import fmean, median

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in the workers: one thread against one thread

import cv2
import imagehash
import numpy as np
from PIL import Image

from detector.examine import examine
from detector.fingerprints import hash_stages
from detector.hashes import pdq, phash
from detector.hashing import hashes
from detector.pictures.decode import decode, decode_small

SIZE = (1080, 1350)
QUALITY = 85
QUALITIES = (30, 50, 75, 95)
ROUNDS = 7
SHARES = {1: "1", 2: "1/2", 4: "1/4", 8: "1/8"}
SIZES: Mapping[str, tuple[tuple[int, int] | None, int]] = {  # and of how many photographs one is taken
    "its own size": (None, 1),
    "1080×1350": (SIZE, 1),
    "1280×720": ((1280, 720), 6),
    "1500×500": ((1500, 500), 6),
}
Way = Callable[[Path], object]


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed and movement of the small decode's hashes.")
    parser.add_argument("photos", type=Path)
    parser.add_argument("--every", type=int, default=1, help="one photograph of so many is measured")
    parser.add_argument("--timed", type=int, default=40, help="so many of them are timed")
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    photos = sorted(asked.photos.glob("*.jpg"))[:: asked.every]
    print(_heading(len(photos), asked.timed))
    timed = photos[:: max(1, len(photos) // asked.timed)][: asked.timed]
    with tempfile.TemporaryDirectory() as folder:
        _print_speed(_files(timed, Path(folder)))
        _print_qualities(timed, Path(folder))
    _print_movement(photos)


# --- speed ------------------------------------------------------------------------------------------------


def library(path: Path) -> object:
    """What everything is measured by."""
    return imagehash.phash(Image.open(path))


def drafted_library(path: Path) -> object:
    """The same library, helped: Pillow's grey decode at 1/4."""
    image = Image.open(path)
    image.draft("L", (SIZE[0] // 4, SIZE[1] // 4))
    return imagehash.phash(image)


def decoder_alone(flags: int) -> Way:
    return lambda path: cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), flags)


def small_decode(path: Path) -> object:
    return decode_small(path.read_bytes(), "jpeg")


def with_pdq(path: Path) -> object:
    return pdq.quick_fingerprints(decode_small(path.read_bytes(), "jpeg"))


def with_every_hash(path: Path) -> object:
    picture = decode_small(path.read_bytes(), "jpeg")
    return [module.quick_fingerprints(picture) for module in hashes().values()]


def examined(path: Path) -> object:
    return examine(path.read_bytes(), tuple(hash_stages()))


def exact(path: Path) -> object:
    return pdq.fingerprints(decode(path.read_bytes(), "jpeg").pixels)


WAYS: Mapping[str, Way] = {
    "`imagehash.phash(Image.open(f))`": library,
    "the same on Pillow's grey decode at 1/4": drafted_library,
    "OpenCV's grey decode at 1/8, nothing else": decoder_alone(cv2.IMREAD_REDUCED_GRAYSCALE_8),
    "OpenCV's grey decode at 1/4, nothing else": decoder_alone(cv2.IMREAD_REDUCED_GRAYSCALE_4),
    "small decode (header, EXIF turn, limits)": small_decode,
    "**small decode + PDQ, 8 forms**": with_pdq,
    "**small decode + PDQ and pHash, 8 forms each**": with_every_hash,
    "the same inside `examine`, SHA-256 of the file too": examined,
    "whole decode + PDQ, 8 forms, Meta's rounding": exact,
}


def _files(photos: Sequence[Path], folder: Path, quality: int = QUALITY) -> list[Path]:
    made = []
    for photo in photos:
        path = folder / f"{quality}-{photo.name}"
        path.write_bytes(_jpeg(photo, SIZE, quality))
        made.append(path)
    return made


def _jpeg(photo: Path, size: tuple[int, int], quality: int = QUALITY) -> bytes:
    out = BytesIO()
    with Image.open(photo) as image:
        image.convert("RGB").resize(size, Image.Resampling.LANCZOS).save(out, "JPEG", quality=quality)
    return out.getvalue()


def _timed(ways: Mapping[str, Way], files: Sequence[Path]) -> dict[str, float]:
    """Milliseconds of CPU a file."""
    for way in ways.values():
        way(files[0])  # imports, tables of weights
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for path in files:
        rounds: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, way in ways.items():
                began = time.thread_time()
                way(path)
                rounds[name].append(1000 * (time.thread_time() - began))
        for name, of_file in rounds.items():
            spent[name].append(median(of_file))
    return {name: fmean(times) for name, times in spent.items()}


def _print_speed(files: Sequence[Path]) -> None:
    size = fmean(path.stat().st_size for path in files) / 1000
    print(f"\n## Speed: {SIZE[0]}×{SIZE[1]} JPEG of quality {QUALITY}, {size:.0f} kB each\n")
    print("| way | CPU, ms | × `imagehash.phash` |\n|---|---|---|")
    spent = _timed(WAYS, files)
    base = next(iter(spent.values()))
    for name, milliseconds in spent.items():
        print(f"| {name} | {milliseconds:.2f} | {base / milliseconds:.2f} |")


def _print_qualities(photos: Sequence[Path], folder: Path) -> None:
    """How the ratio depends on how many bytes there are to read."""
    print("\n## The same at other qualities: × `imagehash.phash`\n")
    print(
        "| JPEG quality | kB | OpenCV's decode at 1/8, nothing else | at 1/4 | PDQ and pHash, 8 forms each |"
    )
    print("|---|---|---|---|---|")
    names = [*WAYS][2:4] + [*WAYS][6:7]
    for quality in QUALITIES:
        files = _files(photos, folder, quality)
        size = fmean(path.stat().st_size for path in files) / 1000
        spent = _timed({name: WAYS[name] for name in [*WAYS][:1] + names}, files)
        base = spent[next(iter(WAYS))]
        print(
            f"| {quality} | {size:.0f} | " + " | ".join(f"{base / spent[name]:.2f}" for name in names) + " |"
        )


# --- movement ---------------------------------------------------------------------------------------------


def _print_movement(photos: Sequence[Path]) -> None:
    print("\n## Bits moved, of 256, from the hash of the whole decode\n")
    print("| photographs | decoded at | PDQ mean | 99 % | max | quality moved | pHash mean | max |")
    print("|---|---|---|---|---|---|---|---|")
    for name, (size, every) in SIZES.items():
        moved: dict[int, list[tuple[int, int, int]]] = {}
        for photo in photos[::every]:
            data = photo.read_bytes() if size is None else _jpeg(photo, size)
            share, distances = _moved(data)
            moved.setdefault(share, []).append(distances)
        for share, rows in sorted(moved.items()):
            bits, quality, other = np.array(rows).T
            ours = f"{bits.mean():.2f} | {np.percentile(bits, 99):.0f} | {bits.max()}"
            theirs = f"{other.mean():.2f} | {other.max()}"
            moved_by = f"at most {np.abs(quality).max()}"
            row = f"| {len(rows)} at {name} | {SHARES[share]} | {ours} | {moved_by} | {theirs} |"
            print(row, flush=True)


def _moved(data: bytes) -> tuple[int, tuple[int, int, int]]:
    whole = decode(data, "jpeg").pixels
    small = decode_small(data, "jpeg")
    exact_pdq, quick_pdq = pdq.fingerprints(whole)[0], pdq.quick_fingerprints(small)[0]
    exact_phash, quick_phash = phash.fingerprints(whole)[0], phash.quick_fingerprints(small)[0]
    quality = (quick_pdq.quality or 0) - (exact_pdq.quality or 0)
    return small.share, (
        _apart(exact_pdq.bits, quick_pdq.bits),
        quality,
        _apart(exact_phash.bits, quick_phash.bits),
    )


def _apart(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def _heading(photos: int, timed: int) -> str:
    day = datetime.now(UTC).date().isoformat()
    load = os.getloadavg()[1]
    return (
        "# Decode once, small: what the hashes cost, and how far they move\n\n"
        f"Made by `make bench-hashing` (`benchmarks/matching/hashing.py`): {photos} photographs, {timed} of\n"
        f"them timed. {day}, {platform.machine()}, Python {platform.python_version()}, "
        f"OpenCV {version('opencv-python-headless')}, Pillow {version('pillow')},\n"
        f"imagehash {version('imagehash')}; load of the machine {load:.1f} (5 min)."
    )


if __name__ == "__main__":
    main()
