"""Letters of any script, and lines that never leave their room."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from desk.sheet import PAPER, Sheet, drawable, fitted, lines, text_height, text_width


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Zoë Kravitz – 62 %", "Zoë Kravitz – 62 %"),
        ("Zoe\u0308", "Zoë"),
        ("Ελένη Привет", "Ελένη Привет"),
        ("小绿 東京 한국어 ひらがな", "小绿 東京 한국어 ひらがな"),
        ("नो", "‹U+0928 U+094B›"),
        ("Nora 😀", "Nora ‹U+1F600›"),
        ("אבג דה Nora", "הד גבא Nora"),
        ("what?", "what?"),
        ("a\nb\tc\x1b[2J", "a b c‹U+001B›[2J"),
        ("\u202eevil", "‹U+202E›evil"),
        ("\udcff", "‹U+DCFF›"),
        ("", ""),
    ],
)
def test_every_letter_is_drawn_or_named(words: str, shown: str) -> None:
    assert drawable(words).replace(" ", "") == shown.replace(" ", "")
    assert "\n" not in drawable(words)


@given(st.text(max_size=60), st.integers(60, 500), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_lines_stay_in_their_room(words: str, width: int, most: int) -> None:
    made = lines(words, 18, 400, width, most)
    assert 1 <= len(made) <= most
    assert all(text_width(line, 18) <= width for line in made)


def test_what_does_not_fit_says_so() -> None:
    (one,) = lines("a name that goes on and on", 18, 400, 100, 1)
    assert one.endswith("…")
    assert lines("a name", 18, 400, 100, 1) == ["a name"]
    assert len(lines("unbroken" * 20, 18, 400, 100, 9)) == 9


def test_a_sheet_is_as_tall_as_what_is_on_it() -> None:
    sheet = Sheet(300)
    end = sheet.text("two words " * 8, 10, 20, 18, width=200)
    assert end == sheet.y == 20 + text_height("two words " * 8, 18, 400, 200, 3)
    sheet.box(10, end + 5, 100, 40, (255, 255, 255), (0, 0, 0))
    sheet.picture(np.zeros((7, 9, 3), np.uint8), 50, sheet.y)
    with Image.open(io.BytesIO(sheet.png(11))) as image:
        assert image.size == (300, end + 5 + 40 + 7 + 11)
        assert image.getpixel((299, 0)) == PAPER
        assert image.getpixel((50, end + 45)) == (0, 0, 0)


@pytest.mark.parametrize(
    ("shape", "room", "size"),
    [
        ((100, 200), (50, 50), (25, 50)),
        ((16, 16), (500, 500), (64, 64)),
        ((1, 4000), (300, 200), (1, 300)),
        ((4000, 1), (300, 200), (200, 1)),
        ((1, 1), (300, 200), (4, 4)),
    ],
)
def test_pictures_fit_into_their_room(
    shape: tuple[int, int], room: tuple[int, int], size: tuple[int, int]
) -> None:
    assert fitted(np.zeros((*shape, 3), np.uint8), *room).shape == (*size, 3)
