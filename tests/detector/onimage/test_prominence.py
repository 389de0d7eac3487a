"""How far a label can be seen: measured on labels whose height and contrast are known."""

import cv2
import numpy as np
import pytest

from detector.onimage.look import Pixels
from detector.onimage.prominence import FAINTEST, SMALLEST, contrast_in, position, prominence
from storage.records import Box

WIDE, TALL = 1000, 1250


def label(levels: int, scale: float = 1.5, ground: int = 120) -> tuple[Pixels, Box, float]:
    """A line of text at the bottom left, its box, and the height of its letters in px."""
    picture = np.full((TALL, WIDE, 3), ground, np.uint8)
    thick = max(1, round(2 * scale))
    (wide, tall), _ = cv2.getTextSize("AI GENERATED", cv2.FONT_HERSHEY_DUPLEX, scale, thick)
    grey = ground + levels
    cv2.putText(
        picture, "AI GENERATED", (40, TALL - 40), cv2.FONT_HERSHEY_DUPLEX, scale, (grey, grey, grey), thick
    )
    box = Box(30 / WIDE, (TALL - 50 - tall) / TALL, (wide + 20) / WIDE, (tall + 20) / TALL)
    return picture, box, float(tall)


@pytest.mark.parametrize("levels", [-90, -40, -10, 8, 14, 16, 60, 130])
@pytest.mark.parametrize("scale", [0.8, 1.5, 4.0])
def test_contrast_is_that_of_the_strokes(levels: int, scale: float) -> None:
    assert contrast_in(*label(levels, scale)) == pytest.approx(abs(levels), abs=2)


def test_contrast_of_no_place_is_none() -> None:
    picture, _, _ = label(50)
    assert contrast_in(picture, Box(1.0, 1.0, 0.0, 0.0), 20) == 0
    assert contrast_in(picture, Box(-0.5, 0.2, 0.1, 0.1), 20) == 0


@pytest.mark.parametrize(
    ("levels", "scale", "below"),
    [
        (FAINTEST - 5, 1.5, 1),
        (FAINTEST + 5, 1.5, 0),
        (100, 0.25, 1),  # letters of 5 px in a picture 1,000 px wide
        (100, 1.5, 0),
    ],
)
def test_the_floor_is_what_nobody_can_read(levels: float, scale: float, below: int) -> None:
    picture, box, tall = label(int(levels), scale)
    seen = prominence(picture, box, height=tall)
    assert seen["below_floor"] == below
    assert (tall < SMALLEST * WIDE or levels < FAINTEST) == bool(below)


def test_red_on_green_as_light_is_not_faint() -> None:
    picture, box, tall = label(80)
    inked = picture[..., 0] == 200
    picture[:] = (40, 115, 60)
    picture[inked] = (170, 60, 60)
    seen = prominence(picture, box, height=tall)
    assert float(seen["contrast"]) < FAINTEST
    assert float(seen["colour"]) > 40
    assert seen["below_floor"] == 0
    picture[inked] = (44, 113, 60)
    assert prominence(picture, box, height=tall)["below_floor"] == 1


def test_what_a_reading_is_told() -> None:
    picture, box, tall = label(80)
    seen = prominence(picture, box, height=tall, contrast=33.33)
    assert seen == {
        "height": round(tall / TALL, 4),
        "of_short_side": round(tall / WIDE, 4),
        "contrast": 33.3,
        "position": "bottom left",
        "below_floor": 0,
    }


@pytest.mark.parametrize(
    ("box", "words"),
    [
        (Box(0.0, 0.0, 0.1, 0.1), "top left"),
        (Box(0.4, 0.9, 0.2, 0.1), "bottom"),
        (Box(0.4, 0.4, 0.2, 0.2), "middle"),
        (Box(0.9, 0.5, 0.1, 0.05), "right"),
        (Box(0.9, 0.95, 0.1, 0.05), "bottom right"),
        (Box(0.0, 0.0, 1.0, 1.0), "middle"),
        (Box(1.0, 1.0, 0.0, 0.0), "bottom right"),
    ],
)
def test_the_place_in_words(box: Box, words: str) -> None:
    assert position(box) == words
