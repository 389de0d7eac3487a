"""The whole morning in a real browser: by keyboard, in both languages; by mouse alone, without JavaScript."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from desk.web.sentences import plainly
from storage.inbox import strength
from storage.people import Role
from storage.records import Review, ReviewDecision
from tests.browser.desk import Desk
from tests.browser.morning import Morning, screenshot
from tests.browser.pages import findings, strongest, transformed
from tests.browser.watching import Watch

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]  # the demo is made first


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_whole_morning(browser: Browser, own_desk: Desk, tmp_path: Path, language: str) -> None:
    context = browser.new_context(locale=language, viewport={"width": 1280, "height": 800})
    watch = Watch(context, own_desk.address)
    morning = Morning(context.new_page(), own_desk, language)
    morning.enters()
    _triage(morning)
    _list_by_keyboard(morning)
    _several_at_once(morning)
    morning.page.goto(f"{own_desk.address}/")
    morning.filters("unlabelled")
    morning.takes_along()
    morning.completes(screenshot(tmp_path))
    _record(morning)
    morning.leaves()
    assert watch.remote == []
    assert watch.wrong == []
    context.close()


def _triage(morning: Morning) -> None:
    """The strongest comes first and says why without scrolling; it is compared, confirmed, taken back."""
    page, t = morning.page, morning.t
    with morning.desk.store() as store:
        first, order = strongest(store), {one.id: strength(one.answer) for one in findings(store)}
    shown = morning.numbers()
    assert shown[0] == first.id
    assert [order[one] for one in shown] == sorted(order[one] for one in shown)
    expect(page.locator("#list .item .why").first).to_be_in_viewport()
    morning.press("j")
    expect(page.locator("#list .item").first).to_be_focused()
    morning.press("Enter")
    morning.at(f"/findings/{first.id}")
    with morning.desk.store() as store:
        moved = transformed(store).id
    morning.compares(moved)
    page.goto(f"{morning.desk.address}/findings/{first.id}")
    for key, status in (("c", "confirmed"), ("u", "new"), ("r", "rejected"), ("u", "new")):
        morning.press(key)
        expect(page.locator(".badges").first).to_contain_text(t(f"status.{status}"))
        assert morning.status(first.id) == status


def _list_by_keyboard(morning: Morning) -> None:
    page = morning.page
    page.goto(f"{morning.desk.address}/")
    shown = morning.numbers()
    items = page.locator("#list .item")
    for key, at in (("j", 0), ("j", 1), ("k", 0), ("k", 0), ("j", 1)):
        morning.press(key)
        expect(items.nth(at)).to_be_focused()
    box = items.nth(1).locator('input[name="number"]')
    morning.press("x")
    expect(box).to_be_checked()
    morning.press("x")
    expect(box).not_to_be_checked()
    morning.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    morning.press("c")  # nothing behind an open dialog is decided
    morning.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    assert morning.status(shown[1]) == "new"
    morning.press("c")
    expect(page.locator(f'[data-number="{shown[1]}"]')).to_have_count(0)
    assert morning.status(shown[1]) == "confirmed"
    page.get_by_role("link", name=morning.t("status.confirmed")).click()
    expect(page.locator("#list .item")).to_have_count(1)  # in the page as it is
    assert morning.numbers() == [shown[1]]
    morning.press("j")
    morning.press("u")
    expect(page.locator("#list .item")).to_have_count(0)
    assert morning.status(shown[1]) == "new"


def _several_at_once(morning: Morning) -> None:
    morning.page.goto(f"{morning.desk.address}/")
    chosen = morning.numbers()[-2:]
    morning.chooses(*chosen)
    morning.button("decide.rejected").click()
    expect(morning.page.locator(f'[data-number="{chosen[0]}"]')).to_have_count(0)
    assert [morning.status(one) for one in chosen] == ["rejected", "rejected"]
    morning.page.get_by_role("link", name=morning.t("status.rejected")).click()
    expect(morning.page.locator(f'[data-number="{chosen[0]}"]')).to_have_count(1)  # in the page as it is
    assert sorted(morning.numbers()) == sorted(chosen)


def _record(morning: Morning) -> None:
    """Everything that was done stands in the record, chained."""
    morning.page.goto(f"{morning.desk.address}/audit")
    expect(morning.page.get_by_text(morning.t("audit.whole"))).to_be_visible()
    for what in ("password set", "login failed", "logged in", "decided: confirmed", "decided: undo"):
        told = plainly(morning.t.language, what, "record")
        expect(morning.page.get_by_role("cell", name=told, exact=True).first).to_be_visible()


@pytest.mark.parametrize(("language", "width"), [("nl", 1280), ("en", 360)])
def test_the_morning_without_javascript(
    browser: Browser, own_desk: Desk, tmp_path: Path, language: str, width: int
) -> None:
    """By mouse and forms alone."""
    context = browser.new_context(
        java_script_enabled=False, locale=language, viewport={"width": width, "height": 740}
    )
    watch = Watch(context, own_desk.address)
    morning = Morning(context.new_page(), own_desk, language)
    page, t = morning.page, morning.t
    morning.enters()
    first = morning.numbers()[0]
    page.locator("#list .item h2 a").first.click()
    morning.at(f"/findings/{first}")
    for button, status in (("confirmed", "confirmed"), ("undo", "new"), ("look_again", "look_again")):
        morning.field("decide.note", page.locator("#decide")).fill(f"by hand: {button}")
        morning.button(f"decide.{button}").click()
        expect(page.locator(".badges").first).to_contain_text(t(f"status.{status}"))
        assert morning.status(first) == status
    page.goto(f"{own_desk.address}/")
    _several_at_once(morning)
    page.goto(f"{own_desk.address}/")
    morning.filters("unlabelled", scripts=False)
    morning.completes(screenshot(tmp_path))
    page.goto(f"{own_desk.address}/twins")
    page.get_by_role("button", name=t("desk.other_language")).click()
    other = "en" if language == "nl" else "nl"
    expect(page.locator("html")).to_have_attribute("lang", other)
    Morning(page, own_desk, other).leaves()
    assert watch.remote == []
    assert watch.wrong == []
    context.close()


@pytest.fixture
def reviewing(browser: Browser, own_desk: Desk) -> Iterator[Morning]:
    """A reviewer's, at the list."""
    context = browser.new_context(locale="en", viewport={"width": 1280, "height": 800})
    morning = Morning(context.new_page(), own_desk, "en")
    context.add_cookies([own_desk.session(Role.REVIEWER)])
    morning.page.goto(f"{own_desk.address}/")
    yield morning
    context.close()


