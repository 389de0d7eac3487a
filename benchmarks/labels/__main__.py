"""Everything about labels and origin, measured one part after the other, in one report.

python -m benchmarks.labels DATA [--parts captions,text,…] [--quick] [--out docs/benchmarks/labels.md]

DATA has the folders `photos`, `provenance`, `captions`, `eu-icons`. Each part is a module of this folder and
a process of its own; what it prints stands under its heading. A part that fails is named; the others go on.
"""

import argparse
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

BY_HAND = "## What was tried, and what it means"  # from here on the report is a person's, and stays


@dataclass(frozen=True, slots=True)
class Part:
    """`wants` names folders (or files) of DATA; `quick` is put behind them for a look at a sample."""

    module: str
    title: str
    wants: tuple[str, ...]
    more: tuple[str, ...] = ()
    quick: tuple[str, ...] = ()


PARTS = (
    Part("origin", "Origin: what files say of themselves", ("provenance", "photos")),
    Part("captions", "Texts", ("captions/captions.jsonl",)),
    Part("text", "Text on pictures", ("photos",), quick=("--labels", "30", "--clean", "30")),
    Part("marks", "Marks on pictures", ("photos", "eu-icons"), quick=("--pasted", "48", "--clean", "30")),
    Part("brands", "Marks that users register", ("photos",), quick=("--pasted", "12", "--clean", "12")),
    Part(
        "altered",
        "What was done to a picture",
        ("photos",),
        quick=("--replaced", "8", "--innocent", "16", "--marked", "8"),
    ),
    Part("travel", "Labelled here, not there", ("photos",), quick=("--pairs", "6", "--pictures", "200")),
    Part("filled", "Generative fill in real photographs", ("photos",), quick=("--pictures", "3")),
)


def measured(part: Part, data: Path, *, quick: bool) -> tuple[str, bool]:
    """The part's Markdown, and whether it came to its end."""
    wanted = [str(data / name) for name in part.wants]
    command = [sys.executable, "-m", f"benchmarks.labels.{part.module}", *wanted, *part.more]
    began = time.monotonic()
    done = subprocess.run(
        [*command, *(part.quick if quick else ())], stdout=subprocess.PIPE, text=True, check=False
    )
    minutes = (time.monotonic() - began) / 60
    ending = "" if done.returncode == 0 else f"\n\n**This part ended with status {done.returncode}.**"
    heading = f"## {part.title}\n\n`benchmarks/labels/{part.module}.py`, {minutes:.0f} min.\n\n"
    return f"{heading}{done.stdout.strip()}{ending}", done.returncode == 0


def report(pieces: Sequence[str]) -> str:
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    load = f"load of the machine at the end (5 min) {os.getloadavg()[1]:.1f}"
    head = f"Written by `make bench-labels` on {datetime.now(UTC):%Y-%m-%d}; {machine}, {load}."
    return "\n\n".join(["# Labels and origin, measured", head, *pieces]) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--parts", help="by comma; all if left out")
    parser.add_argument("--quick", action="store_true", help="samples only")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    names = asked.parts.split(",") if asked.parts else [part.module for part in PARTS]
    if unknown := set(names) - {part.module for part in PARTS}:
        sys.exit(f"no such part: {', '.join(sorted(unknown))}")
    found = [
        measured(part, asked.data.resolve(), quick=asked.quick) for part in PARTS if part.module in names
    ]
    text = report([piece for piece, _ in found])
    print(text)
    if asked.out:
        old = asked.out.read_text(encoding="utf-8") if asked.out.exists() else ""
        _, there, rest = old.partition(BY_HAND)
        asked.out.write_text(text + (f"\n{there}{rest}" if there else ""), encoding="utf-8")
    sys.exit(0 if all(done for _, done in found) else 1)


if __name__ == "__main__":
    main()
