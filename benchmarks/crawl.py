"""Crawl throughput and memory beside a bare Scrapy FilesPipeline on the same server: `make bench`.

Targets (issue 2): at least 0.6 × the bare throughput; below 400 MB and flat from 1,000 to 20,000 posts;
a second night over unchanged posts transfers no picture again. `--write FILE` keeps the table; `--quick`
is a small trial.
"""

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

MEGABYTE = 1_000_000
SAMPLE_SECONDS = 0.05
CONNECTIONS = 8  # of the server's own trial: as many as Scrapy opens to one host


@dataclass(frozen=True, slots=True)
class Run:
    """One crawl: wall time with the start of its processes; peak resident memory of the largest process."""

    seconds: float
    busy: float  # CPU seconds, of all its processes
    peak: float  # bytes
    output: str


@dataclass(frozen=True, slots=True)
class Row:
    what: str
    measured: str
    target: str


def main() -> None:
    parser = argparse.ArgumentParser(description="Crawl throughput and memory.")
    parser.add_argument("--write", type=Path)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    posts, rounds, many = (200, 1, (100, 400)) if options.quick else (2000, 3, (1000, 20000))
    rows = [*throughput(posts, rounds), *memory(many)]
    text = report(rows)
    print(text)
    if options.write:
        options.write.write_text(text, encoding="utf-8")


# --- what is measured --------------------------------------------------------------------------


def throughput(posts: int, rounds: int) -> Iterator[Row]:
    """Bare and ours in turn, so that both see the same machine; then a second night."""
    bare: list[Run] = []
    ours: list[Run] = []
    with serving(posts, 150_000) as url:
        yield Row("the server alone", f"{server_rate(url):.0f} pictures/s", "well above both")
        for module in ("benchmarks.bare", "benchmarks.ours"):
            warm_up(module)
        for number in range(rounds):
            with folder() as place:
                bare.append(run("benchmarks.bare", url, place))
                assert sent(url)["com.atproto.sync.getBlob"] == posts
            with folder() as place:
                ours.append(checked(run("benchmarks.ours", url, place), posts))
                assert sent(url)["com.atproto.sync.getBlob"] == posts
                if number == rounds - 1:
                    second = run("benchmarks.ours", url, place)
                    again = sent(url)
    ratios = [theirs.seconds / mine.seconds for mine, theirs in zip(ours, bare, strict=True)]
    load = os.getloadavg()[1]
    yield Row(f"bare FilesPipeline, {posts} pictures of 150 kB", f"{_rates(bare, posts)} pictures/s", "")
    yield Row(f"Twinwatch, {posts} pictures of 150 kB", f"{_rates(ours, posts)} pictures/s", "")
    yield Row("ratio, median", f"{statistics.median(ratios):.2f} ({_list(ratios, 2)})", "≥ 0.60")
    busy = [statistics.median(one.busy for one in runs) * 1000 / posts for runs in (bare, ours)]
    yield Row("CPU time a picture, bare and ours", f"{busy[0]:.1f} ms, {busy[1]:.1f} ms", "")
    yield Row("load of the machine while measuring (5 min)", f"{load:.1f}", "≤ 2: nothing else running")
    pictures, listed = again.get("com.atproto.sync.getBlob", 0), again["com.atproto.repo.listRecords"]
    single = again.get("com.atproto.repo.getRecord", 0)
    transferred = sum(value for name, value in again.items() if name.endswith(" bytes")) / MEGABYTE
    asked = f"{pictures} pictures, {listed} listings, {single} single records"
    told = f"{asked}, {transferred:.1f} MB, {second.seconds:.1f} s"
    yield Row("second night, nothing changed", told, "0 pictures")


def memory(counts: Sequence[int]) -> Iterator[Row]:
    """Small pictures: it is the number of posts that must not matter."""
    peaks = []
    for count in counts:
        with serving(count, 6_000) as url, folder() as place:
            done = checked(run("benchmarks.ours", url, place), count)
        peaks.append(done.peak / MEGABYTE)
        rate = count / done.seconds
        yield Row(
            f"peak resident memory, {count} posts (6 kB pictures)",
            f"{peaks[-1]:.0f} MB ({rate:.0f} posts/s)",
            "< 400 MB",
        )
    yield Row("growth from the first to the second", f"{peaks[-1] / peaks[0]:.2f} ×", "flat")


