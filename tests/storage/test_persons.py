"""What people saw: added, never altered; it holds for the version that they looked at, and decides."""

from typing import Any

import pytest

from storage.errors import StoreError
from storage.records import Declarer, Reading, ReadingState, Surface
from storage.store import ItemToJudge, Store
from storage.testimony import PersonReading
from tests.storage.samples import HM, NOW, answer, later, picture, post, reading, sha

TEXT = Surface.IMAGE_TEXT


def said(number: int, state: ReadingState | None = ReadingState.PRESENT, **more: Any) -> PersonReading:
    surface = more.pop("surface", TEXT)
    return PersonReading(number, surface, state, more.pop("by", "ann"), more.pop("at", NOW), **more)


def judge(store: Store) -> int:
    """The number of the finding of the first item."""
    numbers = [store.save_answer(item, "j", answer(), NOW)[0] for item in store.items_to_judge("j")]
    return numbers[0]


def found(store: Store) -> int:
    store.save_post(HM, post())
    for version in store.versions_to_read("r"):
        blind = Reading(TEXT, ReadingState.UNREADABLE, reason="budget")
        store.save_readings(version.version_id, "r", {0: [reading(quote=""), blind]})
    return judge(store)


def seen(item: ItemToJudge | None, surface: Surface = TEXT) -> Reading:
    assert item is not None
    (one,) = (one for one in item.readings if one.surface is surface)
    return one


def test_a_person_decides_and_is_named(store: Store) -> None:
    number = found(store)
    store.looks.add(said(number, quote="Bild: KI", note="in the app", screenshot=sha("shot")))
    one = seen(store.looks.item(number))
    assert (one.state, one.quote, one.declared_by) == (ReadingState.PRESENT, "Bild: KI", Declarer.PERSON)
    assert one.reason == (
        f"ann looked on 2026-11-01 03:00 UTC, screenshot {sha('shot')[:12]}; in the app; "
        "the program: unreadable (not looked at)"
    )
    assert one.field == f"screenshot:{sha('shot')}"
    assert store.looks.given(number) == [
        said(number, quote="Bild: KI", note="in the app", screenshot=sha("shot"))
    ]
    assert [item.position for item in store.items_to_judge("j")] == [0]


def test_where_the_program_read_otherwise_both_are_told(store: Store) -> None:
    number = found(store)
    store.looks.save(sha("a"), [Reading(TEXT, ReadingState.PRESENT, quote="AI")], {TEXT: "t"}, NOW)
    store.looks.add(said(number, ReadingState.ABSENT))
    one = seen(store.looks.item(number))
    assert one.state is ReadingState.ABSENT
    assert one.reason.endswith("the program: present “AI”")
    store.looks.add(said(number, ReadingState.AMBIGUOUS, surface=Surface.PLATFORM_TAG))
    assert seen(store.looks.item(number), Surface.PLATFORM_TAG).reason.endswith("the program: not read")


def test_the_last_one_not_taken_back_holds(store: Store) -> None:
    number = found(store)
    store.looks.add(said(number, ReadingState.ABSENT))
    store.looks.add(said(number, ReadingState.PRESENT, by="bob", at=later(1)))
    assert seen(store.looks.item(number)).state is ReadingState.PRESENT
    store.looks.add(said(number, None, at=later(2)))
    assert seen(store.looks.item(number)).state is ReadingState.ABSENT
    store.looks.add(said(number, None, at=later(3)))
    assert seen(store.looks.item(number)).reason == "not looked at"
    assert len(store.looks.given(number)) == 4
    with pytest.raises(StoreError) as caught:
        store.looks.add(said(number, None))
    assert caught.value.kind == "nothing_to_undo"


def test_it_holds_for_the_version_that_was_looked_at(store: Store) -> None:
    number = found(store)
    store.looks.add(said(number))
    store.save_post(HM, post(text="New in, again", seen_at=later(1)))
    item = store.looks.item(number)
    assert item is not None
    assert TEXT not in {one.surface for one in item.readings}
    assert [{one.surface: one.state for one in then}.get(TEXT) for _, then in item.history] == [
        ReadingState.PRESENT,
        None,
    ]


def test_a_picture_that_no_longer_stands_there_is_not_judged(store: Store) -> None:
    number = found(store)
    store.save_post(HM, post(media=(picture("b"),), seen_at=later(1)))
    assert store.looks.item(number) is None
    store.looks.add(said(number))  # of the version that was judged: it stays told
    assert store.looks.given(number)


def test_no_finding_no_reading(store: Store) -> None:
    with pytest.raises(StoreError) as caught:
        store.looks.add(said(99))
    assert caught.value.kind == "no_finding"
    assert store.looks.item(99) is None
