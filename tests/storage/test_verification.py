"""What holds of an account: looks and people's words in all orders, whose account it is, and how old."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from storage.crawled import AccountState
from storage.errors import StoreError
from storage.records import Account
from storage.store import Store
from storage.verification import (
    HOLDS,
    Direction,
    Glance,
    Look,
    Outcome,
    Verification,
    standing_of,
)
from tests.storage.samples import HM, NOW

X, Y = ("did:x",), ("did:y",)
DAY = timedelta(days=1)
LATER = NOW + HOLDS + DAY


def look(outcome: Outcome, ids: tuple[str, ...] = X, days: int = 0) -> Verification:
    return Verification(outcome, NOW + days * DAY, ids, reason=f"looked, {outcome.value}")


def word(outcome: Outcome, ids: tuple[str, ...] = X, days: int = 0) -> Verification:
    return Verification(outcome, NOW + days * DAY, ids, by="Ann", reason="Ann says so")


PASS, FAIL, BLIND = look(Outcome.PASSED), look(Outcome.FAILED), look(Outcome.UNREADABLE, ())
YES, NO, UNDO = word(Outcome.CONFIRMED), word(Outcome.REJECTED), word(Outcome.UNDO, ())


@pytest.mark.parametrize(
    ("given", "stable_id", "verified", "words"),
    [
        ([], "", False, "nobody has looked"),
        ([PASS], "", True, "looked, passed"),
        ([PASS], "did:x", True, "looked, passed"),
        ([PASS], "did:y", False, "is another account"),  # what is stored is not what was looked at
        ([PASS], "acct:hm@m.example", True, "looked, passed"),  # a name is no id
        ([FAIL], "did:x", False, "looked, failed"),
        ([BLIND], "", False, "looked, unreadable (tried"),
        ([PASS, BLIND], "did:x", True, "looked, passed"),  # could not look is never "not there"
        ([FAIL, BLIND], "did:x", False, "looked, failed"),
        ([PASS, FAIL], "did:x", False, "looked, failed"),
        ([FAIL, PASS], "did:x", True, "looked, passed"),
        ([YES], "did:x", True, "Ann said so"),
        ([YES, FAIL], "did:x", True, "Ann said so"),  # a person decides
        ([PASS, NO], "did:x", False, "Ann said on 2026"),
        ([YES, UNDO], "did:x", False, "nobody has looked"),
        ([PASS, NO, UNDO], "did:x", True, "looked, passed"),
        ([YES, NO, UNDO], "did:x", True, "Ann said so"),
        ([YES], "did:y", False, "spoke of another account"),
        ([PASS], "https://s.example/users/x", False, "by another kind of id"),  # the API was closed since
        ([YES], "https://s.example/users/x", False, "known by another kind of id"),
        ([word(Outcome.CONFIRMED, ())], "https://s.example/users/x", False, "spoke of another account"),
        ([PASS, look(Outcome.PASSED, ())], "did:x", True, "looked, passed"),  # no id was shown this time
        ([YES, look(Outcome.PASSED, Y)], "", True, "looked, passed"),  # the new owner is looked at anew
        ([YES, look(Outcome.FAILED, Y)], "", False, "looked, failed"),  # taken over
        ([YES, look(Outcome.FAILED, Y)], "did:x", False, "looked, failed"),
        ([word(Outcome.CONFIRMED, ())], "", True, "Ann said so"),
        ([word(Outcome.CONFIRMED, ())], "did:x", False, "spoke of another account"),
    ],
)
def test_what_holds(given: Sequence[Verification], stable_id: str, verified: bool, words: str) -> None:
    standing = standing_of(given, stable_id, NOW)
    assert standing.verified is verified
    assert words in standing.sentence
    assert standing.caveat == ("" if verified else f"account not verified: {standing.sentence}")


@pytest.mark.parametrize("given", [look(Outcome.PASSED), word(Outcome.CONFIRMED)])
def test_an_old_one_is_told_as_old_and_lapses_without_an_id(given: Verification) -> None:
    assert standing_of([given], "did:x", NOW + HOLDS).old is False
    old = standing_of([given], "did:x", LATER)
    assert (old.verified, old.old) == (True, True)
    assert "older than 180 days" in old.sentence
    bare = Verification(given.outcome, given.at, by=given.by, reason=given.reason)
    assert standing_of([bare], "", NOW + HOLDS).verified
    lapsed = standing_of([bare], "", LATER)
    assert (lapsed.verified, lapsed.old) == (False, True)


def test_it_is_kept_as_it_was_given_and_taken_back_by_one_more(store: Store) -> None:
    seen = Glance(Direction.WEBSITE, Look.FOUND, "https://hm.example/", '<a href="x">\x00', "", "ab" * 32)
    given = Verification(
        Outcome.PASSED, NOW, ("did:x", "x"), "", "", "it links", "https://hm.example/", (seen,)
    )
    store.accounts.verify(HM, given)
    (kept,) = store.accounts.verifications(HM)
    assert kept.glances[0].quote == '<a href="x">�'
    assert (kept.ids, kept.at, kept.website) == (given.ids, NOW, given.website)
    with pytest.raises(StoreError) as error:
        store.accounts.verify(HM, UNDO)
    assert error.value.kind == "nothing_to_undo"
    store.accounts.verify(HM, YES)
    store.accounts.verify(HM, UNDO)
    assert [one.outcome for one in store.accounts.verifications(HM)] == [
        Outcome.PASSED,
        Outcome.CONFIRMED,
        Outcome.UNDO,
    ]
    assert store.accounts.standings(NOW)[HM.platform, HM.handle].verified
    store.save_account_state(HM, AccountState("did:z"))
    assert not store.accounts.standings(NOW)[HM.platform, HM.handle].verified
    assert store.accounts.verifications(Account("rss", "nobody")) == ()
