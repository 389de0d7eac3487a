"""What goes to a worker and comes back is what was sent; what is no examination is refused."""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detector.pictures.decode import Picture
from detector.processes.jobs import DrawJob, ExamineJob, ShowJob, VerifyJob
from detector.processes.wire import (
    draw_line,
    examination_line,
    examine_line,
    picture_line,
    read_examination,
    read_job,
    read_picture,
    show_line,
    verify_line,
)
from storage.boxes import Box
from storage.records import Examination, Extent, Failure, Fingerprint, OriginEvidence

WHOLE = Examination(
    sha256="ab" * 32,
    format="jpeg",
    width=3,
    height=4,
    fingerprints=(Fingerprint("pdq", bytes(range(32)), 88), Fingerprint("phash", b"\xff" * 32, at=1.25)),
    evidence=(OriginEvidence("c2pa", "signal", "détail 😀\n", Extent.PART, 2),),
    too_little=True,
    stages={"fingerprint:pdq": "1"},
    failure=Failure("truncated", "cut\noff", "here"),
)


PATHS = [Path("/tmp/a b\nc.jpg"), Path(os.fsdecode(b"/tmp/\xff\xfe.jpg"))]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("stages", [None, (), ("fingerprint:pdq",)])
@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("trust", [None, PATHS[0]])
def test_an_examine_job_there_and_back(
    path: Path, stages: tuple[str, ...] | None, exact: bool, trust: Path | None
) -> None:
    job = ExamineJob(path, stages, exact, trust)
    line = examine_line(job, 2.5)
    assert line.count(b"\n") == 1
    assert read_job(line) == (job, 2.5)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("at", [None, 0.0, 12.25])
def test_the_other_jobs_there_and_back(path: Path, at: float | None) -> None:
    beside = (("ab" * 32, path, at), ("cd" * 32, PATHS[0], None))
    assert read_job(verify_line(path, beside, {}, 20)) == (VerifyJob(None, path, beside), 20)
    marks = {beside[0][0]: (Box(0.5, 0.9, 0.25, 0.0625),)}
    asked = {**marks, "of another piece": ()}
    assert read_job(verify_line(path, beside, asked, 20)) == (VerifyJob(None, path, beside, marks), 20)
    assert read_job(show_line(ShowJob(path, at, 300), 20)) == (ShowJob(path, at, 300), 20)
    assert read_job(draw_line(DrawJob(path), 20)) == (DrawJob(path), 20)


def test_an_examination_there_and_back() -> None:
    line = examination_line(WHOLE)
    assert line.count(b"\n") == 1
    assert read_examination(line) == WHOLE


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("width", "3"),
        ("width", True),
        ("sha256", None),
        ("fingerprints", [{"algorithm": "pdq", "bits": "zz", "quality": None, "at": None}]),
        ("fingerprints", [{"algorithm": "pdq", "bits": "", "quality": None, "at": "soon"}]),
        ("fingerprints", [{"algorithm": "pdq", "bits": "", "quality": None, "at": float("nan")}]),
        ("fingerprints", [{"algorithm": "pdq", "bits": "", "quality": None, "at": -1}]),
        ("fingerprints", "text"),
        ("evidence", [{"reader": "r", "signal": "s", "detail": "d", "extent": "half", "level": 2}]),
        ("stages", []),
        ("failure", {"kind": "x"}),
    ],
)
def test_what_a_subverted_worker_may_say_is_refused(field: str, value: Any) -> None:
    document = json.loads(examination_line(WHOLE))
    document[field] = value
    with pytest.raises(ValueError):
        read_examination(json.dumps(document).encode())


@pytest.mark.parametrize("line", [b"", b"{}", b"[]", b"\xff", b"null", b"[" * 100_000])
def test_what_is_no_document_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError):
        read_examination(line)


DRAWN = Picture(np.arange(24, dtype=np.uint8).reshape(2, 4, 3), 400, 200)


def test_a_picture_there_and_back() -> None:
    line = picture_line(DRAWN)
    assert line.count(b"\n") == 1
    picture, failure = read_picture(line, 4)
    assert picture is not None
    assert np.array_equal(picture.pixels, DRAWN.pixels)
    assert (picture.width, picture.height, failure) == (400, 200, None)


def test_no_picture_and_why() -> None:
    why = Failure("truncated", "cut off", "here")
    assert read_picture(picture_line(None, why), 4) == (None, why)
    picture, failure = read_picture(picture_line(None), 4)
    assert picture is None
    assert failure is not None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("shape", [2, 5]),
        ("shape", [4, 2, 3]),
        ("shape", [0, 0]),
        ("shape", [-2, -4]),
        ("shape", [1, 8]),
        ("shape", [2.0, 4.0]),
        ("whole", [0, 5]),
        ("whole", None),
        ("rgb", "not base64!"),
        ("rgb", ""),
        ("rgb", 7),
        ("failure", "none"),
    ],
)
def test_pixels_of_another_size_are_refused(field: str, value: Any) -> None:
    document = json.loads(picture_line(DRAWN))
    document[field] = value
    with pytest.raises(ValueError):
        read_picture(json.dumps(document).encode(), 4)


@pytest.mark.parametrize("line", [b"", b"{}", b"[]", b"\xff", b"null", b"[" * 100_000])
def test_what_is_no_picture_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError):
        read_picture(line, 4)
