"""The HTML page: one file, no script, nothing loaded, text escaped, pictures encoded anew in a child."""

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

from desk.dossier import Dossier
from desk.exports.html import export
from desk.pages import safe_url
from desk.pictured import Pictured
from desk.thumbnails import Thumbnails
from detector.match_words import parts_shown
from storage.records import Account, Box, Finding, Labelling, MatchKind, PairDecision
from storage.store import Showing

NOW = datetime(2026, 11, 20, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&{{ 7*7 }}\x1b[31m\u202e"


class Page(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def page_of() -> Callable[..., Page]:
    return lambda *wholes, media=None: Page(b"".join(export(wholes, media, Pictured.WHOLE)).decode())


def test_text_from_posts_is_only_text(
    page_of: Callable[..., Page],
    dossier_with: Callable[..., Dossier],
    finding_with: Callable[..., Finding],
) -> None:
    finding = finding_with(reasons=(HOSTILE,), url="javascript:alert(1)", retailer=HOSTILE)
    page = page_of(dossier_with(caption=HOSTILE, alt=HOSTILE, finding=finding))
    assert not page.all("script")
    assert not page.all("img")
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert "<script>alert(1)</script>" in page.text
    assert "{{ 7*7 }}" in page.text
    assert "\x1b" not in page.text
    assert "\u202e" not in page.text
    assert all((link["href"] or "").startswith("#") for link in page.all("a"))


def test_the_page_loads_nothing(page_of: Callable[..., Page], dossier_with: Callable[..., Dossier]) -> None:
    page = page_of(dossier_with())
    (style,) = page.all("style")
    assert not style
    for tag in ("script", "link", "iframe", "object", "embed", "form", "base"):
        assert not page.all(tag)
    policy = next(meta["content"] or "" for meta in page.all("meta") if meta.get("http-equiv"))
    assert policy.startswith("default-src 'none'")
    assert not any("style" in attributes for _, attributes in page.tags)


def test_the_policy_holds_the_style_sheets_digest(dossier_with: Callable[..., Dossier]) -> None:
    text = b"".join(export([dossier_with()], None)).decode()
    found = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert found
    digest = base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
    assert f"sha256-{digest}" in text
    assert "url(" not in found[1]
    assert "@import" not in found[1]


def test_a_card_says_verdict_reasons_and_what_could_not_be_seen(
    page_of: Callable[..., Page], dossier_with: Callable[..., Dossier]
) -> None:
    page = page_of(dossier_with())
    for words in ("Unlabelled where seen", "A copy of an attested reference.", "no reader yet", "ef" * 32):
        assert words in page.text
    (link,) = [link for link in page.all("a") if not (link["href"] or "").startswith("#")]
    assert link["href"] == "https://social.example/post/1"
    assert "noreferrer" in (link["rel"] or "")


def test_every_twin_of_a_collage_is_framed_and_what_shares_a_scene_is_not(
    page_of: Callable[..., Page], dossier_with: Callable[..., Dossier], finding_with: Callable[..., Finding]
) -> None:
    finding = finding_with()
    (first,) = finding.answer.matches
    second = replace(first, twin="Twin B", reference="01" * 32, region=Box(0.5, 0, 0.5, 1))
    scene = replace(second, kind=MatchKind.SAME_SCENE_OR_GARMENT, region=Box(0, 0, 0.2, 0.2))
    whole = replace(second, reference="02" * 32, region=Box(0, 0, 0.999, 1))
    finding = replace(finding, answer=replace(finding.answer, matches=(first, second, scene, whole)))
    assert parts_shown(finding.answer.matches) == (Box(0.1, 0.2, 0.3, 0.4), Box(0.5, 0, 0.5, 1))
    assert "registered as Twin B" in page_of(dossier_with(finding=finding)).text


def test_a_match_says_how_it_was_changed_when_it_is_seen_and_who_decided(
    page_of: Callable[..., Page], dossier_with: Callable[..., Dossier], finding_with: Callable[..., Finding]
) -> None:
    finding = finding_with()
    match = replace(
        finding.answer.matches[0], span=(3.0, 7.0), agreement=0.91, decided=PairDecision.CONFIRMED
    )
    finding = replace(finding, answer=replace(finding.answer, matches=(match,)))
    text = page_of(dossier_with(finding=finding)).text
    assert "copy · mirrored · in 12 % of the picture · at 0:03–0:07 · confirmed by a person" in text
    assert "90 % of the reference lies in it · agreement 0.91 · 40 points fit" in text


def test_the_same_picture_elsewhere_is_named(
    page_of: Callable[..., Page], dossier_with: Callable[..., Dossier]
) -> None:
    account = Account("rss", "https://shop.example/feed", "Shop")
    other = Showing(account, "p9", "https://shop.example/p9", 0, "ab" * 32, NOW)
    unsafe = replace(other, post_url="javascript:alert(1)")
    page = page_of(replace(dossier_with(), elsewhere=(other, unsafe, *[other] * 20)))
    assert "The same picture elsewhere" in page.text
    assert "… and 10 posts more" in page.text
    links = [link["href"] or "" for link in page.all("a")]
    assert "https://shop.example/p9" in links
    assert not any(link.startswith("javascript") for link in links)


def test_worst_first(
    page_of: Callable[..., Page],
    dossier_with: Callable[..., Dossier],
    finding_with: Callable[..., Finding],
) -> None:
    page = page_of(
        dossier_with(finding=finding_with(number=1, labelling=Labelling.LABELLED)),
        dossier_with(finding=finding_with(number=2, labelling=Labelling.UNLABELLED)),
    )
    assert [one["id"] for one in page.all("article")] == ["f2", "f1"]


def test_no_findings_are_said(page_of: Callable[..., Page]) -> None:
    assert "There are no findings" in page_of().text


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/x?y=1", True),
        ("http://a", True),
        ("javascript:alert(1)", False),
        ("JaVaScript:alert(1)", False),
        ("data:text/html,x", False),
        ("//a.example", False),
        ("https:", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_links_go_to_the_web_only(url: str, safe: bool) -> None:
    assert safe_url(url) == (url if safe else "")


def test_pictures_are_encoded_anew_and_hostile_ones_have_a_reason(tmp_path: Path) -> None:
    marked = tmp_path / "a.png"
    Image.new("RGBA", (1200, 600), (200, 30, 30, 255)).save(marked)
    marked.write_bytes(marked.read_bytes() + b"<script>after the end</script>")
    broken = tmp_path / "b.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n broken")
    with Thumbnails() as thumbnails:
        good, bad = thumbnails.of(marked), thumbnails.of(broken)
        missing, again = thumbnails.of(tmp_path / "none"), thumbnails.of(marked)
    data = base64.b64decode(good.uri.removeprefix("data:image/jpeg;base64,"))
    assert data.startswith(b"\xff\xd8")
    assert b"script" not in data
    assert (good.width, good.height) == (560, 280)
    assert (bad.uri, missing.why) == ("", "the bytes are no longer there")
    assert "could not be decoded" in bad.why
    assert again == good


def test_a_decoder_that_hangs_is_replaced(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    Image.new("L", (5000, 5000)).save(picture)  # a tiny one is done before the clock
    with Thumbnails(seconds=0.001) as thumbnails:
        assert "within its limits" in thumbnails.of(picture).why
