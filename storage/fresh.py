"""A post that is new, as the rows it becomes on SQLite: laid out before the database is asked, in any
process.

What the tables' column types make of a record is made by hand here, as the driver takes it; a test holds both
ways side by side. Nothing of SQLAlchemy is loaded: that takes longer than reading a thousand posts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

from storage.crawled import Capture, capture_digest
from storage.documents import failure_document, tag_document
from storage.records import Failure, MediaItem, PostVersion
from storage.shelves.sameness import content
from storage.text import clean, dump_json, key

Values = tuple[Any, ...]

_BYTES, _PLACE = attrgetter("sha256"), attrgetter("position")

# Which columns the values are of.
POST = ("key", "post_id", "url", "revision", "posted_at", "first_seen")
VERSION = (
    *("number", "current", "seen_at", "content", "read", "url", "posted_at", "text", "hashtags"),
    *("content_warning", "platform_tag", "revision", "problems"),
)
ITEM = (
    *("position", "current", "judged", "basis", "look", "kind", "url", "native_id", "native_key", "alt"),
    *("claimed_type", "format", "size", "failure"),
)
CAPTURE = ("digest", "url_asked", "url_final", "at", "status", "headers", "sha256", "size", "spider")


@dataclass(frozen=True, slots=True)
class Fresh:
    """The first version of a post of which no medium has bytes; but for the retrievals behind it and the raw
    form that is kept."""

    post: Values
    version: Values
    items: tuple[Values, ...]


def fresh(post: PostVersion, failures: Sequence[Failure | None]) -> Fresh | None:
    """None where it has to be saved the usual way: a medium has bytes, nobody says when it was seen, or its
    positions are for the store to refuse. `failures`: of each medium in its place, whatever the medium itself
    says."""
    if post.seen_at is None or any(map(_BYTES, post.media)):
        return None
    if len(set(map(_PLACE, post.media))) < len(post.media):
        return None
    url, revision, posted_at = clean(post.url), clean(post.revision), _time(post.posted_at)
    seen_at = _time(post.seen_at)
    version = (
        1,
        1,
        seen_at,
        content(post),
        "",
        url,
        posted_at,
        clean(post.text),
        dump_json(post.hashtags),
        None if post.content_warning is None else clean(post.content_warning),
        dump_json(tag_document(post.platform_tag)),
        revision,
        dump_json([failure_document(problem) for problem in post.problems]),
    )
    return Fresh(
        (key(post.post_id), clean(post.post_id), url, revision, posted_at, seen_at),
        version,
        tuple(sorted(map(_item, post.media, failures))),
    )


def _item(item: MediaItem, failure: Failure | None) -> Values:
    return (
        item.position,
        1,
        "",
        0,
        0,
        item.kind.value,
        clean(item.url),
        clean(item.native_id),
        key(item.native_id),
        None if item.alt is None else clean(item.alt),
        clean(item.claimed_type),
        clean(item.format),
        item.size,
        None if failure is None else dump_json(failure_document(failure)),
    )


def laid_out(one: Capture, raw_sha256: str) -> Values:
    """A retrieval, by CAPTURE; of the raw form where it names no bytes itself."""
    return (
        capture_digest(one, raw_sha256),
        clean(one.url_asked),
        clean(one.url_final),
        _time(one.at),
        one.status,
        dump_json(one.headers),
        one.sha256 or raw_sha256,
        one.size,
        clean(one.spider),
    )


def _time(moment: datetime | None) -> str | None:
    """Naive UTC, as SQLAlchemy writes it for SQLite."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError(f"a time without a time zone reached the store: {moment!r}")
    return moment.astimezone(UTC).isoformat(" ", "microseconds")[:26]
