"""What is cut must hide nothing: a limit in the headers of a body that never ends, half a feed under the
whole one's ETag."""

import time
from collections.abc import Mapping

import pytest

from storage.records import Account
from tests.crawler.instance import Instance
from tests.crawler.night import Night
from tests.crawler.site import PNG, Reply, Site

pytestmark = [pytest.mark.slow, pytest.mark.timeout(200)]
ITEM = "<item><guid>{0}</guid><title>News {0}</title><enclosure url='{1}/{0}.png' type='image/png'/></item>"


def test_a_limit_counts_although_its_body_is_cut(night: Night, site: Site) -> None:
    server = Instance(site)
    server.post(1, "one")
    announced: list[float] = []

    def refuse(query: Mapping[str, str], headers: Mapping[str, str]) -> Reply | None:
        if announced:
            return None
        announced.append(time.time())
        return Reply(b"not", 429, {"Retry-After": "3"}, length=1000)

    server.before = refuse
    assert night.crawl(Account("mastodon", "hm", service=site.url)).ok == ("mastodon:hm",)
    listings = [at for at, path in zip(site.times, site.asked, strict=True) if "/statuses" in path]
    assert listings[1] >= announced[0] + 3


def test_half_a_feed_is_not_taken_for_the_whole_again(night: Night, site: Site) -> None:
    items = [ITEM.format(number, site.url) for number in range(6)]
    whole = f"<rss version='2.0'><channel><title>News</title>{''.join(items)}</channel></rss>".encode()
    cut = [len(whole) // 2]

    def feed(query: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        if headers.get("if-none-match") == '"whole"':
            return Reply(status=304, headers={"ETag": '"whole"'})
        return Reply(
            whole[: cut[0]] if cut else whole, headers={"ETag": '"whole"', "Content-Type": "text/xml"}
        )

    site.routes |= {"/feed": feed} | {f"/{number}.png": Reply(PNG + bytes([number])) for number in range(6)}
    account = Account("rss", "news", service=f"{site.url}/feed")
    night.crawl(account)
    assert "broken_feed" in {one.failure.kind for one in night.events if one.failure}
    assert 0 < len(night.versions()) < 6
    cut.clear()
    night.crawl(account)
    assert len({one.post.post_id for one in night.versions()}) == 6
    site.forget()
    night.crawl(account)
    assert site.count("/feed") == 1
    assert len({one.post.post_id for one in night.versions()}) == 6


def test_pictures_asked_for_side_by_side_all_wait_for_robots_txt(night: Night, site: Site) -> None:
    server = Instance(site)
    server.post(1, "one", *(f"picture{number}" for number in range(8)))
    site.routes["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /\n", drip=0.02)
    night.crawl(Account("mastodon", "hm", service=site.url))
    (one,) = night.versions()
    assert {item.failure.kind for item in one.post.media if item.failure} == {"robots_forbidden"}
    assert (len(one.post.media), site.count("/files/"), site.count("/robots.txt")) == (8, 0, 1)
