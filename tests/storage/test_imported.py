"""What imports brought and what they only met, and what an undo may take by it; on both databases."""

from dataclasses import replace
from typing import Any

from storage.records import Saved
from storage.store import Store
from tests.storage.samples import HM, NOW, capture, later, post, sha

ONE, TWO = "import-20261130T010000Z-aaaaaa", "import-20261130T020000Z-bbbbbb"
FILE = sha("file")
OF_FILE = capture("line", sha256=FILE, status=0, spider="zeeschuimer/1")


def ids(store: Store) -> set[str]:
    return {one.post.post_id for one in store.versions_to_read("nobody")}


def taken_back(store: Store, source: str) -> tuple[int, dict[str, str]]:
    """How many went, and why the others stay."""
    gone, stays = store.imports.take_back(source, store.imports.brought(source))
    store.imports.forget_met(source)
    return gone, {one.post_id: one.why for one in stays}


def brought(store: Store, source: str, *names: str, **changes: Any) -> list[Saved]:
    page = [
        (replace(post(name), **changes), [capture(f"{name} {source}", spider="instaloader/1")])
        for name in names
    ]
    (saved,) = store.imports.save([(HM, page)], source)
    return list(saved)


def by_a_spider(store: Store, name: str) -> None:
    store.save_post(HM, replace(post(name), seen_at=later(1)), [capture(f"{name} night")])


def by_a_file(store: Store, *names: str) -> None:
    store.save_pages([(HM, [(post(name), [OF_FILE]) for name in names])])


def test_what_only_it_brought_goes(store: Store) -> None:
    assert brought(store, ONE, "p1", "p2", "p3") == [Saved.NEW] * 3
    by_a_spider(store, "p2")
    assert taken_back(store, ONE) == (2, {"p2": "a night or another import saw it too"})
    assert ids(store) == {"p2"}
    assert taken_back(store, ONE) == (0, {})
    assert brought(store, TWO, "p1") == [Saved.NEW], "it comes again"


def test_what_it_found_stored_is_not_its_own(store: Store) -> None:
    by_a_spider(store, "p1")
    brought(store, ONE, "p1", text="another caption")
    store.imports.met(ONE, {HM: ["p1", "unknown"]})
    assert store.imports.brought(ONE) == []
    assert taken_back(store, ONE) == (0, {})
    assert ids(store) == {"p1"}


def test_what_two_imports_brought_goes_with_the_second_undo(store: Store) -> None:
    brought(store, ONE, "p1", "p2", "p3")
    assert brought(store, TWO, "p1", text="another caption") == [Saved.CHANGED]
    store.imports.met(TWO, {HM: ["p2"]})
    assert taken_back(store, ONE) == (1, dict.fromkeys(("p1", "p2"), f"another import saw it too: {TWO}"))
    assert ids(store) == {"p1", "p2"}
    assert taken_back(store, TWO) == (2, {})
    assert ids(store) == set(), "nobody stands behind them any longer"


def test_a_file_and_a_folder_stand_for_each_other(store: Store) -> None:
    by_a_file(store, "p1", "p2")
    store.imports.met(ONE, {HM: ["p1"]})
    assert taken_back(store, FILE) == (1, {"p1": f"another import saw it too: {ONE}"})
    assert ids(store) == {"p1"}
    brought(store, TWO, "p3")
    store.imports.met(FILE, {HM: ["p3"]})
    assert taken_back(store, TWO) == (0, {"p3": f"another import saw it too: {FILE}"})
    store.imports.forget_met(FILE)
    assert store.imports.is_known(TWO)
    assert not store.imports.is_known("import-of-yesterday")


def test_what_an_earlier_version_brought_is_not_taken(store: Store) -> None:
    """Its imports wrote nothing down: their captures are somebody else's."""
    store.save_pages([(HM, [(post("p1"), [capture("old", spider="instaloader/1", at=NOW)])])])
    assert brought(store, ONE, "p1", text="another caption") == [Saved.CHANGED]
    assert taken_back(store, ONE) == (0, {})
    assert ids(store) == {"p1"}
