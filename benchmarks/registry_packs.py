"""Fingerprints in place of pictures: what a pack weighs, what it finds again beside the pictures themselves,
and what it takes for a registered picture that is none.

python -m benchmarks.registry_packs PHOTOS [--packed 1000] [--changed 100] [--out docs/benchmarks/packs.md]

A pack is made of `--packed` photographs and registered. Then several banks are asked the same questions: the
registered pictures themselves (with their bytes), the pack, the pack with the local features that it leaves
out, and a list of single hashes. Every photograph is asked about all others ("false"), and `--changed` of
them, changed, about themselves. Prints Markdown.
"""

import argparse
import os
import platform
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

from PIL import Image, ImageOps

from desk.jobs.matching import FileToMatch, Matcher
from desk.jobs.pack_file import ROWS
from desk.jobs.packs import Made, Terms, Wish, import_pack, make_pack
from desk.jobs.pictures import look
from detector.examine import reference_stage_versions
from detector.matching.candidate import Conclusion
from detector.matching.search.bank import Bank, Entry
from detector.processes.workers import Workers
from storage.handed import Handed
from storage.records import Fingerprint, MatchKind, ReferenceImage, ReferenceKind
from storage.store import Store

PACKED = set(ROWS)
QUERIES = ("pdq", "phash", "regions", "local")  # what is known of a collected picture
KIND = ReferenceKind.DIGITAL_TWIN
MOST_MIB = 15.0  # of a pack of 1,000 pictures (issue 6)
SAYING = (MatchKind.COPY, MatchKind.LIKELY_COPY, MatchKind.FINGERPRINT_ONLY)
Photo = Image.Image


def resized(picture: Photo, width: int) -> Photo:
    return picture.resize((width, round(width * picture.height / picture.width)), Image.Resampling.LANCZOS)


def middle(picture: Photo, share: float) -> Photo:
    across, down = picture.width * (1 - share) / 2, picture.height * (1 - share) / 2
    return picture.crop(
        (round(across), round(down), round(picture.width - across), round(picture.height - down))
    )


def twice(picture: Photo) -> Photo:
    """Beside its own upside-down: a collage."""
    whole = Image.new("RGB", (2 * picture.width, picture.height))
    whole.paste(picture, (0, 0))
    whole.paste(ImageOps.invert(ImageOps.flip(picture)), (picture.width, 0))
    return whole


