"""libjpeg tells of damage on standard error alone: a worker listens, nobody else does."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from detector import complaints
from detector.examine import examine
from detector.workers import Workers
from storage.records import Examination, Failure
from tests.detector.files import jpeg

WHOLE = jpeg(seed=3, size=(400, 500))
MIDDLE = len(WHOLE) // 2


def spoilt(at: int, length: int) -> bytes:
    """Written over with a byte that is no part of any marker."""
    return WHOLE[:at] + b"\x5a\xff\x00\xa5" * (length // 4) + WHOLE[at + length :]


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(processes=1) as pool:
        yield pool


def looked_at(pool: Workers, path: Path, data: bytes) -> Examination:
    path.write_bytes(data)
    ((_, found),) = pool.examine([(path, None)])
    return found


@pytest.mark.parametrize("length", [200, 1000])
def test_a_jpeg_that_is_damaged_in_its_middle_is_named_and_fingerprinted(
    workers: Workers, tmp_path: Path, length: int
) -> None:
    found = looked_at(workers, tmp_path / "spoilt.jpg", spoilt(MIDDLE, length))
    assert found.failure is not None
    assert found.failure.kind == "damaged"
    assert "Corrupt JPEG data" in found.failure.message
    assert found.fingerprints


def test_the_next_picture_does_not_suffer_for_it(workers: Workers, tmp_path: Path) -> None:
    looked_at(workers, tmp_path / "spoilt.jpg", spoilt(MIDDLE, 1000))
    assert looked_at(workers, tmp_path / "whole.jpg", WHOLE).failure is None


def test_one_that_is_cut_off_is_named_as_before(workers: Workers, tmp_path: Path) -> None:
    found = looked_at(workers, tmp_path / "cut.jpg", WHOLE[:MIDDLE])
    assert isinstance(found.failure, Failure)
    assert (found.failure.kind, found.fingerprints) == ("truncated", ())


def test_who_does_not_listen_hears_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    assert examine(spoilt(MIDDLE, 1000)).failure is None
    assert complaints.damage_heard() == ""
    assert "Corrupt JPEG data" in capfd.readouterr().err  # libjpeg does say it
