"""A PNG is a picture whatever its texts unpack to."""

import struct
import zlib
from functools import cache

import numpy as np
import pytest

from detector.pictures.decode import decode
from detector.pictures.png_texts import without_vast_texts
from tests.detector.carriers import png

PLAIN = png()
END = PLAIN[-12:]


@cache
def packed(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(megabytes)) + packer.flush()


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def zipped(megabytes: int, keyword: bytes = b"parameters") -> bytes:
    return chunk(b"zTXt", keyword + b"\x00\x00" + packed(megabytes))


def wide(megabytes: int, *, zipped: bool = True) -> bytes:
    text = packed(megabytes) if zipped else b"x" * 1_000_000 * megabytes
    return chunk(b"iTXt", b"XML:com.adobe.xmp\x00" + bytes([zipped]) + b"\x00\x00\x00" + text)


def with_chunks(*chunks: bytes, first: bool = False) -> bytes:
    """Before the pixels, or behind them."""
    at = 33 if first else len(PLAIN) - 12
    return PLAIN[:at] + b"".join(chunks) + PLAIN[at:]


@pytest.mark.parametrize("first", [True, False], ids=["before", "behind"])
@pytest.mark.parametrize(
    "chunks",
    [
        (zipped(60),),
        (wide(60),),
        (zipped(1),) * 100,
        (wide(2, zipped=False),),
        (zipped(1), wide(3), zipped(2, b"Comment")),
    ],
    ids=["sixty megabytes", "sixty megabytes of XMP", "many together", "not packed", "several"],
)
def test_the_picture_is_decoded_all_the_same(chunks: tuple[bytes, ...], *, first: bool) -> None:
    found = decode(with_chunks(*chunks, first=first), "png")
    assert np.array_equal(found.pixels, decode(PLAIN, "png").pixels)


@pytest.mark.parametrize(
    "data",
    [
        PLAIN,
        png({"Comment": "a" * 5000}, zipped=True),
        png({"XML:com.adobe.xmp": "a" * 5000}, zipped=True, wide=True),
        with_chunks(chunk(b"zTXt", b"a\x00\x00no zlib")),
        with_chunks(chunk(b"iTXt", b"")),
        PLAIN[:40] + b"zTXt",
        PLAIN[:-20] + b"iTXt" + END,
        b"iTXt",
    ],
)
def test_whatever_else_it_is_stays_as_it_is(data: bytes) -> None:
    assert without_vast_texts(data) == data


def test_what_is_left_out_is_the_text_alone() -> None:
    assert without_vast_texts(with_chunks(zipped(2), chunk(b"tEXt", b"a\x00b"))) == with_chunks(
        chunk(b"tEXt", b"a\x00b")
    )
