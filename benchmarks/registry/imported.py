"""Importing thousands of reference pictures beside fingerprinting them alone: `make bench-registry
PHOTOS=dir`.

    python -m benchmarks.registry.imported PHOTOS [--pictures 1000] [--known] [--folder /tmp]

Target (issue 6): ≥ 0.8 × the speed of fingerprinting alone, on two cores. Both are measured on the same
files in turn: the worker pool looks at all of them with the stages of registered pictures and keeps
nothing; then `twinwatch twins import` is run as a person would, its start counted. The photographs are
repeated with small changes (cut, mirrored, resized, brighter), so that each has other bytes and its own
fingerprints; a photograph and its changes are one twin's, and every hundredth row gives another twin's
picture.

`--known`: everything but the looking. The fingerprints are laid into the store beforehand (of the unchanged
photographs, over and over), and the import finds that all was looked at already: what a resumed import
costs, and how the rest grows with their number.
"""

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.matching import edits
from benchmarks.registry.collected import photographs
from detector.examine import examine, reference_stage_versions
from detector.processes.workers import Workers
from storage.records import Examination
from storage.store import Store

TWINWATCH = Path(sys.executable).with_name("twinwatch")
TARGET = 0.8
STRAYS = 100  # every hundredth picture is another twin's as well
TWIN = 8  # photographs a twin
CHANGES = (
    lambda image, _: image,
    edits.cropped(0.9, aside=True),
    edits.mirrored,
    edits.resized(0.9),
    edits.brightness(1.1),
    edits.cropped(0.8, aside=True),
    edits.chain(edits.mirrored, edits.cropped(0.85, aside=True)),
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Importing pictures beside fingerprinting them alone.")
    parser.add_argument("photos", type=Path)
    parser.add_argument("--pictures", type=int, default=1000)
    parser.add_argument("--known", action="store_true", help="everything but the looking")
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder, prefix="twinwatch-import-") as place:
        folder = Path(place)
        files = list(_written(folder, photographs([asked.photos]), asked.pictures, plain=asked.known))
        if asked.known:
            _kept(folder, files)
            alone = Spent()
        else:
            alone = _alone(files)
        first, told = _import(folder)
        again, _ = _import(folder)
    print("\n".join(_report(asked.pictures, alone, first, again, told)))


def _written(folder: Path, photos: Sequence[Path], pictures: int, *, plain: bool) -> Iterator[Path]:
    """`plain`: each photograph over and over, with other bytes behind its end."""
    renders = folder / "renders"
    renders.mkdir()
    dice = np.random.default_rng(6)
    rows = ["twin,kind,model,image,basis,attested_by"]
    for number in range(pictures):
        turn, place = divmod(number, len(photos))
        path = renders / f"{number:05d}.jpg"
        if plain:
            path.write_bytes(photos[place].read_bytes() + number.to_bytes(4, "big"))
        else:
            path.write_bytes(_changed(photos[place], turn, dice))
        twin = place // TWIN
        rows.append(f"Twin {twin},digital_twin,Model {twin},{path.name},contract {twin},desk@example.org")
        if number % STRAYS == STRAYS - 1:
            stray = f"Twin {twin + 1},digital_twin,Model {twin + 1},{path.name},contract {twin + 1}"
            rows.append(f"{stray},desk@example.org")
        yield path
    (folder / "twins.csv").write_text("\n".join(rows) + "\n")


def _changed(photo: Path, turn: int, dice: np.random.Generator) -> bytes:
    with Image.open(photo) as opened:
        image = CHANGES[turn % len(CHANGES)](opened.convert("RGB"), dice)
    out = BytesIO()
    image.save(out, "JPEG", quality=90)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Spent:
    """Wall time, and the CPU time of this process and all that it waited for."""

    seconds: float = 0.0
    busy: float = 0.0


@contextmanager
def spent() -> Iterator[list[Spent]]:
    told: list[Spent] = []
    begun, busy = time.monotonic(), _busy()
    yield told
    told.append(Spent(time.monotonic() - begun, _busy() - busy))


def _busy() -> float:
    each = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in each)


def _alone(files: Sequence[Path]) -> Spent:
    stages = tuple(reference_stage_versions())
    with spent() as told, Workers() as workers:
        for _ in workers.examine((path, stages) for path in files):
            pass
    return told[0]


def _kept(folder: Path, files: Sequence[Path]) -> None:
    """Of a hundred photographs the real ones; their hashes are turned a little for each file."""
    stages = reference_stage_versions()
    pool = [examine(path.read_bytes(), tuple(stages)) for path in files[:100]]
    store = Store.open(f"sqlite:///{folder / 'twinwatch.db'}", folder / "media", create=True)
    dice = np.random.default_rng(7)
    waiting: list[Examination] = []
    with spent() as told, closing(store):
        for number, path in enumerate(files):
            waiting.append(_turned(pool[number % len(pool)], path, dice))
            if len(waiting) == 32:
                store.roster.keep(waiting)
                waiting = []
        store.roster.keep(waiting)
    print(f"Keeping {len(files)} examinations: {told[0].seconds:.0f} s, {told[0].busy:.0f} s of CPU.")


def _turned(one: Examination, path: Path, dice: np.random.Generator) -> Examination:
    prints = tuple(
        type(each)(each.algorithm, dice.bytes(len(each.bits)), each.quality, each.at)
        if each.algorithm.startswith(("pdq", "phash"))
        else each
        for each in one.fingerprints
    )
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return type(one)(
        sha256, one.format, one.width, one.height, prints, (), too_little=False, stages=one.stages
    )


def _import(folder: Path) -> tuple[Spent, dict[str, Any]]:
    command = [str(TWINWATCH), "twins", "import", "twins.csv", "--images", "renders", "--json"]
    with spent() as told:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return told[0], json.loads(done.stdout.splitlines()[-1])


def _report(pictures: int, alone: Spent, first: Spent, again: Spent, told: dict[str, Any]) -> Iterator[str]:
    yield f"Load (5 min): {os.getloadavg()[1]:.1f}."
    yield ""
    yield f"| {pictures} pictures | wall, s | CPU of all processes, s |"
    yield "|---|---|---|"
    if alone.seconds:
        yield f"| fingerprinting them alone | {alone.seconds:.0f} | {alone.busy:.0f} |"
    yield f"| importing them | {first.seconds:.0f} | {first.busy:.0f} |"
    if alone.seconds:
        share = f"{alone.seconds / first.seconds:.2f} × | {alone.busy / first.busy:.2f} ×"
        yield f"| beside fingerprinting alone (target: ≥ {TARGET} ×) | {share} |"
    yield f"| importing them again | {again.seconds:.0f} | {again.busy:.0f} |"
    likes = sum("looks like" in one for one in told["warnings"])
    yield ""
    yield f"{len(told['new'])} registered, {told['looked_at']} opened, {likes} warned of as another twin's."


if __name__ == "__main__":
    main()
