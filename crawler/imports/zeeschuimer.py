"""Zeeschuimer's NDJSON: what a browser add-on saw while somebody looked at a platform's pages.

A line an object: `item_id, nav_index, timestamp_collected (ms), source_platform, source_platform_url,
source_url, user_agent, data`, where `data` is the platform's own object. 4CAT writes the same with `data`'s
fields at the top and the rest under `__import_meta`.

Source: Zeeschuimer's js/zs-background.js and popup/interface.js (read 2026-11). `user_agent` belongs to the
person who looked: it stays in the kept file and goes nowhere else.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path

from crawler.intake.entries import Entry, Misread, Place, Skipped, Taken
from crawler.intake.lines import Line, lines_of, read_object, told_of_bytes
from crawler.intake.retrievals import brought, moment, signature
from crawler.webobjects.every import READERS, platform_at, reader_for
from crawler.webobjects.mapped import NoPost
from crawler.wild_json import text_at
from storage.errors import CrawlError, IntakeError
from storage.records import Failure
from storage.replacing import replace

PLATFORMS = tuple(READERS)
VERSION = "1"
WHOLE = True
LOOKED_AT = 20  # lines until the format is told
SIGNATURE = signature("zeeschuimer", VERSION)


def recognise(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        return any(_is_ours(line) for line in islice(lines_of(path), LOOKED_AT))
    except IntakeError:
        return False


def _is_ours(line: Line) -> bool:
    try:
        one = read_object(line.data)
    except CrawlError:
        return False
    return isinstance(one, dict) and _parts(one) is not None


def total(path: Path) -> int:
    """Bytes."""
    return path.stat().st_size


def read(path: Path, now: datetime, room: Path) -> Iterator[Entry]:
    """Raises IntakeError kind "not_readable"."""
    for line in lines_of(path):
        yield _entry(line, now)


def _entry(line: Line, now: datetime) -> Entry:
    place, done = Place(line.number, "", line.offset, line.length), line.offset + line.length
    try:
        if line.too_long:
            raise CrawlError(f"a line of {line.length} bytes", kind="line_too_long")
        return _read(read_object(line.data), line.data, place, done, now)
    except CrawlError as error:
        return Misread(place, done, error.failure())
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        why = f"{type(error).__name__}: {str(error)[:200]}"  # a shape that nobody thought of
        return Misread(place, done, Failure("unexpected_shape", why))


def _read(one: object, data: bytes, place: Place, done: int, now: datetime) -> Entry:
    parts = _parts(one) if isinstance(one, dict) else None
    if parts is None:
        raise CrawlError("no line of Zeeschuimer's: no source_platform and data", kind="wrong_shape")
    meta, raw = parts
    page, url = text_at(meta, "source_platform_url"), text_at(meta, "source_url")
    named = text_at(meta, "source_platform")
    reader = reader_for(named) or READERS.get(platform_at(page))
    if reader is None:
        raise CrawlError(f"no platform that we read: {named[:80]!r}", kind="unknown_platform")
    found = reader.read(raw, now)
    if isinstance(found, NoPost):
        return Skipped(place, done, found.kind)
    at = moment(meta.get("last_updated"), now) or moment(meta.get("timestamp_collected"), now)
    post = told_of_bytes(replace(found.post, seen_at=at or now), data)
    if at is None:
        why = Failure("no_capture_time", "the line does not say when it was captured", post.post_id)
        post = replace(post, problems=(*post.problems, why))
    capture = brought(url, page, at or now, place, SIGNATURE)
    return Taken(place, done, post, (capture,), counts=found.counts, owner_id=found.owner_id)


def _parts(one: Mapping[str, object]) -> tuple[Mapping[str, object], object] | None:
    """(what the add-on says, the platform's object); None for another file's line."""
    meta = one.get("__import_meta")
    if isinstance(meta, dict) and "source_platform" in meta:
        return meta, {name: value for name, value in one.items() if name != "__import_meta"}
    if "source_platform" in one and "data" in one:
        return one, one["data"]
    return None
