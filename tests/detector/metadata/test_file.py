"""One walk for all readers; and whatever is done to a file, an answer."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.metadata import file
from detector.metadata.carried import STEPS, TROUBLES, Gathering
from detector.metadata.file import WALKERS, metadata
from detector.reader import readers
from storage.formats import HEAD_BYTES, format_of
from tests.detector.carriers import (
    commented,
    exif,
    gif,
    heif,
    itunes_mp4,
    png,
    riff,
    tagged_mp4,
    webm,
    with_exif,
    with_iim,
    with_xmp,
    xmp_packet,
)

PROMPT = '{"1": {"class_type": "KSampler"}}'
TC260 = '{"AIGC": {"Label": "1", "ContentProducer": "x"}}'
TEXTS = {
    "prompt": PROMPT,
    "parameters": "Steps: 3, Sampler: x, Seed: 1",
    "AIGC": TC260,
    "Dream": "-S 3",
    "invokeai_metadata": '{"generation_mode": "txt2img"}',
}
FILES = [
    png(TEXTS),
    png(TEXTS, zipped=True),
    commented(TEXTS["parameters"]),
    commented(TC260, "WEBP"),
    with_exif({0x010F: "Ideogram AI", 0x0110: f"prompt:{PROMPT}"}, kind="AVIF"),
    with_exif({0x013B: "x", 0x010E: "Signature: " + "a" * 80}, kind="TIFF"),
    with_iim({110: b"Made with Google AI"}),
    with_xmp(f"<rdf:Description TC260:AIGC='{TC260}' Iptc4xmpExt:AISystemUsed='x'/>"),
    gif(b"\x21\xfe\x04abcd\x00"),
    tagged_mp4({"prompt": PROMPT, "AIGC": TC260}),
    itunes_mp4(b"\xa9too", "Midjourney"),
    webm({"PROMPT": PROMPT}),
    webm({"AIGC": TC260}, live=True),
    heif(b"Exif", bytes(4) + exif({0x010F: "Ideogram"})),
    heif(b"mime", xmp_packet("<rdf:Description/>"), within=True),
    riff(b"AVI ", (b"LIST", b"INFOISFT\x04\x00\x00\x00Lavf")),
]


def read_all(data: bytes, format_name: str) -> None:
    """As examine does, but whatever a reader raises is a failure here."""
    found = metadata(data, format_name)
    assert len(found.troubles) <= TROUBLES
    for name, reader in readers().items():
        if name != "c2pa":  # which has its own
            assert all(one.level in (0, 2) for one in reader.read(data, format_name))


@pytest.mark.parametrize("data", FILES)
def test_sound_files_say_something_and_make_no_trouble(data: bytes) -> None:
    found = metadata(data, format_of(data[:HEAD_BYTES]))
    assert (
        found.texts
        or found.exif
        or found.iim
        or found.tags
        or found.comments
        or found.properties
        or data is FILES[-2]
    )
    assert found.troubles == ()


@pytest.mark.parametrize("data", FILES)
def test_a_file_cut_anywhere(data: bytes) -> None:
    kind = format_of(data[:HEAD_BYTES])
    for end in random.Random(len(data)).sample(range(len(data)), min(120, len(data))):
        read_all(data[:end], kind)


@pytest.mark.slow
@settings(max_examples=600, deadline=None)
@given(st.sampled_from(FILES), st.data())
def test_a_file_changed_anywhere(data: bytes, draw: st.DataObject) -> None:
    changed = bytearray(data)
    kind = format_of(data[:HEAD_BYTES])
    for _ in range(draw.draw(st.integers(1, 6))):
        place = draw.draw(st.integers(0, len(changed) - 1))
        piece = draw.draw(
            st.sampled_from([b"\x00", b"\xff", b"\x7f\xff\xff\xff", b"\x00\x00\x00\x01", b"\x80"])
        )
        changed[place : place + len(piece)] = piece
    read_all(bytes(changed), kind)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(WALKERS)), st.binary(max_size=400))
def test_wild_bytes(kind: str, wild: bytes) -> None:
    read_all(wild, kind)


def test_a_file_is_walked_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    walks: list[int] = []
    walker = WALKERS["png"]

    def counted(data: bytes, found: Gathering) -> None:
        walks.append(len(data))
        walker(data, found)

    monkeypatch.setitem(file.WALKERS, "png", counted)
    for data in (png({"a": "1"}), png({"a": "1"}), png({"a": "2"}), png({"a": "1"})):
        for reader in readers().values():
            reader.read(data, "png")
    assert len(walks) == 3


def test_formats_that_are_not_read_say_so() -> None:
    assert [one.why for one in metadata(b"8BPS", "psd").troubles] == [
        "nothing here reads the metadata of psd"
    ]
    assert metadata(b"BM", "bmp").troubles == metadata(b"what", "").troubles == ()


def test_a_file_in_too_many_pieces() -> None:
    chunks = png()[:33] + b"\x00\x00\x00\x00aaAA\x00\x00\x00\x00" * (STEPS + 9) + png()[33:]
    found = metadata(chunks, "png")
    assert [one.why for one in found.troubles] == ["the file is in too many pieces"]
    assert found.pieces == STEPS
