"""A zip whose end is missing: its directory is lost, and what is before the cut is read file by file.

Each file in a zip has a header of its own. Where that does not say how long the file is (it was written as a
stream), a packed one ends where its packing does, and another before the mark that follows a stream.
Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3.7 to 4.3.9 (read 2026-11).
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from crawler.intake.archives import HIGHEST_RATIO, LARGEST_MEMBER, MOST_MEMBERS, RATIO_FROM
from storage.errors import CrawlError

HEADER = struct.Struct("<4s5H3L2H")  # signature, versions, flags, method, time, date, CRC, sizes, two lengths
BEGIN, DIRECTORY, AFTER = b"PK\3\4", b"PK\1\2", b"PK\7\x08"
STREAMED, ENCRYPTED = 1 << 3, 1
STORED, DEFLATED = 0, 8
UNKNOWN = 0xFFFFFFFF  # of a size: it stands in the extra field, which is not read here
CHUNK = 256 * 1024
LONGEST_NAME = 1000


@dataclass(frozen=True, slots=True)
class Piece:
    """A file in the zip, written out as far as it is there."""

    name: str
    whole: bool


def pieces(path: Path, wanted: tuple[str, ...], to: Path) -> Iterator[Piece]:
    """One after the other, those with a wanted ending written to `to`; the last one may be cut. Raises
    CrawlError kind "bad_archive", "bomb" or "too_many_files", OSError."""
    with path.open("rb") as file:
        for _ in range(MOST_MEMBERS):
            head = file.read(HEADER.size)
            if len(head) < HEADER.size or not head.startswith(BEGIN):
                if head.startswith(BEGIN):
                    yield Piece("the header of a file", whole=False)
                return
            _, _, flags, method, _, _, _, packed, _, named, extra = HEADER.unpack(head)
            name = file.read(named).decode("utf-8", "replace")[:LONGEST_NAME]
            file.seek(extra, 1)
            if flags & ENCRYPTED or method not in (STORED, DEFLATED):
                raise CrawlError(f"{name!r} cannot be unpacked", kind="bad_archive", where=name)
            size = None if flags & STREAMED or packed == UNKNOWN else packed
            with to.open("wb") as out:
                shown = out if name.endswith(wanted) else None
                whole = (_inflate if method == DEFLATED else _copy)(file, size, shown)
            yield Piece(name, whole)
            if not whole:
                return
            if flags & STREAMED:
                _pass_descriptor(file)
    raise CrawlError(f"more than {MOST_MEMBERS} files", kind="too_many_files")


def _copy(file: IO[bytes], size: int | None, out: IO[bytes] | None) -> bool:
    if size is None:
        size = _streamed(file)
    left = size if size is not None else LARGEST_MEMBER
    while left and (piece := file.read(min(CHUNK, left))):
        left -= len(piece)
        if out:
            out.write(piece)
    return size is not None and not left


def _streamed(file: IO[bytes]) -> int | None:
    """How long the file at hand is; None where it goes on to the cut. The mark is believed where the length
    behind it is that of what stands before it."""
    begin = file.tell()
    before, offset = b"", begin
    try:
        while piece := file.read(CHUNK):
            window, start = before + piece, offset - len(before)
            place = window.find(AFTER)
            while place >= 0 and place + 16 <= len(window):
                size = start + place - begin
                if int.from_bytes(window[place + 8 : place + 12], "little") == size & UNKNOWN:
                    return size
                place = window.find(AFTER, place + 1)
            offset += len(piece)
            before = window[-15:]
        return None
    finally:
        file.seek(begin)


def _inflate(file: IO[bytes], size: int | None, out: IO[bytes] | None) -> bool:
    """Raises CrawlError kind "bad_archive" or "bomb"."""
    decoder = zlib.decompressobj(-zlib.MAX_WBITS)
    begin, made = file.tell(), 0
    while not decoder.eof:
        piece = decoder.unconsumed_tail or file.read(CHUNK)
        if not piece:
            return False
        try:
            plain = decoder.decompress(piece, CHUNK)
        except zlib.error as error:
            raise CrawlError(f"cannot be unpacked: {error}", kind="bad_archive") from error
        made += len(plain)
        if made > min(LARGEST_MEMBER, max(RATIO_FROM, HIGHEST_RATIO * (file.tell() - begin))):
            raise CrawlError(f"unpacks to more than {made} bytes", kind="bomb")
        if out:
            out.write(plain)
    file.seek(begin + size if size is not None else file.tell() - len(decoder.unused_data))
    return True


def _pass_descriptor(file: IO[bytes]) -> None:
    """With the mark or without it, the sizes of four bytes or of eight: up to what follows."""
    begin = file.tell()
    ahead = file.read(28)
    for length in (16, 24, 12, 20):
        if ahead[length : length + 4] in (BEGIN, DIRECTORY):
            file.seek(begin + length)
            return
    file.seek(begin + len(ahead))
