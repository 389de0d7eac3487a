"""Web archives record by record: posts out of the answers that pages loaded, pictures out of the same file.

An archive is read twice: once for where its pictures and videos are, once for the posts. Nothing is unpacked
but what a post names. A damaged place costs the records up to the next one that can be read.
Source: the WARC format 1.1 (iipc.github.io/warc-specifications), warcio's README (read 2026-11).
"""

import re
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import DecompressingBufferedReader
from warcio.exceptions import ArchiveLoadFailed

from crawler.intake.entries import Entry, Misread, Near, Place, Skipped, Taken
from crawler.intake.finding import documents, objects_in
from crawler.pages import PRIVATE
from crawler.webobjects.every import platform_at
from crawler.webobjects.mapped import NoPost
from storage.crawled import Capture
from storage.errors import CrawlError
from storage.records import Failure, PostVersion

LARGEST_TEXT = 32 * 1024 * 1024  # bytes of a page or an API's answer, unpacked
LARGEST_MEDIA = 512 * 1024 * 1024
MOST_MEDIA = 200_000  # pictures and videos whose place is remembered
LONGEST_HEADER = 4 * 1024 * 1024  # of a record, WARC's and HTTP's together
CHUNK = 256 * 1024
SIZES = ("stp", "name", "format", "size", "width", "height", "w", "h")  # Instagram's, X's, and usual ones
TEXTS = ("json", "html", "javascript", "text/plain")
DAMAGE = (ArchiveLoadFailed, EOFError, OSError, ValueError, KeyError, AttributeError, IndexError, TypeError)
# What other people's pages show of a platform: buttons, embedded posts, measuring. No page of its own.
EMBEDDED = re.compile(r"//[^/]*/(?:v[0-9.]+/)?(?:plugins|tr|dialog|embed|x)\b")
MARKS = (b"\x1f\x8b\x08", b"WARC/1.")  # where a record may begin: a gzip member, a plain record


@dataclass(frozen=True, slots=True)
class Record:
    """An HTTP answer in the archive. `read` gives the body, unpacked, in pieces; once."""

    number: int
    offset: int
    url: str
    at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    kind: str  # media type in lower case
    read: Callable[[int], bytes]
    left: Callable[[], int]  # bytes that the archive states beyond those read: a body that was cut

    def capture(self, who: str, size: int) -> Capture:
        return Capture(self.url, self.url, self.at, self.status, self.headers, "", size, who)


@dataclass(slots=True)
class _Pages:
    """Of one platform in one archive."""

    read: int = 0  # objects that are posts, or were told as none or as not understood
    silent: int = 0  # pages in which nothing was found
    first: str = ""  # of those


