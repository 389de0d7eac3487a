"""Midjourney's description, which ends with a job's number."""

import pytest

from detector.origin import midjourney
from tests.detector.carriers import png, said_in_xmp, with_exif, with_iim
from tests.detector.origin.reading import Said, check

TEXT = "a control panel, nikon d750 --ar 4:3 --v 5.2 Job ID: 2b6e053b-9a65-4ca9-9e13-b6f4465164d4"
JOB: Said = ("Midjourney job", "whole", 2)


@pytest.mark.parametrize(
    "data",
    [
        png({"Description": TEXT, "Author": "somebody"}),
        with_exif({0x010E: TEXT}),
        with_iim({120: TEXT.encode()}),
        said_in_xmp("dc:description", TEXT),
    ],
)
def test_every_place(data: bytes) -> None:
    check(midjourney, data, JOB)


@pytest.mark.parametrize(
    "data",
    [
        png({"Description": "a coat --ar 4:3 --v 6"}),
        png({"Description": "Job ID: 4711"}),
        png({"Description": TEXT + " is what I typed"}),
        png({"Comment": TEXT}),
        with_iim({115: TEXT.encode()}),
        png(),
    ],
)
def test_what_only_looks_so(data: bytes) -> None:
    check(midjourney, data)
