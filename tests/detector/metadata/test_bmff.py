"""Boxes: tags of films, items of HEIF and AVIF, JPEG XL, and boxes longer than what they stand in."""

import struct

import pytest

from detector.metadata.bmff import C2PA_UUID, XMP_UUID
from tests.detector.carriers import (
    FTYP,
    box,
    exif,
    full,
    heif,
    itunes_mp4,
    mp4,
    tagged_mp4,
    with_exif,
    xmp_packet,
)
from tests.detector.metadata.walking import troubles, walked

EXIF = exif({0x010F: "Canon"})
CREDIT = xmp_packet('<rdf:Description photoshop:Credit="A"/>')
JXL = b"\x00\x00\x00\x0cJXL \r\n\x87\n" + box(b"ftyp", b"jxl " + bytes(8))


@pytest.mark.parametrize(
    ("data", "tags"),
    [
        (tagged_mp4({"AIGC": "{}", "comment": "é"}), {"aigc": ("{}",), "comment": ("é",)}),
        (itunes_mp4(b"\xa9too", "Lavf"), {"©too": ("Lavf",)}),
        (mp4(box(b"\xa9swr", b"\x00\x04\x15\xc7Lavf")), {"©swr": ("Lavf",)}),
        (mp4(box(b"\xa9swr", b"\x00\xff\x15\xc7Lavf"), brand=b"qt  "), {"©swr": ("Lavf",)}),
        (mp4(box(b"AIGC", b"{}")), {"aigc": ("{}",)}),
        (
            mp4(
                full(
                    b"meta",
                    box(b"ilst", box(b"----", full(b"name", b"tool") + box(b"data", bytes(8) + b"x"))),
                )
            ),
            {"tool": ("x",)},
        ),
        (FTYP + box(b"moov", box(b"meta", box(b"hdlr", bytes(8)) + box(b"ilst"))), {}),
        (FTYP, {}),
    ],
)
def test_tags(data: bytes, tags: dict[str, tuple[str, ...]]) -> None:
    assert (walked(data).tags, troubles(data)) == (tags, [])


@pytest.mark.parametrize(
    "data",
    [
        FTYP + box(b"uuid", XMP_UUID + CREDIT),
        FTYP + box(b"moov", box(b"uuid", XMP_UUID + CREDIT)),
        mp4(box(b"XMP_", CREDIT)),
        heif(b"mime", CREDIT),
        heif(b"mime", CREDIT, within=True),
        heif(b"mime", CREDIT, brand=b"avif"),
        JXL + box(b"xml ", CREDIT),
    ],
)
def test_xmp(data: bytes) -> None:
    assert [one.value for one in walked(data).properties] == ["A"]


@pytest.mark.parametrize(
    "data",
    [
        with_exif({0x010F: "Canon"}, kind="AVIF"),
        heif(b"Exif", bytes(4) + EXIF),
        heif(b"Exif", b"\x00\x00\x00\x06" + EXIF, within=True),
        JXL + box(b"Exif", bytes(4) + EXIF.removeprefix(b"Exif\x00\x00")),
    ],
)
def test_exif(data: bytes) -> None:
    assert walked(data).exif[0x010F] == ("Canon",)


@pytest.mark.parametrize("data", [JXL, b"\xff\x0a" + bytes(40), FTYP, mp4(), heif(b"hvc1", b"x")])
def test_nothing_there(data: bytes) -> None:
    found = walked(data)
    assert (found.exif, found.properties, found.troubles, found.credential) == ({}, (), (), False)


def test_whether_there_is_a_credential() -> None:
    assert walked(FTYP + box(b"uuid", C2PA_UUID + b"x")).credential
    assert walked(JXL + box(b"jumb", b"x")).credential
    assert walked(JXL + box(b"brob", b"jumbx")).credential


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (FTYP + struct.pack(">I", 900) + b"moov", "the file ends early"),
        (FTYP + box(b"moov", struct.pack(">I", 900) + b"udta"), "the file ends early"),
        (FTYP + box(b"moov", struct.pack(">I", 3) + b"udta"), "the file ends early"),
        (JXL + box(b"brob", b"xml x"), "nothing here reads metadata that Brotli packed"),
        (heif(b"Exif", bytes(4) + b"none"), "the EXIF has no header"),
        (heif(b"Exif", EXIF)[:-90].replace(b"iloc", b"iloc"), "the file ends early"),
    ],
)
def test_troubles(data: bytes, why: str) -> None:
    assert why in troubles(data)


def test_a_list_of_items_that_ends_early() -> None:
    data = heif(b"Exif", bytes(4) + EXIF)
    place = data.index(b"iloc") + 4 + 6
    assert troubles(data[:place] + b"\xff\xff" + data[place + 2 :]) == ["the list of items ends early"]


def test_sizes_of_sixty_four_bits_and_of_none() -> None:
    tags = box(b"udta", box(b"AIGC", b"{}"))
    long = FTYP + struct.pack(">I4sQ", 1, b"moov", len(tags) + 16) + tags
    assert walked(long).tags == {"aigc": ("{}",)}
    assert walked(FTYP + struct.pack(">I4s", 0, b"moov") + tags).tags == {"aigc": ("{}",)}
