"""PNG: text in its three forms, EXIF, hexadecimal profiles, and chunks that are not what they say."""

import struct
import zlib

import pytest

from detector.metadata import carried
from tests.detector.carriers import exif, iim, png, png_chunk, resources, xmp_packet
from tests.detector.metadata.walking import troubles, walked

CREDIT = '<rdf:Description photoshop:Credit="A"/>'


@pytest.mark.parametrize("options", [{}, {"zipped": True}, {"wide": True}, {"wide": True, "zipped": True}])
def test_text(options: dict[str, bool]) -> None:
    assert walked(png({"Comment": "a", "Software": "é"}, **options)).texts == {
        "Comment": ("a",),
        "Software": ("é",),
    }


def test_the_same_keyword_twice() -> None:
    twice = png_chunk(b"tEXt", b"a\x00b" + bytes(4) + struct.pack(">I", 3) + b"tEXt" + b"a\x00c")
    assert walked(png({"a": "b"})[:-12] + twice[-30:]).texts["a"][0] == "b"


@pytest.mark.parametrize(
    "data",
    [
        png({"XML:com.adobe.xmp": xmp_packet(CREDIT).decode()}, wide=True, zipped=zipped)
        for zipped in (False, True)
    ],
)
def test_xmp(data: bytes) -> None:
    assert [one.value for one in walked(data).properties] == ["A"]
    assert walked(data).texts == {}


@pytest.mark.parametrize("prefix", [b"", b"Exif\x00\x00"])
def test_exif(prefix: bytes) -> None:
    block = exif({0x010F: "Canon"}).removeprefix(b"Exif\x00\x00")
    assert walked(png_chunk(b"eXIf", prefix + block)).exif[0x010F] == ("Canon",)


def profile(kind: bytes, raw: bytes, name: bytes | None = None) -> bytes:
    digits = raw.hex().encode()
    lines = b"\n".join(digits[place : place + 72] for place in range(0, len(digits), 72))
    text = b"\n%s\n%8d\n%s\n" % (name or kind, len(raw), lines)
    return png_chunk(b"zTXt", b"Raw profile type " + kind + b"\x00\x00" + zlib.compress(text))


def test_imagemagicks_profiles() -> None:
    assert walked(profile(b"exif", exif({0x010F: "Canon"}))).exif[0x010F] == ("Canon",)
    assert walked(profile(b"APP1", exif({0x010F: "Canon"}), b"generic profile")).exif[0x010F] == ("Canon",)
    assert walked(profile(b"iptc", iim({110: b"Reuters"}))).iim[110] == ("Reuters",)
    assert walked(profile(b"iptc", resources(iim({110: b"Reuters"})))).iim[110] == ("Reuters",)
    assert walked(profile(b"xmp", xmp_packet(CREDIT))).properties[0].value == "A"
    packet = b"http://ns.adobe.com/xap/1.0/\x00" + xmp_packet(CREDIT)
    assert walked(profile(b"APP1", packet)).properties[0].value == "A"
    assert walked(profile(b"icc", b"whatever")).troubles == ()


def test_whether_there_is_a_credential() -> None:
    assert not walked(png()).credential
    assert walked(png_chunk(b"caBX", b"\x00\x00\x00\x08jumb")).credential


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (png()[:-12], "the file ends early"),
        (png()[:60], "the file ends early"),
        (png_chunk(b"zTXt", b"Comment\x00\x00not zipped"), "the PNG text Comment cannot be unpacked"),
        (
            png_chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(b"x" * 999)[:-9]),
            "the PNG text Comment cannot",
        ),
        (png_chunk(b"eXIf", b"no header"), "the EXIF has no header"),
        (
            png_chunk(b"tEXt", b"Raw profile type exif\x00\nexif\n 3\nxyz"),
            "the PNG text Raw profile type exif is",
        ),
    ],
)
def test_troubles(data: bytes, why: str) -> None:
    (found,) = troubles(data)
    assert found.startswith(why)


def test_text_is_unpacked_no_further_than_it_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detector.metadata.png.TEXT_LIMIT", 1000)
    data = png({"Comment": "x" * 100_000, "XML:com.adobe.xmp": " " * 100_000}, zipped=True)
    assert troubles(data) == ["the PNG text Comment is too large", "the XMP is too large"]
    assert walked(data).texts == {}


def test_there_is_a_limit_for_all_texts_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carried.Gathering, "__init__", _with_budget(carried.Gathering.__init__, 2000))
    data = png({f"k{number}": "x" * 900 for number in range(9)})
    assert troubles(data) == ["there is more metadata than is read"]
    assert set(walked(data).texts) == {"k0", "k1"}


@pytest.mark.parametrize(
    ("name", "long"),
    [("k", 1500), ("k", 900), ("Raw profile type xmp", 900), ("Raw profile type xmp", 1500)],
    ids=["too long, each", "too long together", "profiles", "profiles too long"],
)
def test_a_file_of_nothing_but_packed_texts_is_unpacked_no_further_than_the_budget(
    monkeypatch: pytest.MonkeyPatch, name: str, long: int
) -> None:
    """What is unpacked and thrown away costs as much as what is kept."""
    unpacked: list[int] = []
    make = zlib.decompressobj

    def counting() -> object:
        unpacked.append(long)
        return make()

    monkeypatch.setattr("detector.metadata.png.TEXT_LIMIT", 1000)
    monkeypatch.setattr("detector.metadata.png.zlib.decompressobj", counting)
    monkeypatch.setattr(carried.Gathering, "__init__", _with_budget(carried.Gathering.__init__, 5000))
    plain = png()
    text = png_chunk(b"zTXt", name.encode() + b"\x00\x00" + zlib.compress(b"x" * long))
    text = text[len(plain) - 12 : -12]
    assert "there is more metadata than is read" in troubles(plain[:-12] + text * 200 + plain[-12:])
    assert len(unpacked) <= 6


def _with_budget(init: object, budget: int) -> object:
    def changed(self: carried.Gathering, **options: int) -> None:
        init(self, **{"budget": budget, **options})  # type: ignore[operator]

    return changed
