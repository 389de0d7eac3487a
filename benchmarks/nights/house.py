"""A Twinwatch beside the world: a folder with its configuration, nights as users run them, and what they
cost."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from benchmarks.nights.graph import TOKEN
from benchmarks.nights.passing import a_day_passes
from benchmarks.nights.said import handle
from benchmarks.nights.world import Publisher, World

SAMPLE_SECONDS = 0.1
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Outside:
    """The running server: its ports, and its control."""

    ports: dict[str, list[int]]

    def night(self, number: int) -> None:
        self._ask(f"night/{number}")

    def log(self) -> dict[str, Any]:
        """What was asked in this night."""
        return self._ask("log")

    def _ask(self, path: str) -> dict[str, Any]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ports['control'][0]}/{path}") as response:
            found: dict[str, Any] = json.load(response)
        return found


@contextmanager
def serving(world: World, weather: str, delay: float = 0.0) -> Iterator[Outside]:
    """`weather`: "calm" or "stormy"; `delay`: the longest that an answer takes, in seconds."""
    said = [str(world.seed), str(world.accounts), repr(world.start), weather, str(delay)]
    command = [sys.executable, "-m", "benchmarks.nights.server", *said, ",".join(world.platforms)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield Outside(json.loads(process.stdout.readline()))
        finally:
            process.stdin.close()
            process.wait(timeout=10)


@dataclass(frozen=True, slots=True)
class Done:
    """One night: exit status (-9: killed), its last line, wall seconds, peak resident bytes of one
    process."""

    status: int
    summary: dict[str, Any]
    seconds: float
    peak: int
    said: str = ""

    @property
    def failed(self) -> set[str]:
        """Names of accounts that the summary says failed."""
        count = self.summary.get("accounts", {}).get("failed", 0)  # they come first, one error each
        return {error["where"] for error in self.summary.get("errors", [])[:count]}


@dataclass(frozen=True, slots=True)
class Moment:
    """So many seconds after the start, or after so many requests were answered."""

    seconds: float
    requests: int = 0

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s after {f'request {self.requests}' if self.requests else 'the start'}"


@dataclass(slots=True)
class House:
    folder: Path
    world: World
    outside: Outside
    names: dict[int, str] = field(default_factory=dict)
    stage: str = "nightly"  # or "crawl", "detect"

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        hosts = [f"127.0.0.1:{port}" for ports in self.outside.ports.values() for port in ports]
        crawl = f'[crawl]\ncontact = "desk@example.org"\nallow_hosts = {json.dumps(hosts)}\n'
        crawl += "requests_a_night = 0\n"
        accounts = "".join(self._account(one) for one in self.world.publishers)
        self.config.write_text(crawl + accounts)

    @property
    def config(self) -> Path:
        return self.folder / "twinwatch.toml"

    @property
    def database(self) -> Path:
        return self.folder / "twinwatch.db"

    @property
    def media(self) -> Path:
        return self.folder / "media"

    def _account(self, one: Publisher) -> str:
        service = f"http://127.0.0.1:{self.outside.ports[one.platform][one.host]}"
        if one.platform == "rss":
            service += f"/feed/{one.number}"
        self.names[one.number] = f"{one.platform}:{handle(one)}"
        return (
            f'[[account]]\nretailer = "Shop {one.number}"\nplatform = "{one.platform}"\n'
            f'handle = "{handle(one)}"\nservice = "{service}"\n'
        )

    def a_day_passes(self) -> None:
        if self.database.exists():
            a_day_passes(f"sqlite:///{self.database}")

    def night(self, kill_after: Moment | None = None) -> Done:
        """`twinwatch nightly --json`, or one stage of it. With `kill_after` all of its process group is
        killed then."""
        command = [str(Path(sys.executable).with_name("twinwatch")), self.stage, "--json", "--config"]
        began, peaks = time.perf_counter(), [0]
        with (self.folder / "said.txt").open("w+") as aside, (self.folder / "out.txt").open("w+") as out:
            with subprocess.Popen(
                [*command, str(self.config)],
                stdout=out,
                stderr=aside,
                start_new_session=True,
                cwd=self.folder,
                env={**os.environ, "TWINWATCH_TOKENS__INSTAGRAM": TOKEN},
            ) as process:
                watcher = threading.Thread(target=_watch, args=(process.pid, peaks), daemon=True)
                watcher.start()
                if kill_after:
                    self._kill(process, kill_after)
                process.wait()
                watcher.join()
            out.seek(0)
            aside.seek(0)
            lines = out.read().splitlines()
            return Done(
                process.returncode,
                json.loads(lines[-1]) if lines and process.returncode in (0, 3, 75) else {},
                time.perf_counter() - began,
                peaks[0],
                aside.read()[-5000:],
            )

    def _kill(self, process: subprocess.Popen[bytes], moment: Moment) -> None:
        """All of its process group, unless it is over before."""
        while process.poll() is None and sum(self.outside.log()["kinds"].values()) < moment.requests:
            time.sleep(0.01)
        try:
            process.wait(moment.seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def _watch(pid: int, peaks: list[int]) -> None:
    with suppress(psutil.NoSuchProcess):
        parent = psutil.Process(pid)
        while parent.is_running() and parent.status() != psutil.STATUS_ZOMBIE:
            for process in (parent, *parent.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):
                    peaks[0] = max(peaks[0], process.memory_info().rss)
            time.sleep(SAMPLE_SECONDS)
