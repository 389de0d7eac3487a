"""A finding is judged by the licences in force on the post's date, and again when they change."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from storage.consent import Consent, Ending
from storage.records import ConsentVerdict, Finding
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
