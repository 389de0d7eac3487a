"""A plain header is read; whatever could be shown otherwise than it lies, or is broken, is left to Pillow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from detector.pictures.jpeg import luminance, plain_size
from tests.detector.drawings import scene
from tests.detector.files import encoded, jpeg, xmp

PICTURE = scene(90, 60, seed=4)


def with_exif() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return jpeg(exif=exif)


def after_start(data: bytes, segment: bytes) -> bytes:
    return data[:2] + segment + data[2:]


@pytest.mark.parametrize(
    "data",
    [
        encoded(PICTURE),
        encoded(PICTURE, mode="L"),
        encoded(PICTURE, progressive=True),
        encoded(PICTURE, comment=b"\xff\xc0 a comment"),
        encoded(PICTURE, icc_profile=b"\xff\xc0" * 90),
        encoded(PICTURE, subsampling=0, optimize=True, restart_marker_blocks=1),
        after_start(encoded(PICTURE), b"\xff\xed\x00\x04ab"),
    ],
    ids=["colour", "grey", "progressive", "comment", "profile", "restarts", "photoshop"],
)
def test_the_size_of_a_plain_jpeg(data: bytes) -> None:
    assert plain_size(data) == (90, 60)
    found = luminance(data, 90, 60, 4)
    assert found is not None
    assert found.shape == (15, 23)


@pytest.mark.parametrize(
    "data",
    [
        with_exif(),
        jpeg(xmp=xmp("x")),
        encoded(PICTURE, mode="CMYK"),
        encoded(PICTURE, "PNG"),
        b"\xff\xd8\xff",
        b"\xff\xd8" + b"\xff\xe0\x00\x02" * 70 + encoded(PICTURE)[2:],
        after_start(encoded(PICTURE), b"\xff\xe0\x00\x00"),
        after_start(encoded(PICTURE), b"\xff\xc0\x00\x0b\x08\x00\x00\x00\x10\x01\x01\x11\x00"),
    ],
    ids=["exif", "xmp", "cmyk", "png", "cut", "endless", "no length", "no height"],
)
def test_any_other_is_left_to_pillow(data: bytes) -> None:
    assert plain_size(data) is None


@given(st.binary(max_size=200), st.integers(2, 200))
def test_no_header_breaks_it(noise: bytes, place: int) -> None:
    data = encoded(PICTURE)
    size = plain_size(data[:place] + noise + data[place:])
    assert size is None or min(size) > 0


def test_another_size_than_the_header_says_is_no_answer() -> None:
    assert luminance(encoded(PICTURE), 60, 90, 4) is None


@pytest.mark.parametrize("data", [b"\xff\xd8\xff", encoded(PICTURE)[:900]])
def test_what_opencv_cannot_read_is_no_answer(data: bytes) -> None:
    assert luminance(data, 90, 60, 4) is None
