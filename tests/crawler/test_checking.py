"""Whose turn it is to be asked whether its picture is the same still."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.checking import WAITED, Checks
from crawler.found import Found
from crawler.plan import CrawlPlan
from crawler.storing import StoreThread
from storage.crawled import Capture, Validators
from storage.records import Account, MediaItem, MediaKind, PlatformTag, PostVersion, ReadingState
from storage.store import Store

NOW = datetime.now(UTC)
ACCOUNT = Account("rss", "https://shop.example/feed.xml")
PAGE = Capture(ACCOUNT.handle, ACCOUNT.handle, NOW, 200, (), "0" * 64, 1, "x")
BYTES = "1" * 64


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreThread]:
    thread = StoreThread(
        lambda: Store.open(f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "media", create=True)
    )
    yield thread
    thread.close()


def url(name: str, position: int = 0) -> str:
    return f"https://shop.example/{name}-{position}.jpg"


def post(name: str, pictures: int = 1, days: float = 1) -> PostVersion:
    tag = PlatformTag(ReadingState.NOT_OFFERED, "rss", reason="none")
    media = tuple(
        MediaItem(place, MediaKind.PICTURE, url(name, place), sha256=BYTES, format="jpeg", size=9)
        for place in range(pictures)
    )
    at = NOW - timedelta(days=days)
    return PostVersion("rss", ACCOUNT.handle, name, "", at, name, tag, media, revision="r", seen_at=NOW)


def told(store: Store, url: str) -> None:
    store.again.save_validators(url, Validators("e", "", BYTES, NOW))


def stored(store: StoreThread, *posts: PostVersion) -> None:
    asyncio.run(store.call(Store.save_posts, ACCOUNT, [(one, (PAGE,)) for one in posts]))
    for one in posts:
        for item in one.media:
            asyncio.run(store.call(told, item.url))


def asked(
    store: StoreThread,
    posts: list[PostVersion],
    night: float,
    listed: int = 1,
    found: frozenset[str] = frozenset(),
    last_success: float | None = None,
) -> list[str]:
    """URLs that are asked for again in that night (a fraction: later in it), which asked for so many
    pages; `last_success`: a night, likewise."""
    plan = CrawlPlan("run", (ACCOUNT,), "", Path())
    checks = Checks(store, ACCOUNT, plan, conditional=True)
    checks.now, checks.listed, checks._found = NOW + timedelta(days=night), listed, found
    checks.last_success = None if last_success is None else NOW + timedelta(days=last_success)
    bare = [
        Found(
            ACCOUNT,
            replace(one, media=tuple(MediaItem(i.position, i.kind, i.url) for i in one.media)),
            (PAGE,),
        )
        for one in posts
    ]
    known = {one.post_id: one for one in posts}
    todo = asyncio.run(checks.to_fetch(bare, known, set(known)))
    asyncio.run(checks.remember(todo))
    assert all(item.sha256 for one in todo for item in one.post.media if item.url not in one.checked)
    return [name for one in todo for name in one.checked]


def test_each_gets_its_turn_before_any_is_asked_twice(store: StoreThread) -> None:
    posts = [post("a"), post("b", 2), post("c")]
    stored(store, *posts)
    nights = [asked(store, posts, night) for night in range(1, 9)]
    assert [len(one) for one in nights] == [1] * 8
    every = {item.url for one in posts for item in one.media}
    assert (
        {name for one in nights[:4] for name in one} == {name for one in nights[4:] for name in one} == every
    )


def test_posts_with_a_young_finding_are_asked_for_every_night_beside_the_others(store: StoreThread) -> None:
    posts = [post("a"), post("b", 2), post("c")]
    stored(store, *posts)
    for night in (1, 2, 3):
        names = asked(store, posts, night, found=frozenset({"b"}))
        assert {url("b", 0), url("b", 1)} < set(names)
        assert len(names) == 3
    assert len(asked(store, posts, 4, listed=2, found=frozenset({"b"}))) == 2


def test_where_the_listing_takes_both_requests_one_is_asked_that_waited_a_week(store: StoreThread) -> None:
    posts = [post(name) for name in "abc"]
    stored(store, *posts)
    nights = [asked(store, posts, night, listed=2) for night in range(1, 11)]
    assert [len(one) for one in nights] == [0] * (WAITED.days - 1) + [1, 1, 1, 0]


def test_a_night_that_is_run_again_has_had_its_turn(store: StoreThread) -> None:
    """However far it came before: a store is the same then as after a night that was not killed."""
    posts = [post(name) for name in "abc"]
    stored(store, *posts)
    first = asked(store, posts, 1, last_success=0)
    assert len(first) == 1
    assert asked(store, posts, 1.1, last_success=0) == [], "killed before the account was through"
    assert asked(store, posts, 1.2, last_success=1.1) == [], "killed after it"
    assert asked(store, posts, 1.2, last_success=0, found=frozenset({"b"})) == [url("b")]
    second = asked(store, posts, 2, last_success=1.2)
    assert len(second) == 1
    assert second != first


def test_the_turn_of_a_killed_run_counts_for_the_later_pages_too(store: StoreThread) -> None:
    first, later = post("a"), post("b", days=13)
    stored(store, first, later)
    told = Validators("e", "", BYTES, NOW - timedelta(days=2 * WAITED.days))
    asyncio.run(store.call(lambda store: store.again.save_validators(url("b"), told)))
    plan = CrawlPlan("run", (ACCOUNT,), "", Path())

    def pages(after: float) -> list[str]:
        """Page by page, the last of them beyond the two requests."""
        checks = Checks(store, ACCOUNT, plan, conditional=True)
        checks.now, checks.last_success = NOW + timedelta(days=after), NOW
        found = []
        for number, one in enumerate((first, later)):
            checks.listed = number + 1
            bare = replace(one, media=tuple(MediaItem(i.position, i.kind, i.url) for i in one.media))
            page = [Found(ACCOUNT, bare, (PAGE,))]
            todo = asyncio.run(checks.to_fetch(page, {one.post_id: one}, {one.post_id}))
            asyncio.run(checks.remember(todo))
            found += [name for each in todo for name in each.checked]
        return found

    assert pages(1) == [url("a")], "the one on the later page waits: this night has its turn"
    assert pages(1.1) == []


def test_pictures_that_came_in_the_killed_run_are_no_turn(store: StoreThread) -> None:
    old, new = post("old"), replace(post("new"), seen_at=NOW + timedelta(days=1))
    stored(store, old, new)
    told = Validators("e", "", BYTES, NOW + timedelta(days=1))
    asyncio.run(store.call(lambda store: store.again.save_validators(url("new"), told)))
    assert asked(store, [old, new], 1.1, last_success=0) == [url("old")]


def test_what_its_server_says_nothing_about_is_never_asked(store: StoreThread) -> None:
    told, mute = post("told"), post("mute")
    stored(store, told)
    asyncio.run(store.call(Store.save_posts, ACCOUNT, [(mute, (PAGE,))]))
    assert [asked(store, [told, mute], night) for night in (1, 2)] == [[url("told")]] * 2
