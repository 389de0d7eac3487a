"""The bad input that issue 5 names, put into every platform's cases: cut responses, wrong content types,
dates of 1970 and 2099, lone surrogates, emoji, a megabyte of caption, wrong types in every field. The answer
is a page or an error by name, and what a page holds can be stored or is refused by name."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.found import Found
from crawler.pages import Answer, Located, Page
from crawler.pipelines.check import CheckPipeline
from crawler.platforms import spiders
from storage.errors import CrawlError
from storage.records import Account, PostVersion
from tests.crawler.test_cases import CASES, NOW, responses

pytestmark = pytest.mark.slow  # thousands of pages
EARLIEST = datetime(2004, 1, 1, tzinfo=UTC)
DATES = ("1970-01-01T00:00:00Z", "2099-01-01T00:00:00Z")
FEED_DATES = ("Thu, 01 Jan 1970 00:00:00 GMT", "Thu, 01 Jan 2099 00:00:00 GMT")
WILD = ("half \ud800 a pair", "\U0001f457" * 40, "x" * 1_000_000, "\0", "javascript:alert(1)", "http://[::1")
OTHERS: tuple[Any, ...] = (None, True, -1, 10**30, 1e308, [], {}, [[]], {"id": None})
BODIES = (b"", b" ", b"<html>please log in</html>", b"\x89PNG\r\n\x1a\n", b"null", b"[]", b"{}", b'"x"', b"7")
TYPES = ("text/html", "image/png", "application/octet-stream", "", "application/json; charset=utf-7")


def read(path: Path, body: bytes, content_type: str | None = None) -> Page | CrawlError:
    platform = path.parent.parent.name
    asked = json.loads((path.parent.parent / "account.json").read_text())
    if (own := path.parent / "account.json").exists():
        asked |= json.loads(own.read_text())
    account = Account(platform, asked["handle"])
    located = Located(asked.get("stable_id", ""), asked.get("endpoint", ""))
    headers = asked.get("headers", {})
    headers = headers if content_type is None else {**headers, "content-type": content_type}
    answer = Answer(asked.get("url", account.handle), 200, headers, body, NOW, asked.get("carried", ""))
    try:
        page: Page = spiders()[platform]().read_page(account, located, answer)
    except CrawlError as error:
        return error
    for listed in page.posts:
        stored(account, listed.post)
    assert all(one.failure.kind and one.failure.message for one in page.problems)
    return page


def stored(account: Account, post: PostVersion) -> None:
    """It can be stored, or is refused by name."""
    try:
        clean = CheckPipeline().process_item(Found(account, post, ())).post
    except CrawlError:
        return
    repr(clean).encode("utf-8")
    assert "\0" not in clean.text + clean.post_id + clean.url
    assert [item.position for item in clean.media] == list(range(len(clean.media)))
    assert clean.posted_at is None or EARLIEST <= clean.posted_at <= datetime(2027, 1, 1, tzinfo=UTC)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inner:
        yield from leaves(one, (*path, name))


def with_value(value: Any, path: tuple[Any, ...], other: Any) -> Any:
    if not path:
        return other
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = with_value(value[path[0]], path[1:], other)
    return copy


CASE = pytest.mark.parametrize("path", responses(), ids=lambda one: "/".join(one.parts[-3:-1]))


@CASE
def test_cut_at_any_place(path: Path) -> None:
    whole = path.read_bytes()
    for place in range(0, len(whole), max(1, len(whole) // 60)):
        read(path, whole[:place])


@CASE
def test_another_body_than_was_asked_for(path: Path) -> None:
    for body in BODIES:
        found = read(path, body)
        assert isinstance(found, CrawlError) or not found.posts
    for content_type in TYPES:
        read(path, path.read_bytes(), content_type)


@CASE
def test_whatever_stands_in_a_field(path: Path) -> None:
    if path.suffix != ".json":
        return
    whole = json.loads(path.read_bytes())
    for place in leaves(whole):
        for other in (*WILD, *DATES, *OTHERS):
            read(path, json.dumps(with_value(whole, place, other)).encode())


@CASE
def test_whatever_stands_in_a_feed(path: Path) -> None:
    if path.suffix != ".xml":
        return
    whole = path.read_text()
    pieces = [piece for piece in set(whole.replace("<", ">").split(">")) if piece.strip()]
    for piece in pieces:
        for other in (*WILD[1:], *DATES, *FEED_DATES, "&#xD800;", "&#0;", "<![CDATA[", "]]>", "<item>"):
            read(path, whole.replace(piece, other).encode())


def test_each_platform_has_a_case_here() -> None:
    assert {path.parent.parent.name for path in responses()} == set(spiders())
    assert CASES.is_dir()
