"""One night over many accounts, each with a server that misbehaves in its own way: each failure has a name,
stays with its account, post or picture, and the others are crawled all the same. Then a second night over the
same servers.
"""

import gzip
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest

from crawler.plan import CrawlEvent, CrawlOutcome
from storage.records import Account, MediaItem, PostVersion
from storage.store import Store
from tests.crawler.night import Night
from tests.crawler.site import PNG, Pds, Reply, Route, Site, as_json, cid_of, picture, serving, stamp, tid

pytestmark = pytest.mark.slow  # whole nights

MP4 = b"\x00\x00\x00\x18ftypmp42" + b"moving pictures" * 1000
LIST = "/xrpc/com.atproto.repo.listRecords"
BLOB = "/xrpc/com.atproto.sync.getBlob"
LONG = "caption " * 12_500


@dataclass
class World:
    """Servers by the name of the account that lives there, and what the nights made of them."""

    sites: dict[str, Site] = field(default_factory=dict)
    accounts: list[Account] = field(default_factory=list)
    outcomes: list[CrawlOutcome] = field(default_factory=list)
    events: list[list[CrawlEvent]] = field(default_factory=list)
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    posts: dict[str, list[PostVersion]] = field(default_factory=dict)
    media: dict[str, bytes] = field(default_factory=dict)

    def problems(self, name: str) -> list[str]:
        return [one.failure.kind for one in self.events[0] if one.failure and one.account == name]

    def item(self, handle: str) -> MediaItem:
        return self.posts[handle][-1].media[0]


# --- what servers do to us: handle → what is changed on a PDS that would be fine ----------------------------

Trick = Callable[[Site, Pds], None]


def page(reply: Reply) -> Trick:
    def trick(site: Site, pds: Pds) -> None:
        site.routes[LIST] = reply

    return trick


def blob(reply: Reply) -> Trick:
    def trick(site: Site, pds: Pds) -> None:
        site.routes[BLOB] = reply

    return trick


def same_cursor(site: Site, pds: Pds) -> None:
    record = next(iter(pds.posts.values()))
    site.routes[LIST] = lambda query, _: as_json({"records": [record], "cursor": "again"})


def new_cursors(site: Site, pds: Pds) -> None:
    record = next(iter(pds.posts.values()))
    site.routes[LIST] = lambda query, _: as_json(
        {"records": [record], "cursor": query.get("cursor", "") + "x"}
    )


