"""What files say of their own origin: found beside expected, what each reader costs, and what hostile files
cost. Prints Markdown.

python -m benchmarks.labels.origin PROVENANCE [PHOTOS] [--without-hostile]

PROVENANCE is a folder with a `manifest.csv` (path, expected_ai_provenance "yes" or "no", signal); PHOTOS one
of photographs, none of which says AI. Times are CPU time of one core: other processes do not count.
"""

import argparse
import csv
import json
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.labels import hostile
from detector.reader import IGNORED, UNREADABLE, readers
from storage.formats import HEAD_BYTES, format_of
from storage.records import OriginEvidence

CLAIMED = 2  # the least level that makes a finding
MEDIAN_LIMIT, SECONDS_LIMIT, PEAK_LIMIT = 3.0, 2.0, 512  # ms a file; s, MB a hostile file


@dataclass(frozen=True, slots=True)
class Case:
    path: Path
    expected: bool
    signal: str


@dataclass(slots=True)
class Answer:
    """One file: what was said, and milliseconds by reader."""

    case: Case
    said: list[OriginEvidence] = field(default_factory=list)
    cost: dict[str, float] = field(default_factory=dict)

    @property
    def claimed(self) -> bool:
        return any(one.level >= CLAIMED for one in self.said)


def main(folder: Path, photos: Path | None = None, *, with_hostile: bool = True) -> None:
    """Everything, on standard output."""
    kept = list(_kept(folder))
    print(*_found(answers := [_answer(case) for case in kept]), sep="\n")
    print(*_costs(f"`{folder.name}`", answers), sep="\n")
    if photos is not None:
        seen = [_answer(Case(path, expected=False, signal="none")) for path in sorted(photos.rglob("*.jpg"))]
        print(*_found(seen, title=f"Photographs in `{photos.name}`"), sep="\n")
        print(*_costs(f"`{photos.name}`", seen), sep="\n")
    if with_hostile:
        print(*_hostile(), sep="\n")


def _kept(folder: Path) -> Iterator[Case]:
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            expected = row["expected_ai_provenance"] == "yes"
            yield Case(folder / row["path"], expected, row["signal"])


def _answer(case: Case) -> Answer:
    data = case.path.read_bytes()
    kind, answer = format_of(data[:HEAD_BYTES]), Answer(case)
    for name, reader in readers().items():
        began = time.process_time()
        answer.said += reader.read(data, kind)
        answer.cost[name] = 1000 * (time.process_time() - began)
    return answer


def _found(answers: Sequence[Answer], title: str = "Found beside expected") -> Iterator[str]:
    wanted = [one for one in answers if one.case.expected]
    others = [one for one in answers if not one.case.expected]
    false = [one for one in others if one.claimed]
    missed = [one for one in wanted if not one.claimed]
    yield from (f"\n## {title}\n", "| | files | said to be AI | wrong |", "|---|---:|---:|---|")
    if wanted:
        yield f"| say that AI made them | {len(wanted)} | {len(wanted) - len(missed)} | {_names(missed)} |"
    yield f"| do not | {len(others)} | {len(false)} | {_names(false)} |"
    for beginning, words in ((IGNORED, "a claim ignored"), (UNREADABLE, "something unreadable")):
        some = [one for one in others if any(each.signal.startswith(beginning) for each in one.said)]
        yield f"| … of which with {words} | {len(some)} | | |"


def _names(answers: Iterable[Answer]) -> str:
    return ", ".join(f"{one.case.path.name} ({one.case.signal})" for one in answers) or "none"


def _costs(where: str, answers: Sequence[Answer]) -> Iterator[str]:
    yield from (
        f"\n## Milliseconds a file in {where}\n",
        "The first reader pays for the walk through the file, which all of them use.\n",
        "| reader | median | p95 | max |",
        "|---|---:|---:|---:|",
    )
    for name in readers():
        yield _row(name, [one.cost[name] for one in answers])
    together = [sum(one.cost.values()) for one in answers]
    reached = "reached" if median(together) <= MEDIAN_LIMIT else "missed"
    yield _row(f"**all together** (median ≤ {MEDIAN_LIMIT:g}: {reached})", together)


def _row(name: str, costs: Sequence[float]) -> str:
    ordered = sorted(costs)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return f"| {name} | {median(ordered):.3f} | {p95:.2f} | {ordered[-1]:.1f} |"


def _hostile() -> Iterator[str]:
    """Each in a process of its own, so that the peak is its own."""
    yield from (
        "\n## Hostile files\n",
        f"At most {SECONDS_LIMIT:g} s and {PEAK_LIMIT} MB resident, interpreter, libraries and file "
        "included.\n",
        "| file | MB | s | peak MB | said |",
        "|---|---:|---:|---:|---|",
    )
    for name in hostile.FILES:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.labels.hostile", name],
            capture_output=True,
            text=True,
            check=True,
        )
        cost = json.loads(done.stdout)
        seconds, peak = cost["seconds"], cost["peak"] / 1e6
        over = " **too much**" if seconds > SECONDS_LIMIT or peak > PEAK_LIMIT else ""
        said = "; ".join(one.removeprefix(f"{UNREADABLE}: ") for one in cost["said"]) or "nothing"
        yield f"| {name} | {cost['bytes'] / 1e6:.1f} | {seconds:.2f} | {peak:.0f} | {said}{over} |"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="what files say of their own origin")
    parser.add_argument("folder", type=Path)
    parser.add_argument("photos", type=Path, nargs="?")
    parser.add_argument("--without-hostile", action="store_true")
    asked = parser.parse_args()
    main(asked.folder, asked.photos, with_hostile=not asked.without_hostile)
