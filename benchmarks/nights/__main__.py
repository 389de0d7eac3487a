"""Three nights over a thousand accounts in bad weather, and a fourth on which nothing happens: `make
bench-nights`.

The server and what goes wrong: world.py, weather.py. What has to be true, and what *visible* means where a
server failed all night: check.py. `--stage crawl` runs that half of the night alone (the pictures are
judged by nobody); `--accounts N`, `--seed N`; `--write FILE` keeps the table.
"""

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.nights.check import Verdict, check
from benchmarks.nights.house import MEGABYTE, Done, House, serving
from benchmarks.nights.meter import CALLS, WINDOW
from benchmarks.nights.weather import Weather
from benchmarks.nights.world import NIGHTS, PLATFORMS, World
from crawler.usage import STOP_FROM

MOST = 2  # requests an account on a quiet night (issue 5)
SHOWN = 20  # mistakes that are printed


@dataclass(frozen=True, slots=True)
class Nights:
    world: World
    done: Sequence[Done]
    logs: Sequence[Mapping[str, Any]]  # what the server counted, night by night
    verdict: Verdict
    early: Verdict  # before the quiet night: it must not be the one that catches up

    @property
    def broken(self) -> list[str]:
        """Requests that came although a limit was announced."""
        return [one for log in self.logs for one in log["broken"]]

    @property
    def noticed_late(self) -> int:
        """Pictures that were swapped under their address before the quiet night, and had their turn in it."""
        waiting = [one.counted["swaps without a turn yet"] for one in (self.early, self.verdict)]
        return waiting[0] - waiting[1]

    @property
    def again(self) -> int:
        """Pictures that came on the quiet night although they were there."""
        sent: int = self.logs[-1]["sent"]
        return sent - self.noticed_late

    @property
    def wrong(self) -> list[str]:
        """Everything that misses the targets, in sentences."""
        quiet = self.logs[-1]
        costly = [
            f"account {number}: {count} requests"
            for number, count in quiet["together"].items()
            if count > MOST
        ]
        again = [f"{self.again} pictures were transferred on the quiet night"] if self.again else []
        most = max(log["metered"]["most"] for log in self.logs)
        used_up = [f"all of Meta's calls were used up: {most:.0f} %"] if most >= STOP_FROM else []
        return [*self.early.wrong, *self.verdict.wrong, *self.broken, *costly, *again, *used_up]


def nights(
    folder: Path,
    seed: int,
    accounts: int,
    stage: str = "nightly",
    platforms: Sequence[str] = PLATFORMS,
) -> Nights:
    """The three and the quiet one."""
    world = World(seed, accounts, time.time(), platforms)
    weather = Weather(seed)
    with serving(world, "stormy") as outside:
        house = House(folder / "house", world, outside)
        house.stage = stage
        done, logs = [], []
        for night in range(1, NIGHTS + 2):
            outside.night(night)
            house.a_day_passes()
            done.append(house.night())
            logs.append(outside.log())
            if night == NIGHTS:
                early = check(house, weather, done)
        return Nights(world, done, logs, check(house, weather, done), early)


def table(found: Nights) -> Iterator[str]:
    yield "| | night 1 | night 2 | night 3 | a quiet night |"
    yield "|---|---|---|---|---|"
    rows: list[tuple[str, list[object]]] = [
        ("seconds", [f"{one.seconds:.0f}" for one in found.done]),
        ("peak resident memory of a process, MB", [f"{one.peak / MEGABYTE:.0f}" for one in found.done]),
        ("accounts ok, failed", [_two(one.summary["accounts"], "ok", "failed") for one in found.done]),
        (
            "posts new, changed, gone",
            [_two(one.summary["posts"], "new", "changed", "gone") for one in found.done],
        ),
        ("pictures new, failed", [_two(one.summary["media"], "new", "failed") for one in found.done]),
        (
            "requests, pictures among them",
            [f"{_all(log)}, {log['kinds'].get('picture', 0)}" for log in found.logs],
        ),
        ("the server's troubles", [sum(log["troubles"].values()) for log in found.logs]),
        ("answers that announced a limit", [sum(log["announced"].values()) for log in found.logs]),
        ("requests in spite of one", [len(log["broken"]) for log in found.logs]),
        (
            f"calls to Meta, most of {CALLS} in any {WINDOW:.0f} s",
            [f"{log['metered']['calls']}, {log['metered']['most']:.0f} %" for log in found.logs],
        ),
    ]
    for name, values in rows:
        yield f"| {name} | {' | '.join(map(str, values))} |"


