"""HEIF and AVIF keep EXIF and XMP as items beside the picture: `iinf` says what each is, `iloc` where.
ISO/IEC 14496-12, 8.11; ISO/IEC 23008-12, annex A."""

from collections.abc import Iterator

from detector.metadata.boxes import Box, boxes
from detector.metadata.carried import Broken, Gathering
from detector.metadata.tiff import read_exif

XMP_TYPE = b"application/rdf+xml"


def read_items(data: bytes, start: int, end: int, found: Gathering) -> None:
    """`start` is behind the version of `meta`."""
    inner = {box.name: box for box in boxes(data, start, end, found)}
    if b"iinf" not in inner or b"iloc" not in inner:
        return
    wanted = dict(_wanted(data, inner[b"iinf"], found))
    if not wanted:
        return
    idat = inner[b"idat"].start if b"idat" in inner else 0
    for number, body in _bodies(data, inner[b"iloc"], idat, wanted, found):
        if wanted[number] == b"Exif":
            read_exif(exif_body(body), found)
        else:
            found.packet(body)


def exif_body(body: bytes) -> bytes:
    """The four bytes in front say how far the TIFF header is."""
    return body[4 + int.from_bytes(body[:4], "big") :]


def _wanted(data: bytes, box: Box, found: Gathering) -> Iterator[tuple[int, bytes]]:
    """Number and type of the items that hold EXIF or XMP."""
    head = 8 if data[box.start : box.start + 1] > b"\x00" else 6
    for entry in boxes(data, box.start + head, box.end, found):
        version = data[entry.start] if entry.start < entry.end else 0
        if entry.name != b"infe" or version < 2:
            continue
        wide = 4 if version >= 3 else 2
        place = entry.start + 4
        number = int.from_bytes(data[place : place + wide], "big")
        kind = data[place + wide + 2 : place + wide + 6]
        rest = data[place + wide + 6 : entry.end].split(b"\x00")
        if kind == b"Exif" or (kind == b"mime" and XMP_TYPE in rest[1:2]):
            yield number, kind


class _Cursor:
    """Numbers of any width, one after the other."""

    def __init__(self, data: bytes, place: int, end: int) -> None:
        self.data, self.place, self.end = data, place, end

    def take(self, width: int) -> int:
        if self.place + width > self.end:
            raise Broken("the list of items ends early")
        self.place += width
        return int.from_bytes(self.data[self.place - width : self.place], "big")


def _bodies(
    data: bytes, box: Box, idat: int, wanted: dict[int, bytes], found: Gathering
) -> Iterator[tuple[int, bytes]]:
    cursor = _Cursor(data, box.start, box.end)
    version = cursor.take(4) >> 24
    widths = cursor.take(2)
    offset, length, base, index = (widths >> shift & 15 for shift in (12, 8, 4, 0))
    for _ in range(cursor.take(4 if version == 2 else 2)):
        number = cursor.take(4 if version == 2 else 2)
        method = cursor.take(2) & 15 if version else 0
        cursor.take(2)  # data reference
        start = cursor.take(base) + (idat if method == 1 else 0)
        body = bytearray()
        for _ in range(cursor.take(2)):
            found.step()
            cursor.take(index if version else 0)
            first, size = start + cursor.take(offset), cursor.take(length) or len(data)
            if number in wanted and found.room_for(min(size, len(data) - first), "an item"):
                body += data[first : first + size]
        if number in wanted:
            yield number, bytes(body)
