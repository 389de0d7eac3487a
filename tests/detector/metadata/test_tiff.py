"""Directories of tags: both byte orders, texts in their encodings, and offsets that lead astray."""

import struct

import pytest

from detector.metadata import tiff
from detector.metadata.carried import ARTIST, MAKE, USER_COMMENT, Broken, Gathering
from tests.detector.carriers import iim, resources, xmp_packet
from tests.detector.drawings import scene
from tests.detector.files import encoded
from tests.detector.metadata.walking import troubles, walked

CREDIT = xmp_packet('<rdf:Description photoshop:Credit="A"/>')


def block(*each: tuple[int, int, int, bytes], order: str = "<", further: int = 0, rest: bytes = b"") -> bytes:
    """Tag, type, count, and the four bytes of the value or offset."""
    head = (b"II*\x00" if order == "<" else b"MM\x00*") + struct.pack(f"{order}I", 8)
    body = b"".join(struct.pack(f"{order}HHI", tag, kind, count) + value for tag, kind, count, value in each)
    return head + struct.pack(f"{order}H", len(each)) + body + struct.pack(f"{order}I", further) + rest


def read(data: bytes) -> Gathering:
    found = Gathering()
    tiff.read_exif(data, found)
    return found


def why(data: bytes) -> list[str]:
    return [one.why for one in read(data).troubles]


@pytest.mark.parametrize("order", ["<", ">"])
def test_both_byte_orders(order: str) -> None:
    place = struct.pack(f"{order}I", 8 + 2 + 24 + 4)
    data = block((MAKE, 2, 3, b"abc\x00"), (ARTIST, 2, 5, place), order=order, rest=b"Anna\x00")
    assert read(data).exif == {MAKE: ["abc"], ARTIST: ["Anna"]}
    assert read(b"Exif\x00\x00" + data).exif == {MAKE: ["abc"], ARTIST: ["Anna"]}


def comment(raw: bytes, order: str = "<") -> dict[int, list[str]]:
    place = struct.pack(f"{order}I", 8 + 2 + 12 + 4)
    return read(block((USER_COMMENT, 7, len(raw), place), order=order, rest=raw)).exif


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    "raw",
    [
        b"ASCII\x00\x00\x00" + "Zoë".encode(),
        b"ASCII\x00\x00\x00" + "Zoë".encode("latin-1"),
        bytes(8) + "Zoë".encode(),
        "Zoë, and no character set".encode(),
        b"UNICODE\x00" + "Zoë".encode("utf-16-le"),
        b"UNICODE\x00" + "Zoë".encode("utf-16-be"),
        b"UNICODE\x00\xff\xfe" + "Zoë".encode("utf-16-le"),
    ],
)
def test_comments_in_their_encodings(raw: bytes, order: str) -> None:
    assert comment(raw, order)[USER_COMMENT][0].startswith("Zoë")


@pytest.mark.parametrize("order", ["<", ">"])
def test_without_latin_letters_the_files_own_byte_order_counts(order: str) -> None:
    raw = "模特".encode("utf-16-le" if order == "<" else "utf-16-be")
    assert comment(b"UNICODE\x00" + raw, order) == {USER_COMMENT: ["模特"]}


def test_a_tiff_file_keeps_packets_in_tags() -> None:
    info = {700: CREDIT, 33723: iim({110: b"Reuters"}), 34377: resources(iim({115: b"AP"})), MAKE: "Canon"}
    found = walked(encoded(scene(40, 40), "TIFF", tiffinfo=info))
    assert found.properties[0].value == "A"
    assert found.iim == {110: ("Reuters",), 115: ("AP",)}
    assert found.exif[MAKE] == ("Canon",)


def test_a_camera_makers_note_is_left_alone() -> None:
    data = block((0x927C, 7, 3000, struct.pack("<I", 26)), rest=bytes(3000))
    assert (read(data).exif, why(data)) == ({}, [])


POINTER = 0x8769


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the EXIF has no header"),
        (b"II*\x00", "the EXIF ends early"),
        (b"XX*\x00\x08\x00\x00\x00", "the EXIF has no header"),
        (b"II*\x00\xff\xff\x00\x00\x00\x00", "the EXIF ends early"),
        (b"II+\x00\x08\x00\x00\x00", "nothing here reads the metadata of BigTIFF"),
        (block((MAKE, 2, 900, bytes(4))), "the EXIF ends early"),
        (block((MAKE, 2, 0xFFFFFFFF, bytes(4))), "the EXIF ends early"),
        (block((MAKE, 2, 3, b"abc\x00"))[:15], "the EXIF ends early"),
        (block((POINTER, 4, 1, struct.pack("<I", 8))), "the EXIF goes round in a circle"),
        (block((POINTER, 4, 1, struct.pack("<I", 9999))), "the EXIF ends early"),
        (block(further=8), "the EXIF goes round in a circle"),
    ],
)
def test_offsets_that_lead_astray(data: bytes, reason: str) -> None:
    assert why(data) == [reason]


def test_what_is_sound_in_a_broken_block_counts() -> None:
    data = block((MAKE, 2, 3, b"abc\x00"), (ARTIST, 2, 900, bytes(4)))
    assert (read(data).exif, why(data)) == ({MAKE: ["abc"]}, ["the EXIF ends early"])


def test_many_tags_may_share_a_value_but_not_for_ever() -> None:
    place = struct.pack("<I", 8 + 2 + 12 * 300 + 4)
    data = block(*[(MAKE, 2, 200_000, place)] * 300, rest=b"x" * 200_000)
    assert why(data) == ["there is more metadata than is read"]


def test_a_long_chain_ends() -> None:
    pages = b"".join(bytes(2) + struct.pack("<I", 14 + 6 * (n + 1)) for n in range(100)) + bytes(6)
    found = Gathering(steps=50)
    with pytest.raises(Broken, match="too many pieces"):
        tiff.read_tiff(block(further=14, rest=pages), found)


def test_sizes_of_values_are_added_up_even_where_they_overlap() -> None:
    data = block(
        (MAKE, 2, 1000, struct.pack("<I", 8)), (0x9999, 4, 250, struct.pack("<I", 8)), rest=bytes(2000)
    )
    assert tiff.size_of_values(data) == 2000
    assert tiff.size_of_values(data[:20]) == 0
    assert troubles(data) == []
