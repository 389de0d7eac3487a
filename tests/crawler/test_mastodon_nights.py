"""Nights over Mastodon instances on loopback, in real child processes: edits, deletions, late posts, limits,
and the three ways one after the other."""

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import pytest

from storage.records import Account
from tests.crawler.instance import ID, TOKEN, UNSIGNED, Instance
from tests.crawler.night import Night
from tests.crawler.site import PNG, Reply, Site, as_json, serving

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]  # several nights each, each a process
STATUSES = f"/api/v1/accounts/{ID}/statuses"


@pytest.fixture
def other() -> Iterator[Site]:
    with serving() as one:
        yield one


def account(site: Site, handle: str = "hm") -> Account:
    return Account("mastodon", handle, service=site.url)


def counts(night: Night) -> tuple[int, int, int, int]:
    """New, changed and gone posts, new media."""
    names = ("posts_new", "posts_changed", "posts_gone", "media_new")
    new, changed, gone, media = (sum(getattr(one, name) for one in night.events) for name in names)
    return new, changed, gone, media


def kinds(night: Night) -> list[str]:
    return [one.failure.kind for one in night.events if one.failure]


def test_edits_deletions_late_and_pinned_posts(night: Night, site: Site) -> None:
    server = Instance(site, page=3)
    for number in range(8):
        server.post(number * 10, f"post {number}", f"picture{number}", days=9 - number)
    server.post(1, "years ago", "old", days=400)
    watched = account(site, f"@hm@{site.host}")
    assert night.crawl(watched).ok == (watched.name,)
    assert (counts(night), kinds(night)) == ((9, 0, 0, 9), [])
    assert site.count("/files/small/") == 0, "the original bytes, not the preview"
    assert (site.count("/lookup"), site.count(STATUSES), site.count("/robots.txt")) == (1, 3, 1)

    site.forget()
    night.crawl(watched)
    assert (counts(night), kinds(night)) == ((0, 0, 0, 0), [])
    assert [path.partition("?")[0] for path in site.asked] == [STATUSES] * 3, (
        "the id is kept, nothing else asked"
    )

    site.forget()
    server.post(20, "post 2, edited", "picture2", edited_at="2026-11-20T00:00:00.000Z")
    server.post(15, "late", "late", days=8)
    del server.statuses["115000000000000050"]
    night.crawl(watched)
    assert (counts(night), kinds(night)) == ((1, 1, 1, 2), []), "an edited post may show another picture"
    versions = {(one.post.post_id[-2:], one.number): one for one in night.versions()}
    assert versions["20", 2].post.text == "post 2, edited"
    assert [one.post.post_id for one in night.versions() if one.gone_at] == ["115000000000000050"]
    (item,) = versions["15", 1].post.media
    assert (item.alt, night.store.media.read(item.sha256)) == ("alt late", PNG + b"late")


def test_a_wall_is_no_deletion(night: Night, site: Site) -> None:
    """Each of these stands where a post was; only the last says that it is gone."""
    server = Instance(site)
    for number in range(8):
        server.post(number, f"post {number}")
    night.crawl(account(site))
    walls: list[tuple[Reply, str]] = [
        (Reply(b"<html>404</html>", 404), "not_found"),
        (Reply(b"<html>log in</html>"), "html_page"),
        (TOKEN, "token_wanted"),
        (Reply(b"<html>blocked</html>", 403), "blocked"),
        (Reply(b"", 200), "empty_body"),
        (as_json({"error": "down"}, 500), "http_status"),
        (as_json(server.statuses["115000000000000007"]), "another_post"),
    ]
    for number, (reply, _) in enumerate(walls):
        native = f"11500000000000000{number}"
        del server.statuses[native]
        site.routes[f"/api/v1/statuses/{native}"] = reply
    night.crawl(account(site))
    assert sorted(kinds(night)) == sorted(kind for _, kind in walls)
    assert counts(night) == (0, 0, 0, 0)
    for number in range(len(walls)):
        site.routes[f"/api/v1/statuses/11500000000000000{number}"] = as_json(
            {"error": "Record not found"}, 404
        )
    night.crawl(account(site))
    assert counts(night) == (0, 0, len(walls), 0)


