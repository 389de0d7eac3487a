"""Animated pictures: each kind of them, their times, and what is broken."""

from collections.abc import Sequence
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from detector.examine import examine
from detector.pictures.decode import decode
from detector.pictures.frames import frame_at, frames
from storage.errors import PictureError
from storage.formats import format_of
from tests.detector.drawings import scene

KINDS = ("GIF", "WEBP", "PNG", "AVIF")
SIZE = (120, 90)


def animated(
    kind: str, count: int = 4, milliseconds: int | list[int] = 600, images: Sequence[Image.Image] = ()
) -> bytes:
    shown = images or [Image.fromarray(scene(*SIZE, seed=number)) for number in range(count)]
    out = BytesIO()
    more = {"save_all": True, "append_images": shown[1:], "duration": milliseconds} if len(shown) > 1 else {}
    shown[0].save(out, kind, **more)
    return out.getvalue()


def times(data: bytes) -> list[float]:
    return [one.at for one in frames(data, format_of(data))]


@pytest.mark.parametrize("kind", KINDS)
def test_each_picture_of_it_when_it_appears(kind: str) -> None:
    data = animated(kind)
    assert times(data) == [0, 0.6, 1.2, 1.8]
    for number in range(4):
        shown = frame_at(data, format_of(data), 0.6 * number).astype(int)
        assert np.abs(shown - scene(*SIZE, seed=number)).mean() < 15  # a GIF has 256 colours


def test_times_are_those_of_the_file() -> None:
    assert times(animated("GIF", 4, [300, 1000, 1900, 100])) == [0, 0.3, 1.3, 3.2]


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_that_stands_ends_with_a_frame_of_its_own(kind: str) -> None:
    data = animated(kind, 3, [300, 2500, 4000])
    assert times(data) == [0, 0.3, 2.78, 2.8, 6.78]
    for at, seed in ((0.3, 1), (2.78, 1), (2.8, 2), (6.78, 2)):
        shown = frame_at(data, format_of(data), at).astype(int)
        assert np.abs(shown - scene(*SIZE, seed=seed)).mean() < 15


def test_a_scene_stands_over_several_pictures_that_are_nearly_the_same() -> None:
    one = Image.fromarray(scene(*SIZE, seed=1))
    same = [one, one.point(lambda value: min(255, value + 1)), one, Image.fromarray(scene(*SIZE, seed=2))]
    assert times(animated("PNG", images=same, milliseconds=[900, 900, 900, 100])) == [0, 2.68, 2.7]


def test_pictures_without_a_time_show_for_a_tenth_of_a_second() -> None:
    assert times(animated("GIF", 21, 0))[-1] <= 2.0


def test_a_picture_that_repeats_is_kept_once() -> None:
    one = Image.fromarray(scene(*SIZE, seed=1))
    same = [one, one.point(lambda value: min(255, value + 1)), one]
    assert times(animated("PNG", images=same)) == [0]


def test_what_comes_before_the_break_counts() -> None:
    data = animated("GIF")
    some = frames(data[: len(data) // 2], "gif")
    assert [next(some).at, next(some).at] == [0.0, 0.6]
    with pytest.raises(PictureError) as caught:
        next(some)
    assert caught.value.kind in {"truncated", "broken_picture"}


def test_the_first_picture_has_no_time_and_the_others_do() -> None:
    """A still picture and the first of an animation are matched alike."""
    data = animated("WEBP")
    found = examine(data, ["fingerprint:pdq"])
    assert [one.at for one in found.fingerprints if one.algorithm == "pdq"] == [None, 0.6, 1.2, 1.8]
    still = Image.open(BytesIO(data))
    still.seek(0)
    assert np.array_equal(np.asarray(still.convert("RGB")), decode(data, "webp").pixels)
    assert (found.width, found.height, found.failure, found.too_little) == (*SIZE, None, False)


def test_a_still_picture_stays_as_it_is() -> None:
    for kind in KINDS:
        found = examine(animated(kind, 1), ["fingerprint:pdq"])
        assert [one.at for one in found.fingerprints] == [None, None]


def test_a_film_is_too_little_only_where_every_frame_is() -> None:
    flat = [Image.new("L", SIZE, value) for value in (0, 120, 240)]
    assert examine(animated("PNG", images=flat)).too_little
    assert not examine(animated("PNG", images=[*flat, Image.fromarray(scene(*SIZE)).convert("L")])).too_little
