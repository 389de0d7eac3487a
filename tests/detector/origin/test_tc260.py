"""China's label: where it goes, and what its numbers mean."""

import json

import pytest

from detector.origin import tc260
from tests.detector.carriers import (
    box,
    commented,
    itunes_mp4,
    mp4,
    png,
    riff,
    said_in_xmp,
    segment,
    tagged_mp4,
    webm,
    with_exif,
    with_xmp,
)
from tests.detector.origin.reading import Said, answer, check

LABEL = json.dumps({"Label": "1", "ContentProducer": "001191110102MACQD9K64010000", "ProduceID": "cc75"})
WRAPPED = json.dumps({"AIGC": json.loads(LABEL)})
AI: Said = ("TC260 AIGC label", "unknown", 2)


@pytest.mark.parametrize(
    "data",
    [
        said_in_xmp("TC260:AIGC", LABEL),
        with_xmp(f"<rdf:Description TC260:AIGC='{LABEL}'/>"),
        png({"AIGC": LABEL}),
        png({"AIGC": LABEL}, wide=True),
        png({"AIGC": WRAPPED}),
        commented(WRAPPED),
        with_exif({0x010E: WRAPPED}),
        with_exif({}, b"ASCII\x00\x00\x00" + WRAPPED.encode()),
        segment(0xE9, b"AIGC" + LABEL.encode()),
        segment(0xE9, WRAPPED.encode()),
        tagged_mp4({"AIGC": LABEL}),
        itunes_mp4(b"AIGC", LABEL),
        itunes_mp4(b"\xa9cmt", WRAPPED),
        mp4(box(b"AIGC", LABEL.encode())),
        webm({"AIGC": LABEL}),
        riff(b"AVI ", (b"LIST", b"INFO" + riff(b"", (b"AIGC", LABEL.encode()))[8:])),
    ],
)
def test_every_place(data: bytes) -> None:
    check(tc260, data, AI)
    assert "001191110102MACQD9K64010000" in answer(tc260, data)[0].detail


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ({"Label": "1"}, AI),
        ({"Label": 1}, AI),
        ({"ServiceProvider": "Tencent", "ServiceUser": "x", "Time": "2025"}, AI),  # has no Label
        ({"Label": "2", "ContentPropagator": "x"}, ("ignored: AI is only possible", "unknown", 0)),
        ({"Label": "3"}, ("ignored: AI is only suspected", "unknown", 0)),
        ({"Label": "0"}, ("ignored: the label does not say that it is AI", "unknown", 0)),
    ],
)
def test_what_the_label_says(label: dict[str, object], said: Said) -> None:
    check(tc260, png({"AIGC": json.dumps(label)}), said)


@pytest.mark.parametrize(
    "data",
    [
        png({"AIGC": "yes"}),
        png({"AIGC": '{"exposure": 2}'}),
        png({"Comment": LABEL}),  # without its name
        commented(LABEL),
        commented('{"AIGC": "Label"}'),
        said_in_xmp("dc:description", LABEL),
        tagged_mp4({"title": WRAPPED}),
        segment(0xE9, b"about AIGC" + LABEL.encode()),
    ],
)
def test_what_only_looks_so(data: bytes) -> None:
    check(tc260, data)


def test_a_broken_label_is_unreadable() -> None:
    check(
        tc260,
        png({"AIGC": LABEL[:-3]}),
        ("unreadable: the JSON in its PNG text AIGC is malformed", "unknown", 0),
    )


def test_an_ingredients_label_is_not_the_pictures() -> None:
    inside = f"<xmpMM:Ingredients><rdf:Bag><rdf:li TC260:AIGC='{LABEL}'/></rdf:Bag></xmpMM:Ingredients>"
    check(tc260, with_xmp(f"<rdf:Description>{inside}</rdf:Description>"))