@dataclass(slots=True)
class Archive:
    """One WARC file. `name`: within a WACZ. `who`: the signature in its captures."""

    path: Path
    name: str
    who: str
    damaged: list[Misread] = field(default_factory=list)
    _pages: dict[str, _Pages] = field(default_factory=dict)  # by platform
    _cut: set[int] = field(default_factory=set)  # numbers of records that the file ends in
    _media: dict[str, int] = field(default_factory=dict)  # address → where its record begins

    def entries(self, now: datetime, folder: Path) -> Iterator[Entry]:
        """`folder`: for what is taken out on the way."""
        for record in self.records(now):
            picture = record.kind.startswith(("image/", "video/")) and record.status == 200
            if picture and len(self._media) < MOST_MEDIA:
                self._media.setdefault(record.url, record.offset)
                self._media.setdefault(plain_address(record.url), record.offset)
        yield from self.damaged
        self.damaged = []
        for record in self.records(now):
            platform = platform_at(record.url)
            if platform and any(part in record.kind for part in TEXTS):
                yield from self._listened(record, platform, self._posts(record, platform, now, folder))
        yield from self._silent()

    def _listened(self, record: Record, platform: str, entries: Iterator[Entry]) -> Iterator[Entry]:
        """The entries; a page in which nothing was found is one that is told."""
        pages = self._pages.setdefault(platform, _Pages())
        found = 0
        for entry in entries:
            found += 1
            yield entry
        pages.read += found
        if not found and record.status == 200 and "html" in record.kind and not EMBEDDED.search(record.url):
            pages.silent += 1
            pages.first = pages.first or record.url
            yield Skipped(Place(record.number, self.name), record.offset, f"{platform}_page_without_posts")

    def _silent(self) -> Iterator[Entry]:
        """A platform whose pages are all silent was not read: that must not look like an empty archive."""
        for platform, pages in self._pages.items():
            if pages.silent and not pages.read:
                first = pages.first[:500]
                message = f"{platform} pages: {pages.silent}, in none of which a post was found ({first})"
                yield Misread(Place(1, self.name), 0, Failure("pages_not_understood", message, first))

    # --- posts ----------------------------------------------------------------------------------------------

    def _posts(self, record: Record, platform: str, now: datetime, folder: Path) -> Iterator[Entry]:
        place = Place(record.number, self.name)
        try:
            body = whole(record, LARGEST_TEXT)
        except CrawlError as error:
            yield Misread(place, record.offset, error.failure())
            return
        except DAMAGE as error:
            why = Failure("cut_record", f"its body cannot be read to its end: {_in_a_line(error)}")
            yield Misread(place, record.offset, why)
            return
        capture = record.capture(self.who, len(body))
        found_any = False
        for document in documents(body):
            found_any = True
            for reader, one in objects_in(document, platform):
                try:
                    found = reader.read(one, now)
                except CrawlError as error:
                    yield Misread(place, record.offset, error.failure(), body)
                    continue
                except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
                    why = Failure("unexpected_shape", f"{type(error).__name__}: {str(error)[:200]}")
                    yield Misread(place, record.offset, why, body)
                    continue
                if isinstance(found, NoPost):
                    yield Skipped(place, record.offset, found.kind)
                    continue
                post = replace(found.post, seen_at=record.at)
                near = self._near(post, now, folder)
                yield Taken(place, record.offset, post, (capture,), body, found.counts, near, found.owner_id)
        is_json = "json" in record.kind and body.strip() and record.number not in self._cut
        if is_json and not found_any:
            yield Misread(place, record.offset, Failure("not_json", "says to be JSON, and is none"), body)

    def _near(self, post: PostVersion, now: datetime, folder: Path) -> Mapping[int, Near]:
        found: dict[int, Near] = {}
        for item in post.media:
            offset = self._media.get(item.url, self._media.get(plain_address(item.url)))
            if item.url and offset is not None and (near := self._take_out(offset, now, folder)):
                found[item.position] = near
        return found

    def _take_out(self, offset: int, now: datetime, folder: Path) -> Near | None:
        for record in self.records(now, offset):
            with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
                size = 0
                try:
                    while (piece := record.read(CHUNK)) and size <= LARGEST_MEDIA:
                        size += len(piece)
                        file.write(piece)
                except DAMAGE:
                    size = 0
            if record.status == 200 and 0 < size <= LARGEST_MEDIA and record.left() <= 0:
                return Near(Path(file.name), record.capture(self.who, size))
            Path(file.name).unlink()
            return None
        return None

    # --- records --------------------------------------------------------------------------------------------

    def records(self, now: datetime, offset: int = 0) -> Iterator[Record]:
        """HTTP answers from a place on. Damage is noted, and reading goes on at the next record."""
        number = 0
        with self.path.open("rb") as file:
            while True:
                file.seek(offset)
                archive = ArchiveIterator(file)
                archive.INC_RECORD = ""  # it prints that; what comes of it is told by name
                reader = archive.reader = _BoundedReader(file)
                last = None
                try:
                    for last in archive:
                        number += 1
                        if record := _answer(last, number, archive.offset, now):
                            yield record
                    begun = reader.cut or bool(archive.next_line)  # a record of which no header came
                    self._look_at_the_end(last, number, archive.offset, begun=begun)
                    return
                except DAMAGE as error:
                    place = Place(number + 1, self.name)
                    self.damaged.append(Misread(place, offset, _damage(error)))
                onward = _next_record(file, max(offset, archive.offset) + 1)
                if onward is None:
                    return
                offset = onward

    def _look_at_the_end(self, last: Any, number: int, offset: int, *, begun: bool) -> None:
        """What was cut off is told. `begun`: within a record, as the reading of the file says."""
        left = _left(last.raw_stream) if last else 0
        if left <= 0 and not begun:
            return
        short = f"{left} bytes before" if left > 0 else "before"
        self._cut.add(number)
        why = Failure("cut_record", f"the file ends {short} the record does")
        self.damaged.append(Misread(Place(max(number, 1), self.name), offset, why))


