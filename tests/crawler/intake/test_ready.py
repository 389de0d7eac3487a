"""What is laid out by the process that reads comes to the same as what is saved the usual way."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from crawler.intake import ahead, run
from crawler.intake.outcome import Outcome
from storage.doors.imports import Imports
from storage.errors import StoreError
from storage.records import Account
from storage.shelves import pages
from tests.crawler import built
from tests.crawler.importing import House
from tests.empty_store import pattern

HM = Account("instagram", "hm", "H&M")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """All that can be met in a file: new ones, known ones, changed ones, the same twice, others' names, media
    that nobody can fetch, what is no post, and what nobody understands."""
    objects: list[Any] = [built.itemlist(f"N{number}", like_count=number) for number in range(8)]
    objects += [
        built.itemlist("Known"),
        built.itemlist("Changed", caption={"text": "now another text"}),
        built.graph("DGra"),
        built.polaris("DPol"),
        built.itemlist("Twice"),
        built.itemlist("Twice", caption={"text": "edited since"}),
        built.itemlist("Whose", user={"username": "hm", "pk": "2"}),
        built.itemlist("Zara", user={"username": "zara", "pk": "3"}),
        built.itemlist("Named", user={"username": "h m", "pk": "4"}),
        built.itemlist("Bare", image_versions2={}),
        built.itemlist("Odd", image_versions2={"candidates": [{"url": "file:///etc/passwd"}]}),
        built.itemlist("Slides", media_type=8, carousel_media=[built.slide(1), built.slide(2)]),
        built.itemlist("Emoji", caption={"text": "a\U0001f9e5\0b"}),
        built.itemlist("Late", taken_at=4_070_908_800),
        built.itemlist("Ad", product_type="ad"),
    ]
    lines = [built.captured(one) for one in objects]
    return built.ndjson(tmp_path / "z.ndjson", *lines[:5], b"{broken", *lines[5:])


@pytest.fixture
def houses(tmp_path: Path) -> Iterator[list[House]]:
    made = []
    for name in ("usual", "laid_out"):
        (tmp_path / name).mkdir()
        house = House(tmp_path / name, pattern())
        before = [built.itemlist("Known"), built.itemlist("Changed"), built.itemlist("Renamed")]
        earlier = built.ndjson(tmp_path / name / "b.ndjson", *(built.captured(one) for one in before))
        house.bring(earlier, watchlist=(HM,))
        made.append(house)
    yield made
    for house in made:
        house.store.close()


def brought(house: House, path: Path, **plan: Any) -> tuple[Outcome, list[Any], list[Any]]:
    outcome = house.bring(path, watchlist=(HM,), **plan)
    versions = [(one.account, one.number, one.post, house.captures(one.post)) for one in house.versions()]
    return outcome, versions, list(house.store.problems("run"))


@pytest.mark.parametrize("plan", [{}, {"only_watched": True}, {"dry_run": True}])
def test_both_ways_come_to_the_same(
    plan: dict[str, Any], path: Path, houses: list[House], monkeypatch: pytest.MonkeyPatch
) -> None:
    laid: list[int] = []
    save = pages.save_fresh

    def counted(connection: Any, many: Any, raw_sha256: str) -> None:
        laid.append(len(many))
        save(connection, many, raw_sha256)

    monkeypatch.setattr(pages, "save_fresh", counted)
    usual, versions, problems = brought(houses[0], path, **plan)
    assert sum(laid) == 0
    monkeypatch.setattr(ahead, "LARGE", 1)
    outcome, same_versions, same_problems = brought(houses[1], path, **plan)
    assert (sum(laid) > 0) is ("dry_run" not in plan)
    assert asdict(outcome) == asdict(usual)
    assert same_versions == versions
    assert same_problems == problems
    assert brought(houses[1], path, **plan) == brought(houses[0], path, **plan)


def test_one_that_another_process_stored_meanwhile_costs_nothing(
    path: Path, houses: list[House], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise StoreError("one is there already", kind="database")

    _, versions, problems = brought(houses[0], path)
    monkeypatch.setattr(ahead, "LARGE", 1)
    monkeypatch.setattr(pages, "save_fresh", refused)
    _, same_versions, same_problems = brought(houses[1], path)
    assert same_versions == versions
    assert same_problems == problems


def test_another_database_than_sqlite_takes_the_usual_way(
    path: Path, houses: list[House], monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome, versions, problems = brought(houses[0], path)
    monkeypatch.setattr(ahead, "LARGE", 1)
    monkeypatch.setattr(Imports, "takes_fresh", False)
    monkeypatch.delattr(pages, "save_fresh")
    same, same_versions, same_problems = brought(houses[1], path)
    assert (asdict(same), same_versions, same_problems) == (asdict(outcome), versions, problems)


def test_a_batch_holds_new_and_stored_posts(
    path: Path, houses: list[House], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = brought(houses[0], path)[1]
    monkeypatch.setattr(ahead, "LARGE", 1)
    monkeypatch.setattr(run, "UNFETCHED", 4)
    assert brought(houses[1], path)[1] == expected
