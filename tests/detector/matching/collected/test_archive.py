"""The packed fingerprints of collected pictures: what goes in comes out, whatever was killed or changed."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from detector.matching.collected import archive as module
from detector.matching.collected.archive import COLUMNS, HEADER, Archive, Picture, versions_today
from detector.matching.local_features.local import FEATURE, PICTURE_FEATURES
from detector.matching.parts.regions import REGIONS
from storage.errors import ArchiveError
from storage.records import Fingerprint

VERSIONS = {"fingerprint:pdq": "1"}


def name(number: int) -> str:
    return f"{number:064x}"


def fingerprints(
    seed: int, regions: int = 2, features: int = 5, at: float | None = None
) -> tuple[Fingerprint, ...]:
    chance = np.random.default_rng(seed)
    return (
        Fingerprint("pdq", chance.bytes(32), 90, at),
        Fingerprint("pdq/forms", chance.bytes(256), 90, at),
        Fingerprint("regions", chance.bytes(36 * regions), at=at),
        Fingerprint("local", chance.bytes(14 * features), at=at),
    )


def pictures(first: int, end: int) -> Iterator[Picture]:
    for number in range(first, end):
        yield number, name(number), fingerprints(number, number % 3, number % 7)


def row_of(archive: Archive, row: int) -> tuple[str, bytes, bytes, bytes]:
    """Name, PDQ, regions and features as they went in."""
    first, end = archive.starts("region", row, row + 1)
    boxes, hashes = archive.columns["region_box"][first:end], archive.columns["region_hash"][first:end]
    regions = b"".join(bytes(box) + bytes(bits) for box, bits in zip(boxes, hashes, strict=True))
    return (
        archive.sha256(row),
        archive.columns["whole"][row].tobytes(),
        regions,
        archive.features(row).tobytes(),
    )


def expected(number: int) -> tuple[str, bytes, bytes, bytes]:
    pdq, _, regions, local = fingerprints(number, number % 3, number % 7)
    return name(number), pdq.bits, regions.bits, local.bits


def test_what_goes_in_comes_out(tmp_path: Path) -> None:
    archive = Archive.started(tmp_path / "archive", VERSIONS)
    assert (len(archive), archive.high_water, archive.alive.tolist()) == (0, 0, [])
    assert archive.append(pictures(1, 20)) == 19
    assert archive.append(pictures(20, 30)) == 10
    for found in (archive, Archive.opened(tmp_path / "archive", VERSIONS)):
        assert (len(found), found.high_water) == (29, 29)
        assert found.alive.all()
        assert [row_of(found, row) for row in range(29)] == [expected(number) for number in range(1, 30)]
        assert found.at(3) is None
        assert found.columns["quality"].tolist() == [90] * 29


def test_at_most_four_kilobytes_a_picture(tmp_path: Path) -> None:
    archive = Archive.started(tmp_path, VERSIONS)
    archive.append([(1, name(1), fingerprints(1, regions=REGIONS, features=PICTURE_FEATURES))])
    assert sum(path.stat().st_size for path in tmp_path.glob("*.column")) <= 4000


def test_frames_are_views_of_their_own(tmp_path: Path) -> None:
    archive = Archive.started(tmp_path, VERSIONS)
    frames = (*fingerprints(1, at=0.0), *fingerprints(2, at=1.5))
    assert archive.append([(7, name(7), frames), (8, name(8), fingerprints(8))]) == 2
    assert [archive.at(row) for row in range(3)] == [0.0, 1.5, None]
    assert [archive.sha256(row) for row in range(3)] == [name(7), name(7), name(8)]
    assert archive.alive.all()


def test_the_newer_rows_of_a_picture_win(tmp_path: Path) -> None:
    archive = Archive.started(tmp_path, VERSIONS)
    frames = (*fingerprints(1, at=0.0), *fingerprints(2, at=1.0))
    archive.append([(1, name(5), frames), (2, name(6), fingerprints(6)), (3, name(5), fingerprints(5))])
    assert archive.alive.tolist() == [False, False, True, True]
    archive.append([(4, name(6), ())])
    assert archive.alive.tolist() == [False, False, False, True, True]
    assert archive.columns["quality"][-1] == module.NO_QUALITY


@pytest.mark.parametrize(
    "names", [[f"{'00' * 8}{one:048x}" for one in (1, 2)], [f"{one:048x}{'00' * 8}" for one in (1, 2)]]
)
def test_names_that_share_a_part_are_two_pictures(tmp_path: Path, names: list[str]) -> None:
    archive = Archive.started(tmp_path, VERSIONS)
    archive.append([(1, names[0], ()), (2, names[1], ())])
    assert archive.alive.tolist() == [True, True]


@pytest.mark.parametrize("ids", [(1, 1), (2, 1), (0,)])
def test_an_id_that_does_not_rise_is_refused(tmp_path: Path, ids: tuple[int, ...]) -> None:
    archive = Archive.started(tmp_path, VERSIONS)
    with pytest.raises(ValueError, match="id"):
        archive.append((number, name(number), ()) for number in ids)
    assert len(Archive.opened(tmp_path, VERSIONS)) == 0


def test_a_hash_of_another_length_is_passed_over(tmp_path: Path) -> None:
    archive = Archive.started(tmp_path, VERSIONS)
    odd = (
        Fingerprint("pdq", bytes(31), 90),
        Fingerprint("regions", bytes(37)),
        Fingerprint("local", bytes(15)),
    )
    archive.append([(1, name(1), odd)])
    assert row_of(archive, 0) == (name(1), bytes(32), b"", b"")
    assert archive.columns["quality"][0] == module.NO_QUALITY
    assert archive.features(0).dtype == FEATURE


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_a_tail_torn_by_a_kill_is_cut_off(tmp_path: Path, column: module.Column) -> None:
    Archive.started(tmp_path, VERSIONS).append(pictures(1, 9))
    with (tmp_path / f"{column.name}.column").open("ab") as file:
        file.write(b"torn" * 5)
    archive = Archive.opened(tmp_path, VERSIONS)
    assert [row_of(archive, row) for row in range(8)] == [expected(number) for number in range(1, 9)]
    archive.append(pictures(9, 12))
    again = Archive.opened(tmp_path, VERSIONS)
    assert [row_of(again, row) for row in range(11)] == [expected(number) for number in range(1, 12)]


def test_a_kill_between_two_commits_keeps_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROWS_A_COMMIT", 4)

    def killed() -> Iterator[Picture]:
        yield from pictures(1, 7)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Archive.started(tmp_path, VERSIONS).append(killed())
    archive = Archive.opened(tmp_path, VERSIONS)
    assert archive.high_water == 4
    archive.append(pictures(archive.high_water + 1, 10))
    assert [row_of(archive, row) for row in range(9)] == [expected(number) for number in range(1, 10)]


def changed_header(folder: Path, **values: object) -> None:
    found = json.loads((folder / HEADER).read_text())
    found["header"].update(values)
    (folder / HEADER).write_text(json.dumps(found))


def damaged(folder: Path, how: str) -> None:
    if how == "no header":
        (folder / HEADER).unlink()
    elif how == "half a header":
        (folder / HEADER).write_text((folder / HEADER).read_text()[:40])
    elif how == "not JSON":
        (folder / HEADER).write_bytes(b"\xff\x00")
    elif how == "another count":
        changed_header(folder, rows=3)
    elif how == "a list":
        (folder / HEADER).write_text("[]")
    elif how == "no file":
        (folder / "word.column").unlink()
    elif how == "a short file":
        (folder / "word.column").write_bytes(b"")
    elif how == "another file":
        ends = folder / "feature_end.column"
        ends.write_bytes(bytes(ends.stat().st_size))
    elif how == "other bytes":
        words = folder / "whole.column"
        words.write_bytes(bytes(byte ^ 1 for byte in words.read_bytes()))


@pytest.mark.parametrize(
    ("how", "kind"),
    [
        ("no header", "archive_missing"),
        ("half a header", "archive_damaged"),
        ("not JSON", "archive_damaged"),
        ("another count", "archive_damaged"),
        ("a list", "archive_damaged"),
        ("no file", "archive_damaged"),
        ("a short file", "archive_damaged"),
        ("another file", "archive_damaged"),
        ("other bytes", "archive_damaged"),
    ],
)
def test_what_is_damaged_is_named_and_started_anew(tmp_path: Path, how: str, kind: str) -> None:
    Archive.started(tmp_path, VERSIONS).append(pictures(1, 9))
    damaged(tmp_path, how)
    with pytest.raises(ArchiveError) as caught:
        Archive.opened(tmp_path, VERSIONS)
    assert (caught.value.kind, caught.value.where) == (kind, str(tmp_path))
    fresh = Archive.opened_or_started(tmp_path, VERSIONS)
    assert (len(fresh), fresh.high_water) == (0, 0)
    fresh.append(pictures(1, 5))
    assert len(Archive.opened(tmp_path, VERSIONS)) == 4


def test_other_versions_are_never_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Archive.started(tmp_path, VERSIONS).append(pictures(1, 9))
    assert len(Archive.opened_or_started(tmp_path, VERSIONS)) == 8
    with pytest.raises(ArchiveError, match="another version") as caught:
        Archive.opened(tmp_path, {"fingerprint:pdq": "2"})
    assert caught.value.kind == "archive_stale"
    monkeypatch.setattr(module, "FORMAT", 3)
    with pytest.raises(ArchiveError) as caught:
        Archive.opened(tmp_path, VERSIONS)
    assert caught.value.kind == "archive_stale"


def test_the_versions_are_those_of_the_stages_it_keeps(tmp_path: Path) -> None:
    assert versions_today()["fingerprint:pdq"]
    assert "fingerprint:phash" not in versions_today()
    assert Archive.started(tmp_path).header.versions == versions_today()