class _BoundedReader(DecompressingBufferedReader):  # type: ignore[misc]  # warcio has no types
    """Refuses headers without an end: a gigabyte of them packs into a megabyte. A member that cannot be
    unpacked to its end raises, where warcio takes the file for ended. `cut`: the file ends within one."""

    decompressor: Any

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)
        self._header = 0
        self._fed = False  # the member at hand
        self.cut = False
        self._broken = ""

    def _fillbuff(self, block_size: int | None = None) -> None:
        if self._broken:  # whoever goes on reading must not find an end there
            raise ArchiveLoadFailed(self._broken)
        super()._fillbuff(block_size)

    def _process_read(self, data: bytes) -> None:
        if not data and self._fed and self.decompressor:
            self.cut = self.cut or not self.decompressor.eof
        super()._process_read(data)

    def _init_decomp(self, decomp_type: str) -> None:
        self._fed = False
        super()._init_decomp(decomp_type)

    def _decompress(self, data: bytes) -> bytes:
        if not self.decompressor or not data:
            return data
        first, self._fed = not self._fed, True
        try:
            return bytes(self.decompressor.decompress(data))
        except zlib.error as error:
            if not first:
                self._broken = f"it cannot be unpacked: {error}"
                raise ArchiveLoadFailed(self._broken) from error
            self.decompressor = None  # not packed at all
            return data

    def read(self, length: int | None = None) -> bytes:
        self._header = 0
        return bytes(super().read(length))

    def readline(self, length: int = 0) -> bytes:
        line = bytes(super().readline(min(length or LONGEST_HEADER, LONGEST_HEADER)))
        self._header += len(line)
        if self._header >= LONGEST_HEADER:
            raise ArchiveLoadFailed(f"headers of more than {LONGEST_HEADER} bytes")
        return line


def _answer(record: Any, number: int, offset: int, now: datetime) -> Record | None:
    """None for a request, a revisit, or what is no HTTP."""
    if record.rec_type != "response" or record.http_headers is None:
        return None
    url = str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<> ")
    headers = [(str(name).lower(), str(value)) for name, value in record.http_headers.headers]
    code = str(record.http_headers.get_statuscode() or "")
    kind = next((value for name, value in headers if name == "content-type"), "").lower()
    kept = tuple((name[:200], value[:4000]) for name, value in headers if name not in PRIVATE)
    stream = record.content_stream()
    status = int(code) if code.isdecimal() and len(code) == 3 else 0
    at = _moment(str(record.rec_headers.get_header("WARC-Date") or ""), now)
    raw = record.raw_stream
    return Record(number, offset, url[:8000], at, status, kept, kind, stream.read, lambda: _left(raw))


def _damage(error: Exception) -> Failure:
    said = _in_a_line(error)
    if "non-chunked gzip" in said:
        message = "packed in one piece: unpack it (gunzip) and import what comes out, for all of its records"
        return Failure("packed_in_one", message)
    return Failure("damaged_archive", f"a record that cannot be read: {said}")


def _in_a_line(error: Exception) -> str:
    """Foreign bytes may be in it."""
    words = " ".join(str(error).split())
    return "".join(one if one.isprintable() else "\ufffd" for one in words[:200])


def _left(stream: Any) -> int:
    return int(getattr(stream, "limit", 0))


def _moment(said: str, now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return now
    at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    return min(at, now)


def whole(record: Record, limit: int) -> bytes:
    """Raises CrawlError kind "too_large"."""
    parts: list[bytes] = []
    size = 0
    while piece := record.read(CHUNK):
        parts.append(piece)
        size += len(piece)
        if size > limit:
            raise CrawlError(f"a body of more than {limit} bytes", kind="too_large", where=record.url[:500])
    return b"".join(parts)


def plain_address(url: str) -> str:
    """Host, path and size: a page may name a picture with another signature than it was asked with, and a
    thumbnail of it is another picture."""
    try:
        parts = urlsplit(url)
        sizes = sorted(pair for pair in parse_qsl(parts.query) if pair[0] in SIZES)
    except ValueError:
        return url
    return f"{parts.netloc}{parts.path}?{urlencode(sizes)}"


def _next_record(file: IO[bytes], offset: int) -> int | None:
    """Where the next one may begin, from a place on; None at the end."""
    file.seek(offset)
    before = b""
    while piece := file.read(CHUNK):
        window = before + piece
        found = [place for mark in MARKS if (place := window.find(mark)) >= 0]
        if found:
            return offset - len(before) + min(found)
        offset += len(piece)
        before = window[-8:]
    return None
