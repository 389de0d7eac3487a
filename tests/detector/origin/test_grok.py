"""Grok's pair of EXIF fields."""

import pytest

from detector.origin import grok
from tests.detector.carriers import commented, with_exif
from tests.detector.origin.reading import check

UUID = "4800156b-8880-4786-9056-7ca3da449d8c"
SIGNATURE = "Signature: " + "IoR6YcSlkWo/83blBnOA" * 10 + "=="
ARTIST, DESCRIPTION = 0x013B, 0x010E


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_both(kind: str) -> None:
    check(
        grok, with_exif({ARTIST: UUID, DESCRIPTION: SIGNATURE}, kind=kind), ("Grok signature", "unknown", 2)
    )
    data = with_exif({ARTIST: UUID}, b"ASCII\x00\x00\x00" + SIGNATURE.encode(), kind=kind)
    check(grok, data, ("Grok signature", "unknown", 2))


def test_one_without_the_other() -> None:
    data = with_exif({ARTIST: "Anna", DESCRIPTION: SIGNATURE})
    check(grok, data, ("ignored: half a Grok signature", "unknown", 0))


@pytest.mark.parametrize(
    "data",
    [
        with_exif({ARTIST: UUID}),
        with_exif({ARTIST: UUID, DESCRIPTION: "Signature: Anna"}),
        with_exif({ARTIST: UUID, DESCRIPTION: "a coat. " + SIGNATURE}),
        commented("Signature: yes"),
    ],
)
def test_what_only_looks_so(data: bytes) -> None:
    check(grok, data)
