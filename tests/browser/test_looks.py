"""Every page in both schemes, on a wide screen and on a phone, in both languages: no barrier that axe-core
finds, no scrolling sideways, nothing wrong in the console, no request to anywhere else."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, Response
from starlette.routing import Route

from desk.web.access import PUBLIC, TABLE
from desk.web.app import PARTS
from storage.people import Role
from tests.browser.chromium import barriers
from tests.browser.desk import Desk
from tests.browser.pages import NO_PAGES, PAGES, WHOSE
from tests.browser.watching import Watch

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]  # the demo is made first


@dataclass(frozen=True, slots=True)
class Look:
    scheme: Literal["light", "dark"]
    width: int
    language: str


LOOKS = (
    Look("light", 1280, "en"),
    Look("dark", 1280, "nl"),
    Look("light", 360, "nl"),
    Look("dark", 360, "en"),
)
Opened = Callable[[Look, Role | None], tuple[Page, Watch]]


def test_every_page_is_in_the_table() -> None:
    routes = [one for part in PARTS for one in part.router.routes if isinstance(one, Route)]
    pages = {one.name for one in routes if "GET" in (one.methods or ())} - NO_PAGES
    assert pages == {one.route for one in PAGES.values() if one.sent is None}
    assert pages <= TABLE.keys() | PUBLIC


@pytest.fixture(scope="module")
def opened(browser: Browser, desk: Desk) -> Iterator[Opened]:
    """A page of somebody with this role; one for all tests that look in the same way."""
    kept: dict[tuple[Look, Role | None], tuple[Page, Watch]] = {}

    def of(look: Look, role: Role | None) -> tuple[Page, Watch]:
        if (look, role) not in kept:
            context = browser.new_context(
                color_scheme=look.scheme,
                locale=look.language,
                viewport={"width": look.width, "height": 800},
                reduced_motion="reduce",
            )
            watch = Watch(context, desk.address)
            if role is not None:
                context.add_cookies([desk.session(role, WHOSE.get(role, ""))])
            kept[look, role] = context.new_page(), watch
        return kept[look, role]

    yield of
    for page, _ in kept.values():
        page.context.close()


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.scheme}-{look.width}-{look.language}")
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_barrier_and_stays_at_home(opened: Opened, desk: Desk, name: str, look: Look) -> None:
    shown = PAGES[name]
    page, watch = opened(look, shown.role)
    del watch.remote[:], watch.wrong[:]
    with desk.store() as store:
        path, sent = shown.path(store), shown.sent(store) if shown.sent else None
    answer = page.goto(f"{desk.address}{path}") if sent is None else _sent(page, desk, path, sent)
    assert answer
    assert answer.status == shown.status
    assert page.locator("html").get_attribute("lang") == look.language
    sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(sideways) == 0
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert page.evaluate(sideways) == 0
    _all_pictures(page)
    assert barriers(page) == []
    assert watch.remote == []
    assert watch.wrong == []


def _sent(page: Page, desk: Desk, path: str, fields: Sequence[tuple[str, str]]) -> Response | None:
    """What a form of the inbox is answered with."""
    page.goto(f"{desk.address}/")
    with page.expect_navigation() as answered:
        page.evaluate(
            """([path, fields]) => {
                const form = document.createElement("form");
                const csrf = document.querySelector("input[name=csrf]").value;
                form.method = "post";
                form.action = path;
                for (const [name, value] of [["csrf", csrf], ...fields]) {
                    form.append(Object.assign(document.createElement("input"), { name, value }));
                }
                document.body.append(form);
                form.submit();
            }""",
            [path, fields],
        )
    return answered.value


def _all_pictures(page: Page) -> None:
    """Lazy ones come when they are near the window; each must have something to show."""
    empty: list[str] = page.evaluate(
        """async () => {
            const all = [...document.images];
            all.forEach(one => { one.loading = "eager"; });
            await Promise.all(all.map(one => one.decode().catch(() => null)));
            return all.filter(one => !one.naturalWidth).map(one => one.src);
        }"""
    )
    assert empty == []


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.scheme}-{look.width}-{look.language}")
def test_the_list_of_keys_has_no_barrier(opened: Opened, desk: Desk, look: Look) -> None:
    page, _ = opened(look, Role.ADMINISTRATOR)
    page.goto(f"{desk.address}/")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    assert barriers(page) == []
    page.keyboard.press("Escape")
    assert page.locator("#keys").is_hidden()


def test_on_paper_stand_digests_terms_and_rules_and_nothing_to_press(opened: Opened, desk: Desk) -> None:
    page, _ = opened(LOOKS[0], Role.ADMINISTRATOR)
    with desk.store() as store:
        page.goto(f"{desk.address}{PAGES['finding, laid on each other'].path(store)}")
    page.locator(".modes").wait_for()
    page.emulate_media(media="print")
    try:
        assert page.locator("details code").first.is_visible()  # the digests of the captures
        for what in (".modes", ".decide", "h2.screen", "nav.bar"):
            for one in page.locator(what).all():
                assert not one.is_visible(), what
        page.pdf(path=desk.config.parent / "paper.pdf")
    finally:
        page.emulate_media(media="screen")


def test_nothing_is_missing_in_the_print_view(opened: Opened, desk: Desk) -> None:
    """However small the window: what nobody scrolled to is there, side by side, also what was swiped."""
    page, _ = opened(Look("light", 360, "nl"), Role.ADMINISTRATOR)
    with desk.store() as store:
        path = PAGES["finding, laid on each other"].path(store)
    page.goto(f"{desk.address}{path}")
    page.get_by_role("link", name="Afdrukken, of als PDF bewaren").click()
    page.wait_for_load_state("load")
    empty = "[...document.images].filter(one => !one.naturalWidth).map(one => one.src)"
    assert page.evaluate("document.images.length") >= 5
    assert page.evaluate(empty) == []
    page.locator(".modes input[value=swipe]").first.check()
    page.emulate_media(media="print")
    try:
        for layer in ("found", "registered", "difference"):
            shown = page.locator(f'[data-layer="{layer}"]').first
            assert shown.is_visible(), layer
            assert shown.evaluate("one => getComputedStyle(one).clipPath") == "none"
    finally:
        page.emulate_media(media="screen")
