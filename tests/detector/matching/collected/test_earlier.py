"""Earlier copies among collected pictures: wholes and rectangles, each way, and never the picture itself."""

from pathlib import Path

import numpy as np
import pytest

from detector.matching.collected import earlier
from detector.matching.collected.archive import Archive
from detector.matching.collected.earlier import Earlier
from detector.matching.parts import regions
from storage.records import Box, Fingerprint

VERSIONS = {"fingerprint:pdq": "1"}
BITS = [np.random.default_rng(seed).bytes(32) for seed in range(40)]
WHOLE = Box(0, 0, 1, 1)
RIGHT = Box(0.4, 0.0, 0.6, 1.0)


def name(number: int) -> str:
    return f"{number:02x}" * 32


def flipped(bits: bytes, count: int) -> bytes:
    return (int.from_bytes(bits) ^ ((1 << count) - 1)).to_bytes(32)


def picture(
    *forms: bytes, parts: tuple[bytes, ...] = (), quality: int = 90, at: float | None = None
) -> tuple[Fingerprint, ...]:
    """Its forms (the first is the picture as it is) and the hashes of its rectangles."""
    rows = np.zeros(len(parts), regions.ROW)
    rows["box"] = (102, 0, 255, 255)
    for row, bits in zip(rows, parts, strict=True):
        row["hash"] = np.frombuffer(bits, np.uint8)
    every = (*forms, *BITS[-8:])[:8]
    return (
        Fingerprint("pdq", every[0], quality, at),
        Fingerprint("pdq/forms", b"".join(every), quality, at),
        Fingerprint("regions", rows.tobytes(), at=at),
    )


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    made = Archive.started(tmp_path, VERSIONS)
    made.append(
        [
            (1, name(1), picture(BITS[1])),
            (2, name(2), picture(BITS[2], parts=(BITS[12], BITS[13]))),
            (3, name(3), picture(BITS[3], quality=49)),
        ]
    )
    return made


def told(archive: Archive, sha256: str, *found: Fingerprint) -> list[tuple[str, str, float, Box | None, str]]:
    return [
        (one.reference, one.found_by, one.distance, one.region, one.transform)
        for one in Earlier(archive).candidates(found, sha256)
    ]


def test_whole_and_whole(archive: Archive) -> None:
    assert told(archive, name(9), *picture(flipped(BITS[1], 31))) == [(name(1), "pdq", 31, WHOLE, "")]
    assert told(archive, name(9), *picture(flipped(BITS[1], 32))) == []


def test_a_mirrored_copy(archive: Archive) -> None:
    forms = (*BITS[20:25], BITS[1])
    assert told(archive, name(9), *picture(*forms)) == [(name(1), "pdq", 0, WHOLE, "mirrored")]


def test_a_screenshot_of_an_earlier_picture(archive: Archive) -> None:
    found = picture(BITS[20], parts=(flipped(BITS[1], 5),))
    assert told(archive, name(9), *found) == [(name(1), "regions", 5, RIGHT, "")]


def test_a_picture_that_an_earlier_screenshot_shows(archive: Archive) -> None:
    assert told(archive, name(9), *picture(BITS[13])) == [(name(2), "regions", 0, WHOLE, "")]


def test_two_screenshots_of_one_picture(archive: Archive) -> None:
    found = picture(BITS[20], parts=(BITS[13],))
    assert told(archive, name(9), *found) == [(name(2), "regions", 0, RIGHT, "")]


def test_what_carries_too_little_is_no_copy(archive: Archive) -> None:
    assert told(archive, name(9), *picture(BITS[3])) == []
    assert told(archive, name(9), *picture(BITS[1], quality=49)) == []
    assert told(archive, name(9)) == []


def test_a_frame_says_its_second(archive: Archive) -> None:
    (one,) = Earlier(archive).candidates(picture(BITS[1], at=2.0), name(9))
    assert one.at == 2.0


def test_only_earlier_ones_and_never_itself(archive: Archive) -> None:
    archive.append([(4, name(4), picture(BITS[1])), (5, name(5), picture(BITS[1]))])
    same = picture(BITS[1])
    assert [one[0] for one in told(archive, name(1), *same)] == []
    assert [one[0] for one in told(archive, name(4), *same)] == [name(1)]
    assert [one[0] for one in told(archive, name(5), *same)] == [name(1), name(4)]
    assert [one[0] for one in told(archive, name(9), *same)] == [name(1), name(4), name(5)]


def test_what_is_appended_is_taken_in_and_dead_rows_are_forgotten(archive: Archive) -> None:
    index = Earlier(archive)
    assert len(index) == 4
    archive.append([(4, name(1), picture(BITS[30])), (5, name(6), picture(BITS[31], parts=(BITS[29],)))])
    index.take()
    assert len(index) == 6
    assert index.candidates(picture(BITS[1]), name(9)) == ()
    for bits, expected in ((BITS[30], name(1)), (BITS[31], name(6)), (BITS[29], name(6)), (BITS[2], name(2))):
        assert [one.reference for one in index.candidates(picture(bits), name(9))] == [expected]


def test_the_nearest_few_are_told(tmp_path: Path) -> None:
    archive = Archive.started(tmp_path, VERSIONS)
    archive.append((number, name(number), picture(flipped(BITS[1], 30 - number))) for number in range(1, 20))
    found = Earlier(archive).candidates(picture(BITS[1]), name(99))
    assert [one.distance for one in found] == list(range(11, 11 + earlier.MOST))


def test_an_empty_archive(tmp_path: Path) -> None:
    assert told(Archive.started(tmp_path, VERSIONS), name(1), *picture(BITS[1])) == []
