"""A listing that is suddenly empty, with HTTP 200, on every platform that a whole night can be made for: it
is told the same night, and taken back on the night on which the posts are shown again."""

from collections.abc import Callable, Mapping

import pytest

from storage.records import Account
from tests.crawler import instance, meta, test_quiet_nights, youtube
from tests.crawler.instance import Instance
from tests.crawler.night import Night
from tests.crawler.site import Reply, Site, as_json
from tests.crawler.test_quiet_nights import bluesky, instagram, mastodon, newsroom, pinterest
from tests.crawler.test_quiet_nights import youtube_api as by_api
from tests.crawler.test_quiet_nights import youtube_feed as by_feed

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
POSTS = 20  # a day apart
NO_ITEMS = Reply(
    b"<rss version='2.0'><channel><title>x</title></channel></rss>",
    headers={"Content-Type": "application/rss+xml"},
)
NO_ENTRIES = Reply(
    youtube.FEED.format(channel=youtube.CHANNEL, entries="").encode(), headers={"Content-Type": "text/xml"}
)
NO_IDS = {
    "kind": "youtube#playlistItemListResponse",
    "etag": "e",
    "items": [],
    "pageInfo": youtube.info(0, 50),
}
NO_MEDIA = {"id": meta.USER, "username": "hm", "media_count": 0, "media": {"data": []}}
LISTING = f"/api/v1/accounts/{instance.ID}/statuses"


@pytest.fixture(autouse=True)
def with_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_quiet_nights, "POSTS", POSTS)
    monkeypatch.setenv("TWINWATCH_TOKENS__INSTAGRAM", meta.SECRET)


@pytest.mark.parametrize(
    ("make", "listing", "nothing"),
    [
        (mastodon, LISTING, as_json([])),
        (bluesky, "/xrpc/com.atproto.repo.listRecords", as_json({"records": []})),
        (by_api, "/youtube/v3/playlistItems", as_json(NO_IDS)),
        (by_feed, "/feeds/videos.xml", NO_ENTRIES),
        (instagram, f"/v25.0/{meta.OWN}", as_json({"business_discovery": NO_MEDIA, "id": meta.OWN})),
        (newsroom, "/feed.xml", NO_ITEMS),
        (pinterest, "/hm/feed.rss", NO_ITEMS),
    ],
)
def test_a_listing_that_is_suddenly_empty_is_not_believed(
    night: Night,
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[[Site], tuple[Account, Callable[[], None]]],
    listing: str,
    nothing: Reply,
) -> None:
    if make is by_api:
        monkeypatch.setenv("TWINWATCH_TOKENS__YOUTUBE", youtube.SECRET)
    account, _ = make(site)

    def doubt() -> str:
        assert night.crawl(account, wait_seconds=60).ok == (account.name,)
        return night.store.account_state(account).doubt

    assert (doubt(), doubt()) == ("", "")
    shown = site.routes[listing]
    site.routes[listing] = nothing
    assert doubt().startswith("the listing shows nothing, and should show ")
    assert doubt().startswith("the listing shows nothing, and should show ")  # the next night likewise
    site.routes[listing] = shown
    assert doubt() == ""


def test_a_feed_that_is_not_modified_shows_what_it_showed(night: Night, site: Site) -> None:
    account, _ = newsroom(site)
    shown = site.routes["/feed.xml"]
    assert isinstance(shown, Reply)

    def feed(query: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        if headers.get("if-none-match") == '"1"':
            return Reply(status=304, headers={"ETag": '"1"'})
        return Reply(shown.body, headers={**shown.headers, "ETag": '"1"'})

    site.routes["/feed.xml"] = feed
    for _ in range(2):
        assert night.crawl(account).ok == (account.name,)
        assert night.store.account_state(account).doubt == ""


def test_an_account_that_never_had_a_post_is_not_suspect(night: Night, site: Site) -> None:
    Instance(site)
    account = Account("mastodon", "hm", service=site.url)
    for _ in range(2):
        assert night.crawl(account).ok == (account.name,)
        assert night.store.account_state(account).doubt == ""


def test_an_account_that_deleted_all_is_told_apart(night: Night, site: Site) -> None:
    """The platform says of each post of the window that it is gone; nobody asks for the older ones."""
    server = Instance(site)
    for number in range(30):
        server.post(number, f"post {number}", days=30 - number)
    account = Account("mastodon", "hm", service=site.url)
    night.crawl(account)
    server.statuses.clear()
    for gone in (14, 0):
        night.crawl(account)
        assert sum(one.posts_gone for one in night.events) >= gone
        assert night.store.account_state(account).doubt == ""


def test_captions_that_come_empty_are_told_the_same_night(night: Night, site: Site) -> None:
    server = Instance(site)
    for number in range(60):
        server.post(number, f"post {number}", days=60 - number)
    account = Account("mastodon", "hm", service=site.url)
    night.crawl(account)
    assert night.store.account_state(account).doubt == ""
    for number in range(40, 60):
        server.post(number, "", edited_at="2026-11-20T00:00:00.000Z")
    night.crawl(account)
    said = "the caption is empty in 15 of the last 15 posts, and in 5 of 45 before"
    assert night.store.account_state(account).doubt == said
    night.crawl(account)
    assert night.store.account_state(account).doubt == said
