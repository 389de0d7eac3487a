"""Importing a large Zeeschuimer file beside reading its lines with orjson alone: `make bench-imports`.

Targets (issue 5): a 300 MB file in at most 300 MB of resident memory, at no less than 0.2 × the speed of
reading its lines with orjson alone. The file is made here, seeded: Instagram objects of the shape and size
that browsers get (pictures in a dozen sizes, carousels, users), no recording of anybody's posts.
`--write FILE` keeps the table, `--megabytes N` makes a smaller trial.
"""

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson
import psutil

MEGABYTE = 1_000_000
SAMPLE_SECONDS = 0.05
ROUNDS = 3  # of reading alone; the fastest counts
SEED = 5
SIZES = (1440, 1080, 960, 750, 720, 640, 480, 320, 240, 180, 150, 120, 90, 64)  # px, a candidate each
WORDS = "autumn denim knit coat studio light new season walk city garden blue soft wool made".split()  # noqa: SIM905
START = 1_760_000_000  # epoch seconds of the first post


@dataclass(frozen=True, slots=True)
class Run:
    """One import: wall seconds with its start, CPU seconds of the process that saves and of those that it
    began, peak resident bytes of all, what it said."""

    seconds: float
    saving: float
    reading: float
    peak: int
    said: dict[str, object]

    @property
    def busier(self) -> float:
        """CPU seconds of the busier process: what the import takes at least where each has a core."""
        return max(self.saving, self.reading)


