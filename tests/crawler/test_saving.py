"""Posts are saved together; where the store refuses one of them, that one alone is lost, by name."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from crawler.account import AccountNight
from crawler.found import Found
from crawler.pages import Listed, Page
from crawler.plan import CrawlEvent, CrawlPlan
from crawler.storing import StoreThread
from storage.crawled import Capture
from storage.records import (
    Account,
    MediaItem,
    MediaKind,
    PlatformTag,
    PostVersion,
    ReadingState,
    Saved,
)
from storage.store import Store

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ACCOUNT = Account("bluesky", "hm.example", "H&M")
PAGE = Capture("https://x.example", "https://x.example", NOW, 200, (), "0" * 64, 1, "test/1")


def found(name: str, media: tuple[MediaItem, ...] = ()) -> Found:
    tag = PlatformTag(ReadingState.ABSENT, "listRecords", "labels")
    post = PostVersion("bluesky", "hm.example", name, "", NOW, "text", tag, media, seen_at=NOW)
    return Found(ACCOUNT, post, (PAGE,))


def test_ids_are_compared_as_they_are_stored(tmp_path: Path) -> None:
    """Else a post shown under an id that is cleaned for the store would be looked for as if it were gone."""
    database = f"sqlite:///{tmp_path / 'x.db'}"
    store = StoreThread(lambda: Store.open(database, tmp_path / "media", create=True))
    events: list[CrawlEvent] = []
    plan = CrawlPlan("run", (ACCOUNT,), database, tmp_path / "media")
    spider: Any = SimpleNamespace(plan=plan, store=store, report=events.append, conditional_media=False)
    saved: list[str] = []

    async def complete(posts: Any, same: int, body: bytes) -> None:
        saved.extend(one.post.post_id for one in posts)

    try:
        night = AccountNight(spider, ACCOUNT)
        night._complete_and_save = complete  # type: ignore[assignment,method-assign]
        ids = ("one", "half\ud800", "half\udfff", "half\0")
        page = Page(tuple(Listed(found(name).post, NOW) for name in ids))
        asyncio.run(night._store_page(page, b"{}", PAGE))
    finally:
        store.close()
    assert night.sight.shown == {"one", "half\ufffd"}
    assert saved == ["one", "half\ud800"]
    assert [event.failure and event.failure.kind for event in events] == ["duplicate_id", "duplicate_id"]


def test_one_post_that_the_store_refuses_is_lost_alone(tmp_path: Path) -> None:
    item = MediaItem(0, MediaKind.PICTURE, "https://x.example/a.jpg")
    database = f"sqlite:///{tmp_path / 'x.db'}"
    store = StoreThread(lambda: Store.open(database, tmp_path / "media", create=True))
    events: list[CrawlEvent] = []
    plan = CrawlPlan("run", (ACCOUNT,), database, tmp_path / "media")
    spider: Any = SimpleNamespace(plan=plan, store=store, report=events.append, conditional_media=False)
    ready = [found("good"), found("bad", (item, replace(item, alt="twice at one place"))), found("better")]
    try:
        night = AccountNight(spider, ACCOUNT)
        done = asyncio.run(night._save(ready))
        again = asyncio.run(night._save([ready[0], ready[2]]))
    finally:
        store.close()
    assert [(one.post.post_id, one.saved) for one in done] == [("good", Saved.NEW), ("better", Saved.NEW)]
    assert [one.saved for one in again] == [Saved.KNOWN, Saved.KNOWN]
    assert [event.failure and (event.failure.kind, event.failure.where) for event in events] == [
        ("duplicate_position", "bad")
    ]
    assert [failure.kind for failure in night._lost] == ["duplicate_position"]
