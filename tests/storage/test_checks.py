"""Kept checks: as they were given, until they are let go or their term is over; a hold covers them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from storage.checks import KeptCheck
from storage.errors import StoreError
from storage.keeping import Hold, Kept
from storage.store import Store
from tests.storage.samples import NOW, reference, twin

GIVEN = KeptCheck(NOW, "ann", "seen \0 twice", {"caption": "a \ud800 b"}, {"matches": []}, ("Anna", "Nobody"))


@pytest.fixture
def registered(store: Store) -> Store:
    store.add_twin(twin(), [reference()])
    return store


def test_what_was_kept_is_read_again_without_its_picture(registered: Store) -> None:
    number = registered.checks.keep(GIVEN, b"jpeg")
    other = registered.checks.keep(replace(GIVEN, twins=()), b"")
    cleaned = replace(GIVEN, note="seen � twice", asked={"caption": "a � b"})
    expected = replace(cleaned, twins=("Anna",), pictured=True, id=number)
    assert registered.checks.one(number) == expected
    assert [one.id for one in registered.checks.latest()] == [other, number]
    assert registered.checks.latest(before=other) == [expected]
    assert (registered.checks.picture(number), registered.checks.picture(other)) == (b"jpeg", b"")
    assert (registered.checks.one(99), registered.checks.picture(99)) == (None, b"")
    assert registered.checks.count() == 2


def test_one_is_let_go_once(registered: Store) -> None:
    number = registered.checks.keep(GIVEN, b"jpeg")
    assert registered.checks.let_go(number)
    assert not registered.checks.let_go(number)
    assert (registered.checks.one(number), registered.checks.picture(number)) == (None, b"")


def test_a_hold_on_a_twin_keeps_the_checks_that_matched_it(registered: Store) -> None:
    held, free = registered.checks.keep(GIVEN, b"jpeg"), registered.checks.keep(replace(GIVEN, twins=()), b"")
    hold = registered.holds.add(Hold(0, "Anna", 0, "case 12", "ann", NOW))
    with pytest.raises(StoreError, match=f"hold {hold.id} covers") as refused:
        registered.checks.let_go(held)
    assert refused.value.kind == "held"
    later = NOW + timedelta(days=1)
    found = registered.retention.batch(Kept.CHECKS, later)
    assert [(one.key, one.at, one.stays) for one in found] == [
        (str(held), NOW, "a legal hold"),
        (str(free), NOW, ""),
    ]
    assert registered.retention.batch(Kept.CHECKS, NOW) == []
    assert [one.key for one in registered.retention.batch(Kept.CHECKS, later, str(held))] == [str(free)]
    registered.holds.lift(hold.id, "ann", NOW, "over")
    registered.retention.remove(Kept.CHECKS, {str(held): 0}, later, "checks: 365 days")
    assert [one.id for one in registered.checks.latest()] == [free]
