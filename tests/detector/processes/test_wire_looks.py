"""Lines between the lookers and their workers: what was meant arrives, and nothing else passes."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.processes.jobs import ControlJob, LookJob
from detector.processes.wire_looks import (
    control_answer,
    control_line,
    look_line,
    read_control,
    read_job,
    read_readings,
    readings_line,
)
from storage.records import Box, Declarer, Reading, ReadingState, Surface

BOTH = (Surface.IMAGE_TEXT, Surface.IMAGE_MARK)
FOUND = Reading(
    Surface.IMAGE_TEXT,
    ReadingState.PRESENT,
    "made with AI",
    box=Box(0.1, 0.9, 0.3, 0.05),
    declared_by=Declarer.ACCOUNT,
    prominence={"height": 0.02, "below_floor": 0, "position": "bottom left"},
    reader="image_text/1",
)
NOT = Reading(Surface.IMAGE_MARK, ReadingState.UNREADABLE, reason="too dark")


@pytest.mark.parametrize(
    "job",
    [
        LookJob(Path(os.fsdecode(b"odd \xff name")), BOTH),
        LookJob(Path("film.mp4"), BOTH[:1], (0.0, 2.5), "2 of its 5 scenes"),
    ],
)
def test_a_job_arrives(job: LookJob) -> None:
    assert read_job(look_line(job, 12.5)) == (job, 12.5)


def test_a_control_arrives() -> None:
    assert read_job(control_line(ControlJob("a manifest"), 3)) == (ControlJob("a manifest"), 3.0)
    assert read_control(control_answer("nothing is read")) == "nothing is read"


def test_readings_arrive() -> None:
    assert read_readings(readings_line((FOUND, NOT)), BOTH) == (FOUND, NOT)


def broken(**fields: object) -> bytes:
    (one,) = json.loads(readings_line((FOUND,)))["readings"]
    return json.dumps({"readings": [{**one, **fields}]}).encode()


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "not_offered"},
        {"state": "sure"},
        {"surface": "caption"},
        {"surface": "image_mark"},
        {"quote": "a\nb"},
        {"quote": "x" * 2000},
        {"quote": None},
        {"reason": "x" * 600},
        {"box": {"x": 0, "y": 0, "w": 2, "h": 1}},
        {"box": {"x": 0}},
        {"declared_by": "me"},
        {"prominence": {"height": [1]}},
        {"prominence": {"height": 1e300}},
        {"prominence": {f"p{number}": 1 for number in range(99)}},
        {"prominence": []},
    ],
)
def test_anything_else_is_refused(fields: dict[str, object]) -> None:
    assert read_readings(broken(), BOTH[:1]) == (FOUND,)
    with pytest.raises(ValueError):
        read_readings(broken(**fields), BOTH[:1])


@pytest.mark.parametrize("line", [b"", b"[]", b"{}", b'{"readings": 1}', b'{"missed": 1}', b"NaN"])
def test_no_answer_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError):
        read_readings(line, BOTH)
    with pytest.raises(ValueError):
        read_control(line)


def test_an_answer_to_something_else_is_refused() -> None:
    for asked in (BOTH[::-1], BOTH[:1], ()):
        with pytest.raises(ValueError):
            read_readings(readings_line((FOUND, NOT)), asked)


@given(st.binary(max_size=200))
def test_noise_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError):
        read_readings(line, BOTH)