def main() -> None:
    parser = argparse.ArgumentParser(description="Import speed and memory.")
    parser.add_argument("--write", type=Path)
    parser.add_argument("--megabytes", type=int, default=300)
    parser.add_argument("--accounts", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = measure(Path(folder), options.megabytes, options.accounts)
    print(text)
    if options.write:
        options.write.write_text(text + "\n")


def measure(folder: Path, megabytes: int, accounts: int) -> str:
    path = folder / "zeeschuimer.ndjson"
    lines = make(path, megabytes * MEGABYTE, accounts)
    rounds = [read_alone(path) for _ in range(ROUNDS)]
    alone, alone_cpu = (min(one) for one in zip(*rounds, strict=True))
    first, second = imported(path, folder), imported(path, folder)
    size = path.stat().st_size / MEGABYTE
    rows = [
        (
            "file",
            f"{size:.0f} MB, {lines} lines, {size * 1000 / lines:.1f} kB a line, {accounts} accounts",
            "",
        ),
        ("reading with orjson alone", f"{alone:.2f} s, CPU {alone_cpu:.2f} s", ""),
        ("import, all new", f"{first.seconds:.1f} s, {lines / first.seconds:.0f} posts/s", ""),
        ("  beside reading alone", f"{alone / first.seconds:.2f} ×", "≥ 0.2 ×"),
        ("  CPU, saving and reading", f"{first.saving:.1f} and {first.reading:.1f} s", ""),
        ("  CPU of the busier beside reading alone", f"{alone_cpu / first.busier:.2f} ×", ""),
        ("  peak resident memory", f"{first.peak / MEGABYTE:.0f} MB", "≤ 300 MB"),
        ("import again, all known", f"{second.seconds:.1f} s", ""),
        ("  beside reading alone", f"{alone / second.seconds:.2f} ×", ""),
        ("  CPU, saving and reading", f"{second.saving:.1f} and {second.reading:.1f} s", ""),
        ("  peak resident memory", f"{second.peak / MEGABYTE:.0f} MB", ""),
        ("new, then known", f"{first.said['new']}, then {second.said['known']}", f"{lines}, then {lines}"),
    ]
    table = "\n".join(f"| {what} | {measured} | {target} |" for what, measured, target in rows)
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores, {datetime.now(UTC):%Y-%m-%d}"
    return f"{machine}\n\n| | measured | target |\n|---|---|---|\n{table}"


def read_alone(path: Path) -> tuple[float, float]:
    """Seconds, and CPU seconds, of a loop that parses every line and does nothing with it."""
    began, cpu = time.perf_counter(), time.process_time()
    with path.open("rb") as file:
        for line in file:
            orjson.loads(line)
    return time.perf_counter() - began, time.process_time() - cpu


def imported(path: Path, folder: Path) -> Run:
    command = [str(Path(sys.executable).with_name("twinwatch")), "import", str(path), "--no-fetch", "--json"]
    began = time.perf_counter()
    peak, used = 0, dict[int, float]()
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        watched = psutil.Process(child.pid)
        while child.poll() is None:
            try:
                family = (watched, *watched.children(recursive=True))
                peak = max(peak, sum(one.memory_info().rss for one in family))
                used |= {one.pid: sum(one.cpu_times()[:2]) for one in family}
            except psutil.NoSuchProcess:  # the one that reads is through
                pass
            time.sleep(SAMPLE_SECONDS)
        assert child.stdout
        said: dict[str, object] = json.loads(child.stdout.read())
    saving = used.pop(child.pid)
    return Run(time.perf_counter() - began, saving, sum(used.values()), peak, said)


# --- a file of the right shape ------------------------------------------------------------------------------


def make(path: Path, size: int, accounts: int) -> int:
    """How many lines were written."""
    chance = random.Random(SEED)
    lines = 0
    with path.open("wb") as file:
        while file.tell() < size:
            file.write(orjson.dumps(line(lines, accounts, chance)) + b"\n")
            lines += 1
    return lines


def line(number: int, accounts: int, chance: random.Random) -> dict[str, object]:
    handle = f"retailer{number % accounts}"
    page = f"https://www.instagram.com/{handle}/"
    collected = (START + number + 1000) * 1000
    return {
        "id": number,
        "item_id": str(number),
        "nav_index": "s:1:0",
        "timestamp_collected": collected,
        "last_updated": collected,
        "source_platform": "instagram.com",
        "source_platform_url": page,
        "source_url": "https://www.instagram.com/graphql/query",
        "user_agent": "Mozilla/5.0",
        "data": post(number, handle, chance),
    }


def post(number: int, handle: str, chance: random.Random) -> dict[str, object]:
    slides = chance.choice((0, 0, 0, 3, 5))
    one = {
        **medium(number * 100, chance),
        "code": f"C{number:010d}",
        "taken_at": START + number,
        "user": user(handle),
        "owner": user(handle),
        "caption": {"text": " ".join(chance.choices(WORDS, k=60)), "pk": str(number), "user": user(handle)},
        "like_count": chance.randrange(100_000),
        "comment_count": chance.randrange(1000),
        "media_type": 8 if slides else 1,
        "gen_ai_detection_method": {"detection_method": "NONE"},
    }
    if slides:
        one["carousel_media"] = [medium(number * 100 + place, chance) for place in range(1, slides + 1)]
    return one


def medium(number: int, chance: random.Random) -> dict[str, object]:
    signed = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=160))
    at = "https://scontent.cdninstagram.com/v/t51.2885-15"
    candidates = [
        {
            "width": px,
            "height": px,
            "url": f"{at}/{number}_{px}_n.jpg?stp=dst-jpg_e35&_nc_sid={signed}&oe=7FFFFFFF",
        }
        for px in SIZES
    ]
    return {
        "id": f"{number}_1",
        "pk": str(number),
        "media_type": 1,
        "image_versions2": {"candidates": candidates},
        "accessibility_caption": "Photo in a studio.",
        "original_width": 1440,
        "original_height": 1800,
        "taken_at": START,
        **{f"flag_{place}": None for place in range(60)},
    }


def user(handle: str) -> dict[str, object]:
    return {
        "pk": str(sum(map(ord, handle))),
        "username": handle,
        "full_name": handle.title(),
        "is_verified": True,
        "profile_pic_url": f"https://scontent.cdninstagram.com/v/t51/{handle}.jpg",
    }


if __name__ == "__main__":
    main()
