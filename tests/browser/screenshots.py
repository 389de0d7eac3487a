"""`make screenshots`: the desk's pages over the demo's synthetic pictures, small enough for the README.

All of them light and 1280 px wide; the list of findings and a finding dark, on a phone, and in Dutch, too.
"""

import io
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, StorageState, ViewportSize, expect

from storage.people import Role
from tests.browser import chromium
from tests.browser.demo import copied, demo
from tests.browser.desk import TWINWATCH, Desk, running
from tests.browser.morning import Morning
from tests.browser.pages import PAGES

IMAGES = Path(__file__).parents[2] / "docs" / "images"
MOST = 150_000  # bytes of a picture
TALLEST = 1_700  # px: what stands below is more of the same
WIDE, PHONE = 1280, 360
COLOURS = 128
Scheme = Literal["light", "dark"]
# Which page of the table, and the name of its file.
WANTED = {
    "log in": "log-in",
    "inbox": "inbox",
    "finding, strongest": "finding",
    "twins": "twins",
    "twin": "twin",
    "accounts": "accounts",
    "nights": "nights",
    "figures": "figures",
    "users": "users",
    "record": "record",
    "check": "check",
    "feeds": "feeds",
    "alerts": "alerts",
    "tokens": "tokens",
    "API": "api",
}
BOTH = ("inbox", "finding, strongest")  # dark, and on a phone, too


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="twinwatch-shots-") as folder:
        config = copied(demo(Path(folder)), Path(folder) / "copy")
        _verified(config)
        with chromium.started() as browser, running(config) as desk:
            state = _worked(browser, desk)
            for name, file in WANTED.items():
                _take(browser, desk, state, name, file, "light", WIDE)
            for name in BOTH:
                _take(browser, desk, state, name, f"{WANTED[name]}-nl", "light", WIDE, "nl")
                _take(browser, desk, state, name, f"{WANTED[name]}-dark", "dark", WIDE)
                _take(browser, desk, state, name, f"{WANTED[name]}-phone", "light", PHONE)


def _verified(config: Path) -> None:
    """Somebody says that the account is the retailer's own."""
    said = ["--by", "Ann Example", "--note", "named by the press office", "--config", str(config)]
    subprocess.run([TWINWATCH, "accounts", "verify", "bluesky:nordlys.example", *said], check=True)


def _worked(browser: Browser, desk: Desk) -> StorageState:
    """Whoever logs in and decides something leaves lines in the record."""
    context = _context(browser, "light", WIDE)
    morning = Morning(context.new_page(), desk, "en")
    morning.enters()
    shown = morning.numbers()
    for number, decision, after in (
        (shown[0], "confirmed", "confirmed"),
        (shown[0], "undo", "new"),
        (shown[-1], "rejected", "rejected"),
    ):
        morning.page.goto(f"{desk.address}/findings/{number}")
        morning.button(f"decide.{decision}").click()
        expect(morning.page.locator(".badges").first).to_contain_text(morning.t(f"status.{after}"))
    state = context.storage_state()
    context.close()
    with desk.store() as store:
        for name, role, whose in (("mila", Role.REVIEWER, ""), ("demo models", Role.AGENCY, "Demo Models")):
            store.people.add(name, role, whose, datetime.now(UTC))
    return state


def _context(
    browser: Browser, scheme: Scheme, width: int, state: StorageState | None = None, language: str = "en"
) -> BrowserContext:
    size: ViewportSize = {"width": width, "height": 900 if width == WIDE else 740}
    return browser.new_context(color_scheme=scheme, locale=language, viewport=size, storage_state=state)


def _take(
    browser: Browser,
    desk: Desk,
    state: StorageState,
    name: str,
    file: str,
    scheme: Scheme,
    width: int,
    language: str = "en",
) -> None:
    shown = PAGES[name]
    context = _context(browser, scheme, width, state if shown.role else None, language)
    page = context.new_page()
    with desk.store() as store:
        page.goto(f"{desk.address}{shown.path(store)}")
    page.evaluate(
        """async () => {
            if (document.activeElement) { document.activeElement.blur(); }
            for (const one of document.images) { one.loading = "eager"; await one.decode(); }
        }"""
    )
    data = page.screenshot(full_page=True)
    context.close()
    _keep(data, IMAGES / f"{file}.webp")


def _keep(data: bytes, path: Path) -> None:
    """With few colours, which is small and sharp. Raises RuntimeError where it is still too large."""
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    picture = picture.crop((0, 0, picture.width, min(picture.height, TALLEST)))
    out = io.BytesIO()
    few = picture.quantize(COLOURS, dither=Image.Dither.NONE).convert("RGB")
    few.save(out, "WEBP", lossless=True, quality=100, method=6)
    if len(out.getvalue()) > MOST:
        raise RuntimeError(f"{path.name} has {len(out.getvalue())} bytes")
    path.write_bytes(out.getvalue())


if __name__ == "__main__":
    main()
