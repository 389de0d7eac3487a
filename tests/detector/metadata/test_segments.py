"""JPEG's segments: what is in them, split over several, and ends that come too early."""

import struct

import pytest

from detector.metadata.file import metadata
from tests.detector.carriers import exif, iim, resources, segment, with_exif, xmp_packet
from tests.detector.files import jpeg
from tests.detector.metadata.walking import troubles, walked

CREDIT = xmp_packet('<rdf:Description photoshop:Credit="A"/>')
PLAIN = jpeg(size=(40, 40))


def segments(*each: tuple[int, bytes]) -> bytes:
    body = b"".join(b"\xff" + bytes([kind]) + struct.pack(">H", len(one) + 2) + one for kind, one in each)
    return PLAIN[:2] + body + PLAIN[2:]


def extended(packet: bytes, *, missing: bool = False, size: int = 100) -> bytes:
    """Its parts in reverse order."""
    head = b"http://ns.adobe.com/xmp/extension/\x00" + b"A" * 32 + struct.pack(">I", len(packet))
    places = range(0, len(packet), size)
    parts = [(0xE1, head + struct.pack(">I", place) + packet[place : place + size]) for place in places]
    return segments(*reversed(parts[:-2] + parts[-1:] if missing else parts))


def test_xmp_whole_and_in_parts() -> None:
    assert walked(jpeg(size=(40, 40), xmp=CREDIT)).properties[0].value == "A"
    assert walked(extended(CREDIT)).properties[0].value == "A"
    assert troubles(extended(CREDIT, missing=True)) == ["the XMP is incomplete"]


def test_exif_whole_and_in_parts() -> None:
    assert walked(with_exif({0x010F: "Canon"})).exif[0x010F] == ("Canon",)
    block = exif({0x010F: "C" * 300}).removeprefix(b"Exif\x00\x00")
    parts = [(0xE1, b"Exif\x00\x00" + part) for part in (block[:90], block[90:])]
    assert walked(segments(*parts)).exif[0x010F] == ("C" * 300,)


def test_resources_in_parts() -> None:
    body = resources(iim({110: b"Reuters"}))
    parts = [(0xED, b"Photoshop 3.0\x00" + part) for part in (body[:30], body[30:])]
    assert walked(segments(*parts)).iim[110] == ("Reuters",)


def test_comments_and_bare_json() -> None:
    assert walked(segment(0xFE, "é".encode("latin-1") + b"\x00")).comments == ("é",)
    assert walked(segment(0xE9, b'AIGC{"Label":"1"}')).segments == ('AIGC{"Label":"1"}',)
    assert walked(segment(0xE9, b"something else {")).segments == ()


def test_whether_there_is_a_credential() -> None:
    assert not walked(PLAIN).credential
    assert walked(segment(0xEB, b"JP\x00\x01")).credential


def test_what_lies_between_segments_is_skipped() -> None:
    data = with_exif({0x010F: "Canon"})
    assert walked(data[:2] + b"\xff\xff\xff" + data[3:]).exif[0x010F] == ("Canon",)
    assert metadata(data[:2] + b"junk\xff\x00" + data[2:], "jpeg").exif[0x010F] == ("Canon",)
    assert walked(data[:2] + b"\xff\xd0" + data[2:]).exif[0x010F] == ("Canon",)


@pytest.mark.parametrize("data", [PLAIN[:30], PLAIN[:2], b"\xff\xd8\xff\xd9", b"\xff\xd8\xff\xe1\x00\x00"])
def test_an_early_end(data: bytes) -> None:
    assert [one.why for one in metadata(data, "jpeg").troubles] == ["the file ends early"]


def test_what_comes_before_an_early_end_counts() -> None:
    data = with_exif({0x010F: "Canon"})
    cut = data[: data.index(b"\xff\xdb") + 20]
    assert (walked(cut).exif[0x010F], troubles(cut)) == (("Canon",), ["the file ends early"])
