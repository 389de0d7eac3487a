"""A finding is judged by the licences in force on the post's date, and again when they change."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk.jobs.review import review
from storage.consent import Consent, Ending
from storage.records import ConsentVerdict, Finding, Review, ReviewDecision
from tests.desk.shop import NOW, Shop, jpeg, photo

pytestmark = pytest.mark.slow  # whole passes over a store

GOWN = jpeg(photo(1))
LICENCE = Consent("Anna", "H&M", channels=("rss",), territories=("SE",), clause="§ 4", added_at=NOW)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = Shop(tmp_path)
    opened.register("Anna", GOWN)
    opened.publish(GOWN, account="hm", retailer="H&M")
    opened.detect()
    yield opened
    opened.store.close()


def judged(shop: Shop) -> Finding:
    shop.detect()
    (finding,) = shop.findings()
    return finding


def test_terms_that_come_later_and_end_are_judged_by(shop: Shop) -> None:
    assert judged(shop).answer.verdict.consent is ConsentVerdict.NO_TERMS
    number, _ = shop.store.terms.add(LICENCE)
    verdict = judged(shop).answer.verdict
    assert verdict.consent is ConsentVerdict.IN_SCOPE
    assert any("(clause: “§ 4”); posted" in reason for reason in verdict.twins[0].reasons)
    day = (NOW - timedelta(days=1)).date()
    shop.store.terms.end(number, Ending(day, NOW, "Elin", "unpaid"))
    verdict = judged(shop).answer.verdict
    assert verdict.consent is ConsentVerdict.EXPIRED
    assert any(f"until {day}, ended early: unpaid" in reason for reason in verdict.twins[0].reasons)
    shop.store.terms.end(number, Ending(None, NOW, "Elin"))
    assert judged(shop).answer.verdict.consent is ConsentVerdict.IN_SCOPE


def test_another_channel_is_out_of_scope(shop: Shop) -> None:
    shop.store.terms.add(replace(LICENCE, channels=("instagram",)))
    verdict = judged(shop).answer.verdict
    assert verdict.consent is ConsentVerdict.OUT_OF_SCOPE
    assert any("licensed to H&M for instagram in SE" in reason for reason in verdict.twins[0].reasons)


LABELLED = "New in. This picture was made with AI."


def test_a_use_that_was_settled_raises_no_alert_until_that_is_taken_back(shop: Shop) -> None:
    shop.store.terms.add(replace(LICENCE, channels=("instagram",)))
    shop.publish(GOWN, account="hm", retailer="H&M", text=LABELLED)
    (alerted,) = set(shop.detect().alerts) - {1}
    review(
        shop.store,
        Review(alerted, ReviewDecision.SETTLED, "Elin", datetime.now(UTC)),
        keep_pair=False,
        four_eyes=False,
    )
    shop.publish(GOWN, account="hm", retailer="H&M", text=LABELLED)
    again = shop.detect()
    assert (again.new, again.alerts) == ((3,), ())
    found = shop.store.finding(3)
    assert found
    assert found.answer.verdict.consent is ConsentVerdict.OUT_OF_SCOPE  # it says what it said
    assert [one.finding_id for one in found.settled] == [alerted]
    shop.publish(GOWN, account="outlet", retailer="Outlet", text=LABELLED)
    assert shop.detect().alerts == (4,)  # somebody else's use
    undo = Review(alerted, ReviewDecision.UNDO, "Elin", datetime.now(UTC))
    review(shop.store, undo, keep_pair=False, four_eyes=False)
    shop.publish(GOWN, account="hm", retailer="H&M", text=LABELLED)
    assert shop.detect().alerts == (5,)


def test_a_third_account_that_shows_a_licensees_picture_reposts_it(shop: Shop) -> None:
    shop.store.terms.add(LICENCE)
    shop.publish(jpeg(photo(1), quality=70), account="outlet", retailer="Outlet")
    shop.detect()
    own, theirs = sorted(shop.findings(), key=lambda one: one.id)
    assert own.reposts == ()
    assert theirs.answer.verdict.consent is ConsentVerdict.OUT_OF_SCOPE
    assert [(one.licensee, one.account) for one in theirs.reposts] == [("H&M", "hm")]
