"""Whatever a server sends, a platform answers with a page or with a named error, and with nothing else."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.found import Found
from crawler.markup import largest_of, read_markup
from crawler.pages import Answer, Located, Page
from crawler.pipelines.check import CheckPipeline
from crawler.spider import PlatformSpider
from crawler.spiders.bluesky import BlueskySpider
from crawler.spiders.rss import RssSpider
from storage.errors import CrawlError
from storage.records import Account
from tests.crawler.site import DID

pytestmark = pytest.mark.slow  # thousands of inputs

NOW = datetime(2026, 11, 23, tzinfo=UTC)
KEYS = [
    "uri",
    "cid",
    "value",
    "text",
    "createdAt",
    "embed",
    "images",
    "items",
    "media",
    "image",
    "ref",
    "$link",
    "alt",
    "labels",
    "values",
    "val",
    "facets",
    "features",
    "tag",
    "tags",
    "$type",
    "video",
    "cursor",
    "records",
]
WORDS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            f"at://{DID}/app.bsky.feed.post/3m62ejdnq2s2a",
            "app.bsky.embed.images",
            "app.bsky.embed.gallery",
            "app.bsky.embed.recordWithMedia",
            "app.bsky.embed.video",
            "app.bsky.richtext.facet#tag",
            "2026-11-20T09:30:00Z",
            "0001-01-01T00:00:00+23:59",
            "\ud800",
            "\0",
        ]
    ),
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), WORDS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
    ),
    max_leaves=40,
)
RECORDS = st.builds(
    lambda value, key: {"uri": f"at://{DID}/app.bsky.feed.post/{key}", "cid": "c", "value": value},
    st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=8),
    st.text("234567abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=13),
)


def page_of(spider: PlatformSpider, body: bytes, status: int = 200) -> Page | CrawlError:
    """Also sends the posts through the first pipeline, which must leave nothing that storage cannot hold."""
    account = Account(spider.platform, "https://news.example/feed.xml")
    try:
        page = spider.read_page(
            account, Located(DID, "https://pds.example"), Answer("https://x.example/", status, {}, body, NOW)
        )
    except CrawlError as error:
        return error
    for listed in page.posts:
        try:
            post = CheckPipeline().process_item(Found(account, listed.post, ())).post
        except CrawlError:
            continue
        repr(post).encode("utf-8")
        assert "\0" not in post.text + post.post_id + post.url
        assert [item.position for item in post.media] == list(range(len(post.media)))
    return page


@given(VALUES)
def test_any_json_is_a_page_or_a_named_error(value: Any) -> None:
    page_of(BlueskySpider(), json.dumps(value).encode())


@settings(max_examples=50)
@given(st.lists(st.one_of(RECORDS, VALUES), max_size=4), VALUES)
def test_any_records_are_posts_or_problems(records: list[Any], cursor: Any) -> None:
    page = page_of(BlueskySpider(), json.dumps({"records": records, "cursor": cursor}).encode())
    assert isinstance(page, Page)
    odd_cursor = not isinstance(cursor, str)
    assert len(page.posts) + len(page.problems) == len(records) + odd_cursor


@given(st.binary(max_size=200), st.integers(100, 599))
def test_any_bytes_are_a_page_or_a_named_error(body: bytes, status: int) -> None:
    page_of(BlueskySpider(), body, status)


TAGS = [
    "<rss_version='2.0'>",
    "<channel>",
    "<item>",
    "</item>",
    "<guid>",
    "</guid>",
    "a",
    "<link>",
    "</link>",
    "//[",
    "<title>",
    "</title>",
    "<description>",
    "</description>",
    "<enclosure_url='http://[::1'_type='image/png'/>",
    "<![CDATA[",
    "]]>",
    "<img_src='x'_srcset='a_1w'>",
    "&amp;lt;",
    "&#0;",
    "&#xD800;",
    "<pubDate>",
    "</pubDate>",
    "Fri,_99_Nov_2026",
    "<?xml_version='1.0'?>",
    "<!DOCTYPE_x_[<!ENTITY_a_'b'>]>",
    "&a;",
    "<feed_xmlns='http://www.w3.org/2005/Atom'>",
    "<entry>",
    "</entry>",
    "<id>",
    "</id>",
    "<content_type='xhtml'>",
    "<media:content_url='x'/>",
    "é",
]
MARKUP = st.lists(st.sampled_from([tag.replace("_", " ") for tag in [*TAGS, "\x00"]]), max_size=25)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(MARKUP)
def test_any_markup_is_a_page_or_not_a_feed(parts: list[str]) -> None:
    page_of(RssSpider(), "".join(parts).encode())


@given(st.text(max_size=300))
def test_any_html_is_text_and_pictures(html: str) -> None:
    text, pictures = read_markup(html)
    assert isinstance(text, str)
    assert all(one.url for one in pictures)
    assert isinstance(largest_of(html), str)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[[[",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"records": [' + b"9" * 5000 + b"]}",
        b"\xff\xfe\x00",
        b"\xef\xbb\xbf{}",
        b'{"records": NaN}',
    ],
    ids=lambda body: repr(body[:12]),
)
def test_json_that_is_none(body: bytes) -> None:
    assert isinstance(page_of(BlueskySpider(), body), CrawlError)
