"""The first bytes say what a file is: real headers, and strangers that only look alike."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from storage.formats import format_of


def drawn(name: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (32, 32), "red").save(out, name)
    return out.getvalue()


@pytest.mark.parametrize("name", ["JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "AVIF"])
def test_pictures_that_pillow_writes(name: str) -> None:
    assert format_of(drawn(name)) == name.lower()


def boxes(major: bytes, *compatible: bytes) -> bytes:
    body = b"ftyp" + major + bytes(4) + b"".join(compatible)
    return (4 + len(body)).to_bytes(4, "big") + body + b"\x00\x00\x00\x08free"


HEADS = {
    "heic": [boxes(b"heic", b"mif1", b"heic"), boxes(b"mif1", b"mif1", b"heic"), boxes(b"msf1", b"hevc")],
    "avif": [boxes(b"avif", b"mif1"), boxes(b"mif1", b"miaf", b"avif"), boxes(b"avis", b"msf1")],
    "heif": [boxes(b"mif1", b"jpeg")],
    "mp4": [boxes(b"isom", b"iso2", b"avc1"), boxes(b"mp42"), boxes(b"M4V "), boxes(b"iso5", b"avif")],
    "mov": [boxes(b"qt  "), b"\x00\x00\x00\x08wide\x00\x00\x10\x00mdat", b"\x00\x00\x01\x00moov"],
    "webm": [b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm\x42\x87\x81\x04"],
    "mkv": [b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x88matroska"],
    "avi": [b"RIFF\x00\x00\x00\x00AVI LIST"],
    "svg": [
        b"<svg xmlns='http://www.w3.org/2000/svg'>",
        b"\xef\xbb\xbf\n<?xml version='1.0'?>\n<!-- drawn by x -->\n<!DOCTYPE svg PUBLIC 'a' 'b'>\n<svg>",
        b"<?xml version='1.0'?><svg:svg>",
    ],
    "html": [
        b"<!DOCTYPE html><p>",
        b"\n <HTML lang=en>",
        b"<!-- x --><html>",
        b"<script>alert(1)</script>",
        b"<p>gone</p>",
    ],
    "xml": [
        b"<?xml version='1.0'?><rss>",
        b"<rss version='2.0'>",
        b"<feed xmlns='x'>",
        "\ufeff<?xml ?><a/>".encode("utf-16-le"),
    ],
    "json": [b'{"error":"RecordNotFound"}', b' [{"a":1}]', b"\xef\xbb\xbf{}"],
    "pdf": [b"%PDF-1.7"],
    "gzip": [b"\x1f\x8b\x08"],
    "zip": [b"PK\x03\x04"],
    "jxl": [b"\xff\x0a\x00"],
    "": [
        b"",
        b"\x00",
        b"BM",
        b"BMW launches a jacket",
        b"hello",
        b"< not a tag",
        b"RIFF\x00\x00\x00\x00WAVE",
        b"\xff\xd8",
        b"\x89PNG",
    ],
}


@pytest.mark.parametrize(("name", "head"), [(name, head) for name, heads in HEADS.items() for head in heads])
def test_heads(name: str, head: bytes) -> None:
    assert format_of(head) == name


@given(st.one_of(st.binary(max_size=200), st.text("<!-?xml>[] svgDOCTYPE\n", max_size=200).map(str.encode)))
def test_any_bytes_have_an_answer(head: bytes) -> None:
    assert (
        format_of(head)
        == format_of(head)
        in {*HEADS, "jpeg", "png", "gif", "webp", "tiff", "bmp", "jp2", "psd", "ico", "ogg", "mpeg", "flv"}
    )
