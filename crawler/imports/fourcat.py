"""4CAT's CSV files, and Zeeschuimer's own .csv, which has the same columns.

A row a post, flattened: no label fields, no alt texts, and media as lists of addresses. The platform is told
by the post's own address, so a file may hold several. Where there is the NDJSON behind it, import that. One
that a spreadsheet saved again has semicolons or tabs between its columns.

Source: 4CAT's datasources/*/search_*.py, map_item (which columns there are; read 2026-11).
"""

import csv
import io
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from crawler.intake.entries import Entry, Misread, Place, Skipped, Taken
from crawler.intake.lines import REPLACED, is_utf8, told_of_bytes
from crawler.intake.retrievals import brought, moment, signature
from crawler.webobjects.every import platform_at
from crawler.webobjects.facebook import named_at
from crawler.webobjects.mapped import Notes, needed, owner_in, unreadable
from storage.errors import CrawlError, IntakeError
from storage.records import Failure, MediaItem, MediaKind, PostVersion

PLATFORMS = ("instagram", "tiktok", "x", "threads", "linkedin", "pinterest", "facebook")
VERSION = "1"
WHOLE = True
SIGNATURE = signature("fourcat", VERSION)
NEEDED = frozenset({"id", "body"})  # every datasource's columns have these …
MARKS = frozenset({"thread_id", "timestamp", "unix_timestamp", "collected_from_url", "post_source_domain"})
HEAD = 64 * 1024
SEPARATORS = (",", ";", "\t")
MOST_LINES = 2000  # of one row: captions have line breaks, not that many
LONGEST_FIELD = 32 * 1024 * 1024  # characters
ADDRESSES = ("tiktok_url", "post_url", "url", "link")  # columns that hold the post's own address
PICTURES = ("image_urls", "image_url", "images")
VIDEOS = ("video_url", "videos")
COUNTS = ("num_likes", "likes", "like_count", "num_comments", "comments")
READ = frozenset(
    {
        *("id", "body", "subject", "author", "author_url", "unix_timestamp", "timestamp", "media_urls"),
        *("media_type", "thumbnail_url", "collected_from_url", "unix_timestamp_collected"),
        *("is_ad", "is_promoted", "is_retweet", "page_id", *ADDRESSES, *PICTURES, *VIDEOS, *COUNTS),
    }
)
NEXT_URL = re.compile(r",(?=https?://)")  # addresses may hold commas
NUMBER = re.compile(r"-?[0-9]{1,15}")
AUTHOR_KINDS = re.compile(r"linkedin\.com/((?:company|in|school|showcase)/[^/?#]{1,200})")


