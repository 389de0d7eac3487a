"""Which links a page makes itself, and which only stand in it."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.verifying.links import in_text, read_links

PAGE = "https://shop.example/se/"
IG = "https://www.instagram.com/hm"


def urls(html: str) -> list[str]:
    return [one.url for one in read_links(html, PAGE).found]


def ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


@pytest.mark.parametrize(
    ("html", "found"),
    [
        (f'<a href="{IG}">us</a>', [IG]),
        ('<a href="//www.instagram.com/hm">us</a>', [IG]),
        ('<base href="https://www.instagram.com/"><a href="hm">us</a>', [IG]),
        (f'<A HREF = {IG} REL="ME">us</A>', [IG]),
        (f'<link rel="me" href="{IG}">', [IG]),
        (f'<link rel="alternate" type="application/rss+xml" href="{IG}">', [IG]),
        (f'<area href="{IG}">', [IG]),
        (f'<noscript><a href="{IG}">us</a></noscript>', [IG]),
        (f"<p><a href='{IG}'>unclosed", [IG]),
        (ld({"@type": "Organization", "sameAs": [IG, 7]}), [IG]),
        (ld({"@graph": [{"@type": ["Brand"], "sameAs": IG}]}), [IG]),
        (ld({"@type": "WebPage", "publisher": {"@type": "Corporation", "sameAs": IG}}), [IG]),
        (f'<!-- <a href="{IG}">us</a> -->', []),
        (f"<script>var x = '<a href=\"{IG}\">';</script>", []),
        (f'<template><a href="{IG}">us</a></template>', []),
        (f'<style>a{{content:"{IG}"}}</style>', []),
        (f'<div style="display:none"><a href="{IG}">us</a></div>', []),
        (f'<div hidden><a href="{IG}">us</a></div>', []),
        (f'<a rel="ugc nofollow" href="{IG}">a reader</a>', []),
        (f'<a rel="sponsored" href="{IG}">a partner</a>', []),
        (f'<link rel="stylesheet" href="{IG}">', []),
        (f'<meta content="{IG}"><img src="{IG}"><p>{IG}</p>', []),
        (f'<div data-href="{IG}" onclick="go(\'{IG}\')">us</div>', []),
        (f'&lt;a href="{IG}"&gt;', []),
        (ld({"@type": "Person", "sameAs": IG}), []),
        (ld({"@type": "Product", "brand": {"@type": "Brand", "sameAs": IG}}), []),
        (ld({"@type": "Review", "author": {"@type": "Organization", "sameAs": IG}}), []),
        ('<script type="application/ld+json">{not json</script>', []),
        ('<script type="application/ld+json">' + "[" * 100_000 + "</script>", []),
        ("", []),
        ("\x00\x01<<<>", []),
    ],
)
def test_what_is_a_link(html: str, found: list[str]) -> None:
    assert urls(html) == found


def test_what_is_quoted_is_what_stood_there() -> None:
    (link,) = read_links(f'<p><a class="x" rel="me" href="{IG}">us</a></p>', PAGE).found
    assert (link.quote, link.me) == (f'<a rel="me" href="{IG}">', True)


def test_a_megabyte_of_links_is_read_to_its_end_in_time() -> None:
    begun = time.monotonic()
    links = read_links("<a href='https://www.instagram.com/x'>y</a>" * 25_000 + f"<a href='{IG}'>", PAGE)
    assert (links.anchors, links.found[-1].url, links.cut) == (25_001, IG, False)
    assert time.monotonic() - begun < 5


def test_what_is_too_deep_is_said_to_be_cut() -> None:
    links = read_links("<div>" * 2000 + f'<a href="{IG}">us</a>', PAGE)
    assert (links.cut, links.found) == (True, [])


def test_addresses_in_words() -> None:
    said = list(in_text("See HM.com, https://about.hm.com/x. Mail a@b.example or v1.2"))
    assert said == ["https://HM.com", "https://about.hm.com/x"]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_any_page_is_read(html: str) -> None:
    read_links(f"<a href='{html}'>{html}", PAGE)
    list(in_text(html))
