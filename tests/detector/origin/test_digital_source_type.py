"""Digital source types in XMP: every carrier and form, every term."""

import struct
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL.PngImagePlugin import PngInfo

from detector.origin import digital_source_type
from storage.formats import format_of
from storage.records import Extent, OriginEvidence
from tests.detector.drawings import scene
from tests.detector.files import encoded, jpeg, xmp
from tests.signing import GENERATED, TERMS

SMALL = (40, 40)


def read(data: bytes) -> tuple[OriginEvidence, ...]:
    return digital_source_type.read(data, format_of(data))


def small(kind: str, **options: Any) -> bytes:
    return encoded(scene(*SMALL), kind, **options)


def png(packet: bytes, *, compressed: bool = False) -> bytes:
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", packet.decode(), zip=compressed)
    return small("PNG", pnginfo=info)


def gif(packet: bytes) -> bytes:
    plain = small("GIF", mode="P")
    magic = bytes([1, *range(255, -1, -1), 0])
    return plain[:-1] + b"\x21\xff\x0bXMP DataXMP" + packet + magic + b"\x3b"


def extended_jpeg(packet: bytes) -> bytes:
    """As Adobe splits a large packet: a main one, and parts with a digest, the whole length and their
    offset."""
    half = len(packet) // 2
    parts = b""
    for offset, piece in ((half, packet[half:]), (0, packet[:half])):
        body = (
            b"http://ns.adobe.com/xmp/extension/\x00"
            + b"A" * 32
            + struct.pack(">II", len(packet), offset)
            + piece
        )
        parts += b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    plain = jpeg(size=SMALL)
    return plain[:2] + parts + plain[2:]


CARRIERS: dict[str, Callable[[bytes], bytes]] = {
    "jpeg": lambda packet: jpeg(size=SMALL, xmp=packet),
    "jpeg, extended": extended_jpeg,
    "png": png,
    "png, compressed": lambda packet: png(packet, compressed=True),
    "webp": lambda packet: small("WEBP", xmp=packet),
    "gif": gif,
    "tiff": lambda packet: small("TIFF", tiffinfo={700: packet}),
    "avif": lambda packet: small("AVIF", xmp=packet),
}


@pytest.mark.parametrize("carrier", CARRIERS)
def test_every_carrier(carrier: str) -> None:
    (found,) = read(CARRIERS[carrier](xmp(GENERATED)))
    assert (found.level, found.extent) == (2, Extent.WHOLE)
    assert found.signal == "DigitalSourceType: trainedAlgorithmicMedia"
    assert GENERATED in found.detail


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_file_of_that_kind_without_it_says_nothing(carrier: str) -> None:
    assert read(CARRIERS[carrier](xmp(f"{TERMS}digitalCapture"))) == ()


@pytest.mark.parametrize("form", ["attribute", "element", "resource"])
@pytest.mark.parametrize(
    ("value", "extent"),
    [
        (GENERATED, Extent.WHOLE),
        (GENERATED.replace("http:", "https:"), Extent.WHOLE),
        ("trainedAlgorithmicMedia", Extent.WHOLE),
        (f" {GENERATED}/ ", Extent.WHOLE),
        (f"{TERMS}compositeWithTrainedAlgorithmicMedia", Extent.PART),
        (f"{TERMS}compositeSynthetic", Extent.PART),
        ("http://c2pa.org/digitalsourcetype/trainedAlgorithmicData", Extent.UNKNOWN),
        (f"{TERMS}algorithmicMedia", None),  # procedural: not AI
        (f"{TERMS}composite", None),
        (f"{TERMS}digitalArt", None),
        (f"{TERMS}screenCapture", None),
        ("not trainedAlgorithmicMedia at all", None),
        ("", None),
    ],
)
def test_every_term_in_every_form(form: str, value: str, extent: Extent | None) -> None:
    found = read(jpeg(size=SMALL, xmp=xmp(value, form)))
    assert [one.extent for one in found] == ([] if extent is None else [extent])


def test_an_ingredients_type_speaks_of_a_part() -> None:
    (found,) = read(jpeg(size=SMALL, xmp=xmp(GENERATED, "ingredient")))
    assert found.extent is Extent.PART
    assert "ingredient" in found.detail


def test_a_property_of_another_vocabulary_does_not_count() -> None:
    assert read(jpeg(size=SMALL, xmp=xmp(GENERATED, "another property"))) == ()


def test_a_word_in_the_picture_data_is_no_packet() -> None:
    assert read(jpeg(size=SMALL) + xmp(GENERATED)) == ()


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["jpeg", "png", "webp", "gif", "tiff", "avif", "mp4"]),
    st.binary(max_size=300),
    st.booleans(),
)
def test_wild_bytes_never_raise(kind: str, wild: bytes, dressed: bool) -> None:
    data = wild[:40] + xmp(GENERATED) + wild[40:] if dressed else wild
    for one in digital_source_type.read(data, kind):
        assert one.level in (0, 2)
