"""Looking back through a million stored pictures for ten new references: `make bench-search PHOTOS=dir`.

    python -m benchmarks.matching.retro PHOTOS [--pictures 1000000] [--folder /tmp] [--write FILE]

Targets (issue 3): ≤ 60 s on two cores before a candidate is opened, recall ≥ .85 over all changes.

The archive is made of real photographs' fingerprints, two hundred of them over and over: two bits of every
signature are turned and a tenth of the words drawn anew each time, hashes are random. So words are as uneven
and chance votes as frequent as among photographs. Every change of `changes.py` of every new reference is
planted in it. It needs 3.5 GB on the disk, and is removed at the end.
"""

import argparse
import hashlib
import os
import pickle
import platform
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.matching.changes import CHANGES, OTHERS, copy_of
from benchmarks.matching.matcher import examined, parallel, picture_stages
from benchmarks.matching.split import Half, Photo, drawn, photographs
from detector.examine import examine
from detector.matching.candidate import Candidate
from detector.matching.collected.archive import COLUMNS, Archive
from detector.matching.collected.retro import VOTES, retro
from storage.records import Fingerprint, ReferenceImage, ReferenceKind

REFERENCES = 10
POOL = 200  # photographs that the archive is made of
WAYS = (("whole picture", "pdq"), ("regions", "regions"), ("local features", "local"))

Prints = tuple[Fingerprint, ...]
Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Planted:
    """A changed copy of a new reference."""

    reference: str  # SHA-256
    change: str
    fingerprints: Prints


Made = tuple[list[tuple[ReferenceImage, Prints]], list[Prints], list[Planted]]  # new references, pool, copies


@dataclass(frozen=True, slots=True)
class Row:
    what: str
    measured: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Passed:
    """One pass: `found` by picture and reference, all that brought it up."""

    seconds: float
    busy: float  # CPU seconds, both threads
    found: dict[tuple[str, str], list[Candidate]]


def main() -> None:
    parser = argparse.ArgumentParser(description="Looking back through a million stored pictures.")
    parser.add_argument("photos", type=Path, nargs="?")
    parser.add_argument("--pictures", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--keep", type=Path, help="the photographs' fingerprints, made once and read again")
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    if asked.photos is None:
        print("Looking back is measured on photographs: PHOTOS=dir")
        return
    entries, pool, copies = kept(asked.keep, asked.photos)
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        archive, appended = filled(Path(folder), pool, asked.pictures)
        numbered = enumerate(copies, start=archive.high_water + 1)
        planted = {name(number): one for number, one in numbered}
        archive.append((int(sha256, 16), sha256, one.fingerprints) for sha256, one in planted.items())
        forgotten(archive)
        passed = looked_back(archive, entries)
        text = report(archive, appended, planted, passed)
    print(text)
    if asked.write:
        asked.write.write_text(text, encoding="utf-8")


def looked_back(archive: Archive, entries: Sequence[tuple[ReferenceImage, Prints]]) -> Passed:
    wall, busy = time.perf_counter(), time.process_time()
    found: dict[tuple[str, str], list[Candidate]] = {}
    for sha256, candidate in retro(archive, entries):
        found.setdefault((sha256, candidate.reference), []).append(candidate)
    return Passed(time.perf_counter() - wall, time.process_time() - busy, found)


# --- fingerprints -------------------------------------------------------------------------------------------


def kept(file: Path | None, photos: Path) -> Made:
    if file and file.is_file():
        found: Made = pickle.loads(file.read_bytes())
        return found
    references, others = drawn(photographs(photos, Half.REPORT), REFERENCES)
    jobs = [(photo, change, others[-OTHERS:]) for photo in references for change in CHANGES]
    entries = [
        (ReferenceImage(one.sha256, one.sha256, ReferenceKind.DIGITAL_TWIN, "benchmark"), one.fingerprints)
        for one in examined(references)
    ]
    copies = list(parallel(planted_from, jobs, "changes"))
    made = entries, [one for one in parallel(prints_of, others[:POOL], "photographs") if one], copies
    if file:
        file.write_bytes(pickle.dumps(made))
    return made


def prints_of(photo: Photo) -> Prints:
    return examine(photo.path.read_bytes(), picture_stages()).fingerprints


def planted_from(job: tuple[Photo, str, Sequence[Photo]]) -> Planted:
    photo, change, others = job
    data = photo.path.read_bytes()
    changed = copy_of(photo.name, _opened(photo), change, [_opened(one) for one in others])
    return Planted(hashlib.sha256(data).hexdigest(), change, examine(changed, picture_stages()).fingerprints)


def _opened(photo: Photo) -> Image.Image:
    with Image.open(photo.path) as image:
        return image.convert("RGB")


# --- the archive --------------------------------------------------------------------------------------------


def filled(folder: Path, pool: Sequence[Prints], pictures: int) -> tuple[Archive, float]:
    """An archive of so many pictures, and what appending takes, in s a picture. The pool goes in by the
    archive's own door; the rest is written behind it, column by column."""
    archive = Archive.started(folder)
    start = time.process_time()
    archive.append((number, name(number), one) for number, one in enumerate(pool, start=1))
    seconds = (time.process_time() - start) / len(pool)
    first = {column.name: np.array(archive.columns[column.name]) for column in COLUMNS}
    dice = np.random.default_rng(3)
    files = {column.name: (folder / f"{column.name}.column").open("ab") for column in COLUMNS}
    header = archive.header
    while header.rows < pictures:
        grown = again(first, dice, header.rows, header.regions, header.features)
        for column, file in files.items():
            grown[column].tofile(file)
        header = replace(
            header,
            rows=header.rows + len(pool),
            regions=header.regions + len(first["region_hash"]),
            features=header.features + len(first["word"]),
            high_water=header.high_water + len(pool),
        )
    for file in files.values():
        file.close()
    (folder / "header.json").write_text(header.dumped(), encoding="utf-8")
    return Archive.opened(folder), seconds


def again(first: Columns, dice: np.random.Generator, rows: int, regions: int, features: int) -> Columns:
    """The pool once more, behind so many rows, none the same."""
    pictures, words = len(first["id"]), first["word"].copy()
    fresh = dice.random(len(words), np.float32) < 0.1
    words[fresh] = dice.permutation(words)[fresh]
    signatures = first["signature"].copy()
    for _ in range(2):
        signatures ^= np.uint64(1) << dice.integers(0, 64, len(words), dtype=np.uint64)
    ids = np.arange(rows + 1, rows + pictures + 1, dtype=np.int64)
    names = np.zeros((pictures, 4), ">u8")
    names[:, 3] = ids
    return {
        **first,
        "id": ids,
        "sha256": names.view(np.uint8),
        "whole": dice.integers(0, 2**64, (pictures, 4), dtype=np.uint64),
        "region_end": first["region_end"] + regions,
        "feature_end": first["feature_end"] + features,
        "region_hash": dice.integers(0, 2**64, first["region_hash"].shape, dtype=np.uint64),
        "word": words,
        "signature": signatures,
    }


def name(number: int) -> str:
    return f"{number:064x}"


def forgotten(archive: Archive) -> None:
    """Out of the system's cache: as in a night, the pass reads from the disk."""
    for column in COLUMNS:
        with (archive.folder / f"{column.name}.column").open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


# --- report -------------------------------------------------------------------------------------------------


def report(archive: Archive, appended: float, planted: dict[str, Planted], passed: Passed) -> str:
    machine = f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}"
    load = f"load of the machine while measuring (5 min): {os.getloadavg()[1]:.1f}"
    lines = [
        f"{machine}, numpy {version('numpy')}; {load}.",
        "",
        "| What | Measured | Target |",
        "|---|---|---|",
    ]
    lines += [f"| {row.what} | {row.measured} | {row.target} |" for row in figures(archive, planted, passed)]
    lines += [f"| appending a picture | {appended * 1e6:.0f} µs of CPU | |", ""]
    return "\n".join([*lines, "| Changes | found | of |", "|---|---|---|", *groups(planted, passed), ""])


