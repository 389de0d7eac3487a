"""What lies in the watched folder: what belongs together, what waits, and what nobody can take."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.config import load
from desk.jobs.delivered import register_delivered, untold
from desk.jobs.deliveries import ABANDONED, Found, Untaken, found_in
from storage.errors import RegistryError
from storage.store import RunRecord
from tests.desk.shop import Shop, jpeg, looked_at, photo

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


def test_what_is_delivered_is_registered_by_list_or_by_folder(tmp_path: Path) -> None:
    pictures = {"june/1.jpg": 1, "june/2.jpg": 2, "Noor/3.jpg": 3, "Nobody/4.jpg": 4, "5.jpg": 5}
    watch = laid(tmp_path / "delivered", *pictures)
    shop = Shop(tmp_path)
    shop.register("Noor", jpeg(photo(6)))
    for name, seed in pictures.items():
        (watch / name).write_bytes(jpeg(photo(seed)))
    shop.store.roster.keep(
        [looked_at(jpeg(photo(seed))) for seed in pictures.values()]
    )  # no worker is started
    (watch / "june" / "twins.csv").write_text("twin,image,basis\nZoë,1.jpg,contract 7\n")
    (tmp_path / "twinwatch.toml").write_text(
        '[crawl]\ncontact = "me"\n[registry]\nwatch = "delivered"\nbasis = "contracts"\nsettle_seconds = 0\n'
    )
    config = load(tmp_path / "twinwatch.toml", {})
    done = register_delivered(config, shop.store)
    assert (done.new, done.known, done.twins, done.warnings) == (2, 0, ["Zoë"], [])
    assert {one.path: one.why for one in done.untaken} == {
        "june/2.jpg": "the list beside it does not name it",
        "5.jpg": "is in no folder: put it into one that bears its twin's name, or into a list",
        "Nobody": "no twin is registered as 'Nobody'. A list beside the pictures (twins.csv) says who it is",
    }
    taken = {one.source: (one.twin, one.basis, one.attested_by) for one in shop.store.references()[1:]}
    assert taken == {"1.jpg": ("Zoë", "contract 7", "me"), "Noor/3.jpg": ("Noor", "contracts", "me")}
    again = register_delivered(config, shop.store)
    assert (again.new, again.known, again.untaken) == (0, 2, done.untaken)
    without = config.model_copy(update={"registry": config.registry.model_copy(update={"basis": ""})})
    (named,) = [one.why for one in register_delivered(without, shop.store).untaken if one.path == "Noor"]
    assert named.startswith("[registry] basis is empty")


def test_what_the_last_night_told_is_no_news() -> None:
    now = datetime.now(UTC)
    told = [Untaken("a", "is empty"), Untaken("b", "is empty")]
    said = {"registry": {"untaken": [{"path": "a", "why": "is empty"}, {"path": "b", "why": "is a video"}]}}
    runs = [
        RunRecord("detect-2", now, now, {"registry": None}),
        RunRecord("nightly-1", now, now, said),
        RunRecord("nightly-0", now, now, {"registry": {"untaken": []}}),
    ]
    assert untold(told, runs) == [told[1]]
    assert untold(told, []) == told
