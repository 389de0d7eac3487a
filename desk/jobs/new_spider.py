"""A spider's three files, from a name: the spider, a case that is not real yet, and a test that says so."""

import keyword
import re
from collections.abc import Sequence
from pathlib import Path

from storage.errors import ConfigError

NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
MARKER = "not real yet"  # in every file of the case, until somebody puts a real response there
SPIDER = '''"""{title}: what is read, by which public interface, and what robots.txt says there.

Source: the documentation that this was read in (read when).
"""

from typing import Any

from crawler.making import PageInMaking
from crawler.pages import Answer, Ask, Located, Page
from crawler.spider import PlatformSpider
from crawler.wild_json import list_at, read_json
from storage.errors import CrawlError
from storage.records import Account


class {title}Spider(PlatformSpider):
    platform = "{name}"
    version = "1"
    custom_settings: dict[str, Any] | None = {{"ROBOTSTXT_OBEY": True}}  # noqa: RUF012 (Scrapy reads it)

    def first_page(self, account: Account, located: Located) -> Ask:
        return Ask(f"{{account.service}}/posts")

    def read_page(self, account: Account, located: Located, answer: Answer) -> Page:
        if answer.status != 200:
            raise CrawlError(f"HTTP {{answer.status}}", kind="http_status", where=account.name)
        page = PageInMaking(account)
        for raw in list_at(read_json(answer.body, account.name), "posts"):
            page.note("not_written", "this platform's posts cannot be read yet", raw)
        return page.page(None)
'''
TEST = '''"""{title}: say here whether the case was recorded, or built, and from which documentation."""

from pathlib import Path

from crawler.spiders.{name} import {title}Spider
from tests.crawler.real_case import what_is_missing

CASE = Path(__file__).parent / "cases" / "{name}"


def test_the_case_is_real() -> None:
    """Put a response of the platform and the page that it means there."""
    assert what_is_missing(CASE, {title}Spider(), "{marker}") == []
'''


def write_spider(name: str, tree: Path) -> Sequence[Path]:
    """The files written. Raises ConfigError kind "usage" for a bad name, a folder that is no source tree, or
    a file that is there already: nothing is overwritten."""
    if not NAME.fullmatch(name):
        wanted = "a letter, then up to 30 letters, digits and _, in lower case"
        raise _usage(f"{name[:60]!r} is no platform's name: {wanted}")
    if keyword.iskeyword(name):
        raise _usage(f"{name!r} is a word of Python's: no module of that name can be imported")
    spiders, tests = tree / "crawler" / "spiders", tree / "tests" / "crawler"
    if not spiders.is_dir() or not (tests / "cases").is_dir():
        raise _usage(
            f"{tree} is no source tree of Twinwatch: it has no crawler/spiders and tests/crawler/cases"
        )
    title = "".join(part.capitalize() for part in name.split("_"))
    case = tests / "cases" / name
    texts = {
        spiders / f"{name}.py": SPIDER.format(title=title, name=name),
        case / "account.json": f'{{"handle": "{MARKER}", "url": "https://{name}.example/posts"}}\n',
        case / "first" / "response.json": f'{{"posts": [{{"text": "{MARKER}"}}]}}\n',
        case / "first" / "expected.json": f'{{"posts": [], "next": null, "problems": ["{MARKER}"]}}\n',
        tests / f"test_{name}.py": TEST.format(title=title, name=name, marker=MARKER),
    }
    there = [str(path) for path in texts if path.exists()]
    if there:
        raise _usage(f"there already, and left as it is: {', '.join(there)}")
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tuple(texts)


def _usage(message: str) -> ConfigError:
    return ConfigError(message, kind="usage", where="new-spider")
