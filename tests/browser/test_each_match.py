"""Every match of a finding can be swiped and blinked by itself; one that cannot be laid says so, and no
picture is broken."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Locator, expect

from detector.match_words import WITHOUT_PICTURE
from storage.people import Role
from storage.records import MatchKind
from tests.browser.chromium import barriers
from tests.browser.desk import Desk
from tests.browser.pages import transformed

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]  # the demo is made first


def with_more_matches(desk: Desk) -> int:
    """A finding with its match, the same again, another registered picture, and one without a picture."""
    with desk.store() as store:
        finding = transformed(store)
        match = next(one for one in finding.answer.matches if one.twin)
        other = next(one for one in store.references() if one.sha256 != match.reference)
        packed = replace(
            match, kind=MatchKind.FINGERPRINT_ONLY, reason=WITHOUT_PICTURE, reference="0" * 64, agreement=None
        )
        unlike = replace(match, twin=other.twin, reference=other.sha256, kind=MatchKind.LIKELY_COPY)
        more = (match, replace(match, overlap=0.99), unlike, packed)
        items = (one for one in store.all_items() if one.version.post.post_id == finding.post_id)
        item = next(items)
        store.save_answer(item, "more", replace(finding.answer, matches=more), datetime.now(UTC))
        return finding.id


def loaded(laid: Locator) -> None:
    for picture in laid.locator("img").all():
        assert picture.evaluate("one => one.decode().then(() => one.naturalWidth)") > 0


def test_each_match_is_swiped_by_itself(browser: Browser, own_desk: Desk) -> None:
    number = with_more_matches(own_desk)
    context = browser.new_context(locale="en", viewport={"width": 1280, "height": 900})
    context.add_cookies([own_desk.session(Role.REVIEWER)])
    page = context.new_page()
    page.goto(f"{own_desk.address}/findings/{number}")
    first, second, third = (page.locator(".laid").nth(place) for place in range(3))
    assert page.locator(".laid").count() == 3
    assert [one.get_attribute("open") for one in (first, second)] == ["", None]
    second.locator("summary").click()
    second.scroll_into_view_if_needed()
    loaded(second)
    second.get_by_label("Swipe").check()
    second.get_by_role("slider").press("Home")
    above = '[data-layer="registered"]'
    expect(second.locator(above)).to_have_css("clip-path", "inset(0px 0px 0px 0%)")
    expect(first.locator(above)).to_have_css("clip-path", "none")
    assert first.get_by_label("Side by side").is_checked()
    second.get_by_label("Blink").check()
    expect(second.locator(above)).to_have_css("visibility", "hidden")
    third.locator("summary").click()
    third.scroll_into_view_if_needed()
    expect(third.locator(".missing")).to_have_text("The two could not be laid on each other.")
    said = page.locator("#pair .missing")
    expect(said).to_have_count(1)
    expect(said).to_contain_text("by its fingerprints alone")
    assert barriers(page) == []
    context.close()
