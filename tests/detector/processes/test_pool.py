"""The processes themselves: replaced when they die, gone when nobody needs them, one run at a time."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from detector.processes import pool as pool_module
from detector.processes.jobs import ExamineJob
from detector.processes.pool import Pool
from detector.processes.wire import examine_line
from detector.processes.workers import MEMORY_BYTES, Workers
from storage.errors import TwinwatchError
from storage.records import Failure
from tests.detector.processes.test_workers import AMPLE, answers, kinds, small

pytestmark = pytest.mark.slow  # worker processes

ROOT = Path(__file__).parents[3]


def test_no_job_starts_no_worker() -> None:
    with Workers(processes=1) as pool:
        assert list(pool.examine([])) == []
        assert pool.pids() == ()


def test_a_worker_killed_from_outside_is_replaced(slow: Path, tmp_path: Path) -> None:
    paths = [*small(tmp_path, 3), slow, *small(tmp_path / ".." / tmp_path.name, 3)]
    paths = list(dict.fromkeys(paths))
    # whether the pool sees the death before it hands over the next file is chance, and both are right:
    # then that file, which takes 1.8 GB, is looked at in a fresh worker, or was lost with the old one
    with Workers(processes=1, memory_bytes=AMPLE, seconds=60) as pool:
        found = {}
        for path, one in pool.examine((path, None) for path in paths):
            found[path] = one
            if path == paths[2]:
                os.kill(pool.pids()[0], signal.SIGKILL)
    assert list(found) == paths
    assert [kind for path, kind in zip(paths, kinds(found), strict=True) if path != slow] == [None] * 6
    assert kinds({slow: found[slow]}) in ([None], ["worker_died"])


def test_a_worker_killed_while_idle_is_no_files_fault(tmp_path: Path) -> None:
    first, second = small(tmp_path, 2)
    with Workers(processes=1) as pool:
        answers(pool, first)
        (pid,) = pool.pids()
        os.kill(pid, signal.SIGKILL)
        psutil.Process(pid).wait(5)
        assert kinds(answers(pool, second)) == [None]
        assert pool.pids() != (pid,)


def test_leaving_early_leaves_no_process(slow: Path, tmp_path: Path) -> None:
    with Workers(processes=2) as pool:
        for _ in pool.examine((path, None) for path in [*small(tmp_path, 2), slow, slow]):
            pids = pool.pids()
            break
    assert [pid for pid in pids if psutil.pid_exists(pid)] == []


def test_a_worker_that_cannot_start_is_an_error_not_a_thousand_failed_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with Workers(processes=1) as pool, pytest.raises(TwinwatchError) as caught:
        list(pool.examine((path, None) for path in small(tmp_path, 3)))
    assert caught.value.kind == "workers_cannot_start"


def test_a_worker_that_was_stopped_before_it_was_ready_is_told_as_such(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sleeper = tmp_path / "sleeper"
    sleeper.write_text("#!/bin/sh\nexec sleep 60\n")
    sleeper.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(sleeper))
    monkeypatch.setattr(pool_module, "START_SECONDS", 0.2)
    with Workers(processes=1) as pool, pytest.raises(TwinwatchError) as caught:
        list(pool.examine((path, None) for path in small(tmp_path, 1)))
    assert str(caught.value) == "a worker did not start (stopped after 1 seconds)"


@pytest.mark.parametrize(("frozen", "failed"), [(2.0, None), (60.0, "time_limit")])
def test_a_worker_that_gets_no_turn_on_a_busy_machine_is_waited_for(
    frozen: float, failed: str | None, tmp_path: Path
) -> None:
    first, second = small(tmp_path, 2)
    with Workers(processes=1, seconds=1.0) as pool:
        answers(pool, first)
        (pid,) = pool.pids()
        os.kill(pid, signal.SIGSTOP)
        again = threading.Timer(frozen, os.kill, (pid, signal.SIGCONT))
        again.start()
        assert kinds(answers(pool, second)) == [failed]
        again.cancel()


PARENT = """
import sys, time
from pathlib import Path
from detector.processes.workers import Workers
with Workers(processes=1) as pool:
    for path, found in pool.examine([(Path(sys.argv[1]), None), (Path(sys.argv[2]), None)]):
        print(*pool.pids(), flush=True)
        time.sleep(60)
"""


@pytest.mark.slow
@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGINT])
def test_workers_die_with_their_parent_even_in_the_middle_of_a_decode(
    blow: signal.Signals, slow: Path, tmp_path: Path
) -> None:
    (quick,) = small(tmp_path, 1)
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(quick), str(slow)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
    ) as parent:
        assert parent.stdout is not None
        (pid,) = map(int, parent.stdout.readline().split())
        worker = psutil.Process(pid)
        parent.send_signal(blow)
    ended = time.monotonic()
    worker.wait(10)
    assert time.monotonic() - ended < 10


@dataclass(frozen=True)
class Misread:
    """A task whose answers its reader never takes for one."""

    path: Path
    tries: int = 0

    def seconds(self) -> float:
        return 20.0

    def line(self) -> bytes:
        return examine_line(ExamineJob(self.path), 20.0)

    def read(self, line: bytes) -> str:
        raise ValueError("not what was asked for")

    def instead(self, failure: Failure) -> "Misread | None":
        return Misread(self.path, self.tries + 1) if self.tries < 1 else None

    def lost(self, failure: Failure) -> str:
        return f"{failure.kind}: {failure.message} after {self.tries}"


def test_an_answer_that_is_none_costs_the_worker_its_place(tmp_path: Path) -> None:
    (path,) = small(tmp_path, 1)
    with Pool(1, MEMORY_BYTES) as pool:
        assert list(pool.run([Misread(path)])) == ["worker_died: not what was asked for after 1"]
        assert pool.pids() == ()


def test_one_run_at_a_time(tmp_path: Path) -> None:
    def jobs() -> Iterator[tuple[Path, None]]:
        yield from ((path, None) for path in small(tmp_path, 3))

    with Workers(processes=1) as pool:
        first = pool.examine(jobs())
        next(first)
        with pytest.raises(RuntimeError):
            next(pool.examine(jobs()))
        assert len(list(first)) == 2
        assert len(list(pool.examine(jobs()))) == 3
