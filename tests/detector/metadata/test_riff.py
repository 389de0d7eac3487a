"""WebP and AVI."""

import struct

import pytest

from tests.detector.carriers import exif, riff, with_exif, xmp_packet
from tests.detector.metadata.walking import troubles, walked

EXIF = exif({0x010F: "Canon"})
CREDIT = xmp_packet('<rdf:Description photoshop:Credit="A"/>')
PIXELS = (b"VP8 ", b"odd")


@pytest.mark.parametrize("body", [EXIF, EXIF.removeprefix(b"Exif\x00\x00")])
def test_webp(body: bytes) -> None:
    found = walked(riff(b"WEBP", PIXELS, (b"EXIF", body), (b"XMP ", CREDIT)))
    assert (found.exif[0x010F], found.properties[0].value) == (("Canon",), "A")
    assert walked(with_exif({0x010F: "Canon"}, kind="WEBP")).exif[0x010F] == ("Canon",)


def test_a_name_that_is_written_wrongly() -> None:
    assert walked(riff(b"WEBP", PIXELS, (b"XMP\x00", CREDIT))).properties[0].value == "A"


def test_avi() -> None:
    info = b"INFO" + b"".join(
        name + struct.pack("<I", len(text)) + text
        for name, text in ((b"ISFT", b"Lavf\x00\x00"), (b"ICMT", b"hi"))
    )
    found = walked(riff(b"AVI ", (b"LIST", b"hdrlISFT"), (b"LIST", info)))
    assert found.tags == {"isft": ("Lavf",), "icmt": ("hi",)}


def test_whether_there_is_a_credential() -> None:
    assert not walked(riff(b"WEBP", PIXELS)).credential
    assert walked(riff(b"WEBP", PIXELS, (b"C2PA", b"x"))).credential


def test_an_early_end_keeps_what_came_before() -> None:
    data = riff(b"WEBP", (b"EXIF", EXIF), PIXELS)[:-3]
    assert (walked(data).exif[0x010F], troubles(data)) == (("Canon",), ["the file ends early"])
