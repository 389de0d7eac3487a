"""What happens only when somebody asks: a check is kept, and let go; one picture's findings are decided
together, and undone together."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from storage.inbox import Sought
from storage.people import Role
from storage.records import FindingStatus
from tests.browser.desk import Desk
from tests.browser.pages import findings

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]  # the demo is made first


@pytest.fixture(params=[True, False], ids=["with-scripts", "without"])
def page(request: pytest.FixtureRequest, browser: Browser, own_desk: Desk) -> Iterator[Page]:
    context = browser.new_context(locale="en", java_script_enabled=request.param)
    context.add_cookies([own_desk.session(Role.REVIEWER)])
    yield context.new_page()
    context.close()


def test_a_text_is_checked_kept_and_let_go(page: Page, own_desk: Desk) -> None:
    page.goto(f"{own_desk.address}/check")
    page.get_by_label("The caption").fill("New in. This model is AI-generated.")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator("#answer mark")).to_have_text("This model is AI-generated")
    expect(page.locator("#answer .badge")).to_have_text("Text alone: no verdict on a picture")
    page.locator("#keep textarea").fill("for the story")
    page.get_by_role("button", name="Keep this check").click()
    expect(page).to_have_url(f"{own_desk.address}/checks/1")
    expect(page.locator("main")).to_contain_text("for the story")
    page.get_by_text("Let this check go").click()
    page.get_by_label("Yes, delete it").check()
    page.get_by_role("button", name="Let it go").click()
    expect(page).to_have_url(f"{own_desk.address}/checks")
    expect(page.locator(".empty")).to_be_visible()


def test_one_picture_is_decided_with_its_others_and_undone_likewise(page: Page, own_desk: Desk) -> None:
    with own_desk.store() as store:
        several = [one.id for one in findings(store) if len(store.inbox.some(Sought(picture=one.id), 9)) == 3]
    number, *others = several[:3]
    assert len(others) == 2

    def status() -> set[FindingStatus]:
        with own_desk.store() as store:
            found = [store.finding(one) for one in (number, *others)]
        return {one.status for one in found if one}

    page.goto(f"{own_desk.address}/findings/{number}")
    tick = page.get_by_label("and the 2 other findings of the same picture")
    assert not tick.is_checked()
    tick.check()
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator(".badges").first).to_contain_text("Confirmed")
    assert status() == {FindingStatus.CONFIRMED}
    page.goto(f"{own_desk.address}/findings/{others[0]}")
    expect(page.locator("#others .s-confirmed")).to_have_count(2)
    page.get_by_label("and the 2 other findings of the same picture").check()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".badges").first).to_contain_text("New")
    assert status() == {FindingStatus.NEW}
