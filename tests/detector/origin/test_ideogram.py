"""Ideogram as the maker of the camera."""

import pytest

from detector.origin import ideogram
from tests.detector.carriers import png, with_exif
from tests.detector.origin.reading import check


@pytest.mark.parametrize("maker", ["Ideogram AI", "ideogram.ai", "Ideogram"])
@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_named(maker: str, kind: str) -> None:
    check(ideogram, with_exif({0x010F: maker}, kind=kind), ("Make: Ideogram", "unknown", 2))


@pytest.mark.parametrize(
    "data",
    [
        with_exif({0x010F: "Canon"}),
        with_exif({0x010F: "an Ideogram AI fan"}),
        with_exif({0x010E: "Ideogram AI"}),
        png({"Make": "Ideogram AI"}),
    ],
)
def test_what_only_looks_so(data: bytes) -> None:
    check(ideogram, data)
