"""How well whole-picture matching finds plain copies, and how far from a match other pictures stay.

    python -m benchmarks.matching_plain PHOTOS [--references 80] [--pairs 1440]

PHOTOS is a folder of JPEGs. Every n-th is a reference; each change below is made to it, saved as JPEG 85 and
matched with the thresholds that the hashes declare. All other photographs of the folder, in eight forms each,
are the negatives.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from detector.examine import examine
from detector.hashing import hashes, too_little
from detector.matching.candidate import Alignment
from detector.matching.search.bank import Bank
from storage.records import Examination, Fingerprint, MatchKind, ReferenceImage, ReferenceKind

STAGES = ("fingerprint:pdq", "fingerprint:phash")
Change = Callable[[Image.Image], Image.Image]
TURN = Image.Transpose.ROTATE_90
SEPIA = (0.393, 0.769, 0.189, 0, 0.349, 0.686, 0.168, 0, 0.272, 0.534, 0.131, 0)


def saved(image: Image.Image, quality: int = 85) -> bytes:
    out = BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()


def scaled(across: float, down: float | None = None) -> Change:
    share = across if down is None else down
    return lambda image: image.resize((round(image.width * across), round(image.height * share)))


def toned(red: float, green: float, blue: float) -> Change:
    return lambda image: image.convert("RGB", (red, 0, 0, 0, 0, green, 0, 0, 0, 0, blue, 0))


def gamma(power: float) -> Change:
    table = [round(255 * (value / 255) ** power) for value in range(256)] * 3
    return lambda image: image.point(table)


def hue(turn: int) -> Change:
    def change(image: Image.Image) -> Image.Image:
        parts = image.convert("HSV").split()
        return Image.merge("HSV", (parts[0].point(lambda value: (value + turn) % 256), *parts[1:])).convert(
            "RGB"
        )

    return change


def noisy(image: Image.Image) -> Image.Image:
    grain = np.random.default_rng(7).normal(0, 12, (image.height, image.width, 3))
    return Image.fromarray((np.asarray(image) + grain).clip(0, 255).astype(np.uint8))


def banded(share: float) -> Change:
    """A band of this share of the height with stripes like a line of text on it, near the bottom."""

    def change(image: Image.Image) -> Image.Image:
        made = image.copy()
        pen = ImageDraw.Draw(made)
        top, height = round(image.height * 0.85), round(image.height * share)
        pen.rectangle((0, top, image.width, top + height), fill="white")
        for place in range(image.width // 10, image.width * 9 // 10, max(2, height // 2)):
            pen.rectangle(
                (place, top + height // 4, place + height // 5, top + height * 3 // 4), fill="black"
            )
        return made

    return change


def transposed(how: Image.Transpose) -> Change:
    return lambda image: image.transpose(how)


CHANGES: dict[str, Change] = {
    **{f"resized to {share:g}": scaled(share) for share in (0.25, 0.5, 1.5, 2)},
    "aspect +20 %": scaled(1.2, 1),
    "aspect -20 %": scaled(0.8, 1),
    "grey": ImageOps.grayscale,
    "sepia": lambda image: image.convert("RGB", SEPIA),
    "warm": toned(1.15, 1, 0.8),
    "cool": toned(0.8, 1, 1.15),
    "saturation 0.3": lambda image: ImageEnhance.Color(image).enhance(0.3),
    "saturation 1.8": lambda image: ImageEnhance.Color(image).enhance(1.8),
    "brightness 0.6": lambda image: ImageEnhance.Brightness(image).enhance(0.6),
    "brightness 1.4": lambda image: ImageEnhance.Brightness(image).enhance(1.4),
    "contrast 0.5": lambda image: ImageEnhance.Contrast(image).enhance(0.5),
    "contrast 1.6": lambda image: ImageEnhance.Contrast(image).enhance(1.6),
    "gamma 0.6": gamma(0.6),
    "gamma 1.7": gamma(1.7),
    "hue +60°": hue(43),
    "hue +180°": hue(128),
    "one channel": lambda image: image.getchannel("B"),
    "inverted": ImageOps.invert,
    "blur 2 px": lambda image: image.filter(ImageFilter.GaussianBlur(2)),
    "noise 12": noisy,
    "text band 3 %": banded(0.03),
    "text band 8 %": banded(0.08),
    **{how.name.lower().replace("_", " "): transposed(how) for how in Image.Transpose},
    "mirrored, JPEG 40, half": lambda image: Image.open(
        BytesIO(saved(ImageOps.mirror(scaled(0.5)(image)), 40))
    ),
    "turned, warm, quarter": lambda image: scaled(0.25)(
        toned(1.15, 1, 0.8)(image.transpose(Image.Transpose.ROTATE_90))
    ),
}
QUALITIES = (90, 70, 50, 30, 20, 10)


def copies(path: Path) -> Iterator[tuple[str, bytes]]:
    image = Image.open(path).convert("RGB")
    for quality in QUALITIES:
        yield f"JPEG {quality}", saved(image, quality)
    for name, change in CHANGES.items():
        yield name, saved(change(image))


def bits(found: Sequence[Fingerprint], algorithm: str) -> NDArray[np.uint64] | None:
    for one in found:
        if one.algorithm == algorithm:
            return np.frombuffer(one.bits, np.uint64).reshape(-1, 4)
    return None


def nearest(picture: Sequence[Fingerprint], reference: Sequence[Fingerprint], name: str) -> int:
    """Bits between the picture in its nearest form and the reference."""
    forms, upright = bits(picture, f"{name}/forms"), bits(reference, name)
    if forms is None or upright is None:
        return 999
    return int(np.bitwise_count(forms ^ upright).sum(axis=1).min())


def report_recall(references: dict[Path, Examination]) -> None:
    entries = [
        (
            ReferenceImage(path.name, found.sha256, ReferenceKind.DIGITAL_TWIN, basis="benchmark"),
            found.fingerprints,
        )
        for path, found in references.items()
    ]
    bank = Bank(entries)
    rows: dict[str, list[tuple[float, ...]]] = {}
    wrong = 0
    for path, found in references.items():
        for name, data in copies(path):
            looked = examine(data, STAGES)
            candidates = bank.candidates(looked.fingerprints)
            blank = [Alignment(one.reference, None, "", too_little=True) for one in candidates]
            matches = {match.twin: match.kind for match in bank.conclude(candidates, blank).matches}
            wrong += len(matches.keys() - {path.name})
            kind = matches.get(path.name)
            distances = (nearest(looked.fingerprints, found.fingerprints, one) for one in ("pdq", "phash"))
            row = (float(kind is MatchKind.COPY), float(kind is not None), *distances)
            rows.setdefault(name, []).append(row)
    print(
        "| change | copy | copy or likely | PDQ median / 95 % | pHash median / 95 % |\n|---|---|---|---|---|"
    )
    for name, values in rows.items():
        table = np.array(values)
        pdq, phash = (np.percentile(table[:, column], [50, 95]).round().astype(int) for column in (2, 3))
        print(
            f"| {name} | {table[:, 0].mean():.1%} | {table[:, 1].mean():.1%} | {pdq[0]} / {pdq[1]} "
            f"| {phash[0]} / {phash[1]} |"
        )
    print(f"\nmatches with a wrong reference: {wrong}")


def report_negatives(found: dict[Path, Examination]) -> None:
    looked = [one.fingerprints for one in found.values() if not too_little(one.fingerprints)]
    print(f"\n{len(looked)} photographs, {len(looked) * (len(looked) - 1)} ordered pairs, 16 forms each")
    for name in hashes():
        upright = np.concatenate([one for each in looked if (one := bits(each, name)) is not None])
        histogram = np.zeros(257, np.int64)
        close = []
        inverse = 256
        for place, each in enumerate(looked):
            forms = bits(each, f"{name}/forms")
            if forms is None:
                continue
            away = np.bitwise_count(upright[None] ^ forms[:, None]).sum(axis=2).astype(np.int64)
            distances = np.minimum(away.min(axis=0), 256 - away.max(axis=0))  # as it is, or as a negative
            inverse = min(inverse, int(256 - np.delete(away, place, axis=1).max()))
            distances[place] = 256
            histogram += np.bincount(distances, minlength=257)
            close += [(int(distances[other]), place, int(other)) for other in np.flatnonzero(distances <= 70)]
        names = list(found)
        steps = {limit: int(histogram[: limit + 1].sum()) for limit in range(31, 81, 5)}
        nearest_pairs = sorted({(far, *sorted((one, other))) for far, one, other in close})[:12]
        print(f"{name}: pairs at most", steps)
        print(f"  nearest as a negative: {inverse} bits")
        for far, first, second in nearest_pairs:
            print(f"  {far} bits: {names[first].name} {names[second].name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("photos", type=Path)
    parser.add_argument("--references", type=int, default=80)
    parser.add_argument(
        "--pairs", type=int, default=100_000, help="how many photographs are held against each other"
    )
    asked = parser.parse_args()
    paths = sorted(asked.photos.glob("*.jpg"))
    found = {path: examine(path.read_bytes(), STAGES) for path in paths[: asked.pairs]}
    chosen = [path for path in found if not found[path].too_little][:: max(1, len(found) // asked.references)]
    report_recall({path: found[path] for path in chosen[: asked.references]})
    report_negatives(found)


if __name__ == "__main__":
    main()
