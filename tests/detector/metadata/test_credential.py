"""When the C2PA library is asked, and when it must not be."""

import struct

import pytest

from detector.metadata import credential
from detector.metadata.bmff import C2PA_UUID
from storage.formats import format_of
from tests.detector.carriers import FTYP, box, png, png_chunk, riff, with_xmp
from tests.detector.files import jpeg
from tests.detector.metadata.walking import walked
from tests.signing import signed_jpeg

PLAIN = jpeg(size=(96, 96))


@pytest.mark.parametrize(
    ("data", "none"),
    [
        (PLAIN, True),
        (png(), True),
        (FTYP, True),
        (signed_jpeg(PLAIN), False),
        (png_chunk(b"caBX", b"x"), False),
        (riff(b"WEBP", (b"C2PA", b"x")), False),
        (FTYP + box(b"uuid", C2PA_UUID), False),
        (with_xmp('<rdf:Description dcterms:provenance="https://a.test/m.c2pa"/>'), False),  # elsewhere
        (png()[:-20], False),  # who knows what came after
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", False),  # not walked through
    ],
)
def test_whether_there_is_surely_none(data: bytes, none: bool) -> None:
    assert credential.none_there(walked(data), format_of(data)) is none


def tiff(values: int, count: int) -> bytes:
    entries = struct.pack("<HHII", 0xCD41, 7, count, 8) * values
    return b"II*\x00\x08\x00\x00\x00" + struct.pack("<H", values) + entries + bytes(4) + bytes(count)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (signed_jpeg(PLAIN), ""),
        (FTYP + box(b"moov", box(b"trak") * 5000), ""),
        (FTYP + box(b"moov", box(b"trak") * 11_000), "more than 10000 boxes"),
        (FTYP + box(b"moof", box(b"traf")) * 6000, "more than 10000 boxes"),
        (
            png_chunk(b"caBX", b"x")[:-12] + struct.pack(">I4sI", 0, b"aaAA", 0) * 41_000,
            "more than 40000 pieces",
        ),
        (tiff(2, 1000), ""),
        (tiff(9, 1000), "values of more than 4 times its size"),
        (b"II+\x00" + bytes(40), "a BigTIFF"),
    ],
)
def test_what_the_library_is_not_given(data: bytes, why: str) -> None:
    assert credential.too_much(data, format_of(data), walked(data)) == why
