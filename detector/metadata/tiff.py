"""EXIF and TIFF: directories of tags, of which a few are read. TIFF 6.0, section 2; EXIF 2.32, 4.6.

Only the first directory and the EXIF one are looked through; the chain of further ones (a thumbnail, more
pages) is followed without reading, to see that it ends. Every offset is a stranger's.
"""

from collections.abc import Iterator

from detector.metadata import iim
from detector.metadata.carried import (
    ARTIST,
    MAKER_NOTE,
    MODEL,
    SOFTWARE,
    USER_COMMENT,
    Broken,
    Gathering,
)

EXIF_NAME = b"Exif\x00\x00"
POINTERS = frozenset({0x8769, 0x8825, 0x014A, 0xA005})  # to EXIF, GPS, further pictures, interoperability
CREDENTIAL = 0xCD41  # C2PA 2.2, appendix A.3.6
EXIF_DIRECTORY = 0x8769
XMP_TAG, IIM_TAG, PHOTOSHOP_TAG = 700, 33723, 34377  # Adobe TIFF technical notes; XMP specification, part 3
PACKET_TAGS = frozenset({XMP_TAG, IIM_TAG, PHOTOSHOP_TAG})
# ComfyUI counts downwards from Make for what else it writes: DocumentName and the like.
TEXT_TAGS = frozenset({*range(0x010B, MODEL + 1), SOFTWARE, ARTIST, USER_COMMENT, MAKER_NOTE})
MAKER_NOTE_LIMIT = 64  # bytes: Fooocus writes a word there; a camera's note is no text
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 129: 1}
CHARSETS = {b"ASCII\x00\x00\x00", b"UNICODE\x00", b"JIS\x00\x00\x00\x00\x00", bytes(8)}


def read_exif(body: bytes, found: Gathering) -> None:
    """A block of it within another format, with or without its own name in front."""
    try:
        read_tiff(body.removeprefix(EXIF_NAME), found)
    except Broken as broken:
        found.trouble(broken.why, broken.detail)


def read_tiff(data: bytes, found: Gathering, *, packets: bool = False) -> None:
    """`packets`: this is a TIFF file, where XMP and IPTC lie in tags too."""
    order = {b"II": "little", b"MM": "big"}.get(data[:2])
    if order is None or _number(data, 2, 2, order) not in (42, 43):
        raise Broken("the EXIF has no header", repr(data[:8]))
    if _number(data, 2, 2, order) == 43:
        raise Broken("nothing here reads the metadata of BigTIFF")
    first = _number(data, 4, 4, order)
    below = _directory(data, first, order, found, TEXT_TAGS | PACKET_TAGS if packets else TEXT_TAGS)
    if below == first:
        raise Broken("the EXIF goes round in a circle", f"back to offset {below}")
    if below:
        _directory(data, below, order, found, TEXT_TAGS)
    _chain(data, first, order, found)


def size_of_values(data: bytes) -> int:
    """Bytes that all values of all directories come to, overlapping ones counted each; of a broken file,
    those before the break."""
    order, found = "little" if data[:2] == b"II" else "big", Gathering()
    size, seen, waiting = 0, set(), [_number(data, 4, 4, order)]
    try:
        while waiting:
            place = waiting.pop()
            if place in seen or not place:
                continue
            seen.add(place)
            for tag, kind, count, at in _entries(data, place, order):
                found.step()
                size += min(SIZES.get(kind, 1) * count, len(data))
                if tag in POINTERS:
                    waiting.append(_number(data, at, 4, order))
            waiting.append(_number(data, place + 2 + 12 * _number(data, place, 2, order), 4, order))
    except Broken:
        pass
    return size


def _directory(data: bytes, place: int, order: str, found: Gathering, wanted: frozenset[int]) -> int:
    """Keeps what is wanted of it; answers where the EXIF directory is, 0 for nowhere."""
    below = 0
    for tag, kind, count, at in _entries(data, place, order):
        found.step()
        if tag == EXIF_DIRECTORY:
            below = _number(data, at, 4, order)
        elif tag == CREDENTIAL:
            found.credential = True
        elif tag in wanted:
            _keep(tag, _value(data, kind, count, at, order, found), order, found)
    return below


def _entries(data: bytes, place: int, order: str) -> Iterator[tuple[int, int, int, int]]:
    """Tag, type, number of values, and where the value or its offset stands."""
    if place + 2 > len(data):
        raise Broken("the EXIF ends early", f"a directory at offset {place} of {len(data)} bytes")
    for entry in range(_number(data, place, 2, order)):
        at = place + 2 + 12 * entry
        if at + 12 > len(data):
            raise Broken("the EXIF ends early", f"entry {entry} of the directory at offset {place}")
        yield (
            _number(data, at, 2, order),
            _number(data, at + 2, 2, order),
            _number(data, at + 4, 4, order),
            at + 8,
        )


def _value(data: bytes, kind: int, count: int, at: int, order: str, found: Gathering) -> bytes:
    """Empty for one that is not there, or for which there is no room: tags may share their bytes."""
    size = SIZES.get(kind, 1) * count
    place = at if size <= 4 else _number(data, at, 4, order)
    if place + size > len(data):
        found.trouble("the EXIF ends early", f"a value of {size} bytes at offset {place} of {len(data)}")
        return b""
    return data[place : place + size] if found.room_for(size, "an EXIF value") else b""


def _keep(tag: int, raw: bytes, order: str, found: Gathering) -> None:
    if tag == XMP_TAG:
        found.packet(raw)
    elif tag == IIM_TAG:
        iim.read_iim(raw, found)
    elif tag == PHOTOSHOP_TAG:
        iim.read_resources(raw, found)
    elif tag != MAKER_NOTE or len(raw) <= MAKER_NOTE_LIMIT:
        text = _text(raw, order).strip("\x00 ")
        if text and text not in found.exif.get(tag, ()):
            found.exif.setdefault(tag, []).append(text)


def _text(raw: bytes, order: str) -> str:
    """UserComment names its character set first; nearly every writer means something else by it."""
    if raw[:8] not in CHARSETS:
        return _plain(raw)
    return _wide(raw[8:], order) if raw[:8] == b"UNICODE\x00" else _plain(raw[8:])


def _plain(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _wide(raw: bytes, order: str) -> str:
    """UTF-16 in whichever order has its zeros where Latin letters put them; the file's own if neither."""
    high, low = raw[0:400:2].count(0), raw[1:400:2].count(0)
    if high != low:
        order = "big" if high > low else "little"
    return raw.decode("utf-16-be" if order == "big" else "utf-16-le", errors="replace").lstrip("\ufeff")


def _chain(data: bytes, place: int, order: str, found: Gathering) -> None:
    """Directory after directory, each named by the one before."""
    seen: set[int] = set()
    while place:
        found.step()
        if place in seen:
            raise Broken("the EXIF goes round in a circle", f"back to offset {place}")
        seen.add(place)
        place = _number(data, place + 2 + 12 * _number(data, place, 2, order), 4, order)


def _number(data: bytes, place: int, size: int, order: str) -> int:
    return int.from_bytes(data[place : place + size], "little" if order == "little" else "big")
