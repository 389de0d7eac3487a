"""The watched folder in whole nights: registered, matched the same night, and told once what cannot be
taken."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storage.store import Store
from tests.desk.shop import Shop, cropped, jpeg, photo

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
TWINWATCH = Path(sys.executable).with_name("twinwatch")
CONFIG = """
[crawl]
contact = "desk@example.org"
[registry]
watch = "delivered"
basis = "contracts of 2026"
settle_seconds = 0
[labels]
seconds = 0
"""

Twinwatch = Callable[..., Any]


@pytest.fixture
def studio(tmp_path: Path, twinwatch: Twinwatch) -> Twinwatch:
    """Posts collected before, of which one shows what is delivered now."""
    (tmp_path / "twinwatch.toml").write_text(CONFIG)
    shop = Shop(tmp_path)
    shop.publish(jpeg(cropped(photo(1), 0.8), 70), jpeg(photo(7)))
    shop.publish(jpeg(photo(8)))
    shop.register("Noor", jpeg(photo(2)))
    shop.detect()
    shop.store.close()
    return twinwatch


def delivered(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / "delivered" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def night(twinwatch: Twinwatch) -> dict[str, Any]:
    said = twinwatch("nightly", "--json")
    summary: dict[str, Any] = said.lines[-1]
    assert said.status == summary["exit_status"]
    return summary


def test_a_delivery_is_registered_and_found_in_the_same_night(studio: Twinwatch, tmp_path: Path) -> None:
    delivered(
        tmp_path,
        {
            "june/twins.csv": "twin;image;basis\nZoë;1.jpg;contract 7\n".encode(),
            "june/1.jpg": jpeg(photo(1)),
            "Noor/3.jpg": jpeg(photo(3)),
        },
    )
    dry = studio("nightly", "--dry-run")
    assert "june/twins.csv: 1 picture of 1 would be registered" in dry.err
    assert "1 picture of 1 would be registered for Noor" in dry.err
    assert len(studio("twins", "list", "--json").lines) == 1
    first = night(studio)
    assert first["registry"] == {"new": 2, "known": 0, "twins": ["Zoë"], "waiting": [], "untaken": []}
    assert (first["exit_status"], first["retro"]["came"], first["findings"]["new"]) == (0, 2, 1)
    (finding,) = studio("findings", "list", "--json").lines
    assert finding["twin"] == "Zoë"
    noor, _ = studio("twins", "list", "--json").lines
    taken = noor["references"][-1]
    assert (taken["basis"], taken["attested_by"], taken["source"]) == (
        "contracts of 2026",
        "desk@example.org",
        "Noor/3.jpg",
    )
    second = night(studio)
    assert (second["registry"]["new"], second["registry"]["known"], second["exit_status"]) == (0, 2, 0)


def test_what_cannot_be_taken_is_told_once_and_nothing_is_touched(studio: Twinwatch, tmp_path: Path) -> None:
    delivered(
        tmp_path,
        {
            "bad/twins.csv": b"twin,image,basis\nZoe,1.jpg,c\nZoe,2.jpg,\n",
            "bad/1.jpg": jpeg(photo(1)),
            "noor/4.jpg": jpeg(photo(4)),
            "Noor/5.jpg": jpeg(photo(5)),
            "Noor/torn.jpg": jpeg(photo(6))[:300],
            "Noor/all.zip": b"PK\x03\x04",
            "list.csv": b"twin,image,basis\n",
        },
    )
    before = {path: path.lstat() for path in (tmp_path / "delivered").rglob("*")}
    first = night(studio)
    assert (first["exit_status"], first["registry"]["new"]) == (3, 1)
    errors = {one["where"]: one["message"] for one in first["errors"]}
    assert set(errors) == {"bad/twins.csv", "noor", "Noor/torn.jpg", "Noor/all.zip", "list.csv"}
    assert "row 3, image: there is no '2.jpg'" in errors["bad/twins.csv"]
    assert "row 3, basis: is empty" in errors["bad/twins.csv"]
    assert "no twin is registered as 'noor'; is 'Noor' meant?" in errors["noor"]
    assert errors["list.csv"] == "a list is called twins.csv or twins.xlsx"
    second = night(studio)
    assert (second["exit_status"], second["errors"], len(second["registry"]["untaken"])) == (0, [], 5)
    assert any("5 deliveries that an earlier night named" in one for one in second["warnings"])
    assert {path: path.lstat().st_mtime_ns for path in before} == {
        path: status.st_mtime_ns for path, status in before.items()
    }
    delivered(tmp_path, {"bad/twins.csv": b"twin,image,basis\nZoe,1.jpg,c\n"})  # mended
    third = night(studio)
    assert (third["registry"]["new"], third["exit_status"]) == (1, 0)


def test_a_folder_that_went_away_is_told_every_night(studio: Twinwatch, tmp_path: Path) -> None:
    for _ in range(2):
        summary = night(studio)
        assert summary["exit_status"] == 3
        assert [one["kind"] for one in summary["errors"]] == ["watch_unreadable"]
    assert "the watched folder" in studio("doctor").out


def test_killed_while_it_looks_it_goes_on_where_it_stood(tmp_path: Path) -> None:
    count = 90
    rows = ["twin,image,basis,attested_by"]
    for number in range(count):
        (tmp_path / f"{number}.jpg").write_bytes(jpeg(photo(100 + number)))
        rows.append(f"Twin {number % 3},{number}.jpg,contract 7,me")
    (tmp_path / "twins.csv").write_text("\n".join(rows))
    command = [str(TWINWATCH), "twins", "import", "twins.csv", "--json"]
    running = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, start_new_session=True)
    kept = 0
    while not kept and running.poll() is None:
        time.sleep(0.2)
        kept = _looked_at(tmp_path)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert 0 < _looked_at(tmp_path) < count
    assert _registered(tmp_path) == 0
    kept = _looked_at(tmp_path)
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert f'"looked_at":{count - kept}' in done.stdout
    assert _registered(tmp_path) == count


def _store(folder: Path) -> Store:
    return Store.open(f"sqlite:///{folder / 'twinwatch.db'}", folder / "media", create=True)


def _looked_at(folder: Path) -> int:
    if not (folder / "twinwatch.db").exists():
        return 0
    store = _store(folder)
    try:
        files = [one.name for one in folder.glob("*.jpg")]
        from desk.jobs.looked_at import digest_of  # noqa: PLC0415

        return len(store.fingerprints([digest_of(folder / name) for name in files]))
    finally:
        store.close()


def _registered(folder: Path) -> int:
    store = _store(folder)
    try:
        return len(store.references())
    finally:
        store.close()


def test_an_erased_picture_that_still_lies_there_is_not_registered_again(
    studio: Twinwatch, tmp_path: Path
) -> None:
    delivered(
        tmp_path,
        {
            "june/twins.csv": "twin;image;basis\nZoë;1.jpg;contract 7\n".encode(),
            "june/1.jpg": jpeg(photo(1)),
            "Noor/3.jpg": jpeg(photo(3)),
        },
    )
    assert night(studio)["registry"]["new"] == 2
    erased = studio("twins", "withdraw", "Zoë", "--erase", "--reason", "her wish", "--by", "ann", "--yes")
    assert erased.status == 0
    said = studio("nightly", "--json")
    assert (said.lines[-1]["registry"]["new"], said.lines[-1]["registry"]["known"]) == (0, 1)
    assert "was erased (receipt 1), and is not registered again" in said.err
    assert "Zoë" not in studio("twins", "list", "--json").out
    assert studio("receipts", "list").status == 0
    again = ("twins", "add", "Zoë", "delivered/june/1.jpg", "--basis", "agreed anew")
    assert studio(*again).status == 0  # on purpose
