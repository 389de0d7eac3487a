"""JSON with bytes in it that are no UTF-8, and JSON that is broken."""

from collections.abc import Mapping
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.wild_json import read_value, strange_bytes
from storage.errors import CrawlError
from storage.records import Account
from tests.crawler.instance import ID, Instance
from tests.crawler.night import Night
from tests.crawler.site import Reply, Site


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"text": "caf\xe9!"}', {"text": "caf\ufffd!"}),
        (b'{"text\xff\xfe": "a"}', {"text": "a"}),
        (b'{"text"\xff: "a"}', {"text": "a"}),
        (b'[{"a": 1}\x80, {"b": "\xc3"}]', [{"a": 1}, {"b": ""}]),
    ],
)
def test_single_bytes_cost_no_post(body: bytes, value: object) -> None:
    assert read_value(body, "x") == value
    assert strange_bytes(body)


@pytest.mark.parametrize("body", [b"", b'{"a": "\xff"', b"\xff\xfe\x80", b'{"a" "\xe9"}', b"<html>\xe9"])
def test_broken_json_stays_no_json(body: bytes) -> None:
    with pytest.raises(CrawlError) as caught:
        read_value(body, "x")
    assert caught.value.kind == "not_json"


@pytest.mark.parametrize("body", [b'{"a": "\xc3\xa9"}', '{"a": "\u00e9"}'.encode("utf-16"), b"<p>\xe9</p>"])
def test_nothing_is_strange_about_other_bodies(body: bytes) -> None:
    assert not strange_bytes(body)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_by_name(body: bytes) -> None:
    strange_bytes(body)
    with suppress(CrawlError):
        read_value(body, "x")


@pytest.mark.slow  # a whole night
def test_a_night_keeps_the_posts_and_says_it_once(site: Site, night: Night) -> None:
    instance = Instance(site)
    instance.post(1, "caf@!")
    path = f"/api/v1/accounts/{ID}/statuses"
    before = site.routes[path]

    def spoilt(query: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        reply = before(query, headers) if callable(before) else before
        return Reply(reply.body.replace(b"caf@", b"caf\xe9"), headers=reply.headers)

    site.routes[path] = spoilt
    outcome = night.crawl(Account("mastodon", "hm", "H&M", "SE", service=site.url))
    kinds = [one.failure.kind for one in night.events if one.failure]
    assert kinds == ["replaced_bytes"], (outcome, night.events)
    assert ["caf\ufffd!" in one.post.text for one in night.versions()] == [True]
