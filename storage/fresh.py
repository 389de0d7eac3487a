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

import orjson

from storage.crawled import Capture, around_the_bytes
from storage.documents import failure, failure_document, failures, tag, tag_document
from storage.records import Failure, MediaItem, MediaKind, PostVersion
from storage.shelves.sameness import content
from storage.text import clean, digest_of, dump_json, key, told_apart

Values = tuple[Any, ...]

_UTC, _NONE = "+00:00", "[]"
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


@dataclass(slots=True)
class LaidCapture:
    """A retrieval: its row's values before and after the name of its bytes, and what its digest is of before
    and after that."""

    digested_before: bytes
    digested_after: bytes
    before: Values
    sha256: str
    after: Values


@dataclass(slots=True)
class Fresh:
    """The first version of a post of which no medium has bytes, and the retrievals behind it; but for the raw
    form that is kept."""

    post: Values
    version: Values
    items: tuple[Values, ...]
    captures: tuple[LaidCapture, ...]


def fresh(post: PostVersion, failures: Sequence[Failure | None], captures: Sequence[Capture]) -> Fresh | None:
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
        dump_json(post.hashtags) if post.hashtags else _NONE,
        None if post.content_warning is None else clean(post.content_warning),
        dump_json(tag_document(post.platform_tag)),
        revision,
        dump_json([failure_document(problem) for problem in post.problems]) if post.problems else _NONE,
    )
    return Fresh(
        (key(post.post_id), clean(post.post_id), url, revision, posted_at, seen_at),
        version,
        tuple(sorted(map(_item, post.media, failures))),
        tuple(map(_laid, captures)),
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
        key(item.native_id) if item.native_id else "",
        None if item.alt is None else clean(item.alt),
        clean(item.claimed_type),
        clean(item.format),
        item.size,
        None if failure is None else dump_json(failure_document(failure)),
    )


def _laid(one: Capture) -> LaidCapture:
    before, after = around_the_bytes(one)
    return LaidCapture(
        told_apart(before),
        told_apart(after),
        (clean(one.url_asked), clean(one.url_final), _time(one.at), one.status, dump_json(one.headers)),
        one.sha256,
        (one.size, clean(one.spider)),
    )


def capture_row(one: LaidCapture, raw_sha256: str) -> Values:
    """By CAPTURE; of the raw form where the retrieval names no bytes itself."""
    sha256 = one.sha256 or raw_sha256
    digest = digest_of(one.digested_before + told_apart((sha256,)) + one.digested_after)
    return (digest, *one.before, sha256, *one.after)


def post_of(laid: Fresh, platform: str, handle: str) -> PostVersion:
    """What was laid out as a record again: its texts clean, its media with the failures that were given."""
    _, post_id, url, revision, posted_at, seen_at = laid.post
    _, _, _, _, _, _, _, text, hashtags, content_warning, tag_text, _, problems = laid.version
    return PostVersion(
        platform,
        handle,
        post_id,
        url,
        _moment(posted_at),
        text,
        tag(orjson.loads(tag_text)),
        tuple(map(_item_of, laid.items)),
        tuple(orjson.loads(hashtags)),
        content_warning,
        revision,
        _moment(seen_at),
        problems=failures(orjson.loads(problems)),
    )


def _item_of(values: Values) -> MediaItem:
    position, _, _, _, _, kind, url, native_id, _, alt, claimed_type, form, size, failed = values
    why = failed and failure(orjson.loads(failed))
    return MediaItem(position, MediaKind(kind), url, native_id, alt, claimed_type, "", form, size, why)


def capture_of(one: LaidCapture) -> Capture:
    url_asked, url_final, at, status, headers = one.before
    pairs = tuple((name, value) for name, value in orjson.loads(headers))
    return Capture(
        url_asked, url_final, datetime.fromisoformat(at + _UTC), status, pairs, one.sha256, *one.after
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text + _UTC)


def _time(moment: datetime | None) -> str | None:
    """Naive UTC, as SQLAlchemy writes it for SQLite."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError(f"a time without a time zone reached the store: {moment!r}")
    plain = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return plain.isoformat(" ", "microseconds")[:26]
