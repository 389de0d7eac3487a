"""Rectangles within a picture: found by their sides, without the gaps around them, and never by chance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from detector.matching.parts.rectangles import SMALLEST, rectangles
from tests.detector.drawings import Pixels
from tests.detector.matching.pictures import clouds, grey

MOST = 10
HEIGHT, WIDTH = 360, 270  # px
Corners = tuple[int, int, int, int]  # left, top, right, bottom px


def sheet(ground: int | None = None) -> Pixels:
    """Clouds of rather dark and even tones, or one grey."""
    if ground is not None:
        return np.full((HEIGHT, WIDTH), ground, np.uint8)
    return np.asarray(grey(clouds(5))[:HEIGHT, :WIDTH] // 2 + 40, np.uint8)


def laid(ground: Pixels, seed: int, corners: Corners) -> Pixels:
    left, top, right, bottom = corners
    made = ground.copy()
    made[top:bottom, left:right] = grey(clouds(seed))[: bottom - top, : right - left]
    return made


def beside(found: np.ndarray, corners: Corners) -> int:
    """px that the nearest rectangle's worst side lies beside its place."""
    return int(np.abs(found - corners).max(axis=1).min())


@pytest.mark.parametrize(
    "corners",
    [(40, 50, 116, 151), (150, 200, 226, 301), (24, 30, 240, 330), (0, 60, 270, 360), (97, 43, 163, 160)],
    ids=["small", "near a corner", "large", "below a band", "narrow"],
)
def test_a_picture_laid_on_another_is_found_to_a_px_or_two(corners: Corners) -> None:
    assert beside(rectangles(laid(sheet(), 2, corners), MOST), corners) <= 2


@pytest.mark.parametrize("hidden", [0.15, 0.3])
def test_a_side_that_is_seen_in_part_is_found_by_the_others(hidden: float) -> None:
    """Below a part of the picture the ground goes on in its tones."""
    corners = left, _, right, bottom = 60, 80, 180, 230
    pixels = laid(sheet(), 2, corners)
    end = left + round((right - left) * hidden)
    pixels[bottom:, left:end] = pixels[bottom - 1, left:end]
    assert beside(rectangles(pixels, MOST), corners) <= 2


@pytest.mark.parametrize("gap", [3, 4, 6])
def test_the_cells_of_a_collage_are_found_without_the_gaps_between_them(gap: int) -> None:
    width, height = (WIDTH - 3 * gap) // 2, (HEIGHT - 3 * gap) // 2
    pixels, cells = sheet(255), []
    for place in range(4):
        left, top = gap + (width + gap) * (place % 2), gap + (height + gap) * (place // 2)
        cells.append((left, top, left + width, top + height))
        pixels = laid(pixels, place + 1, cells[-1])
    found = rectangles(pixels, MOST)
    assert [beside(found, cell) <= 1 for cell in cells].count(True) >= 3


def test_the_last_places_are_for_what_a_band_leaves() -> None:
    """Of a picture with a grid laid over it there are more rectangles than are kept."""
    height, cell = HEIGHT - 70, 45
    below = grey(clouds(3))[:height, :WIDTH].copy()
    for at in range(cell, max(height, WIDTH), cell):
        below[at : at + 2], below[:, at : at + 2] = 0, 0
    pixels = np.concatenate([np.full((70, WIDTH), 255, np.uint8), below])
    assert len(rectangles(pixels, MOST)) == MOST
    assert beside(rectangles(pixels, MOST), (0, 70, WIDTH, HEIGHT)) > 2
    assert beside(rectangles(pixels, MOST, bands=2)[-2:], (0, 70, WIDTH, HEIGHT)) <= 2


def test_a_large_picture_s_are_told_in_its_own_px() -> None:
    corners = (40, 50, 116, 151)
    small = laid(sheet(), 2, corners)
    large = np.kron(small, np.ones((4, 4), np.uint8))
    wanted = tuple(4 * edge for edge in corners)
    assert beside(rectangles(large, MOST), wanted) <= 8  # type: ignore[arg-type]


def test_noise_and_cloth_hold_none() -> None:
    dice = np.random.default_rng(1)
    noise = dice.integers(0, 256, (HEIGHT, WIDTH), np.uint8)
    stripes = np.tile(np.repeat(np.array([60, 90], np.uint8), 2), WIDTH // 4 + 1)[:WIDTH] + noise // 16
    for pixels in (noise, stripes, grey(clouds(1))[:HEIGHT, :WIDTH]):
        assert len(rectangles(pixels, MOST)) == 0


@given(
    arrays(np.uint8, st.tuples(st.integers(1, 90), st.integers(1, 90))),
    st.integers(0, 12),
    st.integers(0, 3),
)
def test_whatever_it_is_given_all_lie_within_it_and_are_large_enough(
    pixels: Pixels, most: int, bands: int
) -> None:
    found = rectangles(pixels, most, min(bands, most))
    height, width = pixels.shape
    assert len(found) <= most
    for left, top, right, bottom in found.tolist():
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
        assert min(right - left, bottom - top) >= round(SMALLEST * max(height, width))
        assert (left, top, right, bottom) != (0, 0, width, height)
