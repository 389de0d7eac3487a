"""What a night costs on which nothing happened, on every platform that a whole night can be made for: at
most two requests an account, pictures that are asked about among them, and not one that is sent (issue 5).
Pictures without an id of their content are asked about in turn (feeds; YouTube's thumbnails after a week,
where the API's listing takes both requests): crawler/checking.py."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from storage.records import Account
from tests.crawler import meta, youtube
from tests.crawler.instance import Instance
from tests.crawler.night import Night
from tests.crawler.site import PNG, Pds, Reply, Site, stamp, tid
from tests.crawler.test_nights import BLOB
from tests.crawler.test_youtube_nights import counts

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
POSTS = 130  # a day apart, the youngest a day old
FEED = 15  # of them are in YouTube's feed


def mastodon(site: Site) -> tuple[Account, Callable[[], None]]:
    server = Instance(site)
    for number in range(POSTS):
        server.post(number, f"post {number}", f"picture{number}", days=POSTS - number)

    def change() -> None:
        server.post(POSTS - 5, "edited", f"picture{POSTS - 5}", edited_at="2026-11-20T00:00:00.000Z")
        del server.statuses[str(115_000_000_000_000_000 + POSTS - 9)]

    return Account("mastodon", "hm", service=site.url), change


def bluesky(site: Site) -> tuple[Account, Callable[[], None]]:
    server = Pds(site)
    keys = [tid(POSTS - number) for number in range(POSTS)]
    for number, key in enumerate(keys):
        server.post(key, f"post {number}", PNG + key.encode(), createdAt=stamp(POSTS - number))

    def change() -> None:
        server.post(keys[-5], "edited", PNG + keys[-5].encode(), createdAt=stamp(5))
        del server.posts[keys[-9]]

    return Account("bluesky", "hm.example", service=site.url), change


def youtube_api(site: Site) -> tuple[Account, Callable[[], None]]:
    server = youtube.Channel(site)
    for number in range(POSTS):
        server.post(number, f"film {number}", days=POSTS - number)

    def change() -> None:
        server.post(POSTS - 5, "edited")
        del server.videos[f"video{POSTS - 9:06d}"]

    return Account("youtube", "hm", service=site.url), change


def instagram(site: Site) -> tuple[Account, Callable[[], None]]:
    server = meta.Graph(site)
    for number in range(POSTS):
        server.post(number, f"post {number}", days=POSTS - number)

    def change() -> None:
        server.post(POSTS - 5, "edited")

    return Account("instagram", "hm", service=site.url), change


def youtube_feed(site: Site) -> tuple[Account, Callable[[], None]]:
    _, change = youtube_api(site)
    return Account("youtube", youtube.CHANNEL, service=site.url), change


def feed_at(site: Site, path: str) -> Callable[[], None]:
    """An RSS feed of pins or news, a day apart, each with a picture that has an ETag."""
    items: dict[int, str] = {}

    def item(number: int, text: str) -> str:
        date = format_datetime(datetime.now(UTC) - timedelta(days=POSTS - number), usegmt=True)
        link = f"{site.url}/pin/{28428979520000 + number}/"
        picture = f"{site.url}/files/{number}.png"
        site.routes[f"/files/{number}.png"] = youtube.picture(PNG + b"%d" % number, f'"{number}"')
        return (
            f"<item><guid>{link}</guid><link>{link}</link><title>{text}</title><pubDate>{date}</pubDate>"
            f"<description>&lt;img src='{picture}'&gt;</description></item>"
        )

    def show() -> None:
        body = f"<rss version='2.0'><channel><title>x</title>{''.join(items.values())}</channel></rss>"
        site.routes[path] = Reply(body.encode(), headers={"Content-Type": "application/rss+xml"})

    def change() -> None:
        items[POSTS - 5] = items[POSTS - 5].replace("news", "edited news")
        del items[POSTS - 9]
        show()

    items |= {number: item(number, f"news {number}") for number in range(POSTS)}
    show()
    return change


def newsroom(site: Site) -> tuple[Account, Callable[[], None]]:
    change = feed_at(site, "/feed.xml")
    return Account("rss", f"{site.url}/feed.xml"), change


def pinterest(site: Site) -> tuple[Account, Callable[[], None]]:
    change = feed_at(site, "/hm/feed.rss")
    return Account("pinterest", "hm", service=site.url), change


@pytest.mark.parametrize(
    ("make", "posts", "checks", "changed"),
    [
        (mastodon, POSTS, 0, (0, 1, 1)),
        (bluesky, POSTS, 0, (0, 1, 1)),
        (youtube_api, POSTS, 0, (0, 1, 1)),
        (youtube_feed, FEED, 1, (1, 1, 0)),  # where one is gone, an older one comes up
        (instagram, POSTS, 0, (0, 1, 0)),
        (newsroom, POSTS, 1, (0, 1, 0)),
        (pinterest, POSTS, 1, (0, 1, 0)),
    ],
)
def test_a_quiet_night_is_two_requests_at_most(
    night: Night,
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[[Site], tuple[Account, Callable[[], None]]],
    posts: int,
    checks: int,
    changed: tuple[int, int, int],
) -> None:
    """And what was edited or deleted within the window is seen on the next one all the same."""
    if make is not youtube_feed:
        monkeypatch.setenv("TWINWATCH_TOKENS__YOUTUBE", youtube.SECRET)
    monkeypatch.setenv("TWINWATCH_TOKENS__INSTAGRAM", meta.SECRET)
    account, change = make(site)
    assert night.crawl(account, wait_seconds=60).ok == (account.name,)
    assert counts(night)[0] == posts
    site.forget()
    night.crawl(account)
    pictures = [one for one in site.asked if any(part in one for part in ("/files/", BLOB, "/vi/", "/v/"))]
    asked = [one for one in site.asked if "robots.txt" not in one]
    assert (counts(night), len(pictures)) == ((0, 0, 0, 0), checks)
    assert len(asked) <= 2, asked
    change()
    night.crawl(account)
    assert counts(night)[:3] == changed
