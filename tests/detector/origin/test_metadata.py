"""What could not be looked at is told, and once."""

import pytest

from detector.examine import examine, stage_versions
from detector.origin import metadata
from tests.detector.carriers import commented, png, png_chunk, with_xmp
from tests.detector.files import jpeg
from tests.detector.origin.reading import check

BOMB = b'<!DOCTYPE l [<!ENTITY a "ha">]><x:m xmlns:x="adobe:ns:meta/">&a;</x:m>'


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (jpeg(size=(40, 40), xmp=BOMB), "the XMP is an XML bomb"),
        (png_chunk(b"zTXt", b"Comment\x00\x00not zipped"), "the PNG text Comment cannot be unpacked"),
        (png()[:-20], "the file ends early"),
        (b"8BPS\x00\x01", "nothing here reads the metadata of psd"),
    ],
)
def test_troubles(data: bytes, why: str) -> None:
    check(metadata, data, (f"unreadable: {why}", "unknown", 0))
    stages = [stage for stage in stage_versions() if stage.startswith("origin:")]
    told = [one.signal for one in examine(data, stages).evidence if one.reader != "c2pa"]
    assert told == [f"unreadable: {why}"]


@pytest.mark.parametrize("data", [png({"a": "b"}), commented("hi"), with_xmp(""), jpeg(size=(40, 40)), b""])
def test_none(data: bytes) -> None:
    check(metadata, data)