CHANGES: Mapping[str, tuple[bool, Callable[[Photo], Photo], int]] = {
    # name: (asked for by issue 6, what is done, JPEG quality)
    "recompressed, JPEG 70": (True, lambda one: one, 70),
    "resized to 50 %": (True, lambda one: resized(one, one.width // 2), 90),
    "resized to 200 px": (True, lambda one: resized(one, 200), 90),
    "mirrored": (True, ImageOps.mirror, 90),
    "turned by 90°": (False, lambda one: one.transpose(Image.Transpose.ROTATE_90), 90),
    "cut to 90 %": (False, lambda one: middle(one, 0.9), 90),
    "cut to 80 %": (False, lambda one: middle(one, 0.8), 90),
    "cut to 50 %": (False, lambda one: middle(one, 0.5), 90),
    "half of a collage": (False, twice, 90),
}
SAME = "identical"


@dataclass(frozen=True, slots=True)
class Known:
    path: Path
    sha256: str
    prints: tuple[Fingerprint, ...]

    def only(self, names: Sequence[str] | set[str]) -> tuple[Fingerprint, ...]:
        return tuple(one for one in self.prints if _stage(one.algorithm) in names)


def _stage(algorithm: str) -> str:
    return algorithm if algorithm == "local/reference" else algorithm.partition("/")[0]


@dataclass(slots=True)
class Bench:
    """One bank: how many are found again by change, and the false pairs with what found them."""

    bank: Bank
    kept: Mapping[str, Path]
    found: Counter[str] = field(default_factory=Counter)
    false: list[tuple[str, float, str, str]] = field(default_factory=list)


def known(paths: Sequence[Path]) -> list[Known]:
    stages = tuple(one for one in reference_stage_versions() if one.startswith("fingerprint:"))
    looked = ((one.path, one.examination) for one in look(paths, stages))
    return [Known(path, one.sha256, one.fingerprints) for path, one in looked if one is not None]


def benches(photos: Sequence[Known]) -> dict[str, Bench]:
    def entries(handed: Handed, names: set[str] | None) -> list[Entry]:
        return [
            (
                ReferenceImage(one.path.name, one.sha256, KIND, "benchmark", handed=handed),
                one.prints if names is None else one.only(names),
            )
            for one in photos
        ]

    nowhere: Mapping[str, Path] = {}
    alone = Handed.FINGERPRINTS
    return {
        "pictures": Bench(Bank(entries(Handed.PICTURE, None)), {one.sha256: one.path for one in photos}),
        "pack": Bench(Bank(entries(alone, PACKED)), nowhere),
        "pack and local features": Bench(Bank(entries(alone, {*PACKED, "local/reference"})), nowhere),
        "PDQ list": Bench(
            Bank(
                [
                    (
                        reference,
                        tuple(Fingerprint("pdq", one.bits) for one in prints if one.algorithm == "pdq"),
                    )
                    for reference, prints in entries(alone, {"pdq"})
                ]
            ),
            nowhere,
        ),
    }


def changed(photos: Sequence[Known], folder: Path) -> Iterator[tuple[str, Known, Path]]:
    for one in photos:
        with Image.open(one.path) as picture:
            whole = picture.convert("RGB")
        yield SAME, one, one.path
        for place, (name, (_, change, quality)) in enumerate(CHANGES.items()):
            path = folder / f"{one.sha256[:16]}-{place}.jpg"
            out = BytesIO()
            change(whole).save(out, "JPEG", quality=quality)
            path.write_bytes(out.getvalue())
            yield name, one, path


def ask_changed(asked: Sequence[tuple[str, Known, Known]], all_benches: Mapping[str, Bench]) -> None:
    with Workers() as workers:
        for one in all_benches.values():
            matcher = Matcher(one.bank, one.kept.get, workers)
            files = [
                FileToMatch(f"{place}", found.only(QUERIES), found.path)
                for place, (_, _, found) in enumerate(asked)
            ]
            for file, conclusion in matcher.match(files):
                name, shown, _ = asked[int(file.sha256)]
                one.found[name] += _says(conclusion, shown.sha256)


def _says(conclusion: Conclusion, sha256: str) -> bool:
    return any(match.reference == sha256 and match.kind in SAYING for match in conclusion.matches)


def ask_others(photos: Sequence[Known], one: Bench) -> None:
    """Every photograph about all others, from fingerprints alone."""
    for photo in photos:
        conclusion = one.bank.conclude(one.bank.candidates(photo.only(QUERIES)), ())
        one.false += [
            (match.algorithm, match.distance, photo.path.name, match.twin)
            for match in conclusion.matches
            if match.reference != photo.sha256 and match.kind in SAYING
        ]


def written(
    made: Made, seconds: tuple[float, float], photos: int, changes: int, all_benches: Mapping[str, Bench]
) -> str:
    pictures = len(made.pack.pictures)
    size = len(made.data) / 1024**2 * 1000 / pictures
    lines = [
        "| A pack of 1,000 photographs (400 × 533 px) | measured | target |",
        "|---|---|---|",
        f"| MiB | **{size:.2f}** | ≤ {MOST_MIB:g} |",
        f"| made in, s (two worker processes, beside other work) | {seconds[0] * 1000 / pictures:.1f} | |",
        f"| registered in, s | {seconds[1] * 1000 / pictures:.1f} | |",
        "",
        f"Found again, of {changes} photographs among {photos} that are registered:",
        "",
        f"| Change | {' | '.join(all_benches)} |",
        f"|---|{'---|' * len(all_benches)}",
    ]
    for name in (SAME, *CHANGES):
        asked = name == SAME or CHANGES[name][0]
        cells = " | ".join(str(one.found[name]) for one in all_benches.values())
        lines.append(f"| {'**' + name + '**' if asked else name} | {cells} |")
    pairs = photos * (photos - 1)
    lines += ["", f"Told of another photograph (`fingerprint_only`), of {pairs:,} ordered pairs:", ""]
    for name, one in all_benches.items():
        if one.false:
            how = ", ".join(
                f"{count} by {algorithm}"
                for algorithm, count in Counter(each[0] for each in one.false).items()
            )
            lines.append(f"- {name}: {len(one.false)} ({how})")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=Path)
    parser.add_argument("--packed", type=int, default=1000)
    parser.add_argument("--changed", type=int, default=100)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--false", type=Path, help="write the pairs of other photographs here")
    asked = parser.parse_args()
    paths = sorted(asked.photos.glob("*.jpg"))
    with tempfile.TemporaryDirectory(prefix="twinwatch-bench-") as place:
        folder = Path(place)
        delivered = folder / "delivered"
        delivered.mkdir()
        for path in paths[: asked.packed]:
            (delivered / path.name).symlink_to(path)
        begun = time.perf_counter()
        made = make_pack(Wish(delivered, twin="Twin A", basis="benchmark"), lambda: None)
        middle_time = time.perf_counter()
        (folder / "pack.json").write_bytes(made.data)
        store = Store.open(f"sqlite:///{folder}/twinwatch.db", folder / "media", create=True)
        import_pack(store, folder / "pack.json", Terms())
        store.close()
        seconds = middle_time - begun, time.perf_counter() - middle_time
        print(f"pack made and registered: {seconds}", flush=True)
        photos = known(paths)
        print("photographs looked at", flush=True)
        every = benches(photos)
        some = photos[:: max(1, len(photos) // asked.changed)][: asked.changed]
        trials = list(changed(some, folder))
        seen = dict(zip([path for _, _, path in trials], known([path for _, _, path in trials]), strict=True))
        ask_changed([(name, shown, seen[path]) for name, shown, path in trials], every)
        print("changed ones asked", flush=True)
        for name, one in every.items():
            if name != "pictures":
                ask_others(photos, one)
        text = written(made, seconds, len(photos), len(some), every)
    machine = f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, Python {platform.python_version()}."
    print(f"{machine}\n\n{text}")
    if asked.false:
        rows = ["\t".join(map(str, (name, *row))) for name, one in every.items() for row in one.false]
        asked.false.write_text("\n".join(rows) + "\n", encoding="utf-8")
    if asked.out:
        asked.out.write_text(f"{machine}\n\n{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
