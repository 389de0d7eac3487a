"""The cache of matching: of this store as it stands, or emptied; and a pass without one where it cannot be
written."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from desk.jobs import cached
from desk.jobs.cached import TURN, kept, taken, told
from desk.jobs.flood import Brake
from desk.jobs.flooded import FILE
from desk.jobs.stages.carried import Settings
from detector.matching.collected.archive import Archive
from storage.errors import ArchiveError
from storage.store import Store
from tests.desk.shop import Shop, beside, cropped, jpeg, photo

pytestmark = pytest.mark.slow  # whole passes over a store

COAT, GOWN = jpeg(photo(41)), jpeg(photo(42))


def backed_up(shop: Shop) -> None:
    shop.store.close()
    shutil.copy(shop.folder / "twinwatch.db", shop.folder / "backup.db")
    shop.store = opened(shop)


def put_back(shop: Shop) -> None:
    shop.store.close()
    for file in shop.folder.glob("twinwatch.db*"):
        file.unlink()
    shutil.copy(shop.folder / "backup.db", shop.folder / "twinwatch.db")
    shop.store = opened(shop)


def opened(shop: Shop) -> Store:
    return Store.open(f"sqlite:///{shop.folder}/twinwatch.db", shop.folder / "media", create=False)


def test_after_a_backup_came_back_what_is_new_is_found_all_the_same(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    for seed in range(5):
        shop.publish(jpeg(photo(seed)))
    shop.detect()
    backed_up(shop)
    for seed in range(5, 8):
        shop.publish(jpeg(photo(seed)))
    shop.detect()
    put_back(shop)
    copy = jpeg(cropped(photo(42)))
    for data in (jpeg(photo(8)), copy, jpeg(photo(9))):  # under the numbers that the three before them had
        shop.publish(data)
    shop.detect()
    shop.register("Vera", GOWN)
    shop.detect()
    assert shop.twins(copy) == {"Vera": "copy"}
    shop.store.close()


def flood(shop: Shop, first: int = 60) -> list[bytes]:
    """A registered picture inside several others, of two accounts."""
    made = [jpeg(beside(photo(41), photo(first + place))) for place in range(4)]
    for place, data in enumerate(made):
        shop.publish(data, account="one" if place % 2 else "two")
    return made


def braking(shop: Shop) -> Settings:
    return Settings(cache=shop.folder / "media-cache", brake=Brake(pictures=3, accounts=2))


def test_what_was_counted_on_another_state_does_not_silence_the_brake(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.register("Coat", COAT)
    backed_up(shop)
    flood(shop)
    assert shop.detect(braking(shop)).quarantined
    put_back(shop)
    flood(shop)
    assert shop.detect(braking(shop)).quarantined
    shop.store.close()


def test_who_lifted_a_quarantine_is_not_asked_again_after_a_withdrawal(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.register("Coat", COAT)
    flood(shop)
    (held,) = shop.detect(braking(shop)).quarantined
    shop.store.bank.lift_quarantine(held.reference, "Ida", datetime(2026, 11, 21, tzinfo=UTC))
    shop.detect(braking(shop))
    shop.store.bank.withdraw_references("Coat", datetime(2026, 11, 22, tzinfo=UTC))
    shop.detect(braking(shop))
    shop.store.bank.restore_references("Coat")
    assert not shop.detect(braking(shop)).quarantined
    assert len(shop.findings()) == 4
    shop.store.close()


def no_room(*_: object, **named: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("case", ["a file stands there", "full", "full in the middle"])
def test_a_cache_that_cannot_be_written_costs_time_and_no_finding(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop(tmp_path)
    copy = jpeg(cropped(photo(41)))
    shop.publish(copy)
    shop.detect(Settings())
    shop.register("Coat", COAT)
    if case == "a file stands there":
        (tmp_path / "media-cache").write_text("what is this")
    elif case == "full":
        monkeypatch.setattr(Path, "write_text", no_room)
    else:
        monkeypatch.setattr(Archive, "append", no_room)
    done = shop.detect()
    assert [failure.kind for failure in done.failures] == ["cache_unwritable"]
    assert "goes on without it" in done.failures[0].message
    assert shop.twins(copy) == {"Coat": "copy"}
    assert (done.retro.came, done.retro.found) == (1, 1)
    assert len(shop.findings()) == 1
    shop.store.close()


def test_a_flood_in_a_pass_whose_cache_failed_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop(tmp_path)
    shop.register("Coat", COAT)
    flood(shop)
    monkeypatch.setattr(Archive, "append", no_room)  # after everything was matched
    assert shop.detect(braking(shop)).quarantined
    shop.store.close()


def test_each_pass_gives_store_and_cache_another_number(tmp_path: Path) -> None:
    shop, folder = Shop(tmp_path), tmp_path / "cache"
    seen = set()
    for _ in range(3):
        with taken(shop.store, folder):
            kept(folder, FILE, {"a": 1})
            seen.add(shop.store.bank.cache_turn())
        seen.add(shop.store.bank.cache_turn())
        assert json.loads((folder / TURN).read_text())["turn"] == shop.store.bank.cache_turn()
    assert len(seen) == 6
    with taken(shop.store, folder):
        assert (folder / FILE).exists()
    (folder / TURN).write_text("[]")
    with taken(shop.store, folder):
        assert not (folder / FILE).exists()
    shop.store.close()


def test_what_the_system_says_is_told() -> None:
    with pytest.raises(ArchiveError) as caught, cached.writing(Path("/nowhere")):
        no_room(np.nan)
    failure = told(caught.value)
    assert (failure.kind, failure.where) == ("cache_unwritable", "/nowhere")
    assert "No space left on device" in failure.message
