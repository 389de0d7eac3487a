"""What a first page weighs, when thumbnails come, and what a person sees first."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from desk.web.pages.inbox import A_PAGE
from storage.people import Role
from storage.records import ConsentVerdict, Labelling
from tests.browser.desk import Desk, running
from tests.browser.pages import findings, strongest
from tests.desk.used_store import OCTOBER, opened, shown

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]  # the demo is made first
MOST = 150_000  # bytes of a first page without its pictures, as they cross the network (issue: 150 kB)
REASON = (
    "AI, level 4, caption: the publisher says so of a copy: “Image created with AI: the digital twin of our "
    "model”; bluesky:nordlys.example https://bsky.app/profile/did:plc:demo/post/3n3ddfczkk222 (picture 1, "
    "first seen 2026-11-29 15:23 UTC); the same picture: agreement 0.99; captures: there picture "
    "a3ac3cf1e074, response 0e379a834d46, here picture a119582f135f, response 19f2bca38826."
)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """More findings than a page has lines."""
    folder = tmp_path_factory.mktemp("full")
    store = opened(folder)
    for number in range(A_PAGE + 10):
        shown(
            store,
            f"shown {number}",
            ("Twin A", ConsentVerdict.OUT_OF_SCOPE),
            ("Twin B", ConsentVerdict.IN_SCOPE),
            posted_at=OCTOBER - timedelta(days=number),
            labelling=Labelling.UNLABELLED,
        )
    store.close()
    config = folder / "twinwatch.toml"
    config.write_text('[storage]\ndatabase = "sqlite:///twinwatch.db"\nmedia = "./media"\n')
    with running(config) as desk:
        yield desk


def _page(browser: Browser, desk: Desk, width: int) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 800})
    context.add_cookies([desk.session(Role.REVIEWER)])
    return context.new_page()


def test_a_first_page_is_light_and_its_thumbnails_wait(browser: Browser, full: Desk) -> None:
    page = _page(browser, full, 1280)
    answers: list[Response] = []
    page.on("response", lambda one: answers.append(one))
    page.goto(f"{full.address}/")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#list .item")).to_have_count(A_PAGE)
    drawn = [one for one in answers if one.request.resource_type == "image" and "picture" in one.url]
    others = [one for one in answers if one not in drawn]
    missing = A_PAGE * (
        len(REASON.encode()) - page.locator(".why").first.evaluate("one => one.innerHTML.length")
    )
    assert {one.request.resource_type for one in others} >= {"document", "stylesheet", "script"}
    assert sum(len(one.body()) for one in others) + max(missing, 0) <= MOST
    assert 0 < len(drawn) < A_PAGE / 2
    last = page.locator("#list .item").last
    thumbnail = f"{full.address}/findings/{last.get_attribute('data-number')}/picture.jpg"
    assert thumbnail not in {one.url for one in drawn}
    with page.expect_request(thumbnail):
        last.scroll_into_view_if_needed()
    page.context.close()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (360, 740)])
def test_the_strongest_finding_is_what_a_person_sees_first(
    browser: Browser, desk: Desk, width: int, height: int
) -> None:
    """Without scrolling: whose picture, what is wrong, the beginning of why; one click for the rest."""
    page = _page(browser, desk, width)
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{desk.address}/")
    first = page.locator("#list .item").first
    with desk.store() as store:
        assert first.get_attribute("data-number") == str(strongest(store).id)
        assert len(findings(store)) > 1
    for part in (".thumb img", ".badges", "h2 a", ".why"):
        expect(first.locator(part).first).to_be_in_viewport(ratio=1)
    first.locator("h2 a").click()
    for part in (".badges", "h1", "#pair img >> nth=0"):
        expect(page.locator(part).first).to_be_in_viewport()
    page.context.close()
