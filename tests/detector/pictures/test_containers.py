"""What a container says of itself, byte by byte."""

import pytest

from detector.pictures.containers import cut_off, encrypted, without_pictures


def box(name: bytes, content: bytes = b"", size: int | None = None) -> bytes:
    return (len(content) + 8 if size is None else size).to_bytes(4, "big") + name + content


FTYP = box(b"ftyp", b"isom\x00\x00\x00\x00")
EBML = b"\x1a\x45\xdf\xa3\x83\x42\x86\x81"  # a header of three bytes
SEGMENT = b"\x18\x53\x80\x67"
VIDEO = box(b"moov", box(b"hdlr", b"vide"))


def sample(code: bytes) -> bytes:
    return box(b"moov", box(b"stsd", b"\x00\x00\x00\x00\x00\x00\x00\x01" + box(code, bytes(70))))


@pytest.mark.parametrize(
    ("data", "kind", "short"),
    [
        (FTYP + box(b"mdat", bytes(9)), "mp4", False),
        (FTYP + box(b"mdat", bytes(9), size=18), "mp4", True),
        (FTYP + box(b"mdat", bytes(9), size=0), "mov", False),  # to the end of the file
        (FTYP + b"\x00\x00\x00\x01mdat" + (25).to_bytes(8, "big") + bytes(9), "mp4", False),  # a long size
        (FTYP + b"\x00\x00\x00\x01mdat" + (26).to_bytes(8, "big") + bytes(9), "mp4", True),
        (FTYP + box(b"free", size=3), "mp4", False),  # nonsense is not short
        (b"", "mp4", False),
        (b"RIFF\x08\x00\x00\x00AVI LIST", "avi", False),
        (b"RIFF\x09\x00\x00\x00AVI LIST", "avi", True),
        (EBML + SEGMENT + b"\x84" + bytes(4), "webm", False),
        (EBML + SEGMENT + b"\x85" + bytes(4), "mkv", True),
        (EBML + SEGMENT + b"\x40\x05" + bytes(4), "mkv", True),  # a size of two bytes
        (EBML + SEGMENT + b"\xff", "mkv", False),  # a size that is not known
        (EBML + SEGMENT + b"\x01\xff\xff\xff\xff\xff\xff\xff", "mkv", False),
        (EBML, "mkv", False),
        (b"\x1a\x45\xdf\xa3\x00", "mkv", False),
        (b"OggS", "ogg", False),
    ],
)
def test_whether_a_container_announces_more_than_there_is(data: bytes, kind: str, short: bool) -> None:
    assert cut_off(data, kind) is short


@pytest.mark.parametrize(
    ("data", "kind", "shut"),
    [
        (FTYP + sample(b"avc1"), "mp4", False),
        (FTYP + sample(b"encv"), "mp4", True),
        (FTYP + box(b"mdat", sample(b"encv")), "mp4", False),  # bytes that only look so
        (EBML + b"\x6d\x80\x8a\x62\x40\x87\x50\x35\x84\x47\xe1\x81\x05", "webm", True),
        (EBML + b"\x50\x35" * 3, "webm", False),
        (b"OggS", "ogg", False),
    ],
)
def test_whether_a_container_says_that_it_is_encrypted(data: bytes, kind: str, shut: bool) -> None:
    assert encrypted(data, kind) is shut


@pytest.mark.parametrize(
    ("data", "kind", "none"),
    [
        (FTYP + VIDEO, "mp4", False),
        (FTYP + box(b"moov", box(b"hdlr", b"soun")), "mov", True),
        (FTYP, "mp4", False),  # it does not say
        (b"OggS" + bytes(24) + b"\x80theora", "ogg", False),
        (b"OggS" + bytes(24) + b"\x01vorbis", "ogg", True),
        (EBML, "mkv", False),
    ],
)
def test_whether_a_container_has_no_pictures(data: bytes, kind: str, none: bool) -> None:
    assert without_pictures(data, kind) is none
