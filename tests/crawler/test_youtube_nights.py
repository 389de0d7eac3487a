"""Whole nights on a YouTube that the test serves itself. Its answers are built from the discovery document
(see tests/crawler/youtube.py), not recorded."""

from datetime import UTC, datetime

import pytest

from crawler.checking import WAITED
from storage.records import Account, ReadingState
from tests.crawler.night import Night
from tests.crawler.site import PNG, Reply, Site
from tests.crawler.youtube import CHANNEL, SECRET, Channel, error, picture

pytestmark = pytest.mark.slow
VARIABLE = "TWINWATCH_TOKENS__YOUTUBE"


def account(site: Site, handle: str = "hm") -> Account:
    return Account("youtube", handle, "H&M", "SE", service=site.url)


def counts(night: Night) -> tuple[int, int, int, int]:
    """(new, changed, gone, new media) of the last crawl."""
    names = ("posts_new", "posts_changed", "posts_gone", "media_new")
    new, changed, gone, media = (sum(getattr(one, name) for one in night.events) for name in names)
    return new, changed, gone, media


def test_a_channel_night_after_night(night: Night, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages, a quiet night of two units, a label that is added, an edit, a deletion, a swapped thumbnail."""
    monkeypatch.setenv(VARIABLE, SECRET)
    channel = Channel(site, page=3)
    for number in range(7):
        channel.post(number, f"film {number}", days=8 - number)
    watched = account(site)
    assert night.crawl(watched).ok == (watched.name,)
    assert counts(night) == (7, 0, 0, 7)
    assert (channel.calls, channel.keys) == (1 + 3 * 2, {SECRET})

    channel.page, channel.calls = 50, 0
    night.crawl(watched)
    assert (counts(night), channel.calls) == ((0, 0, 0, 0), 2), "the channel is not looked up again"

    channel.post(3, "film 3", containsSyntheticMedia=True)
    channel.post(4, "film 4, cut anew")
    del channel.videos["video000001"]
    night.crawl(watched)
    assert counts(night) == (0, 2, 1, 0)
    states = {one.post.post_id: one.post.platform_tag.state for one in night.versions()}
    assert states["video000003"] is ReadingState.PRESENT
    assert states["video000004"] is ReadingState.ABSENT
    assert [one.post.post_id for one in night.versions() if one.gone_at] == ["video000001"]

    thumbnail = "/vi/video000006/maxresdefault.jpg"
    site.routes[thumbnail] = picture(PNG + b"another", '"x"')
    site.forget()
    night.crawl(watched)
    assert (counts(night), site.count("/vi/")) == ((0, 0, 0, 0), 0), "the listing took both requests"
    night.store.again.save_checked([site.url + thumbnail], datetime.now(UTC) - WAITED)
    night.crawl(watched)
    assert counts(night) == (0, 1, 0, 1), "another picture under the same address"
    assert site.count("/vi/") == 1


def test_the_feed_without_a_key(night: Night, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest fifteen, their label not exposed; the same videos with the label as soon as there is a key;
    a handle, and a robots.txt that forbids the feed, say which key is needed."""
    monkeypatch.delenv(VARIABLE, raising=False)
    channel = Channel(site)
    for number in range(20):
        channel.post(number, f"film {number}", days=25 - number, containsSyntheticMedia=True)
    watched = account(site, CHANNEL)
    assert night.crawl(watched).ok == (watched.name,)
    assert (counts(night), channel.calls) == ((15, 0, 0, 15), 0)
    tags = {one.post.platform_tag for one in night.versions()}
    assert {(tag.state, tag.field) for tag in tags} == {
        (ReadingState.UNREADABLE, "status.containsSyntheticMedia")
    }
    assert all("not exposed" in tag.reason for tag in tags)

    failed = night.crawl(account(site)).failed["youtube:hm"]
    assert failed.kind == "token_missing"
    assert VARIABLE in failed.message
    assert "console.cloud.google.com" in failed.message

    monkeypatch.setenv(VARIABLE, SECRET)
    night.crawl(watched, overlap_days=40)
    assert counts(night)[:3] == (5, 15, 0), "five that the feed does not show, fifteen with their label"

    monkeypatch.delenv(VARIABLE)
    site.routes["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /feeds/videos.xml\n")
    failed = night.crawl(watched).failed[watched.name]
    assert (failed.kind, VARIABLE in failed.message) == ("robots_forbidden", True)


def test_a_used_up_quota_ends_the_nights_calls(
    night: Night, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first account is told so; for the others not one request is made."""
    monkeypatch.setenv(VARIABLE, SECRET)
    channel = Channel(site)
    channel.post(1, "a film")
    channel.early = error(403, "quotaExceeded", "The request cannot be completed.")
    many = [account(site, handle) for handle in ("hm", "levis", "mango", "zara", "arket", "cos")]
    outcome = night.crawl(*many, wait_seconds=1.0)  # shortly before midnight there it would wait for it
    assert outcome.rate_limited == {one.name for one in many}
    assert any("midnight Pacific" in one.message for one in outcome.failed.values())
    assert channel.calls <= 4, "those that were asked side by side before the first answer"
    channel.early = None
    assert night.crawl(many[0]).ok == (many[0].name,)
