"""Registered marks in one colour on ground that is as light, and such as hardly show."""

from math import cos, pi, sin

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from detector.onimage.colours import contrasts, together
from detector.onimage.drawn import drawn
from detector.onimage.hunt import Spot, hunted
from detector.onimage.look import Mark, Pixels, planes
from detector.onimage.marks import read_marks
from detector.onimage.patterns import pattern_of
from storage.records import Reading, ReadingState
from tests.detector.onimage.stamped import ground

LEFT, TOP, SIZE = 190, 250, 30  # px, of 240 x 300: 10 % of its height
RED, GREEN = (170, 60, 60), (40, 115, 60)  # both 94 light


def stars() -> Image.Image:
    image = Image.new("RGBA", (400, 400), (255, 255, 255, 0))
    draw = ImageDraw.Draw(image)
    for x, y, radius in ((180, 210, 170), (330, 80, 66)):
        turns = [(step * pi / 4, radius * (0.3 if step % 2 else 1)) for step in range(8)]
        draw.polygon([(x + far * cos(turn), y + far * sin(turn)) for turn, far in turns], (0, 0, 0, 255))
    return image.crop(image.getbbox())


def registered(letters: str = "") -> Mark:
    lifted = drawn(np.asarray(stars()))
    return Mark("stars", "Our stars", lifted.grey, lifted.alpha, letters, "0" * 64)


def pasted(picture: Pixels, ink: tuple[int, int, int], cover: float = 1.0) -> Pixels:
    made = Image.fromarray(picture)
    alpha = stars().resize((SIZE, SIZE)).getchannel("A").point(lambda level: round(level * cover))
    made.paste(Image.new("RGB", (SIZE, SIZE), ink), (LEFT, TOP), alpha)
    return np.asarray(made)


def green(swing: int = 25) -> Pixels:
    """Of one colour, light and shade on it."""
    light = ground(light=0).astype(np.float32) - ground(light=0).mean()
    made = np.array(GREEN, np.float32) + (light * swing / max(1.0, float(light.std()))).clip(-60, 60)
    return np.asarray(np.clip(made, 0, 255), np.uint8)


def busy() -> Pixels:
    """Light and shade of the size of a mark, steeper than a half transparent one is."""
    spots = np.random.default_rng(5).normal(110, 45, (50, 40)).astype(np.float32)
    plane = np.clip(cv2.resize(spots, (240, 300), interpolation=cv2.INTER_CUBIC), 0, 255).astype(np.uint8)
    return np.repeat(plane[:, :, None], 3, axis=2)


def read(picture: Pixels, letters: str = "", said: str = "") -> Reading:
    return read_marks(picture, [registered(letters)], lambda _: said, lambda _: ())


def test_red_on_green_is_there_and_not_faint() -> None:
    found = read(pasted(green(3), RED))
    assert (found.state, found.quote) == (ReadingState.PRESENT, "Our stars")
    seen = found.prominence
    assert seen["contrast"] == pytest.approx(0, abs=6)
    assert (float(seen["colour"]) > 40, seen["below_floor"]) == (True, 0)


def test_without_the_mark_there_is_none() -> None:
    for picture in (green(3), green(), ground()):
        assert read(picture).state is ReadingState.ABSENT


def test_what_no_viewer_sees_is_not_found() -> None:
    nearly = (GREEN[0] + 2, GREEN[1] - 2, GREEN[2])
    picture = pasted(np.full((300, 240, 3), GREEN, np.uint8), nearly)
    pattern = pattern_of(registered())
    assert pattern
    assert together(planes(picture), Spot(pattern, LEFT, TOP, SIZE, SIZE, 1.0)) < 0.5


def test_all_planes_together_see_more_than_one() -> None:
    """The ground swings from light red to dark green; the mark is lighter wherever it stands."""
    swing = (busy().astype(np.float32) - 110) * np.array([1.0, 0.5, -0.3], np.float32)
    picture = pasted(np.asarray(np.clip(swing + 110, 0, 255), np.uint8), (200, 200, 200), 0.4)
    pattern = pattern_of(registered())
    assert pattern
    spot, seen = Spot(pattern, LEFT, TOP, SIZE, SIZE, 0.5), planes(picture)
    alone = max(one.fit for plane in seen for one in hunted(plane, [pattern]))
    assert together(seen, spot) > 0.9 > alone


def test_a_place_that_stands_out_may_be_it() -> None:
    found = read(pasted(busy(), (255, 255, 255), 0.65))
    assert found.state is ReadingState.AMBIGUOUS
    assert found.reason.startswith("it looks like the mark, not for sure (0.7")


def outline() -> Image.Image:
    image = Image.new("RGBA", (400, 400), (255, 255, 255, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((15, 15, 385, 385), 60, outline=(0, 0, 0, 255), width=18)
    draw.line((90, 310, 200, 90, 310, 310), fill=(0, 0, 0, 255), width=18)
    draw.line((140, 230, 260, 230), fill=(0, 0, 0, 255), width=18)
    return image.crop(image.getbbox())


def across_an_edge(cover: float, level: int) -> Pixels:
    """A thin outline where a dark garment ends on a light ground."""
    plain = np.repeat(ground(900, 720, 190)[:, :, :1], 3, axis=2)
    plain[:780, 600:] = ground(900, 720, 50)[:780, 600:]
    made = Image.fromarray(plain)
    alpha = outline().resize((64, 64)).getchannel("A").point(lambda one: round(one * cover))
    made.paste(Image.new("RGB", (64, 64), (level, level, level)), (570, 740), alpha)
    return np.asarray(made)


@pytest.mark.parametrize(("cover", "level"), [(1.0, 255), (1.0, 0)])
def test_a_thin_outline_across_the_edge_of_a_garment_is_not_absent(cover: float, level: int) -> None:
    lifted = drawn(np.asarray(outline()))
    one = Mark("outline", "Our outline", lifted.grey, lifted.alpha, "", "1" * 64)
    picture = across_an_edge(cover, level)
    found = read_marks(picture, [one], lambda _: "", lambda _: ())
    assert found.state in {ReadingState.PRESENT, ReadingState.AMBIGUOUS}
    assert (
        read_marks(across_an_edge(0.0, level), [one], lambda _: "", lambda _: ()).state is ReadingState.ABSENT
    )
    pattern = pattern_of(one)
    assert pattern
    assert all(spot.fit < 0.74 for spot in hunted(planes(picture)[0], [pattern]))


def test_long_letters_on_a_busy_ground_that_are_read_may_be_it() -> None:
    """The same name in another typeface has as much of its shape."""
    found = read(pasted(busy(), (255, 255, 255), 0.5), "MODA", "MODA")
    assert (found.state, found.reason) == (
        ReadingState.AMBIGUOUS,
        "its letters are read there, and its shape is not for sure",
    )


def test_contrast_in_every_plane() -> None:
    pattern = pattern_of(registered())
    assert pattern
    plain = np.full((300, 240, 3), 100, np.uint8)
    light, red, blue = contrasts(
        planes(pasted(plain, (160, 160, 160))), Spot(pattern, LEFT, TOP, SIZE, SIZE, 1.0)
    )
    assert light == pytest.approx(55, abs=8)  # points of stars are thinner than a pixel
    assert max(red, blue) == pytest.approx(0, abs=1)
