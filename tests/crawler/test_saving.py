"""Posts are saved together; where the store refuses one of them, that one alone is lost, by name."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from crawler.account import AccountNight
from crawler.found import Found
from crawler.plan import CrawlEvent, CrawlPlan
from crawler.storing import StoreThread
from storage.records import (
    Account,
    Capture,
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


def test_one_post_that_the_store_refuses_is_lost_alone(tmp_path: Path) -> None:
    item = MediaItem(0, MediaKind.PICTURE, "https://x.example/a.jpg")
    database = f"sqlite:///{tmp_path / 'x.db'}"
    store = StoreThread(lambda: Store.open(database, tmp_path / "media", create=True))
    events: list[CrawlEvent] = []
    plan = CrawlPlan("run", (ACCOUNT,), database, tmp_path / "media")
    spider: Any = SimpleNamespace(plan=plan, store=store, report=events.append)
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
