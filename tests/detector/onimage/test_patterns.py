"""What of a mark is searched for, and at any size."""

import numpy as np

from detector.onimage.icons import AI, MODIFIED, PIN, SPARKLE
from detector.onimage.look import Mark
from detector.onimage.patterns import pattern_of, template
from tests.detector.onimage.stamped import mark


def test_the_window_lies_on_the_plate_around_the_letters() -> None:
    for name in (AI, MODIFIED, PIN):
        one = mark(name)
        pattern = pattern_of(one)
        assert pattern
        assert pattern.plate
        left, top, right, bottom = pattern.window
        assert one.alpha[top:bottom, left:right].min() == 255
        corners = one.grey[[top, top, bottom - 1, bottom - 1], [left, right - 1, left, right - 1]]
        assert np.ptp(corners) == 0
        assert bottom - top > pattern.ink


def test_a_ring_at_the_plates_edge_is_left_out() -> None:
    pattern = pattern_of(mark(PIN))
    assert pattern
    assert pattern.window[0] > 15
    assert 60 <= pattern.ink <= 75


def test_strokes_on_nothing_are_looked_for_whole() -> None:
    pattern = pattern_of(mark(SPARKLE))
    assert pattern
    assert not pattern.plate
    assert pattern.window == (0, 0, 200, 200)


def test_a_drawing_of_several_greys_without_a_plate() -> None:
    alpha = np.zeros((40, 40), np.uint8)
    alpha[5:10], alpha[25:30] = 255, 255
    grey = np.zeros((40, 40), np.uint8)
    grey[:20] = 255
    pattern = pattern_of(Mark("two", "two", grey, alpha))
    assert pattern
    assert (pattern.light[7, 7], pattern.light[27, 7], pattern.light[15, 7]) == (255, 0, 127.5)


def test_nothing_on_it_is_no_pattern() -> None:
    """It would be found on every wall."""
    plain = np.full((30, 60), 200, np.uint8)
    assert pattern_of(Mark("plain", "plain", plain, np.full_like(plain, 255))) is None
    assert pattern_of(Mark("clear", "clear", plain, np.zeros_like(plain))) is None
    assert (
        pattern_of(Mark("point", "point", np.zeros((1, 1), np.uint8), np.full((1, 1), 255, np.uint8))) is None
    )


def test_a_picture_that_fills_its_box_is_taken_whole() -> None:
    grey = np.tile(np.arange(0, 250, 5, dtype=np.uint8), (30, 1))
    pattern = pattern_of(Mark("slope", "slope", grey, np.full_like(grey, 255)))
    assert pattern
    assert pattern.window == (0, 0, 50, 30)


def test_a_large_drawing_is_kept_small_and_sized_whole() -> None:
    grey = np.zeros((900, 1800), np.uint8)
    grey[300:600, 400:1400] = 255
    pattern = pattern_of(Mark("large", "large", grey, np.full_like(grey, 255)))
    assert pattern
    assert pattern.light.shape == (200, 400)
    drawn = template(pattern, 20)
    assert (drawn.tall, drawn.wide) == (20, 40)
    assert drawn.light.shape < (20, 40)
    assert template(pattern, 20) is drawn
