"""Reposts of what a licensee published, and uses that a person settled: told beside findings, and of now."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from storage.consent import Consent, ConsentVerdict
from storage.inbox import Sought
from storage.records import (
    Account,
    Finding,
    MatchKind,
    PairDecision,
    PairReview,
    Review,
    ReviewDecision,
    TwinVerdict,
)
from storage.store import Store
from storage.uses import Settlement
from tests.storage.samples import HM, NOW, answer, later, match, picture, post, reference, sha, twin

pytestmark = pytest.mark.slow  # many stores

SHOP = Account("instagram", "outlet", retailer="Outlet", country="DE")
OUT = (TwinVerdict("Anna", ConsentVerdict.OUT_OF_SCOPE, ("none for Outlet",)),)


@pytest.fixture
def licensed(store: Store) -> Store:
    store.add_twin(twin(), [reference()])
    store.terms.add(Consent("Anna", " h&m ", added_at=NOW))
    return store


def shown(
    store: Store,
    account: Account,
    name: str,
    posted_at: datetime | None,
    kind: MatchKind = MatchKind.COPY,
    consent: ConsentVerdict = ConsentVerdict.OUT_OF_SCOPE,
) -> int:
    """A post with a picture that shows the registered one; its finding."""
    made = post(
        name,
        platform=account.platform,
        handle=account.handle,
        posted_at=posted_at,
        media=(picture(name),),
        seen_at=later(3),
    )
    store.save_post(account, made)
    found = replace(match(), kind=kind)
    store.save_matches(sha(name), "m", [found])
    item = next(one for one in store.all_items() if one.version.post.post_id == name)
    told = answer(matches=(found,))
    twins = (replace(OUT[0], consent=consent),)
    number, _ = store.save_answer(
        item, "j", replace(told, verdict=replace(told.verdict, twins=twins)), later(4)
    )
    return number


def finding(store: Store, number: int) -> Finding:
    """The list in memory, which asks in another way, must say the same of it."""
    found = store.finding(number)
    assert found is not None
    (line,) = (one for one in store.inbox.lines(Sought()).lines if one.finding_id == number)
    assert (line.reposted, line.settled) == (bool(found.reposts), bool(found.settled))
    assert store.inbox.finding(number, store.inbox.listed()) == found
    return found


# --- reposts ------------------------------------------------------------------------------------------------


def test_what_a_licensee_showed_before_is_told_with_its_post(licensed: Store) -> None:
    shown(licensed, HM, "later-own", later(1))
    own = shown(licensed, HM, "own", NOW)
    number = shown(licensed, SHOP, "theirs", later(2))
    (repost,) = finding(licensed, number).reposts
    assert (repost.twin, repost.licensee, repost.account, repost.at) == ("Anna", "H&M", HM.handle, NOW)
    assert repost.post_url.endswith("/own")
    assert "H&M, a licensee of Anna, published this picture itself on 2026-11-01" in repost.sentence
    assert finding(licensed, own).reposts == ()
    assert {one.id for one in licensed.findings() if one.reposts} == {number}
    assert finding(licensed, number).caveats[-1] == repost.sentence


def test_without_a_date_the_day_on_which_it_was_seen_counts(licensed: Store) -> None:
    shown(licensed, HM, "own", None)  # seen on the third day
    assert finding(licensed, shown(licensed, SHOP, "before", later(2))).reposts == ()
    assert finding(licensed, shown(licensed, SHOP, "after", later(3.5))).reposts


@pytest.mark.parametrize(
    ("account", "posted", "kind"),
    [
        (SHOP, -1, MatchKind.COPY),  # it was there first
        (SHOP, 2, MatchKind.LIKELY_COPY),  # it may not be that picture
        (SHOP, 2, MatchKind.SAME_SCENE_OR_GARMENT),
        (replace(SHOP, retailer="H&M "), 2, MatchKind.COPY),  # the licensee's other account
    ],
)
def test_what_is_no_repost(licensed: Store, account: Account, posted: int, kind: MatchKind) -> None:
    shown(licensed, HM, "own", NOW)
    assert finding(licensed, shown(licensed, account, "theirs", later(posted), kind)).reposts == ()


def test_nobody_reposts_what_no_licensee_showed(store: Store) -> None:
    store.add_twin(twin(), [])
    shown(store, HM, "own", NOW)
    assert finding(store, shown(store, SHOP, "theirs", later(2))).reposts == ()
    store.terms.add(Consent("Anna", "Zara", added_at=NOW))
    assert not any(one.reposts for one in store.findings())


def test_a_pair_that_a_person_rejected_shows_nothing(licensed: Store) -> None:
    shown(licensed, HM, "own", NOW)
    number = shown(licensed, SHOP, "theirs", later(2))
    licensed.pairs.add(PairReview(sha("own"), sha("ref"), PairDecision.REJECTED, "ann", later(5)))
    assert finding(licensed, number).reposts == ()


# --- settled ------------------------------------------------------------------------------------------------


def settle(store: Store, number: int, until: date | None = None) -> None:
    store.add_review(Review(number, ReviewDecision.SETTLED, "ann", later(5), "paid", until))


def test_a_review_settles_the_use_that_it_saw(licensed: Store) -> None:
    number = shown(licensed, SHOP, "theirs", later(2))
    settle(licensed, number, date(2026, 12, 31))
    (given,) = licensed.uses.settlements()
    assert given == Settlement(
        finding_id=number,
        twin="Anna",
        consent=ConsentVerdict.OUT_OF_SCOPE,
        retailer="Outlet",
        platform="instagram",
        country="DE",
        by="ann",
        at=later(5),
        until=date(2026, 12, 31),
        note="paid",
    )
    assert "Anna by Outlet on instagram in DE (out_of_scope) raises no alert again" in given.scope
    other = finding(licensed, shown(licensed, SHOP, "another", later(6)))
    assert (other.settled, finding(licensed, number).settled) == ((given,), ())
    assert f"with #{number} by ann on 2026-11-06: paid" in other.caveats[-1]


@pytest.mark.parametrize(
    ("account", "posted", "consent"),
    [
        (replace(SHOP, retailer="Zara"), later(6), ConsentVerdict.OUT_OF_SCOPE),
        (replace(SHOP, platform="tiktok"), later(6), ConsentVerdict.OUT_OF_SCOPE),
        (replace(SHOP, country="FR"), later(6), ConsentVerdict.OUT_OF_SCOPE),
        (replace(SHOP, country=None), later(6), ConsentVerdict.OUT_OF_SCOPE),
        (SHOP, later(6), ConsentVerdict.WITHDRAWN),
        (SHOP, later(90), ConsentVerdict.OUT_OF_SCOPE),  # after the last day
        (SHOP, None, ConsentVerdict.OUT_OF_SCOPE),  # perhaps after it
    ],
)
def test_another_use_is_not_settled_by_it(
    licensed: Store, account: Account, posted: datetime | None, consent: ConsentVerdict
) -> None:
    settle(licensed, shown(licensed, SHOP, "theirs", later(2)), date(2026, 12, 31))
    account = replace(account, handle="other")
    assert finding(licensed, shown(licensed, account, "another", posted, consent=consent)).settled == ()


def test_what_is_licensed_leaves_nothing_to_settle(licensed: Store) -> None:
    settle(licensed, shown(licensed, HM, "own", NOW, consent=ConsentVerdict.IN_SCOPE))
    assert licensed.uses.settlements() == []


@pytest.mark.parametrize("decision", [ReviewDecision.UNDO, ReviewDecision.LOOK_AGAIN])
def test_a_later_decision_takes_it_back(licensed: Store, decision: ReviewDecision) -> None:
    number = shown(licensed, SHOP, "theirs", later(2))
    settle(licensed, number)
    licensed.add_review(Review(number, decision, "ann", later(6)))
    assert licensed.uses.settlements() == []


def test_it_stands_by_the_verdict_of_that_day(licensed: Store) -> None:
    number = shown(licensed, SHOP, "theirs", later(2))
    settle(licensed, number)
    (item,) = licensed.all_items()
    told = answer()
    withdrawn = (replace(OUT[0], consent=ConsentVerdict.WITHDRAWN),)
    licensed.save_answer(item, "k", replace(told, verdict=replace(told.verdict, twins=withdrawn)), later(7))
    assert [one.consent for one in licensed.uses.settlements()] == [ConsentVerdict.OUT_OF_SCOPE]
