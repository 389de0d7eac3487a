"""Consent that ends takes the licences with it, and gives back exactly those."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from storage.consent import Consent, Ending
from storage.keeping import Withdrawal
from storage.store import Store
from tests.storage.samples import NOW, later, twin

OPEN = Consent("Anna", "H&M", added_at=NOW)
LONG = replace(OPEN, licensee="Mango", valid_until=date(2030, 12, 31))
OVER = replace(OPEN, licensee="Zara", valid_until=date(2020, 12, 31))
BERTA = replace(OPEN, twin="Berta")
DAY = date(2026, 12, 24)


@pytest.fixture
def licensed(store: Store) -> Store:
    for name in ("Anna", "Berta"):
        store.add_twin(twin(name), [])
    store.terms.add_all([OPEN, LONG, OVER, BERTA])
    return store


def withdrawal(since: datetime = NOW) -> Withdrawal:
    return Withdrawal("Anna", since, NOW, "elin", "she asked for it")


def last_days(store: Store) -> list[date | None]:
    return [one.last_day for one in store.terms.all()]


def numbers(store: Store) -> tuple[int, ...]:
    """Of the licences, in the order in which they came."""
    return tuple(one.id for one in store.terms.all())


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def test_licences_end_the_day_before(licensed: Store) -> None:
    done = licensed.bank.withdraw_twin(withdrawal(midnight(DAY)))
    assert done
    assert done.licences == numbers(licensed)[:2]
    eve = DAY - timedelta(days=1)
    assert last_days(licensed) == [eve, eve, date(2020, 12, 31), None]
    (anna, berta) = licensed.twins()
    assert (anna.withdrawn_at, anna.withdrawn_because) == (midnight(DAY), "she asked for it")
    assert (berta.withdrawn_at, berta.withdrawn_because) == (None, "")


def test_withdrawn_in_the_middle_of_a_day_the_terms_hold_until_then(licensed: Store) -> None:
    licensed.bank.withdraw_twin(withdrawal())
    assert last_days(licensed)[0] == NOW.date()
    ending = licensed.terms.one(numbers(licensed)[0]).ending
    assert ending
    assert (ending.by, ending.reason) == ("elin", "consent was withdrawn: she asked for it")


def test_what_a_withdrawal_ended_holds_again_as_before(licensed: Store) -> None:
    licensed.terms.end(numbers(licensed)[1], Ending(date(2028, 1, 1), NOW, "elin", "shorter"))
    before = last_days(licensed)
    licensed.bank.withdraw_twin(withdrawal())
    assert licensed.bank.restore_twin("Anna", later(1), "ann") == (True, [*numbers(licensed)[:2]])
    assert last_days(licensed) == before
    (told,) = licensed.bank.withdrawals("Anna")
    assert (told.restored_at, told.restored_by, told.licences) == (later(1), "ann", numbers(licensed)[:2])
    assert licensed.twins()[0].withdrawn_because == ""


def test_what_was_ended_since_stays_ended(licensed: Store) -> None:
    licensed.bank.withdraw_twin(withdrawal())
    unpaid = Ending(date(2026, 1, 1), later(1), "elin", "unpaid")
    licensed.terms.end(numbers(licensed)[0], unpaid)
    assert licensed.bank.restore_twin("Anna", later(2), "ann") == (True, [numbers(licensed)[1]])
    assert last_days(licensed)[:2] == [unpaid.last_day, LONG.valid_until]


def test_twice_is_once(licensed: Store) -> None:
    licensed.bank.withdraw_twin(withdrawal())
    assert licensed.bank.withdraw_twin(withdrawal()) is None
    assert len(licensed.terms.endings(numbers(licensed)[0])) == 1
    licensed.bank.restore_twin("Anna", later(1), "ann")
    assert licensed.bank.restore_twin("Anna", later(2), "ann") == (False, ())
    assert licensed.bank.withdraw_twin(withdrawal(later(3))) is not None
    assert [one.restored_at for one in licensed.bank.withdrawals("Anna")] == [later(1), None]
