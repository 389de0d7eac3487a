"""One look at a file: every stage, its version, and what went wrong with which."""

import hashlib
import subprocess
import sys

import numpy as np
import pytest

from detector.examine import examine, not_looked_at, stage_versions
from detector.hashes import pdq, phash
from detector.pictures.decode import decode, decode_small
from detector.reader import readers
from storage.records import Extent, Failure, OriginEvidence
from tests.detector.drawings import scene
from tests.detector.files import encoded, jpeg, xmp
from tests.signing import GENERATED, signed_jpeg

HASHES = ("fingerprint:pdq", "fingerprint:phash")
STAGES = {
    *HASHES,
    "fingerprint:regions",
    "fingerprint:local",
    "hint:text",
    *(f"origin:{name}" for name in readers()),
}
FILM = b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp41" + bytes(40)


def test_the_stages_have_versions() -> None:
    assert set(stage_versions()) == STAGES
    assert all(stage_versions().values())


def test_a_picture_whole() -> None:
    pixels = scene(90, 60, seed=4)
    data = encoded(pixels, "PNG")
    found = examine(data)
    assert found.sha256 == hashlib.sha256(data).hexdigest()
    assert (found.format, found.width, found.height) == ("png", 90, 60)
    small = decode_small(data, "png")
    hashed = (*pdq.quick_fingerprints(small), *phash.quick_fingerprints(small))
    assert found.fingerprints[:4] == hashed
    assert {one.algorithm for one in found.fingerprints[4:]} <= {"regions", "local"}
    assert (found.evidence, found.too_little, found.failure) == ((), False, None)
    assert found.stages == stage_versions()


def test_the_whole_decode_is_hashed_where_that_is_asked_for() -> None:
    data = jpeg(size=(700, 900), seed=4)
    whole = decode(data, "jpeg").pixels
    found = examine(data, HASHES, exact=True)
    assert found.fingerprints == (*pdq.fingerprints(whole), *phash.fingerprints(whole))
    assert (found.width, found.height, set(found.stages)) == (700, 900, set(HASHES))


def test_both_readers_speak() -> None:
    data = signed_jpeg(jpeg(size=(96, 96), xmp=xmp(GENERATED)))
    assert {one.reader for one in examine(data).evidence} == {"c2pa", "digital_source_type"}


def test_only_what_was_asked_for_is_run() -> None:
    found = examine(jpeg(xmp=xmp(GENERATED)), ["origin:digital_source_type"])
    assert found.stages == {"origin:digital_source_type": "2"}
    assert [one.reader for one in found.evidence] == ["digital_source_type"]
    assert (found.fingerprints, found.width) == ((), 0)


def test_a_stage_that_there_is_not_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="origin:tarot"):
        examine(jpeg(), ["origin:tarot"])


@pytest.mark.parametrize(
    ("data", "kind", "form"),
    [
        (b"", "empty", ""),
        (b"not a picture", "not_a_picture", ""),
        (encoded(scene(200, 200), "PNG")[:9000], "truncated", "png"),
        (FILM, "broken_video", "mp4"),
    ],
)
def test_what_cannot_be_decoded_counts_as_looked_at_and_failed(data: bytes, kind: str, form: str) -> None:
    found = examine(data)
    assert found.failure is not None
    assert (found.failure.kind, found.format) == (kind, form)
    assert found.stages == stage_versions()
    assert (found.fingerprints, found.too_little, found.width) == ((), False, 0)


def test_a_truncated_picture_still_tells_its_origin() -> None:
    data = jpeg(size=(400, 400), xmp=xmp(GENERATED))
    found = examine(data[: len(data) * 2 // 3])
    assert found.failure is not None
    assert [one.level for one in found.evidence] == [2]


@pytest.mark.parametrize("value", [0, 128, 255])
def test_a_flat_picture_is_too_little(value: int) -> None:
    found = examine(encoded(np.full((300, 300, 3), value, np.uint8), "PNG"))
    assert found.too_little
    assert found.failure is None


def test_a_reader_that_fails_is_unreadable_never_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("surprised")

    monkeypatch.setattr(readers()["c2pa"], "read", fail)
    found = examine(jpeg(xmp=xmp(GENERATED)))
    assert [(one.reader, one.level) for one in found.evidence] == [("c2pa", 0), ("digital_source_type", 2)]
    assert found.evidence[0].signal == "unreadable: the reader failed"
    assert found.failure == Failure("reader_failed", "RuntimeError: surprised", "origin:c2pa")
    assert {"pdq", "phash"} <= {one.algorithm for one in found.fingerprints}


def test_control_characters_never_reach_a_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL refuses a NUL, and a terminal obeys an escape."""
    wild = OriginEvidence("c2pa", "sig\x00nal", "by \x1b[31mred\x1b[0m\ud800" + "x" * 5000, Extent.WHOLE, 2)
    monkeypatch.setattr(readers()["c2pa"], "read", lambda *_: (wild,))
    (found,) = examine(jpeg(), ["origin:c2pa"]).evidence
    assert (found.signal, found.level) == ("sig nal", 2)
    assert found.detail.startswith("by  [31mred [0m x")
    assert len(found.detail) == 2000


def test_a_file_that_nothing_could_be_run_on() -> None:
    failure = Failure("time_limit", "stopped", "a file")
    found = not_looked_at(failure, ["fingerprint:pdq"])
    assert (found.failure, found.stages, found.sha256) == (failure, {"fingerprint:pdq": pdq.VERSION}, "")
    assert not_looked_at(failure, None).stages == stage_versions()


def test_the_detector_loads_no_database_and_no_network() -> None:
    """In a fresh process: design.md, section 1."""
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, detector.examine, detector.matching.search.bank\n"
            "import detector.processes.worker, detector.processes.workers\n"
            "detector.examine.stage_versions()\n"
            "print(*sorted({name.partition('.')[0] for name in sys.modules}))",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(told.stdout.split())
    forbidden = {
        "sqlalchemy",
        "alembic",
        "scrapy",
        "twisted",
        "httpx",
        "requests",
        "urllib3",
        "crawler",
        "desk",
    }
    assert {"detector", "storage", "c2pa", "cv2", "PIL"} <= loaded
    assert loaded & (forbidden | {"crawler", "desk"}) == set()
    assert loaded & {"scipy", "imagehash"} == set()  # a worker starts small
