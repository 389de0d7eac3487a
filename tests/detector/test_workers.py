"""Hostile files in worker processes: whatever happens to the worker, each file is answered exactly once."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from detector.examine import examine, stage_versions
from detector.hashes import pdq
from detector.workers import Workers
from storage.errors import TwinwatchError
from storage.records import Examination
from tests.detector.files import jpeg, xmp
from tests.signing import GENERATED

STAGES = tuple(stage_versions())
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(processes=2, seconds=30) as pool:
        yield pool


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that takes seconds and hundreds of megabytes, though it is a few hundred kilobytes."""
    path = tmp_path_factory.mktemp("slow") / "vast.png"
    says = PngInfo()
    says.add_itxt("XML:com.adobe.xmp", xmp(GENERATED).decode())
    Image.new("RGBA", (9900, 9900), (200, 30, 30, 90)).save(path, compress_level=1, pnginfo=says)
    return path


def answers(pool: Workers, *paths: Path) -> dict[Path, Examination]:
    found = list(pool.examine((path, None) for path in paths))
    assert Counter(path for path, _ in found) == Counter(paths)
    return dict(found)


def kinds(found: dict[Path, Examination]) -> list[str | None]:
    return [one.failure.kind if one.failure else None for one in found.values()]


def small(folder: Path, count: int) -> list[Path]:
    paths = [folder / f"{place}.jpg" for place in range(count)]
    for place, path in enumerate(paths):
        path.write_bytes(jpeg(seed=place % 4, size=(64, 64)))
    return paths


def test_a_worker_answers_as_examine_does(workers: Workers, tmp_path: Path) -> None:
    paths = small(tmp_path, 12)
    found = answers(workers, *paths)
    assert found == {path: examine(path.read_bytes()) for path in paths}


def test_only_the_stages_asked_for(workers: Workers, tmp_path: Path) -> None:
    (path,) = small(tmp_path, 1)
    ((_, found),) = workers.examine([(path, ("origin:c2pa",))])
    assert set(found.stages) == {"origin:c2pa"}


def test_what_is_no_plain_file_is_named(workers: Workers, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    odd = tmp_path / os.fsdecode(b"odd \xff name.jpg")
    odd.write_bytes(jpeg(size=(64, 64)))
    found = answers(workers, tmp_path / "pipe", tmp_path, tmp_path / "not there", odd)
    named = {path: one.failure.kind if one.failure else None for path, one in found.items()}
    assert named == {
        tmp_path / "pipe": "not_readable",
        tmp_path: "not_readable",
        tmp_path / "not there": "not_found",
        odd: None,
    }


def test_no_job_starts_no_worker() -> None:
    with Workers(processes=1) as pool:
        assert list(pool.examine([])) == []
        assert pool.pids() == ()


def test_a_file_over_the_time_limit_is_stopped_and_the_rest_goes_on(slow: Path, tmp_path: Path) -> None:
    first, second = small(tmp_path, 2)
    with Workers(processes=1, seconds=0.3) as pool:
        found = answers(pool, first, slow, second)
    assert kinds(found) == [None, "time_limit", None]
    assert found[slow].stages == stage_versions()  # not tried again every night
    assert [(one.reader, one.level) for one in found[slow].evidence] == [("digital_source_type", 2)]


def test_a_file_that_was_only_to_be_hashed_is_stopped_once(slow: Path) -> None:
    with Workers(processes=1, seconds=0.3) as pool:
        ((_, found),) = pool.examine([(slow, ("fingerprint:pdq",))])
    assert found.failure is not None
    assert (found.failure.kind, found.failure.where) == ("time_limit", str(slow))
    assert (found.stages, found.evidence) == ({"fingerprint:pdq": pdq.VERSION}, ())


def test_a_file_over_the_memory_limit_is_stopped_and_the_rest_goes_on(slow: Path, tmp_path: Path) -> None:
    first, second = small(tmp_path, 2)
    with Workers(processes=1, memory_bytes=200 * 1024 * 1024) as pool:
        found = answers(pool, first, slow, second)
    assert kinds(found) == [None, "memory_limit", None]


def test_a_worker_killed_from_outside_is_replaced(slow: Path, tmp_path: Path) -> None:
    paths = [*small(tmp_path, 3), slow, *small(tmp_path / ".." / tmp_path.name, 3)]
    paths = list(dict.fromkeys(paths))
    with Workers(processes=1) as pool:
        found = {}
        for path, one in pool.examine((path, None) for path in paths):
            found[path] = one
            if path == paths[2]:
                os.kill(pool.pids()[0], signal.SIGKILL)
    assert list(found) == paths
    assert kinds(found)[:3] == [None, None, None]
    assert [one.failure.kind for one in found.values() if one.failure] in ([], ["worker_died"])


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


PARENT = """
import sys, time
from pathlib import Path
from detector.workers import Workers
with Workers(processes=1) as pool:
    for path, found in pool.examine([(Path(sys.argv[1]), None), (Path(sys.argv[2]), None)]):
        print(*pool.pids(), flush=True)
        time.sleep(60)
"""


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
