"""What `twinwatch demo` leaves, made once for all workers: synthetic pictures, each post with its truth."""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

from tests.browser.desk import TWINWATCH

GIVEN = "TWINWATCH_DEMO"  # the folder of a demo that is there already: nothing is made


def demo(beside: Path) -> Path:
    """The folder of a demo; made in `beside` by whoever comes first, while others wait."""
    if os.environ.get(GIVEN):
        return Path(os.environ[GIVEN]).absolute()
    folder = beside / "demo"
    with (beside / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "report.html").exists():
            shutil.rmtree(folder, ignore_errors=True)
            done = subprocess.run(
                [TWINWATCH, "demo", "--dir", str(folder)], capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return folder


def copied(folder: Path, to: Path) -> Path:
    """The configuration of a copy, to be changed by one test."""
    shutil.copytree(folder, to)
    return to / "twinwatch.toml"
