"""The marks that are built in: drawn whole, with what they say."""

import numpy as np
import pytest

from detector.onimage.glyphs import BIG_A, CAPITALS
from detector.onimage.icons import AI, GENERATED, MODIFIED, PIN, SPARKLE, TALL, built_in_marks
from tests.detector.onimage.stamped import mark


def test_each_mark_once() -> None:
    assert [one.name for one in built_in_marks()] == [AI, GENERATED, MODIFIED, PIN, SPARKLE]
    assert built_in_marks() is built_in_marks()


@pytest.mark.parametrize(
    ("name", "says", "letters", "wide"),
    [
        (AI, "AI", "AI", 200),
        (GENERATED, "AI GENERATED", "AI GENERATED", 1045),
        (MODIFIED, "AI MODIFIED", "AI MODIFIED", 918),
        (PIN, "Content Credentials", "cr", 200),
        (SPARKLE, "Gemini’s sparkle", "", 200),
    ],
)
def test_what_each_says(name: str, says: str, letters: str, wide: int) -> None:
    one = mark(name)
    assert (one.says, one.letters, one.sha256) == (says, letters, "")
    assert one.grey.shape == one.alpha.shape == (TALL, wide)
    assert one.grey.dtype == one.alpha.dtype == np.uint8


def test_a_pill_has_all_its_letters_on_the_plate() -> None:
    """Columns of ink that hang together are a letter: AI and nine more."""
    one = mark(GENERATED)
    ink = (one.grey > 127).any(axis=0)
    assert int((np.diff(ink.astype(np.int8)) == 1).sum()) == 2 + len("GENERATED")
    assert one.alpha[one.grey > 127].min() == 255


def test_the_disc_is_round_and_the_pin_has_one_corner() -> None:
    corners = (0, 0), (0, -1), (-1, 0), (-1, -1)
    assert [mark(AI).alpha[at] for at in corners] == [0, 0, 0, 0]
    assert [mark(PIN).alpha[at] for at in corners] == [0, 0, 0, 255]


def test_the_star_has_four_points_and_hollow_sides() -> None:
    star = mark(SPARKLE).alpha
    assert (star[TALL // 2] > 127).mean() > 0.9
    assert star[TALL // 4, TALL // 4] == 0
    assert np.array_equal(star > 127, (star > 127).T)


def test_letters_stand_on_their_line() -> None:
    for letter, glyph in {**CAPITALS, "big A": BIG_A}.items():
        points = [point for outline in glyph.filled for point in outline]
        assert min(x for x, _ in points) == pytest.approx(0), letter
        assert max(x for x, _ in points) == pytest.approx(glyph.wide, abs=0.5), letter
