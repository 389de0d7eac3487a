"""The feed that `travel` is measured on: pairs of one photograph that is labelled here and not there, and
thousands of ordinary pictures around them.

The ordinary ones are made of the photographs that no pair uses: some stand alone and are labelled in their
own posts (decoys); some are published again and again, changed, by other retailers; of some, parts that do
not overlap are published as pictures of their own, so that rooms and garments repeat and pictures do not.
The rest is drawn.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import chain, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from benchmarks.matching import edits
from benchmarks.matching.plan import SEEN
from benchmarks.matching.split import SUFFIXES
from detector.examine import examine
from storage.formats import format_of

DECOYS = 200
AGAIN = 5  # changed copies of a photograph that is published again
PARTS = (2, 3)  # columns, rows
NEAR = 31  # bits of PDQ: two files of the folder that are one photograph
EDGE = 720  # px: parts and drawings are enlarged to what is published
SHAPES = 90  # in a drawing
ORDINARY = (
    edits.resized(0.8),
    edits.cropped(0.9, aside=True),
    edits.warm_filter,
    edits.mirrored,
    edits.brightness(1.2),
)


@dataclass(frozen=True, slots=True)
class Published:
    """A picture and its post: `pair` numbers the pairs (-1: ordinary); `labelled`: its own post says so."""

    name: str
    data: bytes
    retailer: str
    platform: str
    pair: int = -1
    labelled: bool = False
    change: str = ""  # what was done to the copy of a pair


def photographs(folder: Path) -> list[list[Path]]:
    """The folder's photographs, each with the files that show it: the folder holds some twice."""
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES and format_of(path.read_bytes()[:64])
    )
    hashes = np.stack([_pdq(path) for path in files])
    group = list(range(len(files)))
    names = {path.stem: place for place, path in enumerate(files)}
    pairs = [(place, int(other)) for place in range(len(files)) for other in _near(hashes, place)]
    for line in SEEN.read_text("utf-8").splitlines():
        first, second, *_ = [*line.split(), "", ""]
        if first in names and second in names:
            pairs.append((names[first], names[second]))
    for place, other in pairs:
        old, new = group[place], group[other]
        group = [new if number == old else number for number in group]
    grouped: dict[int, list[Path]] = {}
    for path, number in zip(files, group, strict=True):
        grouped.setdefault(number, []).append(path)
    return sorted(grouped.values(), key=lambda paths: hashlib.sha256(paths[0].stem.encode()).digest())


def feed(folder: Path, pairs: int, ordinary: int, seed: int) -> Iterator[tuple[int, Published]]:
    """Each with its turn in being published, which chance decides."""
    dice = np.random.default_rng(seed)
    shown = photographs(folder)
    turns = dice.permutation(2 * pairs + ordinary).tolist()
    paired = (one for number in range(pairs) for one in _pair(shown[number][0], number, dice))
    rest = [paths[0] for paths in shown[pairs:]]
    yield from zip(turns, chain(paired, islice(_ordinary(rest, ordinary, dice), ordinary)), strict=True)


def _pdq(path: Path) -> NDArray[np.uint64]:
    found = examine(path.read_bytes(), ("fingerprint:pdq",)).fingerprints
    bits = next((one.bits for one in found if one.algorithm == "pdq"), bytes(32))
    return np.frombuffer(bits, np.uint64)


def _near(hashes: NDArray[np.uint64], place: int) -> NDArray[np.int64]:
    far = np.bitwise_count(hashes[place + 1 :] ^ hashes[place]).sum(axis=1, dtype=np.int64)
    return np.flatnonzero(far <= NEAR) + place + 1


# --- pictures -----------------------------------------------------------------------------------------------


def _pair(path: Path, number: int, dice: edits.Dice) -> Iterator[Published]:
    """Labelled on one platform, as it is; on the other saved anew, resized, most of them cut a little."""
    retailer, platforms = f"Retailer {number % 8}", ["bluesky", "rss"]
    dice.shuffle(platforms)
    yield Published(f"pair{number}-a", path.read_bytes(), retailer, platforms[0], number, labelled=True)
    share, kept = float(dice.uniform(0.6, 1.4)), float(dice.choice([1.0, 0.97, 0.94, 0.9, 0.85]))
    quality = int(dice.integers(60, 90))
    image = edits.resized(share)(edits.cropped(kept, aside=True)(_opened(path), dice), dice)
    change = f"kept {kept:.0%}, resized to {share:.2f}, JPEG {quality}"
    yield Published(
        f"pair{number}-b", _jpeg(image, quality), retailer.upper(), platforms[1], number, change=change
    )


def _ordinary(paths: Sequence[Path], count: int, dice: edits.Dice) -> Iterator[Published]:
    alone, rest = paths[:DECOYS], paths[DECOYS:]
    again, parted = rest[: len(rest) * 2 // 5], rest[len(rest) * 2 // 5 :]
    made = 0
    for place, path in enumerate(alone):
        yield Published(f"decoy{place}", path.read_bytes(), *_somewhere(dice), labelled=True)
    for place, path in enumerate(again):
        yield Published(f"again{place}", path.read_bytes(), *_somewhere(dice))
        for number, edit in enumerate(ORDINARY[:AGAIN]):
            data = _jpeg(edit(_opened(path), dice), int(dice.integers(60, 90)))
            yield Published(f"again{place}-{number}", data, *_somewhere(dice))
    made = len(alone) + len(again) * (AGAIN + 1)
    for place, path in enumerate(parted):
        for number, part in enumerate(_parts(_opened(path))):
            yield Published(f"part{place}-{number}", _jpeg(part, 85), *_somewhere(dice))
    made += len(parted) * PARTS[0] * PARTS[1]
    for number in range(count - made):
        yield Published(f"drawn{number}", _jpeg(_drawing(dice), 85), *_somewhere(dice))


def _somewhere(dice: edits.Dice) -> tuple[str, str]:
    return f"Retailer {dice.integers(8)}", str(dice.choice(["bluesky", "rss"]))


def _parts(image: Image.Image) -> Iterator[Image.Image]:
    columns, rows = PARTS
    for row in range(rows):
        for column in range(columns):
            box = (
                image.width * column // columns,
                image.height * row // rows,
                image.width * (column + 1) // columns,
                image.height * (row + 1) // rows,
            )
            part = image.crop(box)
            share = EDGE / max(part.size)
            yield part.resize(
                (round(part.width * share), round(part.height * share)), Image.Resampling.BICUBIC
            )


def _drawing(dice: edits.Dice) -> Image.Image:
    """Overlapping rectangles and discs in many colours, with grain."""
    width, height = EDGE * 4 // 5, EDGE
    image = Image.new("RGB", (width, height), tuple(dice.integers(60, 200, 3).tolist()))
    draw = ImageDraw.Draw(image)
    for _ in range(SHAPES):
        left, top = int(dice.integers(0, width)), int(dice.integers(0, height))
        box = (left, top, left + int(dice.integers(20, 240)), top + int(dice.integers(20, 240)))
        shape = draw.rectangle if dice.random() < 0.5 else draw.ellipse
        shape(box, fill=tuple(dice.integers(0, 255, 3).tolist()))
    return edits.noisy(6)(image, dice)


def _opened(path: Path) -> Image.Image:
    return Image.open(path).convert("RGB")


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()
