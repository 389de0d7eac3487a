"""Pinterest: the newest pins of a user or of one board, by the public RSS feed, without a login.

The handle is `user` or `user/board`; feeds are /user/feed.rss and /user/board.rss. robots.txt is obeyed. A
feed shows the newest pins alone, so a pin that left it is not gone. Pinterest shows "AI modified" on pins
since 2025; its feeds do not carry it. A pin's picture is the size that the feed names: larger ones lie under
an address that is guessed, not given, and a guess is no evidence (docs/decisions/tokens-and-labels.md).
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

from crawler.making import PageInMaking
from crawler.pages import Answer, Ask, Listed, Located, Page
from crawler.spider import PlatformSpider
from crawler.spiders.rss import descriptions, parsed, read_entry
from storage.errors import CrawlError
from storage.records import Account, PlatformTag, ReadingState

SITE = "https://www.pinterest.com"
PART = re.compile(r"[^\s/?#&=<>\"'.]{1,100}")
PIN = re.compile(r"/pin/(?:[^/]*--)?([0-9]{5,30})/?$")
NOT_EXPOSED = PlatformTag(
    ReadingState.UNREADABLE,
    source="feed.rss",
    reason="not exposed: Pinterest labels pins as AI modified on its pages, its feeds do not carry the label",
)


class PinterestSpider(PlatformSpider):
    platform = "pinterest"
    version = "1"
    page_bytes = 8 * 1024 * 1024  # as for any feed
    conditional_media = True
    custom_settings: dict[str, Any] | None = {"ROBOTSTXT_OBEY": True}  # noqa: RUF012 (Scrapy reads it)

    def first_page(self, account: Account, located: Located) -> Ask:
        return Ask(feed_url(account), conditional=True)

    def read_page(self, account: Account, located: Located, answer: Answer) -> Page:
        if answer.status != 200:
            kind = "no_account" if answer.status == 404 else "http_status"
            raise CrawlError(f"HTTP {answer.status} from the feed", kind=kind, where=account.name)
        page, said = PageInMaking(account), descriptions(answer.body)
        feed = parsed(answer, account.name)
        page.add(feed.entries, lambda entry: read_pin(entry, account, answer, said))
        return page.page(None)


def feed_url(account: Account) -> str:
    """Raises CrawlError kind "bad_handle"."""
    parts = account.handle.removeprefix("@").strip("/").split("/")
    if len(parts) > 2 or not all(PART.fullmatch(part) for part in parts):
        message = f"{account.handle[:100]!r} is neither a user nor user/board"
        raise CrawlError(message, kind="bad_handle", where=account.name)
    path = "/".join(quote(part, safe="") for part in parts)
    return f"{account.service or SITE}/{path}{'/feed' if len(parts) == 1 else ''}.rss"


def read_pin(entry: Any, account: Account, answer: Answer, said: Mapping[str, str]) -> Listed:
    """The pin's number is its id, whichever of Pinterest's hosts the feed writes. Raises CrawlError kind
    "no_pin"."""
    listed = read_entry(entry, account, answer, said)
    address = listed.post.url or listed.post.post_id
    found = PIN.search(path_of(address))
    if not found:
        raise CrawlError("an item that is no pin", kind="no_pin", where=address[:200])
    post = replace(listed.post, platform="pinterest", post_id=found[1], platform_tag=NOT_EXPOSED)
    return Listed(post, listed.order)


def path_of(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:
        return ""
