"""What goes to a worker and comes back is what was sent; what is no examination is refused."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from detector.wire import examination_line, job_line, read_examination, read_job
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


@pytest.mark.parametrize("path", [Path("/tmp/a b\nc.jpg"), Path(os.fsdecode(b"/tmp/\xff\xfe.jpg"))])
@pytest.mark.parametrize("stages", [None, (), ("fingerprint:pdq",)])
@pytest.mark.parametrize("exact", [False, True])
def test_a_job_there_and_back(path: Path, stages: tuple[str, ...] | None, exact: bool) -> None:
    line = job_line(path, stages, exact=exact)
    assert line.count(b"\n") == 1
    assert read_job(line) == (path, stages, exact)


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
