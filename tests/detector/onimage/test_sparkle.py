"""Gemini's sparkle is believed where Gemini puts it, to whatever size the picture was brought."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detector.onimage.icons import SPARKLE
from detector.onimage.patterns import Pattern, pattern_of
from detector.onimage.sparkle import sparkles
from tests.detector.onimage.stamped import ground, mark, stamped


def pattern() -> Pattern:
    found = pattern_of(mark(SPARKLE))
    assert found
    return found


def grey(
    size: int, margin: tuple[int, int], shape: tuple[int, int] = (512, 400), **how: bool
) -> NDArray[np.uint8]:
    """A sparkle of so many px, that far from the right and the bottom."""
    at = (shape[1] - margin[0] - size, shape[0] - margin[1] - size)
    picture = stamped(ground(*shape), mark(SPARKLE), size, at, inverted=how.get("inverted", False))
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


@pytest.mark.parametrize(
    ("size", "shape"), [(15, (512, 400)), (24, (512, 512)), (30, (600, 800)), (96, (1376, 768))]
)
def test_in_its_place_at_any_size(size: int, shape: tuple[int, int]) -> None:
    margin = round(size * 2 / 3)
    (spot, placed), *_ = sparkles(grey(size, (margin, margin), shape), pattern())
    assert placed
    assert spot.fit > 0.85
    assert spot.left == pytest.approx(shape[1] - margin - size, abs=0.1 * size)
    assert spot.top == pytest.approx(shape[0] - margin - size, abs=0.1 * size)


@pytest.mark.parametrize("margin", [(14, 28), (28, 14), (4, 4), (40, 40)])
def test_with_another_margin_it_is_a_decoration(margin: tuple[int, int]) -> None:
    assert not any(placed for _, placed in sparkles(grey(20, margin), pattern()))


def test_a_dark_star_is_a_decoration() -> None:
    found = list(sparkles(grey(20, (13, 13), inverted=True), pattern()))
    assert found
    assert not any(placed for _, placed in found)


def test_a_picture_too_small_for_one() -> None:
    assert list(sparkles(np.zeros((60, 500), np.uint8), pattern())) == []