def test_the_api_then_activitypub_then_the_feed_are_one_account(night: Night, site: Site) -> None:
    """No post is doubled and none looks edited because it was read by another way; deletions show by two of
    the three."""
    server = Instance(site, page=2)
    for number in range(5):
        server.post(number, f"post {number} #ai", f"p{number}", spoiler_text="ai", tags=[{"name": "ai"}])
    server.post(6, "without a warning", "p6", "q6")
    watched = account(site)
    night.crawl(watched)
    assert (counts(night), kinds(night)) == ((6, 0, 0, 7), [])

    server.closed["api"] = TOKEN
    del server.statuses["115000000000000001"]
    assert night.crawl(watched).ok == (watched.name,)
    assert (counts(night), kinds(night)) == ((0, 0, 1, 0), ["by_activitypub"])
    site.forget()
    night.crawl(watched)
    assert (counts(night), site.count("/api/"), site.count("webfinger")) == ((0, 0, 0, 0), 0, 0)

    server.closed["activitypub"] = UNSIGNED
    server.post(9, "by the feed", "p9", "q9", tags=[{"name": "feed"}])
    del server.statuses["115000000000000002"]
    assert night.crawl(watched).ok == (watched.name,)
    assert (counts(night), kinds(night)) == ((1, 0, 0, 2), ["by_feed"])

    server.closed.clear()
    assert night.crawl(watched).ok == (watched.name,)
    assert (counts(night), kinds(night)) == ((0, 0, 1, 0), []), "the better way, as soon as it is open again"
    assert {one.number for one in night.versions()} == {1}


def test_a_way_that_closes_halfway_loses_and_doubles_nothing(night: Night, site: Site) -> None:
    """The second page wants a token; later all three ways are closed, and each is named."""
    server = Instance(site, page=2)
    for number in range(5):
        server.post(number, f"post {number}", f"p{number}")
    server.before = lambda query, _: TOKEN if "max_id" in query else None
    watched = account(site)
    assert night.crawl(watched).ok == (watched.name,)
    assert (counts(night), kinds(night)) == ((5, 0, 0, 5), ["by_activitypub"])

    server.closed |= {"api": TOKEN, "activitypub": UNSIGNED, "feed": Reply(b"<html>no", 404)}
    failed = night.crawl(watched).failed[watched.name]
    assert failed.kind == "not_found"
    assert "signature_required: HTTP 401" in failed.message
    assert counts(night) == (0, 0, 0, 0)


def test_robots_txt_closes_the_ways_that_are_pages(night: Night, site: Site) -> None:
    server = Instance(site)
    server.post(1, "a post", "p")
    server.closed["api"] = TOKEN
    site.routes["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /\n")
    outcome = night.crawl(account(site))
    assert [one.kind for one in outcome.failed.values()] == ["robots_forbidden"]
    assert site.count("/users/hm") == site.count(".rss") == 0
    server.closed.clear()
    assert night.crawl(account(site)).ok
    assert kinds(night) == ["robots_forbidden"], "the picture, which is on the page's server"


def test_a_limit_in_iso_8601_is_waited_out(night: Night, site: Site) -> None:
    """A page is refused until a moment that is announced; and none is asked for after the last permitted."""
    server = Instance(site, page=1)
    for number in range(6):
        server.post(number, f"post {number}")
    state = {"asked": 0, "reset": 0.0, "early": 0, "refused": 0}

    def limit(query: Mapping[str, str], headers: Mapping[str, str]) -> Reply | None:
        state["asked"] += 1
        if state["asked"] == 2:
            state["reset"] = float(int(time.time()) + 2)
            state["refused"] += 1
            moment = datetime.fromtimestamp(state["reset"], UTC).isoformat(timespec="microseconds")
            said = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": moment.replace("+00:00", "Z")}
            return as_json({"error": "Too many requests"}, 429, said)
        state["early"] += time.time() < state["reset"]
        return None

    server.before = limit
    assert night.crawl(account(site)).ok
    assert counts(night)[0] == 6
    assert (state["early"], state["refused"]) == (0, 1)


def test_servers_that_ignore_what_is_asked(night: Night, site: Site, other: Site) -> None:
    """No Link header; and one that pages by nothing, where its newest posts are all there is to see."""
    plain = Instance(site, page=2, link=False)
    deaf = Instance(other, page=2, link=False)
    deaf.ignores_max_id = True
    for server in (plain, deaf):
        for number in range(5):
            server.post(number, f"post {number}")
    night.allow_hosts = (site.host, other.host)
    one, two = account(site), account(other, f"hm@{other.host}")
    outcome = night.crawl(one, two)
    assert set(outcome.ok) == {one.name, two.name}
    seen = {name: sum(e.posts_new for e in night.events if e.account == name) for name in outcome.ok}
    assert seen == {one.name: 5, two.name: 2}
    assert kinds(night) == ["paging_ignored"]
