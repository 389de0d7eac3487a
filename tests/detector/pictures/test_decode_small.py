"""The small decode: how small it is, that its pixels are the means of blocks, and that it lies as shown."""

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from detector.pictures.decode import SmallPicture, decode, decode_small
from storage.errors import PictureError
from storage.formats import format_of
from tests.detector.drawings import Pixels, grey_ramp, scene, shapes
from tests.detector.files import encoded, jpeg

SIZES = [  # width, height → share
    ((16, 16), 1),
    ((320, 400), 1),
    ((639, 639), 1),
    ((640, 400), 2),
    ((1080, 1350), 4),
    ((1350, 1080), 4),
    ((1283, 727), 4),
    ((1280, 630), 2),  # at 1/4 too little would be left of the short side
    ((4000, 100), 1),
    ((2, 700), 1),
    ((1, 1), 1),
]
ORIENTATIONS = range(1, 9)


def small(data: bytes, long_edge: int = 320) -> SmallPicture:
    return decode_small(data, format_of(data), long_edge=long_edge)


def means(pixels: Pixels, share: int) -> np.ndarray:
    """Of every block of the luminance, those at the right and lower edge cut short."""
    grey = pixels @ np.array([0.299, 0.587, 0.114])
    height, width = grey.shape
    return np.array(
        [
            [grey[y : y + share, x : x + share].mean() for x in range(0, width, share)]
            for y in range(0, height, share)
        ]
    )


@pytest.mark.parametrize(("size", "share"), SIZES)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_it_is_as_small_as_may_be(size: tuple[int, int], share: int, kind: str) -> None:
    found = small(encoded(scene(*size), kind))
    assert (found.width, found.height, found.share) == (*size, share)
    assert found.grey.shape == (-(-size[1] // share), -(-size[0] // share))
    assert found.grey.dtype == np.uint8
    assert (found.cut_top, found.cut_left) == (False, False)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "AVIF"])
def test_a_pixel_is_the_mean_of_a_block(kind: str) -> None:
    data = encoded(shapes(1283, 727), kind)
    found = small(data)
    expected = means(decode(data, format_of(data)).pixels, found.share)
    inside = (slice(0, 727 // found.share), slice(0, 1283 // found.share))  # a JPEG fills up its last block
    assert np.abs(found.grey[inside] - expected[inside]).mean() < 0.5
    assert np.abs(found.grey - expected).max() < 12


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["L", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
def test_every_kind_of_jpeg(mode: str, progressive: bool) -> None:
    data = encoded(shapes(1080, 1350), "JPEG", mode, quality=90, progressive=progressive)
    found = small(data)
    assert found.share == 4
    assert np.abs(found.grey[:-1] - means(decode(data, "jpeg").pixels, 4)[:-1]).mean() < 1


def test_a_vast_picture_is_shrunk_beyond_what_the_decoder_can() -> None:
    found = small(encoded(grey_ramp(5121, 2563)))
    assert (found.share, found.grey.shape) == (16, (161, 321))


def test_transparency_stands_on_white() -> None:
    image = Image.new("RGBA", (700, 700), (255, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 350, 700))
    out = BytesIO()
    image.save(out, "PNG")
    found = small(out.getvalue())
    assert (found.grey[5, 5], found.grey[5, 300]) == (0, 255)


@pytest.mark.slow
@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_it_is_turned_as_shown(orientation: int, kind: str) -> None:
    """And where the short block comes to lie is told."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(shapes(1283, 727), kind, exif=exif)
    whole = decode(data, format_of(data))
    found = small(data)
    assert (found.width, found.height) == (whole.width, whole.height)
    assert found.cut_top is (orientation in (3, 4, 7, 8))
    assert found.cut_left is (orientation in (2, 3, 6, 7))
    top, left = (-side % found.share if cut else 0 for side, cut in places(found))
    padded = np.pad(whole.pixels, ((top, 0), (left, 0), (0, 0)), "edge")
    assert np.abs(found.grey - means(padded, found.share)).mean() < 0.6


def places(found: SmallPicture) -> tuple[tuple[int, bool], tuple[int, bool]]:
    return (found.height, found.cut_top), (found.width, found.cut_left)


@pytest.mark.parametrize(("asked", "edge"), [(320, 338), (480, 675), (10, 338), (1350, 1350)])
def test_the_long_edge_can_be_asked_for(asked: int, edge: int) -> None:
    assert max(small(jpeg(size=(1080, 1350)), asked).grey.shape) == edge


def test_it_can_be_reduced_further() -> None:
    found = small(jpeg(size=(4000, 100)))
    assert found.reduced().shape == (13, 500)
    assert found.reduced(2000).shape == (50, 2000)
    assert small(jpeg(size=(320, 400))).reduced().shape == (400, 320)


@pytest.mark.parametrize("share", [0.3, 0.9, 0.99])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_truncated_jpeg_is_named(share: float, progressive: bool) -> None:
    data = jpeg(size=(700, 700), progressive=progressive)
    with pytest.raises(PictureError) as caught:
        small(data[: int(len(data) * share)])
    assert caught.value.kind == "truncated"


SEED = jpeg(size=(700, 650))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=12), st.floats(0.05, 1))
def test_a_mutilated_jpeg_is_a_picture_or_named(strokes: list[tuple[float, int]], length: float) -> None:
    data = bytearray(SEED)
    for place, value in strokes:
        data[int(place * (len(data) - 1))] = value
    wild = bytes(data[: int(len(data) * length)])
    try:
        kind = f"{small(wild).grey.ndim} dimensions"
    except PictureError as error:
        kind = error.kind
    assert kind in {"2 dimensions", "truncated", "broken_picture", "not_a_picture", "too_many_pixels"}