def test_the_last_decision_is_undone_where_it_was_made(reviewing: Morning) -> None:
    """Also when it has left the list; and the cursor stays in its place."""
    page, own_desk = reviewing.page, reviewing.desk
    before = reviewing.numbers()
    items = page.locator("#list .item")
    reviewing.press("j")
    reviewing.press("j")
    for key in ("c", "r"):
        with page.expect_navigation():
            reviewing.press(key)
        expect(items.nth(1)).to_be_focused()  # where it stood, on what came after
        assert before[1] not in reviewing.numbers()
        reviewing.press("j")  # to undo is of the last decision, wherever the cursor went
        with page.expect_navigation():
            reviewing.press("u")
        expect(items.nth(1)).to_be_focused()
        assert reviewing.numbers() == before
        assert reviewing.status(before[1]) == "new"
    page.goto(f"{own_desk.address}/findings/{before[0]}")
    reviewing.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_a_decision_that_somebody_else_made_since_is_not_overwritten(reviewing: Morning) -> None:
    page, own_desk = reviewing.page, reviewing.desk
    first = reviewing.numbers()[0]
    with own_desk.store() as store:
        store.add_review(Review(first, ReviewDecision.REJECTED, "ben", datetime.now(UTC)))
    reviewing.press("j")
    with page.expect_navigation():
        reviewing.press("c")
    expect(page.get_by_text(reviewing.t("refused.decided_since"))).to_be_visible()
    page.goto(f"{own_desk.address}/")
    reviewing.press("u")  # nothing was decided here
    assert reviewing.status(first) == "rejected"


def _struck(page: Page, keys: list[str], *, held: bool = False) -> None:
    """One after the other, before a page can answer; `held`: as a key does that is not let go."""
    page.evaluate(
        """([keys, repeat]) => keys.forEach(key => document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", {key, repeat, bubbles: true})))""",
        [keys, held],
    )


def test_a_key_that_is_held_or_struck_twice_decides_once(reviewing: Morning) -> None:
    """What comes up in the place of what was decided is seen before it is decided."""
    page, own_desk = reviewing.page, reviewing.desk
    before = reviewing.numbers()
    reviewing.press("j")
    with page.expect_navigation():
        _struck(page, ["c", "j", "c", "u"])
    expect(page.locator("#list .item").first).to_be_focused()
    assert reviewing.status(before[0]) == "confirmed"
    _struck(page, ["c", "r", "u"], held=True)
    page.goto(f"{own_desk.address}/findings/{before[1]}")
    assert [reviewing.status(one) for one in before[:2]] == ["confirmed", "new"]
    with page.expect_navigation():
        _struck(page, ["r", "c", "r"])
    expect(page.locator(".badges").first).to_contain_text(reviewing.t("status.rejected"))
    assert reviewing.status(before[1]) == "rejected"
