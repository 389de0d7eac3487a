"""What a night costs on which nothing happened, on every platform that a whole night can be made for: at
most two requests an account, and not one picture (issue 5). Pictures without an id of their content are
asked about (YouTube's thumbnails, feeds): one conditional request each while they are young, answered
304."""

from collections.abc import Callable

import pytest

from storage.records import Account
from tests.crawler import meta, youtube
from tests.crawler.instance import Instance
from tests.crawler.night import Night
from tests.crawler.site import PNG, Pds, Site, stamp, tid
from tests.crawler.test_nights import BLOB
from tests.crawler.test_youtube_nights import counts

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
POSTS = 130  # a day apart, the youngest a day old
SEEN_AGAIN = 15  # of them are in the window: fourteen days before the youngest


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


@pytest.mark.parametrize(
    ("make", "checks", "changed"),
    [
        (mastodon, 0, (0, 1, 1)),
        (bluesky, 0, (0, 1, 1)),
        (youtube_api, SEEN_AGAIN, (0, 1, 1)),
        (instagram, 0, (0, 1, 0)),
    ],
)
def test_a_quiet_night_is_two_requests_at_most(
    night: Night,
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[[Site], tuple[Account, Callable[[], None]]],
    checks: int,
    changed: tuple[int, int, int],
) -> None:
    """And what was edited or deleted within the window is seen on the next one all the same."""
    monkeypatch.setenv("TWINWATCH_TOKENS__YOUTUBE", youtube.SECRET)
    monkeypatch.setenv("TWINWATCH_TOKENS__INSTAGRAM", meta.SECRET)
    account, change = make(site)
    assert night.crawl(account, wait_seconds=60).ok == (account.name,)
    assert counts(night)[0] == POSTS
    site.forget()
    night.crawl(account)
    pictures = [one for one in site.asked if any(part in one for part in ("/files/", BLOB, "/vi/", "/v/"))]
    asked = [one for one in site.asked if one not in pictures and "robots.txt" not in one]
    assert (counts(night), len(pictures)) == ((0, 0, 0, 0), checks)
    assert len(asked) <= 2, asked
    change()
    night.crawl(account)
    assert counts(night)[:3] == changed
