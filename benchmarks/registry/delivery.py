"""A studio delivers a thousand renders, and a night registers and matches them: `make bench-delivery`.

    python -m benchmarks.registry.delivery RENDERS OTHERS… --store DIR [--renders 1000] [--pictures 20000]

First call: a store of so many collected pictures is made in DIR and detected over, as nights before would
have left it (a quarter of an hour and more). Then the renders are put into a watched folder with their
list, and `twinwatch nightly` is run on it as a person would. Prints Markdown: how long, and which of the
planted copies were found. The store is copied for each run, so that a second call begins with the night at
once.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.registry.collected import examined, photographs, publish, shown, stood_in
from benchmarks.registry.imported import Spent, spent
from desk.jobs.cached import kept, taken
from desk.jobs.copies import FILE, LINKS
from desk.jobs.detect import detect
from desk.jobs.stages.carried import Settings
from storage.store import Store

TWINWATCH = Path(sys.executable).with_name("twinwatch")
TWINS = 50  # that the renders are of
PLANTED = 300
TARGET = 600.0  # s (issue 6)


def main() -> None:
    parser = argparse.ArgumentParser(description="A thousand renders, delivered and matched in one night.")
    parser.add_argument("renders", type=Path)
    parser.add_argument("others", type=Path, nargs="+")
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--pictures", type=int, default=20_000)
    parser.add_argument("--planted", type=int, default=PLANTED)
    parser.add_argument("--real", type=int, default=20_000, help="of the ordinary ones, really examined")
    asked = parser.parse_args()
    shown_there = photographs([asked.renders])
    renders, names = shown_there[: asked.count], {path.name for path in shown_there}
    others = [path for path in photographs(asked.others) if path.name not in names]  # two folders of one set
    before = asked.store / "before"
    if not (before / "planted.json").exists():
        _collect(before, renders, others, asked)
    night = asked.store / "night"
    shutil.rmtree(night, ignore_errors=True)
    shutil.copytree(before, night)
    _deliver(night, renders)
    with spent() as told:
        summary = _night(night)
    print("\n".join(report(night, summary, told[0])))


def _collect(
    folder: Path, renders: Sequence[Path], others: Sequence[Path], asked: argparse.Namespace
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    store = Store.open(f"sqlite:///{folder / 'twinwatch.db'}", folder / "media", create=True)
    copies: dict[str, list[str]] = {}
    planted: dict[str, None] = {}
    ordinary: dict[str, None] = {}
    try:
        for number, one in enumerate(shown(renders, others, asked.pictures, asked.planted, seed=1)):
            sha256 = publish(store, number, one)
            (planted if one.render else ordinary)[sha256] = None
            if one.render:
                copies[one.name] = [one.render, one.change]
        _looked_at(store, list(planted), list(ordinary), asked.real, folder)
    finally:
        store.close()
    (folder / "planted.json").write_text(json.dumps(copies))


def _looked_at(
    store: Store, planted: Sequence[str], ordinary: Sequence[str], real: int, folder: Path
) -> None:
    """As nights before would have left it. The first `real` of the ordinary ones are examined; the others get
    stand-ins of their fingerprints, and earlier copies of each other are not looked for: among stand-ins
    that takes longer than among photographs, and tells nothing."""
    examined(store, [*planted, *ordinary[:real]])
    stood_in(store, ordinary[real:], ordinary[:real], seed=2)
    detect(store, "before", tell=lambda step: None, settings=Settings(look_seconds=0, controls=False))
    newest = max(number for number, _, _ in store.stored_fingerprints())
    cache = folder / "media-cache"
    with taken(store, cache):
        kept(cache, FILE, {"number": newest, "version": LINKS, "anew": False})


def _deliver(folder: Path, renders: Sequence[Path]) -> None:
    watched = folder / "delivered" / "2026-11-28"
    watched.mkdir(parents=True)
    rows = ["twin;kind;model;agency;image;basis;attested_by"]
    for number, render in enumerate(renders):
        shutil.copy(render, watched / render.name)
        twin = f"Twin {number % TWINS}"
        rows.append(
            f"{twin};digital_twin;Model {number % TWINS};Agency;{render.name};contract 7;desk@example.org"
        )
    (watched / "twins.csv").write_text("\n".join(rows) + "\n", encoding="utf-8-sig")
    (folder / "twinwatch.toml").write_text(
        '[registry]\nwatch = "delivered"\nsettle_seconds = 0\n[labels]\nseconds = 0\n'
    )


def _night(folder: Path) -> dict[str, Any]:
    command = [str(TWINWATCH), "nightly", "--json", "--config", str(folder / "twinwatch.toml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    print(done.stderr[-3000:], file=sys.stderr)
    summary: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return summary


def report(folder: Path, summary: dict[str, Any], took: Spent) -> Iterator[str]:
    copies: dict[str, list[str]] = json.loads((folder / "planted.json").read_text())
    store = Store.open(f"sqlite:///{folder / 'twinwatch.db'}", folder / "media", create=False)
    try:
        sources = {one.sha256: one.source for one in store.references()}
        found: dict[str, set[str]] = {}
        kinds: Counter[str] = Counter()
        for finding in store.findings():
            for match in finding.answer.matches:
                if match.twin:
                    found.setdefault(finding.post_id, set()).add(sources[match.reference])
                    kinds[match.kind.value] += 1
    finally:
        store.close()
    right = [name for name, (render, _) in copies.items() if render in found.get(name, ())]
    yield f"| registered in the night | {summary['registry']['new']} | |"
    yield f"| wall time of the night, s | {took.seconds:.0f} | ≤ {TARGET:.0f} |"
    yield f"| CPU of all processes, s; load (15 min) | {took.busy:.0f}; {os.getloadavg()[2]:.1f} | |"
    yield f"| planted copies found | {len(right)} of {len(copies)} | |"
    yield f"| other findings with a twin | {len(found.keys() - copies.keys())} | |"
    for name, count in sorted(kinds.items()):
        yield f"| matches, {name} | {count} | |"
    for key, value in summary["retro"].items():
        yield f"| looking back: {key} | {value} | |"
    yield ""
    for name in sorted(set(copies) - set(right)):
        yield f"- missed: {name}: {copies[name][1]}"


if __name__ == "__main__":
    main()
