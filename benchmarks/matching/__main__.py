"""How well pictures are found again whatever was done to them, and how often another one is taken for them.

python -m benchmarks.matching PHOTOS [--also FOLDER] [--half report] [--references 2500] [--sample 100]
    [--only NAME,…] [--parts recall,hard,…] [--peers 30] [--out docs/benchmarks/matching.md]

PHOTOS is a folder of photographs; a CSV in it or beside it may tell the contributors. References are drawn
from its half (at most 70 % of it) and filled up from the same half of FOLDER. Every trial is kept as a line
of JSON in the temporary folder, for one state of the detector: a stopped run goes on where it was.
"""

import argparse
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # two processes and two cores: threads would only spin
os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2

from benchmarks.matching import chart, report, rivals
from benchmarks.matching.changes import CHANGES
from benchmarks.matching.plan import PARTS, Plan, Size, compared, measured, planned
from benchmarks.matching.report import Results
from benchmarks.matching.rivals import Rivals
from benchmarks.matching.split import Half

BY_HAND = "## What was tried, and what it means"  # from here on the report is a person's, and stays
ACROSS = "false matches per ordinary pair (dots: 95 % upper bound)"


def written(asked: argparse.Namespace, plan: Plan, results: Results, rival: Rivals | None) -> str:
    """The report in Markdown."""
    machine = f"{platform.machine()}, Python {platform.python_version()}, OpenCV {cv2.__version__}"
    lines = [
        f"# {asked.title}",
        "",
        f"Written by `python -m benchmarks.matching {asked.photos.name} …` on {datetime.now(UTC):%Y-%m-%d},",
        f"{machine},",
        f"detector state {plan.state}, {asked.half} half. Bounds: one-sided, 95 %, Clopper–Pearson.",
        "",
        *report.drawn(results),
        "",
        "## Targets",
        "",
        *report.targets(results),
        "",
        "## Matches that are none",
        "",
        *report.wrong(results),
        "",
        report.verified(results.ordinary),
        "",
        *(report.false_ones(results) or ["No false `copy` and no false `likely_copy` outside the tripods."]),
    ]
    if results.recall:
        lines += ["", "## Recall by change", "", *report.changes(results), "", report.LEGEND]
    if rival:
        lines += ["", "## Peers, on the same files", "", *rivals.table(rival)]
        lines += ["", f"![recall against false matches]({asked.out.with_suffix('.png').name})"]
    if results.speed:
        lines += ["", "## Price", "", *report.price(results.speed)]
    lines += [
        "",
        "## The same photograph twice",
        "",
        *report.doubles(pair for pair in plan.same if pair <= plan.photos.keys()),
    ]
    return "\n".join(lines) + "\n"


def keep(out: Path, text: str) -> None:
    """What a person wrote below the report stays below it."""
    old = out.read_text(encoding="utf-8") if out.exists() else ""
    _, found, rest = old.partition(BY_HAND)
    out.write_text(text + (f"\n{found}{rest}" if found else ""), encoding="utf-8")


def pictured(out: Path, results: Results, rival: Rivals) -> None:
    tried = report.pairs(results.ordinary)
    marks = {
        f"Twinwatch, {what}": (report.bound(results.ordinary, kinds), report.mean_recall(results, what))
        for what, kinds in (("copy", ["copy"]), ("copy or likely", ["copy", "likely_copy"]))
    }
    title = f"Mean recall over {len(CHANGES)} changes; {tried:,} ordinary pairs"
    chart.draw(out, title, ACROSS, rivals.curves(rival), marks)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("photos", type=Path)
    parser.add_argument("--also", type=Path, help="more photographs: references and ordinary ones")
    parser.add_argument("--half", type=Half, default=Half.REPORT, choices=list(Half))
    parser.add_argument(
        "--only", type=lambda text: text.split(";"), default=list(CHANGES), help="changes, by ;"
    )
    parser.add_argument(
        "--parts", type=lambda text: text.split(","), default=list(PARTS), help=", ".join(PARTS)
    )
    for name, count in (
        ("references", 2500),
        ("skip", 0),
        ("sample", 100),
        ("ordinary", 10_000),
        ("registered", 650),
    ):
        parser.add_argument(f"--{name}", type=int, default=count)
    for name, count in (("hard", 2200), ("tripod", 140), ("peers", 0), ("segmented", 10)):
        parser.add_argument(f"--{name}", type=int, default=count)
    parser.add_argument("--title", default="Matching, measured")
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    if unknown := [name for name in asked.only if name not in CHANGES]:
        sys.exit(f"no such change: {', '.join(unknown)}")
    size = Size(**{name: getattr(asked, name) for name in Size.__dataclass_fields__})
    plan = planned(asked.photos, asked.also, asked.half, size, asked.parts)
    results = measured(plan, asked.parts, asked.only)
    rival = compared(plan, asked.only) if asked.peers else None
    text = written(asked, plan, results, rival)
    print(text)
    if asked.out:
        keep(asked.out, text)
        if rival and results.ordinary:
            pictured(asked.out.with_suffix(".png"), results, rival)


if __name__ == "__main__":
    main()