def recognise(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        return False
    if b"\0" in head[:1024] or head[:1] in (b"{", b"["):
        return False
    return bool(_between(head))


def _between(head: bytes) -> str:
    """What stands between the columns: a comma, as 4CAT writes it, or what a spreadsheet saved instead. ""
    where the first row is not a header of 4CAT's under any of them."""
    for sign in SEPARATORS:
        try:
            header = next(csv.reader(io.StringIO(head.decode("utf-8-sig", "replace")), delimiter=sign), [])
        except csv.Error:
            continue
        columns = set(header)
        if columns >= NEEDED and len(columns & MARKS) >= 2:
            return sign
    return ""


def total(path: Path) -> int:
    """Bytes."""
    return path.stat().st_size


def read(path: Path, now: datetime, room: Path) -> Iterator[Entry]:
    """Raises IntakeError kind "not_readable", or "bad_header": a column that is read stands there twice."""
    limit = csv.field_size_limit(LONGEST_FIELD)
    try:
        with path.open("rb") as file:
            sign = _between(file.read(HEAD)) or SEPARATORS[0]
            file.seek(0)
            yield from _rows(file, sign, now)
    except OSError as error:
        raise IntakeError(f"{path}: cannot be read: {error}", kind="not_readable", where=str(path)) from error
    finally:
        csv.field_size_limit(limit)


def _rows(file: BinaryIO, sign: str, now: datetime) -> Iterator[Entry]:
    """A row that csv refuses, or that has too few cells because a quote in it was never closed, costs its
    first line: reading goes on at the next."""
    lines = _Lines(file)
    columns = next(csv.reader(lines, delimiter=sign), [])
    if twice := {name for name in READ if columns.count(name) > 1}:
        message = f"columns that stand there twice: {', '.join(sorted(twice))}"
        raise IntakeError(message, kind="bad_header")
    while True:
        line = lines.begin()
        try:
            cells = next(csv.reader(lines, delimiter=sign, strict=True))
        except StopIteration:
            return
        except csv.Error as error:
            lines.again()
            yield Misread(Place(line), file.tell(), Failure("bad_csv", str(error)[:200]))
            continue
        if len(cells) != len(columns):
            lines.again()
        if any(cells):
            entry = _entry(columns, cells, Place(line), file.tell(), now)
            if isinstance(entry, Taken) and lines.replaced:
                entry = replace(entry, post=told_of_bytes(entry.post, lines.replaced))
            yield entry


class _Lines(Iterator[str]):
    """The lines of a file, those of the row at hand kept, so that all but its first can be read again."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._ahead: deque[str] = deque()
        self._row: list[str] = []
        self._strange: dict[str, bytes] = {}  # lines that are no UTF-8, as long as they may be read again
        self._number = 1  # of the row's first line

    def begin(self) -> int:
        """Number of the line at which the next row begins."""
        self._number += len(self._row)
        self._row = []
        if not self._ahead:
            self._strange = {}
        return self._number

    @property
    def replaced(self) -> bytes:
        """Of the row at hand: its lines that are no UTF-8."""
        return b"".join(self._strange[line] for line in self._row if line in self._strange)

    def again(self) -> None:
        self._ahead.extendleft(reversed(self._row[1:]))
        del self._row[1:]

    def __next__(self) -> str:
        if len(self._row) >= MOST_LINES:
            raise csv.Error(f"a row of more than {MOST_LINES} lines: a quote in it was not closed")
        line = self._ahead.popleft() if self._ahead else self._read()
        self._row.append(line)
        return line

    def _read(self) -> str:
        piece = self._file.readline(LONGEST_FIELD)
        if not piece:
            raise StopIteration
        line = piece.decode("utf-8", "replace").replace("\0", "").lstrip("\ufeff")
        if REPLACED in line and not is_utf8(piece):
            self._strange[line] = piece
        return line


def _entry(columns: list[str], cells: list[str], place: Place, done: int, now: datetime) -> Entry:
    try:
        if len(cells) != len(columns):
            message = f"{len(cells)} cells under {len(columns)} columns"
            raise CrawlError(message, kind="cut_row")
        return _read(dict(zip(columns, cells, strict=True)), place, done, now)
    except CrawlError as error:
        return Misread(place, done, error.failure())
    except (ValueError, TypeError, OverflowError) as error:
        why = f"{type(error).__name__}: {str(error)[:200]}"
        return Misread(place, done, Failure("unexpected_shape", why))


def _read(row: Mapping[str, str], place: Place, done: int, now: datetime) -> Entry:
    if row.get("is_ad") == "yes" or row.get("is_promoted") == "yes":
        return Skipped(place, done, "advertisement")
    if row.get("is_retweet") == "yes":
        return Skipped(place, done, "repost")
    url = next((row[name] for name in ADDRESSES if platform_at(row.get(name, ""))), "")
    platform = platform_at(url)
    if not platform:
        raise CrawlError(
            "no column holds the address of a post on a platform we read", kind="unknown_platform"
        )
    named = needed(row.get("id", "").strip(), "an id")
    post_id = f"urn:li:activity:{named}" if platform == "linkedin" and named.isdecimal() else named
    notes = Notes(post_id, now)
    parts = (
        (row.get("subject", ""), row.get("body", "")) if platform == "pinterest" else (row.get("body", ""),)
    )
    post = PostVersion(
        platform=platform,
        handle=needed(_author(row, platform), "an author's name", post_id),
        post_id=post_id,
        url=url,
        posted_at=_posted(row, notes),
        text="\n\n".join(part for part in parts if part),
        platform_tag=unreadable("4CAT CSV", "", "not exposed: the table has no column for a label"),
        media=tuple(_no_page(item, post_id) for item in _media(row)),
    )
    at = _collected(row, now)
    if at is None:
        notes.note(
            "no_capture_time", "the table does not say when it was captured: the time of import stands"
        )
    post = replace(post, seen_at=at or now, problems=tuple(notes.problems))
    page = row.get("collected_from_url", "")
    counts = {name: int(row[name]) for name in COUNTS if NUMBER.fullmatch(row.get(name, ""))}
    capture = brought(url, page, at or now, place, SIGNATURE)
    return Taken(place, done, post, (capture,), counts=counts, owner_id=owner_in(row, ("page_id",)))


def _author(row: Mapping[str, str], platform: str) -> str:
    if platform == "linkedin" and (found := AUTHOR_KINDS.search(row.get("author_url", ""))):
        return found[1]
    if platform == "facebook":
        return named_at(f"/{row.get('author', '').strip()}") or row.get("page_id", "").strip()
    return row.get("author", "").strip().lstrip("@")


def _posted(row: Mapping[str, str], notes: Notes) -> datetime | None:
    """`unix_timestamp` is exact; `timestamp` of some versions is local time of the machine that wrote it."""
    if row.get("unix_timestamp", "").strip():
        return notes.moment(row["unix_timestamp"].strip())
    said = row.get("timestamp", "").strip()
    if not said:
        return None
    try:
        read_ = datetime.fromisoformat(said)
    except ValueError:
        notes.note("bad_date", f"cannot be read as a time: {said[:80]!r}")
        return None
    return notes.believed(read_ if read_.tzinfo else read_.replace(tzinfo=UTC))


def _collected(row: Mapping[str, str], now: datetime) -> datetime | None:
    said = row.get("unix_timestamp_collected", "").strip()
    return moment(int(said), now) if NUMBER.fullmatch(said) else None


def _media(row: Mapping[str, str]) -> Iterator[MediaItem]:
    """Pictures and videos in their columns' order. Instagram's `media_urls` holds both, slide by slide,
    as far as each has a file; `media_type` says whether the post is a video."""
    kind = row.get("media_type", "")
    listed = _urls(row.get("media_urls", ""))
    if listed:
        for position, url in enumerate(listed):
            moving = kind == "video" or ".mp4" in url
            yield MediaItem(position, MediaKind.VIDEO if moving else MediaKind.PICTURE, url)
        return
    videos = [url for name in VIDEOS for url in _urls(row.get(name, ""))]
    pictures = [url for name in PICTURES for url in _urls(row.get(name, ""))]
    pictures += _urls(row.get("thumbnail_url", "")) if videos and not pictures else []
    for position, url in enumerate([*videos, *pictures]):
        yield MediaItem(position, MediaKind.VIDEO if position < len(videos) else MediaKind.PICTURE, url)


def _no_page(item: MediaItem, post_id: str) -> MediaItem:
    """Of Facebook a table names the page that shows a picture, and no file."""
    if platform_at(item.url) != "facebook":
        return item
    message = f"the table names no file, but its page: {item.url}"
    why = Failure("no_media_url", message, f"{post_id} #{item.position}")
    return replace(item, url="", failure=why)


def _urls(cell: str) -> list[str]:
    return [url.strip() for url in NEXT_URL.split(cell) if url.strip()]