def checked(done: Run, posts: int) -> Run:
    """A crawl that lost something was not fast."""
    outcome = json.loads(done.output.splitlines()[-1])
    expected = {"failed": {}, "new": posts, "media": posts, "media_failed": 0}
    if outcome != expected:
        raise SystemExit(f"the crawl did not store everything: {outcome}")
    return done


# --- how ---------------------------------------------------------------------------------------


@contextmanager
def serving(posts: int, size: int) -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.server", str(posts), str(size)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.wait(timeout=10)
        process.stdout.close()


@contextmanager
def folder() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="twinwatch-bench-"))
    try:
        yield place
    finally:
        shutil.rmtree(place)


def warm_up(module: str) -> None:
    with serving(1, 1000) as url, folder() as place:
        run(module, url, place)


def run(module: str, url: str, place: Path) -> Run:
    """Start it, watch the memory of it and of its children until it ends."""
    started, busy = time.perf_counter(), _cpu()
    command = [sys.executable, "-m", module, url, str(place)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=_environment())
    peaks: list[float] = [0.0]
    watcher = threading.Thread(target=_watch, args=(process.pid, peaks), daemon=True)
    watcher.start()
    output, _ = process.communicate()
    seconds = time.perf_counter() - started
    watcher.join()
    if process.returncode != 0:
        raise SystemExit(f"{module} ended with status {process.returncode}")
    return Run(seconds, _cpu() - busy, peaks[0], output)


def _environment() -> Mapping[str, str]:
    """Compiled modules may be kept, as on every machine that is in use: starting is then not compiling."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _cpu() -> float:
    """CPU seconds of the processes that have ended: beside other work it says more than the wall does."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _watch(pid: int, peaks: list[float]) -> None:
    try:
        parent = psutil.Process(pid)
        while parent.is_running() and parent.status() != psutil.STATUS_ZOMBIE:
            for process in (parent, *parent.children(recursive=True)):
                peaks[0] = max(peaks[0], _resident(process))
            time.sleep(SAMPLE_SECONDS)
    except psutil.NoSuchProcess:
        return


def _resident(process: psutil.Process) -> float:
    try:
        return float(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0.0


def sent(url: str) -> Mapping[str, int]:
    with urllib.request.urlopen(f"{url}/stats") as response:
        counts: dict[str, int] = json.load(response)
    return counts


def server_rate(url: str) -> float:
    """What the server gives to plain readers: if this were near the crawls, it would be the bottleneck."""
    with urllib.request.urlopen(f"{url}/xrpc/com.atproto.repo.listRecords?limit=100") as response:
        records = json.load(response)["records"]
    cids = [record["value"]["embed"]["images"][0]["image"]["ref"]["$link"] for record in records]
    readers = [threading.Thread(target=_read, args=(url, cids)) for _ in range(CONNECTIONS)]
    started = time.perf_counter()
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    rate = CONNECTIONS * len(cids) / (time.perf_counter() - started)
    sent(url)
    return rate


def _read(url: str, cids: Sequence[str]) -> None:
    for cid in cids:
        with urllib.request.urlopen(f"{url}/xrpc/com.atproto.sync.getBlob?cid={cid}") as response:
            response.read()


# --- how it is told ----------------------------------------------------------------------------


def report(rows: Sequence[Row]) -> str:
    model = platform.machine()
    lines = [
        "# Crawling: throughput and memory",
        "",
        "Made by `make bench` (`benchmarks/crawl.py`): a bare Scrapy FilesPipeline and Twinwatch in turn,",
        "on one loopback server in a process of its own. Wall time, start of the processes included.",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({model}), {platform.system()}, "
        f"Python {platform.python_version()}, Scrapy {version('scrapy')}, "
        f"SQLAlchemy {version('sqlalchemy')}.",
        "",
        "| What | Measured | Target |",
        "|---|---|---|",
        *(f"| {row.what} | {row.measured} | {row.target} |" for row in rows),
        "",
    ]
    return "\n".join(lines)


def _rates(runs: Sequence[Run], posts: int) -> str:
    return _list([posts / one.seconds for one in runs])


def _list(values: Sequence[float], digits: int = 0) -> str:
    return ", ".join(f"{value:.{digits}f}" for value in values)


if __name__ == "__main__":
    main()
