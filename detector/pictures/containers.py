"""What a video's container says of itself, read without FFmpeg: cut short, encrypted, sound alone."""

import re
from collections.abc import Iterator

_SEGMENT = b"\x18\x53\x80\x67"  # RFC 9559, 5.1
_STSD_ENTRY = 16  # ISO/IEC 14496-12, 8.5.2: from the box's name to the first entry's, 4+4+4+4 bytes
_ENCRYPTED_VIDEO = b"encv"  # ISO/IEC 14496-12, 8.12
_CONTENT_ENCRYPTION = b"\x50\x35"  # RFC 9559, 5.1.4.1.31.8, within ContentEncodings
_CONTENT_ENCODINGS = b"\x6d\x80"  # RFC 9559, 5.1.4.1.31
_TRACKS_WITHIN = 64 * 1024  # bytes from the start: where Matroska writers put the tracks


def cut_off(data: bytes, format_name: str) -> bool:
    """The container announces more bytes than there are. False where it announces nothing."""
    if format_name in {"mp4", "mov"}:
        return any(end > len(data) for _, _, end in _boxes(data))
    if format_name == "avi":  # Microsoft RIFF; a size of zero was never filled in
        return len(data) < 8 + int.from_bytes(data[4:8], "little")
    if format_name in {"webm", "mkv"}:
        return _segment_end(data) > len(data)
    return False


def encrypted(data: bytes, format_name: str) -> bool:
    """By the container's own word: FFmpeg would decode noise."""
    if format_name in {"mp4", "mov"}:
        return any(
            movie[found.start() + _STSD_ENTRY :][:4] == _ENCRYPTED_VIDEO
            for movie in _movies(data)
            for found in re.finditer(b"stsd", movie)
        )
    if format_name in {"webm", "mkv"}:
        head = data[:_TRACKS_WITHIN]
        place = head.find(_CONTENT_ENCODINGS)
        return place >= 0 and _CONTENT_ENCRYPTION in head[place : place + 64]
    return False


def without_pictures(data: bytes, format_name: str) -> bool:
    """The container names its tracks, and none of them is of pictures."""
    if format_name in {"mp4", "mov"}:
        movies = list(_movies(data))
        return bool(movies) and not any(b"vide" in movie for movie in movies)
    return format_name == "ogg" and b"theora" not in data[:4096]


def _boxes(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, start of the content and end of each outermost box (ISO/IEC 14496-12, 4.2); stops at nonsense."""
    place = 0
    while place + 8 <= len(data):
        size, name, head = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8], 8
        if size == 1:
            size, head = int.from_bytes(data[place + 8 : place + 16], "big"), 16
        elif size == 0:
            size = len(data) - place
        if size < head:
            return
        yield name, place + head, place + size
        place += size


def _movies(data: bytes) -> Iterator[bytes]:
    """The content of each `moov`: where tracks are described."""
    for name, start, end in _boxes(data):
        if name == b"moov":
            yield data[start:end]


def _segment_end(data: bytes) -> int:
    """Where the Matroska segment ends, which follows the EBML header; 0 where it does not say."""
    size, length = _number(data, 4)
    place = 4 + length + size
    if data[place : place + 4] != _SEGMENT:
        return 0
    size, length = _number(data, place + 4)
    return place + 4 + length + size if size >= 0 else 0


def _number(data: bytes, place: int) -> tuple[int, int]:
    """A size as EBML writes it (RFC 8794, section 4), and its length in bytes; -1 for "not known"."""
    first = data[place] if place < len(data) else 0
    length = 9 - first.bit_length()
    kept = 7 * length
    value = int.from_bytes(data[place : place + length], "big") & ((1 << kept) - 1)
    return (-1 if value == (1 << kept) - 1 else value), length
