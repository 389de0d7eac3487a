"""What lies in the watched folder: what belongs together, what waits, and what nobody can take."""

import os
import time
from pathlib import Path

import pytest

from desk.jobs.deliveries import ABANDONED, Found, found_in
from storage.errors import RegistryError

LATER = 10_000.0  # s: long after everything was written


def laid(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    return folder


def told(found: Found) -> dict[str, str]:
    return {one.path: one.why for one in found.untaken}


def test_lists_and_folders_without_one(tmp_path: Path) -> None:
    laid(
        tmp_path,
        "june/twins.xlsx",
        "june/a/1.jpg",
        "june/b/Twins.CSV",
        "june/b/2.jpg",
        "Zoë/3.jpg",
        "Zoë/x/4.jpg",
    )
    found = found_in(tmp_path, 60, time.time() + LATER)
    shown = [
        (
            found.name(one.folder),
            one.roster and found.name(one.roster),
            [found.name(file) for file in one.files],
        )
        for one in found.deliveries
    ]
    assert shown == [
        ("june/b", "june/b/Twins.CSV", ["june/b/2.jpg", "june/b/Twins.CSV"]),
        ("june", "june/twins.xlsx", ["june/a/1.jpg", "june/twins.xlsx"]),
        ("Zoë", None, ["Zoë/3.jpg", "Zoë/x/4.jpg"]),
    ]
    assert (found.loose, found.untaken, found.waiting) == ([], [], [])


def test_a_list_at_the_top_is_for_all_below(tmp_path: Path) -> None:
    laid(tmp_path, "twins.csv", "Zoë/3.jpg")
    (one,) = found_in(tmp_path, 60, time.time() + LATER).deliveries
    assert (one.folder, len(one.files)) == (tmp_path, 2)


def test_what_is_still_being_written_waits(tmp_path: Path) -> None:
    laid(tmp_path, "june/twins.csv", "june/1.jpg", "Zoë/2.jpg")
    os.utime(tmp_path / "june" / "1.jpg", (0, 0))  # a copy that brings its old time with it
    young = found_in(tmp_path, 60)
    assert (young.deliveries, young.waiting) == ([], ["june/twins.csv", "Zoë/2.jpg"])
    assert len(found_in(tmp_path, 0).deliveries) == 2
    laid(tmp_path, "june/2.jpg.part", "Zoë/.hidden", "Zoë/~$twins.xlsx", "Zoë/Thumbs.db")
    part = found_in(tmp_path, 60, time.time() + LATER)
    assert (part.waiting, [one.folder.name for one in part.deliveries]) == (["june/twins.csv"], ["Zoë"])
    assert [file.name for file in part.deliveries[0].files] == ["2.jpg"]
    assert not found_in(tmp_path, 60, time.time() + ABANDONED + LATER).waiting  # nobody writes it any more


def test_what_cannot_be_taken_is_named(tmp_path: Path) -> None:
    laid(tmp_path, "watch/a/twins.csv", "watch/a/twins.xlsx", "watch/lost.jpg", "elsewhere/b.jpg")
    watch = tmp_path / "watch"
    (watch / "a" / "link.jpg").symlink_to(tmp_path / "elsewhere" / "b.jpg")
    (watch / "folder").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(watch / "a" / "pipe")
    found = found_in(watch, 0)
    assert told(found) == {
        "a/link.jpg": "is a symbolic link: put the file itself there",
        "folder": "is a symbolic link: put the folder itself there",
        "a/pipe": "is no plain file",
        "a/twins.xlsx": "there is twins.csv beside it: leave one of them",
    }
    assert found.loose == [watch / "lost.jpg"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RegistryError) as refused:
        found_in(tmp_path / "nowhere", 0)
    assert refused.value.kind == "watch_unreadable"