def report(found: Nights, stage: str) -> str:
    counted, quiet = found.verdict.counted, found.logs[-1]
    troubles: dict[str, int] = {}
    for log in found.logs:
        for name, count in log["troubles"].items():
            troubles[name] = troubles.get(name, 0) + count
    hosts = sum(found.world.hosts.values())
    asked = quiet["together"].values()
    lines = [
        f"{found.world.accounts} accounts on {hosts} hosts ({_shown(found.world)}), seed {found.world.seed}, "
        f"`twinwatch {stage}`; Python {platform.python_version()}, {os.cpu_count()} cores, load "
        f"{os.getloadavg()[1]:.1f}, {datetime.now(UTC):%Y-%m-%d}.",
        "",
        *table(found),
        "",
        "| | measured | target |",
        "|---|---|---|",
        f"| posts that were visible | {counted['posts']} | each stored once |",
        f"| their versions | {counted['versions']} | each stored once |",
        f"| their pictures | {counted['pictures']} | each stored once |",
        f"| edits, swapped pictures among them | {counted['edits seen']} | all seen |",
        f"| deletions | {counted['deletions seen']} | all seen |",
        f"| editions that no night was shown | {counted['editions that no night showed']} | |",
        f"| missing, double or wrong | {len({*found.early.wrong, *found.verdict.wrong})} | 0 |",
        f"| requests after a limit was announced | {len(found.broken)} | 0 |",
        f"| requests on the quiet night, pictures too, the most of an account | {quiet['most']} | ≤ {MOST} |",
        f"| the same, on average | {sum(asked) / max(1, len(asked)):.2f} | |",
        f"| pictures transferred again on the quiet night | {found.again} | 0 |",
        f"| swapped under their address, and noticed on the quiet night | {found.noticed_late} | |",
        f"| the same, and not yet asked about then | {counted['swaps without a turn yet']} | |",
        f"| asked whether they are the same still (feeds, YouTube) | {quiet['kinds'].get('picture', 0)} | |",
        "",
        "What went wrong on the way: "
        + ", ".join(f"{name} × {count}" for name, count in sorted(troubles.items()) if name)
        + ".",
    ]
    return "\n".join(lines)


def _shown(world: World) -> str:
    if len(set(world.platforms)) == 1:
        return world.platforms[0]
    return (
        "Mastodon's API, Bluesky, newsrooms' feeds, YouTube's and Pinterest's feeds, Instagram's Business "
        "Discovery"
    )


def _two(counts: Mapping[str, Any], *names: str) -> str:
    return ", ".join(str(counts[name]) for name in names)


def _all(log: Mapping[str, Any]) -> int:
    return sum(log["kinds"].values())


def main() -> None:
    parser = argparse.ArgumentParser(description="Three nights in bad weather.")
    parser.add_argument("--accounts", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--stage", choices=("nightly", "crawl"), default="nightly")
    parser.add_argument("--platform", choices=sorted(set(PLATFORMS)), help="of all accounts")
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        among = [options.platform] if options.platform else PLATFORMS
        found = nights(Path(folder), options.seed, options.accounts, options.stage, among)
    text = report(found, options.stage)
    print(text)
    if options.write:
        options.write.write_text(text + "\n")
    if found.wrong:
        print("\n".join(str(error) for one in found.done[2:] for error in one.summary["errors"]))
        raise SystemExit("\n".join(["", f"{len(found.wrong)} mistakes:", *found.wrong[:SHOWN]]))


if __name__ == "__main__":
    main()
