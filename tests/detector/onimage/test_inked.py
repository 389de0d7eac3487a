"""Marks without a plate on uneven ground, and such as are see-through as a whole."""

from math import cos, pi, sin

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from detector.onimage.drawn import drawn
from detector.onimage.hunt import hunted
from detector.onimage.inked import NO_INK, ink_at
from detector.onimage.look import Mark, Pixels
from detector.onimage.marks import SHAPE, read_marks
from detector.onimage.patterns import pattern_of
from storage.records import Reading, ReadingState
from tests.detector.onimage.stamped import ground, mark


def stars(cover: int = 255) -> Image.Image:
    """A large and a small one, dark, on nothing."""
    image = Image.new("RGBA", (400, 400), (255, 255, 255, 0))
    draw = ImageDraw.Draw(image)
    for x, y, radius in ((180, 210, 170), (330, 80, 66)):
        turns = [(step * pi / 4, radius * (0.3 if step % 2 else 1)) for step in range(8)]
        draw.polygon([(x + far * cos(turn), y + far * sin(turn)) for turn, far in turns], (0, 0, 0, cover))
    return image.crop(image.getbbox())


def registered(cover: int = 255) -> Mark:
    lifted = drawn(np.asarray(stars(cover)))
    return Mark("stars", "Our stars", lifted.grey, lifted.alpha, "", "0" * 64)


def uneven(light: int = 120, swing: int = 40) -> Pixels:
    """Soft light and shade that is steeper than the mark is large."""
    soft = np.random.default_rng(0).normal(0, 1, (10, 8)).astype(np.float32)
    plane = np.clip(light + swing * cv2.resize(soft, (320, 400), interpolation=cv2.INTER_CUBIC), 0, 225)
    return np.repeat(plane.astype(np.uint8)[:, :, None], 3, axis=2)


def with_stars(picture: Pixels, cover: int = 255) -> Pixels:
    """White ones, at the bottom right, 6.5 % of the height."""
    grey = Image.fromarray(picture)
    alpha = stars(cover).resize((26, 26)).getchannel("A")
    grey.paste(Image.new("RGB", (26, 26), (255, 255, 255)), (285, 365), alpha)
    return np.asarray(grey)


def read(picture: Pixels, one: Mark) -> Reading:
    return read_marks(picture, [one], lambda _: "", lambda _: ())


def test_on_uneven_ground_the_ink_tells() -> None:
    picture, one = with_stars(uneven()), registered()
    pattern = pattern_of(one)
    assert pattern
    best = hunted(picture[:, :, 0].copy(), [pattern])[0]
    assert best.fit < SHAPE
    assert ink_at(picture[:, :, 0].copy(), best).sure
    assert read(picture, one).state is ReadingState.PRESENT


@pytest.mark.parametrize(
    "picture", [uneven(), uneven(90, 90), ground(400, 320)], ids=["soft", "steep", "photograph"]
)
def test_where_no_mark_stands_none_is_found(picture: Pixels) -> None:
    assert read(picture, registered()).state is ReadingState.ABSENT


@pytest.mark.parametrize("cover", [77, 40])
def test_a_file_that_is_see_through_is_looked_for(cover: int) -> None:
    """Watermarks are kept as such: 30 % opaque, 16 %."""
    assert pattern_of(registered(cover))
    assert read(with_stars(ground(400, 320, light=60)), registered(cover)).state is ReadingState.PRESENT


def test_what_cannot_be_searched_for_is_not_absent() -> None:
    nothing = Mark(
        "flat", "", np.full((40, 40), 90, np.uint8), np.full((40, 40), 255, np.uint8), "", "0" * 64
    )
    assert pattern_of(nothing) is None
    found = read(ground(), nothing)
    assert found.state is ReadingState.UNREADABLE
    assert found.reason == "nothing on this mark can be searched for: flat"
    assert read(with_stars(uneven()), nothing).state is ReadingState.UNREADABLE


def test_of_a_plate_the_ink_says_nothing() -> None:
    pattern = pattern_of(mark("EU icon: AI"))
    assert pattern
    spots = hunted(ground()[:, :, 0].copy(), [pattern])
    assert all(ink_at(ground()[:, :, 0].copy(), spot) == NO_INK for spot in spots)
