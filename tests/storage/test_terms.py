"""Licences are written once; they end, or others come in their place, and what was stays."""

from dataclasses import replace
from datetime import date

import pytest

from storage.consent import Consent, Ending
from storage.errors import RegistryError
from storage.store import Store
from tests.storage.samples import NOW, later, twin

LICENCE = Consent(
    "Anna",
    "H&M",
    channels=("instagram",),
    valid_from=date(2026, 1, 1),
    valid_until=date(2026, 12, 31),
    document="anna.pdf",
    document_sha256="ab" * 32,
    exclusive=True,
    added_by="Elin",
    added_at=NOW,
)
UNPAID = Ending(date(2026, 6, 30), later(1), "Elin", "unpaid")


@pytest.fixture
def number(store: Store) -> int:
    store.add_twin(twin(), [])
    store.add_twin(twin("Berta"), [])
    return store.terms.add(LICENCE)[0]


def test_all_of_it_comes_back(store: Store, number: int) -> None:
    assert store.terms.all() == [replace(LICENCE, id=number)]


def test_one_that_ended_says_when_and_by_whom(store: Store, number: int) -> None:
    ended = store.terms.end(number, UNPAID)
    assert ended == store.terms.one(number) == replace(LICENCE, id=number, ending=UNPAID)
    assert ended.last_day == date(2026, 6, 30)


def test_an_end_that_is_taken_back_stays_told(store: Store, number: int) -> None:
    store.terms.end(number, UNPAID)
    back = Ending(None, later(2), "Elin", "it was paid")
    assert store.terms.end(number, back).last_day == date(2026, 12, 31)
    assert store.terms.endings(number) == [UNPAID, back]


def test_others_in_its_place_end_it_the_day_before(store: Store, number: int) -> None:
    newer = replace(LICENCE, valid_from=date(2026, 7, 1), added_at=later(3), supersedes=number)
    assert store.terms.add(newer)[1]
    old, new = store.terms.all()
    assert (old.last_day, new.supersedes) == (date(2026, 6, 30), number)
    assert old.ending == Ending(date(2026, 6, 30), later(3), "Elin", "superseded by other terms")
    assert not store.terms.add(newer)[1]  # said again, it ends nothing again
    assert len(store.terms.endings(number)) == 1


def test_one_that_has_no_first_day_takes_its_place_at_once(store: Store, number: int) -> None:
    store.terms.add(replace(LICENCE, valid_from=None, added_at=NOW, supersedes=number))
    assert store.terms.one(number).last_day == later(-1).date()


def test_all_or_none(store: Store, number: int) -> None:
    good, bad = replace(LICENCE, licensee="Zara"), replace(LICENCE, twin="Cora")
    with pytest.raises(RegistryError, match="Cora"):
        store.terms.add_all([good, bad])
    assert len(store.terms.all()) == 1
    known, new = store.terms.add_all([LICENCE, good])
    assert (known, new[0] > number, new[1]) == ((number, False), True, True)


@pytest.mark.parametrize(
    ("changes", "kind"), [({"supersedes": 99}, "no_licence"), ({"twin": "Berta"}, "other_twin")]
)
def test_what_cannot_be_superseded(store: Store, number: int, changes: dict[str, object], kind: str) -> None:
    wrong: Consent = replace(LICENCE, clause="new", **{"supersedes": number, **changes})  # type: ignore[arg-type]
    with pytest.raises(RegistryError) as refused:
        store.terms.add(wrong)
    assert refused.value.kind == kind
    assert len(store.terms.all()) == 1


def test_a_licence_that_is_not_there_does_not_end(store: Store, number: int) -> None:
    with pytest.raises(RegistryError, match="no licence 99"):
        store.terms.end(number + 98 if number == 1 else 99, UNPAID)


def test_an_end_changes_what_is_judged_by(store: Store, number: int) -> None:
    before = store.registry_stamp()
    store.terms.end(number, UNPAID)
    assert store.registry_stamp() != before
