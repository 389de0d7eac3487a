"""Posts that were laid out before are the same rows as posts that are saved, to the type of each value."""

import shutil
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from storage.crawled import Capture
from storage.errors import StoreError
from storage.fresh import Fresh, fresh
from storage.records import (
    Account,
    Declarer,
    Failure,
    MediaKind,
    PlatformTag,
    PostVersion,
    ReadingState,
)
from storage.store import Store
from tests.storage.samples import FAILED, HM, NOW, capture, failed, later, picture, post

ZARA = Account("instagram", "zara")
WILD = "a\x00b \ud800 \U0001f9e5 “quoted” é"
SUMMER = timezone(timedelta(hours=2))
OFTEN = Capture(
    "https://a/1", f"https://b/{WILD}", NOW, 0, (("x-import-line", "3"), (WILD, WILD)), "", 9, "z/1"
)
RAW = "f" * 64
POSTS = (
    post("plain", media=(failed("a"), failed("b", 1, alt=None)), seen_at=NOW),
    post("bare", media=(), hashtags=(), seen_at=later(1), posted_at=None, content_warning=""),
    post(
        f"{WILD}",
        WILD,
        url=WILD,
        revision=WILD,
        hashtags=(WILD, "coat"),
        content_warning=WILD,
        problems=(Failure("bad_date", WILD, WILD), Failure("coauthors", "x")),
        platform_tag=PlatformTag(
            ReadingState.PRESENT, "s", "f", WILD, declared_by=Declarer.PLATFORM, reason=WILD
        ),
        media=(
            failed("z", 1, url=WILD, alt=WILD, native_id="n" * 900, claimed_type=WILD),
            failed("y", 0, kind=MediaKind.VIDEO, native_id="", alt=""),
        ),
        seen_at=datetime(2026, 10, 31, 23, 30, 0, 5, tzinfo=SUMMER),
        posted_at=datetime(1999, 1, 1, tzinfo=UTC),
    ),
    post("x" * 900, media=(picture("n", sha256="", format="", size=0),), seen_at=NOW),
)


def captures(one: PostVersion) -> list[Capture]:
    return [capture("page"), capture(ascii(one.post_id[:20])), OFTEN]


def of_the_file(one: PostVersion) -> list[Capture]:
    """As the usual way wants them: each names its bytes."""
    return [replace(each, sha256=each.sha256 or RAW) for each in captures(one)]


@pytest.fixture
def pair(sqlite_template: Path, tmp_path: Path) -> Sequence[Path]:
    files = [tmp_path / "usual.db", tmp_path / "laid_out.db"]
    for file in files:
        shutil.copy(sqlite_template, file)
    return files


def opened(file: Path) -> Store:
    return Store.open(f"sqlite:///{file}", file.parent / "media", create=False)


def rows(file: Path) -> dict[str, list[str]]:
    """All rows of all tables, each value with its type; what numbers them is left out."""
    database = sqlite3.connect(file)
    found = {}
    for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        names = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]
        kept = [name for name in names if name != "id" and not (name.endswith("_id") and table != "accounts")]
        kept += ["post_id"] if table == "posts" else []
        shown = ", ".join(f'"{name}", typeof("{name}")' for name in kept) or "1"
        found[table] = sorted(map(repr, database.execute(f'SELECT {shown} FROM "{table}"')))
    database.close()
    return found


def laid(one: PostVersion) -> Fresh:
    made = fresh(one, [item.failure for item in one.media], captures(one))
    assert made is not None
    return made


def test_the_same_rows_as_the_usual_way(pair: Sequence[Path]) -> None:
    usual, laid_out = map(opened, pair)
    pages = ((HM, POSTS[:2]), (ZARA, POSTS[2:]))
    usual.save_pages(
        [
            (account, [(replace(one, raw_sha256=RAW), of_the_file(one)) for one in page])
            for account, page in pages
        ]
    )
    laid_out.imports.save_fresh([(account, [laid(one) for one in page]) for account, page in pages], RAW)
    for one in POSTS:  # and they hang together
        account = HM if one in POSTS[:2] else ZARA
        assert usual.current_posts(account, [one.post_id]) == laid_out.current_posts(account, [one.post_id])
        shown = replace(one, platform=account.platform, handle=account.handle)
        assert usual.captures(shown) == laid_out.captures(shown) != []
    usual.close()
    laid_out.close()
    assert rows(pair[0]) == rows(pair[1])


def test_none_is_saved_where_one_is_stored_already(pair: Sequence[Path]) -> None:
    store = opened(pair[0])
    store.save_post(HM, POSTS[1])
    before = store.counts()
    with pytest.raises(StoreError):
        store.imports.save_fresh([(HM, [laid(one) for one in POSTS])], RAW)
    assert store.counts() == before
    store.close()


@pytest.mark.parametrize(
    "one",
    [
        post(media=(picture(),), seen_at=NOW),
        post(media=(failed("a"), failed("b")), seen_at=NOW),
        post(media=()),
    ],
)
def test_what_has_to_be_saved_the_usual_way(one: PostVersion) -> None:
    assert fresh(replace(one, seen_at=one.seen_at if one.media else None), [FAILED] * 2, ()) is None


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        fresh(post(media=(), seen_at=datetime(2026, 1, 1)), (), ())  # noqa: DTZ001 - that is the case
