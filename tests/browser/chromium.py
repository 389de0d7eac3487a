"""The browser that the tests drive, and axe-core, which looks for barriers in it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

AXE = Path(__file__).with_name("node_modules") / "axe-core" / "axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


class NotInstalled(Exception):
    """What the browser tests need is not on this machine."""


def found() -> str:
    """Where Chromium is: `CHROMIUM` in the environment, else `chromium` on the PATH. Raises NotInstalled."""
    wanted = os.environ.get("CHROMIUM") or "chromium"
    path = shutil.which(wanted)
    if path is None:
        raise NotInstalled(
            f"{wanted} is not there: install it (Debian: apt-get install chromium), or say where another "
            "one is (CHROMIUM=/path/to/chrome)"
        )
    return path


@contextmanager
def started() -> Iterator[Browser]:
    """Headless. Without its sandbox, since continuous integration runs as root; it loads our pages alone."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@cache
def _axe() -> str:
    if not AXE.exists():
        raise NotInstalled(
            f"{AXE.name} is not there: run tests/browser/install.sh (`make test-browser` does)"
        )
    return AXE.read_text(encoding="utf-8")


def barriers(page: Page) -> list[str]:
    """What axe-core objects to, a line a place: rule, what it says, the element. It is put in by the
    debugger's protocol, which the page's own policy does not concern: the page stays as people get it."""
    page.evaluate(_axe() + "; null")
    told: dict[str, Any] = page.evaluate(
        """tags => axe.run(document, {
            runOnly: {type: "tag", values: tags},
            rules: {"target-size": {enabled: true}},
            resultTypes: ["violations"],
        })""",
        list(TAGS),
    )
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:200]} ({node['failureSummary']})"
        for violation in told["violations"]
        for node in violation["nodes"]
    ]
