"""Pinterest's feeds. Their shape is that of RSS 2.0 as platforms describe it; built, not recorded.
What Pinterest publishes of its API knows no feeds; what it says of pins: test_pinterest_openapi.py."""

from datetime import UTC, datetime

import pytest

from crawler.pages import Answer, Located
from crawler.spiders.pinterest import PinterestSpider, feed_url
from storage.errors import CrawlError
from storage.records import Account

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("handle", "url"),
    [
        ("hm", "https://www.pinterest.com/hm/feed.rss"),
        ("@hm", "https://www.pinterest.com/hm/feed.rss"),
        ("hm/coats", "https://www.pinterest.com/hm/coats.rss"),
        ("hm/m\u00e4ntel", "https://www.pinterest.com/hm/m%C3%A4ntel.rss"),
        ("hm/coats/winter", None),
        ("../hm", None),
        ("", None),
        ("hm?x=1", None),
    ],
)
def test_a_user_or_one_board(handle: str, url: str | None) -> None:
    account = Account("pinterest", handle)
    if url:
        assert feed_url(account) == url
        return
    with pytest.raises(CrawlError) as caught:
        feed_url(account)
    assert caught.value.kind == "bad_handle"


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (404, b"", "no_account"),
        (503, b"", "http_status"),
        (200, b"<html>", "not_a_feed"),
        (200, b"", "not_a_feed"),
    ],
)
def test_what_is_no_feed(status: int, body: bytes, kind: str) -> None:
    answer = Answer("https://www.pinterest.com/hm/feed.rss", status, {}, body, NOW)
    with pytest.raises(CrawlError) as caught:
        PinterestSpider().read_page(Account("pinterest", "hm"), Located(), answer)
    assert caught.value.kind == kind
