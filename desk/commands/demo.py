"""See the whole job: crawls a small site of its own twice, and says what it found.

Everything stays on this machine. Leaves a folder with a store, a twinwatch.toml and a report.

\b
Examples:
  twinwatch demo
  twinwatch demo --dir /tmp/demo
  twinwatch demo --force         start the demo in ./twinwatch-demo afresh

Exit status: 0 every post was found to be what it is, 1 not.
"""

from pathlib import Path
from typing import Annotated

import typer

DirOption = Annotated[
    Path | None,
    typer.Option("--dir", metavar="D", help="Default: ./twinwatch-demo, or the next free number."),
]
ForceOption = Annotated[
    bool, typer.Option("--force", help="Replace an earlier demo. Nothing else is ever replaced.")
]


def run(folder: DirOption = None, force: ForceOption = False) -> None:
    from desk.demo.folder import prepare  # noqa: PLC0415 - Pillow, NumPy and c2pa: --help does without
    from desk.demo.tour import tour  # noqa: PLC0415

    raise typer.Exit(tour(prepare(folder, force=force)))
