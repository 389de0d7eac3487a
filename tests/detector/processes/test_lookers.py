"""Looking in worker processes: whatever happens to one, each file has its readings, with the reason."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from detector.control import controls
from detector.onimage.looking import look
from detector.processes.jobs import LookJob
from detector.processes.lookers import Lookers
from storage.records import Reading, ReadingState, Surface
from tests.detector.files import jpeg

BOTH = (Surface.IMAGE_TEXT, Surface.IMAGE_MARK)
AMPLE = 8 * 1024**3  # bytes: only time runs out


@pytest.fixture(scope="module")
def lookers() -> Iterator[Lookers]:
    with Lookers(processes=1) as pool:
        yield pool


def answers(pool: Lookers, *jobs: LookJob) -> dict[Path, tuple[Reading, ...]]:
    found = list(pool.look(jobs))
    assert Counter(one.job for one in found) == Counter(jobs)
    return {one.job.path: one.readings for one in found}


def small(folder: Path, name: str = "small.jpg") -> Path:
    path = folder / name
    path.write_bytes(jpeg(size=(120, 90)))
    return path


@pytest.mark.slow
def test_a_worker_answers_as_looking_does(lookers: Lookers, tmp_path: Path) -> None:
    jobs = [LookJob(small(tmp_path), BOTH), LookJob(tmp_path / "gone", BOTH[:1])]
    assert answers(lookers, *jobs) == {job.path: look(job) for job in jobs}


def test_what_is_no_picture_is_named(lookers: Lookers, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    text = tmp_path / os.fsdecode(b"odd \xff name")
    text.write_text("no picture")
    found = answers(lookers, LookJob(tmp_path / "pipe", BOTH), LookJob(text, BOTH))
    assert {one.reason for one in found[tmp_path / "pipe"]} == {"not a plain file"}
    assert {one.reason for one in found[text]} == {"not a picture: unknown first bytes"}


@pytest.mark.slow
def test_every_control_is_tried_inside(lookers: Lookers) -> None:
    assert dict(lookers.control(controls())) == dict.fromkeys(controls(), "")


def stopped(readings: tuple[Reading, ...]) -> bool:
    return {(one.state, one.reason.split(" a")[0]) for one in readings} == {
        (ReadingState.UNREADABLE, "stopped")
    }


@pytest.mark.slow
def test_a_picture_over_the_memory_limit_costs_itself_alone(slow: Path, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    with Lookers(processes=1, memory_bytes=700 << 20) as pool:
        found = answers(pool, LookJob(slow, BOTH), LookJob(gone, BOTH))
    assert [one.surface for one in found[slow]] == list(BOTH)
    assert stopped(found[slow])
    assert {one.reason for one in found[gone]} == {"No such file or directory"}


def test_a_picture_over_the_time_limit_is_stopped(slow: Path) -> None:
    with Lookers(processes=1, memory_bytes=AMPLE, seconds=0.3) as pool:
        assert stopped(answers(pool, LookJob(slow, BOTH))[slow])