def figures(archive: Archive, planted: dict[str, Planted], passed: Passed) -> Iterator[Row]:
    header, rows = archive.header, len(archive)
    size = sum(path.stat().st_size for path in archive.folder.glob("*.column"))
    found = {sha256: one for sha256, one in planted.items() if (sha256, one.reference) in passed.found}
    yield Row("pictures", f"{rows:,}")
    yield Row("features, regions a picture", f"{header.features / rows:.0f}, {header.regions / rows:.1f}")
    yield Row("the archive on the disk, a picture", f"{size / rows:,.0f} bytes", "≤ 4 kB")
    yield Row(f"{REFERENCES} references, from the disk, two threads", f"{passed.seconds:.0f} s", "≤ 60 s")
    yield Row("CPU time of it", f"{passed.busy:.0f} s")
    recall = f"{len(found) / len(planted):.3f} of {len(planted)}"
    yield Row(f"recall over all {len(CHANGES)} changes", recall, "≥ .85")
    for words, way in WAYS:
        ways = ({each.found_by for each in passed.found[pair, one.reference]} for pair, one in found.items())
        by = sum(way in each for each in ways)
        yield Row(f"… by {words}", f"{by / len(planted):.3f}")
    for votes in range(VOTES, VOTES + 4):
        yield Row(f"recall, and others to open, at {votes} votes", _at(votes, planted, passed, rows))


def _at(votes: int, planted: dict[str, Planted], passed: Passed, pictures: int) -> str:
    kept = {
        pair
        for pair, candidates in passed.found.items()
        if any(one.found_by != "local" or one.distance >= votes for one in candidates)
    }
    recall = sum((sha256, one.reference) in kept for sha256, one in planted.items()) / len(planted)
    others = {sha256 for sha256, _ in kept} - planted.keys()
    return f"{recall:.3f}, {len(others) / pictures:.2%} of all"


def groups(planted: dict[str, Planted], passed: Passed) -> Iterator[str]:
    found, tried = Counter[str](), Counter[str]()
    for sha256, one in planted.items():
        tried[CHANGES[one.change].group] += 1
        found[CHANGES[one.change].group] += (sha256, one.reference) in passed.found
    for group, count in tried.items():
        yield f"| {group} | {found[group] / count:.3f} | {count} |"
    missed = Counter(
        one.change for sha256, one in planted.items() if (sha256, one.reference) not in passed.found
    )
    for change, count in missed.most_common():
        yield f"| missed: {change} | {count} | {REFERENCES} |"


if __name__ == "__main__":
    main()
