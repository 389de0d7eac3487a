"""libjpeg tells of damage on standard error alone: a worker listens, nobody else does."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from detector.examine import examine
from detector.pictures import complaints
from detector.processes.jobs import VerifyJob
from detector.processes.workers import Workers
from storage.records import Examination, Failure, MatchKind
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


def test_what_fits_in_a_damaged_file_is_for_a_person(workers: Workers, tmp_path: Path) -> None:
    """A copy of which the lower part is spoilt, and colours cannot be fitted over all of it."""
    reference, whole, spoilt_one = (tmp_path / name for name in ("reference.jpg", "whole.jpg", "spoilt.jpg"))
    reference.write_bytes(WHOLE)
    whole.write_bytes(WHOLE)
    kinds = set()
    for at in (MIDDLE, MIDDLE * 6 // 5, MIDDLE * 8 // 5):
        spoilt_one.write_bytes(spoilt(at, 200))
        for path in (whole, spoilt_one):
            (found,) = workers.verify([VerifyJob(path.name, path, (("a" * 64, reference, None),))])
            kinds.add((path.name, found.alignments[0].kind))
    assert ("whole.jpg", MatchKind.COPY) in kinds
    assert {kind for name, kind in kinds if name == "spoilt.jpg"} <= {MatchKind.COPY, MatchKind.LIKELY_COPY}


def test_who_does_not_listen_hears_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    assert examine(spoilt(MIDDLE, 1000)).failure is None
    assert complaints.damage_heard() == ""
    assert "Corrupt JPEG data" in capfd.readouterr().err  # libjpeg does say it
