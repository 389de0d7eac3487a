"""XMP packets out of a file, from where each format keeps them. Bytes in, packets out; nothing is believed of
them yet.

JPEG and PNG are taken apart, since there a packet may be split or compressed, and since a picture may hold
others' (a preview, an ingredient's). WebP has its chunk. The other formats keep it in one piece, which is
looked for.
"""

import zlib
from collections.abc import Iterator

from storage.errors import PictureError

PACKET_LIMIT = 16 * 1024 * 1024  # bytes; extended XMP may carry a depth map, nothing honest is larger
JPEG_MAIN = b"http://ns.adobe.com/xap/1.0/\x00"
JPEG_MORE = b"http://ns.adobe.com/xmp/extension/\x00"
MORE_HEADER = (
    32 + 4 + 4
)  # digest of the whole, its length, this part's offset (XMP specification, part 3, 1.1.3.1)
PNG_KEYWORD = b"XML:com.adobe.xmp\x00"
WHOLE_PIECE = frozenset({"gif", "tiff", "avif", "heic", "mp4", "mov"})
OPENINGS = ((b"<x:xmpmeta", b"</x:xmpmeta>"), (b"<rdf:RDF", b"</rdf:RDF>"))


def packets(data: bytes, format_name: str) -> Iterator[bytes]:
    """Raises PictureError (kind "xmp_too_large", "xmp_broken") where there is one that cannot be had."""
    if format_name == "jpeg":
        yield from _of_jpeg(data)
    elif format_name == "png":
        yield from _of_png(data)
    elif format_name == "webp":
        yield from _of_webp(data)
    elif format_name in WHOLE_PIECE:
        yield from _of_one_piece(data)


def _of_jpeg(data: bytes) -> Iterator[bytes]:
    """The main packet, and the extended one put together by the offsets that its parts name."""
    parts: dict[bytes, dict[int, bytes]] = {}
    for segment in _segments(data):
        if segment.startswith(JPEG_MAIN):
            yield segment[len(JPEG_MAIN) :]
        elif segment.startswith(JPEG_MORE) and len(segment) >= len(JPEG_MORE) + MORE_HEADER:
            head = segment[len(JPEG_MORE) : len(JPEG_MORE) + MORE_HEADER]
            offset = int.from_bytes(head[36:40])
            parts.setdefault(head[:32], {})[offset] = segment[len(JPEG_MORE) + MORE_HEADER :]
    for pieces in parts.values():
        yield _joined(pieces)


def _joined(pieces: dict[int, bytes]) -> bytes:
    whole = bytearray()
    for offset, piece in sorted(pieces.items()):
        if offset != len(whole):
            raise PictureError("a part of the extended XMP is missing", kind="xmp_broken")
        whole += piece
    return bytes(whole)


def _segments(data: bytes) -> Iterator[bytes]:
    """The APP1 segments before the picture data."""
    place = 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker == 0xFF:  # padding
            place += 1
            continue
        if marker in (0xDA, 0xD9):
            return
        if marker == 0x01 or 0xD0 <= marker <= 0xD8:
            place += 2
            continue
        length = int.from_bytes(data[place + 2 : place + 4])
        if marker == 0xE1:
            yield data[place + 4 : place + 2 + length]
        place += 2 + max(2, length)


def _of_png(data: bytes) -> Iterator[bytes]:
    place = 8
    while place + 12 <= len(data):
        length = int.from_bytes(data[place : place + 4])
        body = data[place + 8 : place + 8 + length] if data[place + 4 : place + 8] == b"iTXt" else b""
        if body.startswith(PNG_KEYWORD) and len(body) > len(PNG_KEYWORD) + 2:
            yield _text_of(body[len(PNG_KEYWORD) :])
        place += 12 + length


def _text_of(rest: bytes) -> bytes:
    """After the keyword: compressed or not, method, language, translated keyword, text (PNG specification,
    11.3.4.5)."""
    compressed = rest[0] == 1
    text = rest[2:].partition(b"\x00")[2].partition(b"\x00")[2]
    if not compressed:
        return text
    try:
        unpacker = zlib.decompressobj()
        unpacked = unpacker.decompress(text, PACKET_LIMIT + 1)
    except zlib.error as error:
        raise PictureError(f"the XMP cannot be unpacked: {error}", kind="xmp_broken") from error
    return unpacked


def _of_webp(data: bytes) -> Iterator[bytes]:
    place = 12
    while place + 8 <= len(data):
        length = int.from_bytes(data[place + 4 : place + 8], "little")
        if data[place : place + 4] == b"XMP ":
            yield data[place + 8 : place + 8 + length]
        place += 8 + length + length % 2


def _of_one_piece(data: bytes) -> Iterator[bytes]:
    for opening, closing in OPENINGS:
        start = data.find(opening)
        while start >= 0:
            end = data.find(closing, start)
            if end < 0:
                raise PictureError("an XMP packet does not end", kind="xmp_broken")
            yield data[start : end + len(closing)]
            start = data.find(opening, end)
        if opening in data:
            return
