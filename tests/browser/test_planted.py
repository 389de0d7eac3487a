"""Scripts in every field that the outside controls: whatever page shows them, nothing runs, and they stand
there as text. The page's own policy is switched off here, so that escaping alone has to hold."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from storage.people import Role
from storage.store import Store
from tests.browser.desk import Desk, running
from tests.browser.pages import PAGES
from tests.browser.watching import Watch
from tests.desk.planted import AGENCY, MODEL, planted

pytestmark = pytest.mark.browser
WHOSE = {Role.AGENCY: AGENCY, Role.MODEL: MODEL}
# What an element of ours never has, and what harm would have made.
HARM = """() => [
    ...document.querySelectorAll("script:not([src]), img[src='x'], [onerror], [onload], [onfocus]"),
    ...document.querySelectorAll("[onmouseover], [onclick], [style], iframe, object, embed, base"),
    ...[...document.querySelectorAll("a, form, area")].filter(one => {
        const to = one.getAttribute("href") ?? one.getAttribute("action") ?? "";
        return to && !/^https?:$/.test(new URL(to, location.href).protocol);
    }),
].map(one => one.outerHTML.slice(0, 300))"""
TURNING = "() => /[\\u202a-\\u202e\\u2066-\\u2069\\u001b]/.test(document.documentElement.outerHTML)"


@pytest.fixture(scope="module")
def harmed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("planted")
    planted(folder).store.close()
    config = folder / "twinwatch.toml"
    config.write_text('[storage]\ndatabase = "sqlite:///twinwatch.db"\nmedia = "./media"\n')
    with running(config) as desk:
        yield desk


def _paths(store: Store, role: Role) -> list[str]:
    """Every page of the table that there is in this store, every finding, every twin."""
    found = {f"/twins/{quote(one.name, safe='')}" for one in store.twins()} | {
        f"/findings/{number}" for number in (1, 2, 3)
    }
    for shown in PAGES.values():
        if shown.role is role and shown.sent is None:
            try:
                found.add(shown.path(store))
            except LookupError:
                continue
    return sorted(found)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.READER, Role.AGENCY, Role.MODEL])
def test_what_is_planted_is_text(browser: Browser, harmed: Desk, role: Role) -> None:
    context = browser.new_context(bypass_csp=True, viewport={"width": 1280, "height": 1200})
    watch = Watch(context, harmed.address)
    context.add_cookies([harmed.session(role, WHOSE.get(role, ""))])
    page = context.new_page()
    with harmed.store() as store:
        paths = _paths(store, role)
    said = ""
    for path in paths:
        page.goto(f"{harmed.address}{path}")
        _is_harmless(page, path)
        said += page.locator("main").inner_text()
    assert "<script>window.planted=1</script>" in said  # it was there to be run
    assert "onerror=" in said
    assert watch.dialogs == []
    assert watch.remote == []
    context.close()


def _is_harmless(page: Page, path: str) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    for link in page.locator("#list .item, #pair, blockquote, table").all()[:20]:
        link.hover(force=True)
    assert page.evaluate(HARM) == [], path
    assert page.evaluate(TURNING) is False, path
    assert page.evaluate("typeof window.planted") == "undefined", path


def test_the_policy_stops_what_would_slip_through(browser: Browser, harmed: Desk) -> None:
    """With it a page runs nothing that came into it, loads nothing from elsewhere, sends no form away."""
    context = browser.new_context()
    watch = Watch(context, harmed.address)
    context.add_cookies([harmed.session(Role.READER)])
    page = context.new_page()
    page.goto(f"{harmed.address}/")
    page.evaluate(
        """() => {
            const main = document.querySelector("main");
            main.insertAdjacentHTML("beforeend", '<img src="x" onerror="window.planted=1">'
                + '<iframe srcdoc="<script>parent.planted=1</script>"></iframe>'
                + '<form id="away" action="https://elsewhere.example/"><button>x</button></form>'
                + '<img src="https://elsewhere.example/x.gif">'
                + '<a id="link" href="javascript:window.planted=1">x</a>');
            const script = document.createElement("script");
            script.textContent = "window.planted = 1";
            main.append(script);
            document.getElementById("link").click();
            document.getElementById("away").submit();
        }"""
    )
    page.wait_for_timeout(500)
    assert page.evaluate("typeof window.planted") == "undefined"
    assert page.url == f"{harmed.address}/"
    assert watch.remote == []
    assert len([one for one in watch.wrong if "Content Security Policy" in one]) >= 5
    context.close()
