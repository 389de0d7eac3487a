"""Nights over feeds whose pictures die, are swapped, are shared or lie on a host that refuses us."""

import time
from collections.abc import Sequence

import pytest

from crawler.pipelines.media import REFUSAL_BYTES
from storage.records import Account, MediaItem
from tests.crawler.night import Night
from tests.crawler.site import Reply, Route, Site, picture, serving

pytestmark = pytest.mark.slow  # each is a crawl in a process of its own

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{items}</channel></rss>"""


def item(name: str, *urls: str) -> str:
    enclosures = "".join(
        f'<enclosure url="{url}" type="{"video/mp4" if url.endswith("mp4") else "image/png"}"/>'
        for url in urls
    )
    return f"<item><guid>{name}</guid><title>{name}</title>{enclosures}</item>"


def feed(site: Site, *items: str) -> Account:
    site.routes["/feed.xml"] = Reply(RSS.format(items="".join(items)).encode())
    return Account("rss", f"{site.url}/feed.xml")


def validated(body: bytes, etag: str) -> Route:
    return lambda query, headers: (
        Reply(status=304) if headers.get("if-none-match") == etag else Reply(body, headers={"ETag": etag})
    )


def media(night: Night, name: str) -> Sequence[MediaItem]:
    """Of the newest version of a post."""
    return [one for one in night.versions() if one.post.post_id == name][-1].post.media


def failures(night: Night) -> list[str]:
    return [event.failure.kind for event in night.events if event.failure]


def test_a_picture_on_a_foreign_host_that_refuses_fails_alone(night: Night, site: Site) -> None:
    site.routes["/ok.png"] = Reply(picture("ok"))
    with serving() as cdn:
        cdn.routes["/a.png"] = Reply(b"", 429, {"Retry-After": "7200"})
        account = feed(site, item("one", f"{cdn.url}/a.png", "/ok.png"), item("two", "/ok.png"))
        night.allow_hosts = (site.host, cdn.host)
        began = time.monotonic()
        outcome = night.crawl(account)
    assert (outcome.ok, outcome.rate_limited, outcome.posts_new) == ((account.name,), frozenset(), 2)
    assert time.monotonic() - began < 30
    refused, kept = media(night, "one")
    assert refused.failure
    assert refused.failure.kind == "rate_limited"
    assert (kept.failure, night.store.media.read(kept.sha256)) == (None, picture("ok"))


def test_a_picture_on_the_account_s_own_host_that_refuses_fails_the_account(night: Night, site: Site) -> None:
    site.routes["/a.png"] = Reply(b"", 429, {"Retry-After": "7200"})
    account = feed(site, item("one", "/a.png"))
    assert night.crawl(account).rate_limited == {account.name}
    assert night.versions() == []


def test_a_shared_picture_is_new_once_and_a_registered_one_too(night: Night, site: Site) -> None:
    site.routes |= {"/shared.png": Reply(picture("shared")), "/twin.png": Reply(picture("registered"))}
    night.store.media.put(picture("registered"))
    shared = [item(name, "/shared.png") for name in ("one", "two", "three")]
    outcome = night.crawl(feed(site, *shared, item("four", "/twin.png")))
    assert (outcome.posts_new, outcome.media_new) == (4, 2)
    assert site.count("/shared.png") == 1


def test_what_a_server_said_instead_of_a_picture_is_kept(night: Night, site: Site) -> None:
    site.routes["/long.png"] = Reply(b"x" * (REFUSAL_BYTES + 1), 404)
    site.routes["/film.mp4"] = Reply(b"no films", 410)
    with serving() as cdn:
        cdn.routes["/a.png"] = Reply(b"go away", 429, {"Retry-After": "7200"})
        account = feed(
            site, item("one", "/dead.png", "/long.png", f"{cdn.url}/a.png"), item("two", "/film.mp4")
        )
        night.allow_hosts = (site.host, cdn.host)
        night.crawl(account)
    said = {
        capture.url_asked.rpartition("/")[2]: (
            capture.status,
            capture.sha256 and night.store.media.read(capture.sha256),
        )
        for version in night.versions()
        for capture in night.store.captures(version.post)
    }
    del said["feed.xml"]
    assert said == {
        "dead.png": (404, b"nothing here"),
        "long.png": (404, ""),
        "a.png": (429, b"go away"),
        "film.mp4": (410, ""),
    }


def test_only_what_failed_is_asked_for_again_and_what_cannot_mend_is_told_once(
    night: Night, site: Site
) -> None:
    site.routes |= {f"/{name}.png": Reply(picture(name)) for name in ("a", "b")}
    account = feed(site, item("one", "/a.png", "/dead.png", "/b.png"), item("two", "/a.png", "file:///x.png"))
    assert night.crawl(account).media_failed == 2
    site.forget()
    second = night.crawl(account)
    assert (sorted(site.asked), second.media_failed) == (["/dead.png", "/feed.xml", "/robots.txt"], 1)
    site.routes["/dead.png"] = Reply(picture("alive"))
    site.forget()
    third = night.crawl(account)
    assert (sorted(site.asked), third.media_failed, third.media_new, third.posts_changed) == (
        ["/dead.png", "/feed.xml", "/robots.txt"],
        0,
        1,
        0,
    )
    assert [night.store.media.read(one.sha256) for one in media(night, "one")] == [
        picture(name) for name in ("a", "alive", "b")
    ]


def test_a_picture_swapped_under_its_url_is_a_new_version(night: Night, site: Site) -> None:
    """It is noticed when it is its turn: one picture a night beside the feed, of the two that can be asked
    about."""
    site.routes |= {"/same.png": validated(picture("same"), '"s"'), "/mute.png": Reply(picture("mute"))}
    site.routes["/swap.png"] = validated(picture("before"), '"1"')
    account = feed(site, item("one", "/swap.png", "/mute.png"), item("two", "/same.png"))
    night.crawl(account)
    site.forget()
    for _ in range(2):
        quiet = night.crawl(account)
        assert (quiet.posts_changed, quiet.media_new) == (0, 0)
    assert (site.count("mute"), site.count("swap"), site.count("same")) == (0, 1, 1)
    captures = sum(len(night.store.captures(one.post)) for one in night.versions())
    assert captures == 5, "nothing is added for pictures that are the same"
    site.routes["/swap.png"] = validated(picture("after"), '"2"')
    seen = [night.crawl(account) for _ in range(2)]
    assert sorted((one.posts_new, one.posts_changed, one.media_new) for one in seen) == [(0, 0, 0), (0, 1, 1)]
    assert failures(night) == []
    stood = [one.post.media[0].sha256 for one in night.versions() if one.post.post_id == "one"]
    assert [night.store.media.read(sha256) for sha256 in stood] == [picture("before"), picture("after")]
    assert night.crawl(account).posts_changed == 0


def test_a_picture_that_cannot_be_asked_about_lets_the_others_go_before(night: Night, site: Site) -> None:
    """Else a server that always fails would be asked every night, and nobody would see that another picture
    was swapped."""
    site.routes |= {"/a.png": validated(picture("a"), '"a"'), "/b.png": validated(picture("b"), '"b"')}
    account = feed(site, item("one", "/a.png"), item("two", "/b.png"))
    night.crawl(account)
    site.routes |= {"/a.png": Reply(b"gone", 410), "/b.png": Reply(b"gone", 410)}
    site.forget()
    for _ in range(2):
        night.crawl(account)
    assert (site.count("/a.png"), site.count("/b.png")) == (1, 1)
    kept = {one.post.post_id: one.post.media[0].sha256 for one in night.versions()}
    assert {name: night.store.media.read(sha256) for name, sha256 in kept.items()} == {
        "one": picture("a"),
        "two": picture("b"),
    }
