"""Which addresses lead to a profile, by each platform's own rules; a table. And what profiles say."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.pages import Answer, Located
from crawler.platforms import known_platforms, profiles
from crawler.verifying.profile import Profile
from crawler.verifying.web import read_address
from storage.errors import CrawlError
from storage.records import Account
from tests.crawler.site import DID

CHANNEL = "UCabcdefghijklmnopqrstuv"
MINE = [
    ("instagram", "hm", "https://www.instagram.com/hm/"),
    ("instagram", "@HM", "//instagram.com/hm"),
    ("instagram", "hm", "https://m.instagram.com/HM/?hl=en"),
    ("instagram", "hm", "https://www.instagram.com/%68m"),
    ("instagram", "hm", "https://instagram.com/_u/hm"),
    ("instagram", "hm", "https://instagram.com/hm/reels/"),
    ("youtube", "hm", "https://m.youtube.com/@HM?si=abc"),
    ("youtube", "@hm", "https://www.youtube.com/@hm/videos"),
    ("youtube", CHANNEL, f"https://www.youtube.com/channel/{CHANNEL}/"),
    ("pinterest", "hm", "https://de.pinterest.com/hm/"),
    ("pinterest", "hm/coats", "https://www.pinterest.co.uk/HM/_created/"),
    ("tiktok", "hm", "https://www.tiktok.com/@hm?lang=en"),
    ("facebook", "hm", "https://www.facebook.com/HM/"),
    ("facebook", "h.m", "https://de-de.facebook.com/hm/photos"),
    ("facebook", "100064860875397", "https://www.facebook.com/people/H-M/100064860875397/"),
    ("facebook", "100064860875397", "https://www.facebook.com/p/H-M-100064860875397/"),
    ("threads", "@hm", "https://www.threads.net/@hm"),
    ("threads", "hm", "https://threads.com/@hm/"),
    ("x", "hm", "https://twitter.com/HM?ref_src=x"),
    ("x", "hm", "https://mobile.x.com/hm"),
    ("linkedin", "company/h&m", "https://de.linkedin.com/company/h%26m/about/"),
    ("linkedin", "h&m", "https://www.linkedin.com/company/h&m"),
    ("bluesky", "hm.example", "https://bsky.app/profile/HM.example"),
    ("bluesky", DID, f"https://bsky.app/profile/{DID}"),
    ("mastodon", "@hm@m.example", "https://m.example/@hm"),
    ("mastodon", "hm@m.example", "https://m.example/users/HM"),
    ("rss", "https://news.example/feed.xml", "https://news.example/feed.xml?utm_source=x"),
]
OTHERS = [
    ("instagram", "hm", "https://www.instagram.com/hm_official/"),
    ("instagram", "hm", "https://www.instagram.com/hм"),  # a Cyrillic letter
    ("instagram", "hm", "https://www.instagram.com/h%D0%BC"),
    ("instagram", "hm", "https://www.ınstagram.com/hm"),
    ("instagram", "hm", "https://instagram.com.evil.example/hm"),
    ("instagram", "hm", "https://evil.example/https://instagram.com/hm"),
    ("instagram", "hm", "https://evil.example/?u=https://instagram.com/hm"),
    ("instagram", "hm", "https://instagram.com@evil.example/hm"),
    ("instagram", "hm", "https://www.instagram.com/hm/p/DAbc/"),
    ("instagram", "hm", "https://www.instagram.com/p/hm/"),
    ("instagram", "hm", "https://www.threads.net/@hm"),
    ("instagram", "k", "https://www.instagram.com/\u212a"),
    ("youtube", "hm", "https://www.youtube.com/user/hm"),
    ("youtube", "hm", "https://www.youtube.com/c/hm"),
    ("youtube", "hm", "https://www.youtube.com/hm"),
    ("youtube", "hm", "https://www.youtube.com/watch?v=hm"),
    ("youtube", "hm", "https://www.youtube.com/@hmkids"),
    ("youtube", CHANNEL, f"https://www.youtube.com/channel/{CHANNEL.lower()}"),
    ("pinterest", "hm", "https://pinterest.evil.example/hm/"),
    ("pinterest", "hm", "https://www.pinterest.zip/hm/"),
    ("pinterest", "hm", "https://www.pinterest.com/hm/coats/"),
    ("tiktok", "hm", "https://www.tiktok.com/hm"),
    ("tiktok", "hm", "https://www.tiktok.com/@hm/video/1"),
    ("x", "hm", "https://twitter.com/hm/status/1"),
    ("x", "hm", "https://twitter.com/intent/tweet?text=hm"),
    ("linkedin", "h&m", "https://www.linkedin.com/in/h&m"),
    ("linkedin", "company/h&m", "https://www.linkedin.com/showcase/h&m"),
    ("bluesky", "hm.example", "https://bsky.app/profile/hm.example.evil"),
    ("bluesky", "hm.example", "https://hm.example"),
    ("mastodon", "@hm@m.example", "https://other.example/@hm"),
    ("mastodon", "@hm@m.example", "https://m.example/@hm/115"),
    ("mastodon", "@hm@m.example", "https://other.example/@hm@m.example"),
    ("threads", "hm", "https://www.threads.net/hm"),
    ("facebook", "hm", "https://www.facebook.com/people/hm/100064860875397/"),
    ("facebook", "hm", "https://www.facebook.com/hm/posts/1"),
    ("facebook", "sharer", "https://www.facebook.com/sharer/sharer.php?u=https://hm.com"),
    ("facebook", "sharer", "https://www.facebook.com/sharer"),
    ("facebook", "hm", "https://facebook.com.evil.example/hm"),
    ("rss", "https://news.example/feed.xml", "https://news.example/other.xml"),
]


def is_mine(platform: str, handle: str, url: str) -> bool:
    module = profiles()[platform]
    address = read_address(url if "://" in url else f"https:{url}")
    return address is not None and module.named(address) in module.names(Account(platform, handle))


@pytest.mark.parametrize(("platform", "handle", "url"), MINE)
def test_this_is_its_profile(platform: str, handle: str, url: str) -> None:
    assert is_mine(platform, handle, url)


@pytest.mark.parametrize(("platform", "handle", "url"), OTHERS)
def test_this_is_not(platform: str, handle: str, url: str) -> None:
    assert not is_mine(platform, handle, url)


def test_every_profile_is_of_a_platform_and_in_this_table() -> None:
    """A platform without one is told as one of which nothing is known."""
    assert set(profiles()) <= known_platforms()
    assert {platform for platform, *_ in MINE} == {platform for platform, *_ in OTHERS} == set(profiles())


# --- what profiles say --------------------------------------------------------------------------------------


def profile(
    account: Account, located: Located, answers: Mapping[str, tuple[int, Any]]
) -> tuple[Profile, list[str]]:
    steps = profiles()[account.platform].profile(account, located)
    asked: list[str] = []
    try:
        ask = next(steps)
        while True:
            asked.append(ask.url)
            status, body = next(reply for part, reply in answers.items() if part in ask.url)
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            ask = steps.send(Answer(ask.url, status, {}, raw, datetime(2026, 11, 23, tzinfo=UTC)))
    except StopIteration as stop:
        return stop.value, asked


PDS = Located(DID, "https://pds.example")


def test_bluesky_says_its_website_and_what_stands_in_its_description() -> None:
    value = {"description": "Fashion. hm.com, more on https://about.hm.com/x.", "website": "https://hm.com"}
    seen, asked = profile(Account("bluesky", "hm.example"), PDS, {"getRecord": (200, {"value": value})})
    assert [one.url for one in seen.said] == ["https://hm.com", "https://hm.com", "https://about.hm.com/x"]
    assert [one.field for one in seen.said] == [True, False, False]
    assert (seen.ids, len(asked)) == ((DID,), 1)


def test_a_bluesky_account_without_a_profile_says_nothing() -> None:
    missing = (400, {"error": "RecordNotFound", "message": "no"})
    seen, _ = profile(Account("bluesky", "hm.example"), PDS, {"getRecord": missing})
    assert (seen.ids, seen.said) == ((DID,), ())
    with pytest.raises(CrawlError) as error:
        profile(Account("bluesky", "hm.example"), PDS, {"getRecord": (502, {})})
    assert error.value.kind == "http_status"


HOST = "https://m.example"


def test_mastodon_says_its_fields_and_which_its_server_checked() -> None:
    link = '<a href="https://hm.com" rel="me nofollow noopener">hm.com</a>'
    entity = {
        "id": "42",
        "acct": "hm",
        "url": f"{HOST}/@hm",
        "uri": f"{HOST}/users/hm",
        "note": "<p>All of <a href='https://hm.com/new'>it</a></p>",
        "fields": [{"name": "Site", "value": link, "verified_at": "2026-01-02T00:00:00Z"}, 7, {"value": 7}],
    }
    seen, _ = profile(
        Account("mastodon", "hm@m.example"), Located("42", HOST), {"/api/v1/accounts/42": (200, entity)}
    )
    assert seen.ids == ("42", f"{HOST}/users/hm")
    assert [one.url for one in seen.said] == ["https://hm.com", "https://hm.com/new"]
    assert "saw the link back on 2026-01-02" in seen.said[0].quote
    assert seen.names == {"m.example/@hm"}


def test_a_server_names_no_profile_of_another_server() -> None:
    entity = {"id": "42", "url": "https://hm.example/@hm", "uri": "https://hm.example/users/hm"}
    seen, _ = profile(Account("mastodon", "hm@m.example"), Located("42", HOST), {"/42": (200, entity)})
    assert (seen.names, seen.ids) == (frozenset(), ("42",))


def test_activitypub_says_the_same() -> None:
    actor = f"{HOST}/users/hm"
    jrd = {
        "subject": "acct:hm@m.example",
        "links": [{"rel": "self", "type": "application/activity+json", "href": actor}],
    }
    person = {
        "id": actor,
        "url": f"{HOST}/@hm",
        "summary": "",
        "attachment": [{"type": "PropertyValue", "name": "Web", "value": "https://hm.com"}],
    }
    seen, _ = profile(
        Account("mastodon", "hm@m.example"),
        Located(actor, f"{actor}/outbox"),
        {"webfinger": (200, jrd), "/users/hm": (200, person)},
    )
    assert (seen.ids, [one.url for one in seen.said]) == ((actor,), ["https://hm.com"])


def test_instagram_says_its_website() -> None:
    user = {
        "id": "17841401441775531",
        "username": "hm",
        "biography": "new: hm.com/new",
        "website": "https://hm.com",
    }
    seen, asked = profile(
        Account("instagram", "hm"),
        Located("17841401441775531", "https://graph.facebook.com/v25.0/1"),
        {"business_discovery": (200, {"business_discovery": user})},
    )
    assert [one.url for one in seen.said] == ["https://hm.com", "https://hm.com"]
    assert "website" in asked[0]


def test_youtube_shows_a_part_of_its_profile_and_says_so() -> None:
    body = {"items": [{"id": CHANNEL, "snippet": {"customUrl": "@HM", "description": "https://hm.com"}}]}
    located = Located(CHANNEL, "https://youtube.googleapis.com/youtube/v3/playlistItems?playlistId=x")
    seen, _ = profile(Account("youtube", CHANNEL), located, {"channels": (200, body)})
    assert (set(seen.names), seen.ids) == ({CHANNEL, "@hm"}, (CHANNEL,))
    assert [one.url for one in seen.said] == ["https://hm.com"]
    assert seen.partial


@pytest.mark.parametrize("platform", ["facebook", "tiktok", "threads", "x", "linkedin", "pinterest"])
def test_where_nothing_is_shown_it_is_not_exposed(platform: str) -> None:
    with pytest.raises(CrawlError) as error:
        profile(Account(platform, "hm"), Located(), {})
    assert error.value.kind == "not_exposed"