def limited_once(site: Site, pds: Pds) -> None:
    """A 429 as a PDS gives it: no Retry-After, the moment of the reset in epoch seconds."""
    listed = site.routes[LIST]
    state = {"left": 1}

    def answer(query: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        if state["left"]:
            state["left"] = 0
            reset = str(int(time.time()) + 2)
            return as_json(
                {"error": "RateLimitExceeded"}, 429, {"ratelimit-reset": reset, "ratelimit-remaining": "0"}
            )
        assert callable(listed)
        return listed(query, headers)

    site.routes[LIST] = answer


def big_caption(site: Site, pds: Pds) -> None:
    pds.post(tid(0.5), LONG)


def odd_characters(site: Site, pds: Pds) -> None:
    pds.post(tid(0.5), "nul \0 half \ud83d", tags=["\udc00tag"])


def malformed(site: Site, pds: Pds) -> None:
    pds.posts[tid(0.5)] = {"uri": 7}


def half_a_pair_in_a_key(site: Site, pds: Pds) -> None:
    pds.post("zhalf\ud800", "a key that no server gives")


def video(data: bytes, claimed: bytes | None = None) -> Trick:
    def trick(site: Site, pds: Pds) -> None:
        named = pds.blob(data, "video/mp4")
        if claimed is not None:
            named["ref"]["$link"] = cid_of(claimed)
            pds.blobs[cid_of(claimed)] = data
        pds.post(tid(0.5), "moving", embed={"$type": "app.bsky.embed.video", "video": named, "alt": "a film"})

    return trick


def both(one: Trick, other: Trick) -> Trick:
    def trick(site: Site, pds: Pds) -> None:
        one(site, pds)
        other(site, pds)

    return trick


def swapped(site: Site, pds: Pds) -> None:
    """The server sends other bytes than the content id names."""
    for cid in pds.blobs:
        pds.blobs[cid] = picture("something else")


PRIVATE = Reply(status=302, headers={"Location": "http://127.0.0.1:9/secret"})
CUT = Reply(PNG, length=5000)
BOMB = Reply(gzip.compress(bytes(33 * 1024 * 1024)), headers={"Content-Encoding": "gzip"})
DEEP = b"[" * 100_000 + b"]" * 100_000

# What fails the account, and by which name.
ACCOUNT_FAILS: dict[str, tuple[Trick, str]] = {
    "nojson": (page(Reply(b"<html>not JSON</html>")), "not_json"),
    "badjson": (page(Reply(b'{"records": [')), "not_json"),
    "deep": (page(Reply(DEEP)), "not_json"),
    "array": (page(Reply(b"[]")), "wrong_shape"),
    "norecords": (page(Reply(b'{"records": {}}')), "wrong_shape"),
    "encoding": (page(Reply(b'{"records": \xff\xfe}')), "not_json"),
    "endless": (page(Reply(endless=True)), "too_large"),
    "bomb": (page(BOMB), "too_large"),
    "slow": (page(Reply(b'{"records": []}' * 100, drip=0.05)), "timeout"),
    "cut": (page(Reply(b'{"records": []}', length=999)), "cut_body"),
    "error500": (page(Reply(b"oops", 500)), "http_status"),
    "gone": (page(as_json({"error": "RepoNotFound", "message": "x"}, 400)), "repo_not_found"),
    "takendown": (page(as_json({"error": "RepoTakendown", "message": "x"}, 400)), "repo_takendown"),
    "redirect": (page(PRIVATE), "address_refused"),
    "tofile": (page(Reply(status=302, headers={"Location": "file:///etc/passwd"})), "http_status"),
    "loop": (same_cursor, "page_loop"),
    "cursors": (new_cursors, "page_loop"),
    "limited": (page(Reply(b"{}", 429, {"Retry-After": "4000"})), "rate_limited"),
}
# What fails one picture or film, and by which name; the post is stored.
MEDIA_FAILS: dict[str, tuple[Trick, str]] = {
    "noblob": (blob(as_json({"error": "BlobNotFound"}, 400)), "http_status"),
    "emptyblob": (blob(Reply()), "empty_body"),
    "cutblob": (blob(CUT), "cut_body"),
    "slowblob": (blob(Reply(PNG * 100, drip=0.05)), "timeout"),
    "endlessblob": (blob(Reply(endless=True)), "too_large"),
    "bombblob": (blob(BOMB), "too_large"),
    "privateblob": (blob(PRIVATE), "address_refused"),
    "swapped": (swapped, "cid_mismatch"),
    "cutvideo": (both(video(MP4), blob(CUT)), "cut_body"),
    "falsevideo": (video(b"<html>not a film</html>"), "not_the_claimed_type"),
    "privatevideo": (both(video(MP4), blob(PRIVATE)), "address_refused"),
}
# What goes well, in spite of all.
FINE: dict[str, Trick] = {
    "plain": lambda site, pds: None,
    "limitedonce": limited_once,
    "bigcaption": big_caption,
    "oddcharacters": odd_characters,
    "malformed": malformed,
    "halfkey": half_a_pair_in_a_key,
    "video": video(MP4),
}

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{items}</channel></rss>"""
ITEM = """<item><guid>one</guid><title>One</title><enclosure url="/pic.png" type="image/png"/></item>"""


def validated(body: bytes, etag: str) -> Route:
    def answer(query: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        if headers.get("if-none-match") == etag:
            return Reply(status=304, headers={"ETag": etag})
        return Reply(body, headers={"ETag": etag})

    return answer


def feed(site: Site, items: str = ITEM) -> None:
    site.routes["/feed.xml"] = validated(RSS.format(items=items).encode(), '"f1"')
    site.routes["/pic.png"] = validated(picture("from the feed"), '"p1"')


def feed_of(body: bytes) -> Callable[[Site], None]:
    return lambda site: site.routes.update({"/feed.xml": Reply(body)})


def forbidden(site: Site) -> None:
    feed(site)
    site.routes["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /feed.xml\n")


def pictures_forbidden(site: Site) -> None:
    feed(site)
    site.routes["/robots.txt"] = Reply(b"User-agent: Twinwatch\nDisallow: /pic.png\n")


def robots_down(site: Site) -> None:
    feed(site)
    site.routes["/robots.txt"] = Reply(b"we are on fire", 500)


FEEDS: dict[str, tuple[Callable[[Site], None], str]] = {
    "feed": (feed, ""),
    "html": (feed_of(b"<!doctype html><html><body>Welcome</body></html>"), "not_a_feed"),
    "empty": (feed_of(b""), "not_a_feed"),
    "words": (feed_of(b"just words"), "not_a_feed"),
    "forbidden": (forbidden, "robots_forbidden"),
    "robotsdown": (robots_down, "robots_forbidden"),
    "pictureforbidden": (pictures_forbidden, ""),
    "missing": (lambda site: None, "http_status"),
    "noids": (lambda site: feed(site, "<item><title>no id</title></item>" + ITEM), ""),
    "elsewhere": (lambda site: feed(site, ITEM.replace("/pic.png", "http://127.0.0.1:9/x.png")), ""),
}


def build(world: World, stack: ExitStack) -> None:
    tricks = {name: trick for name, (trick, _) in {**ACCOUNT_FAILS, **MEDIA_FAILS}.items()} | FINE
    for name, trick in tricks.items():
        world.sites[name] = site = stack.enter_context(serving())
        pds = Pds(site)
        if "video" not in name:
            pds.post(tid(1), "a post", picture(name), createdAt=stamp(1))
        trick(site, pds)
        world.accounts.append(Account("bluesky", name, service=site.url))
    for name, (prepare, _) in FEEDS.items():
        world.sites[name] = site = stack.enter_context(serving())
        prepare(site)
        world.accounts.append(Account("rss", f"{site.url}/feed.xml", retailer=name))
    world.accounts.append(Account("rss", "http://127.0.0.1:9/feed.xml"))
    world.accounts.append(Account("rss", "ftp://127.0.0.1/feed.xml"))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    place = tmp_path_factory.mktemp("hostile")
    world = World()
    with ExitStack() as stack:
        build(world, stack)
        hosts = tuple(site.host for site in world.sites.values())
        night = Night(f"sqlite:///{place / 'night.db'}", place / "media", hosts)
        Store.open(night.database, night.media, create=True).close()
        for _ in range(2):
            world.outcomes.append(night.crawl(*world.accounts))
            world.events.append(list(night.events))
            world.asked.append({name: list(site.asked) for name, site in world.sites.items()})
            for site in world.sites.values():
                site.forget()
        by_handle = {account.handle: account.retailer or account.handle for account in world.accounts}
        for version in night.versions():
            world.posts.setdefault(by_handle[version.account.handle], []).append(version.post)
            for item in version.post.media:
                if item.sha256:
                    world.media[item.sha256] = night.store.media.read(item.sha256)
        night.close()
        yield world


@pytest.mark.parametrize("name", ACCOUNT_FAILS)
def test_the_account_fails_by_name(world: World, name: str) -> None:
    failure = world.outcomes[0].failed[f"bluesky:{name}"]
    assert failure.kind == ACCOUNT_FAILS[name][1], failure


@pytest.mark.parametrize("name", MEDIA_FAILS)
def test_the_item_fails_by_name_and_the_post_is_kept(world: World, name: str) -> None:
    assert f"bluesky:{name}" in world.outcomes[0].ok, world.outcomes[0].failed.get(f"bluesky:{name}")
    failure = world.item(name).failure
    assert failure
    assert failure.kind == MEDIA_FAILS[name][1], failure
    assert world.problems(f"bluesky:{name}") == [failure.kind]


@pytest.mark.parametrize("name", FINE)
def test_what_is_only_odd_goes_well(world: World, name: str) -> None:
    assert f"bluesky:{name}" in world.outcomes[0].ok, world.outcomes[0].failed.get(f"bluesky:{name}")


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_succeeds_or_fails_by_name(world: World, name: str) -> None:
    account = f"rss:{world.sites[name].url}/feed.xml"
    kind = FEEDS[name][1]
    assert account in (world.outcomes[0].failed if kind else world.outcomes[0].ok), world.outcomes[
        0
    ].failed.get(account)
    if kind:
        assert world.outcomes[0].failed[account].kind == kind


def test_feeds_in_places_that_nobody_allowed(world: World) -> None:
    assert world.outcomes[0].failed["rss:http://127.0.0.1:9/feed.xml"].kind == "address_refused"
    assert world.outcomes[0].failed["rss:ftp://127.0.0.1/feed.xml"].kind == "bad_url"


def test_only_an_announced_limit_counts_as_one(world: World) -> None:
    assert world.outcomes[0].rate_limited == {"bluesky:limited"}
    assert len(world.asked[0]["limited"]) == 2, "a handle, one page, and not a request more"


def test_a_limit_that_passes_is_waited_out(world: World) -> None:
    assert [one.partition("?")[0].rpartition(".")[2] for one in world.asked[0]["limitedonce"]][:3] == [
        "resolveHandle",
        "listRecords",
        "listRecords",
    ]


def test_a_long_caption_is_kept_whole(world: World) -> None:
    assert world.posts["bigcaption"][-1].text == LONG


def test_characters_that_no_database_takes_are_replaced_and_said(world: World) -> None:
    post = world.posts["oddcharacters"][-1]
    assert post.text == "nul \ufffd half \ufffd"
    assert post.hashtags == ("\ufffdtag",)
    assert [one.kind for one in post.problems] == ["bad_characters"]


def test_a_record_that_makes_no_sense_is_counted(world: World) -> None:
    assert world.problems("bluesky:malformed") == ["malformed_record"]
    assert len(world.posts["malformed"]) == 1


def test_a_key_that_cannot_be_stored_is_a_problem_and_no_deletion(world: World) -> None:
    assert world.problems("bluesky:halfkey") == ["malformed_record"]
    assert [post.text for post in world.posts["halfkey"]] == ["a post"]
    assert not any("getRecord" in one for one in world.asked[1]["halfkey"])


def test_bytes_of_the_wrong_kind_are_kept_as_evidence(world: World) -> None:
    assert world.media[world.item("swapped").sha256] == picture("something else")
    assert world.media[world.item("falsevideo").sha256] == b"<html>not a film</html>"


def test_a_film_is_kept_whole(world: World) -> None:
    item = world.item("video")
    assert (item.format, item.size, item.alt, item.failure) == ("mp4", len(MP4), "a film", None)
    assert world.media[item.sha256] == MP4


def test_a_picture_that_robots_txt_forbids_is_not_fetched(world: World) -> None:
    failure = world.item("pictureforbidden").failure
    assert failure
    assert failure.kind == "robots_forbidden"
    assert "/pic.png" not in world.asked[0]["pictureforbidden"]


def test_a_feed_s_picture_in_a_private_place(world: World) -> None:
    failure = world.item("elsewhere").failure
    assert failure
    assert failure.kind == "address_refused"


def test_a_feed_asked_again_answers_304_and_nothing_is_transferred(world: World) -> None:
    assert world.asked[1]["feed"] == ["/robots.txt", "/feed.xml", "/pic.png"], "both are answered 304"
    assert f"rss:{world.sites['feed'].url}/feed.xml" in world.outcomes[1].ok


def test_the_second_night_finds_nothing_new(world: World) -> None:
    second = world.outcomes[1]
    assert (second.posts_new, second.posts_changed, second.posts_gone, second.media_new) == (0, 0, 0, 0)
    assert len(world.asked[1]["plain"]) == 2, "a page and the empty one after it"
