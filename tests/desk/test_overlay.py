"""What two pictures share under an alignment, and what differs in it."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.overlay import SLIGHT, STRONG, Laid, laid_over, ramp, shared_part
from detector.matching.candidate import Matrix
from storage.boxes import Box
from tests.detector.drawings import Pixels, scene

SAME: Matrix = (1, 0, 0, 0, 1, 0, 0, 0, 1)
MIRRORED: Matrix = (-1, 0, 1, 0, 1, 0, 0, 0, 1)
RIGHT_HALF: Matrix = (
    2,
    0,
    -1,
    0,
    1,
    0,
    0,
    0,
    1,
)  # the found picture shows the right half of the registered one
INSIDE: Matrix = (0.5, 0, 0.25, 0, 0.5, 0.25, 0, 0, 1)
SIDEWAYS: Matrix = (0, -1, 1, 1, 0, 0, 0, 0, 1)


def laid(found: Pixels, registered: Pixels, matrix: Matrix) -> Laid:
    shared = shared_part(matrix)
    assert shared is not None
    made = laid_over(found, registered, matrix, shared, 300, 300)
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("matrix", "registered", "found"),
    [
        (SAME, [(0, 0), (1, 0), (1, 1), (0, 1)], [(0, 0), (1, 0), (1, 1), (0, 1)]),
        (MIRRORED, [(0, 0), (1, 0), (1, 1), (0, 1)], [(1, 0), (0, 0), (0, 1), (1, 1)]),
        (SIDEWAYS, [(0, 0), (1, 0), (1, 1), (0, 1)], [(1, 0), (1, 1), (0, 1), (0, 0)]),
        (RIGHT_HALF, [(0.5, 0), (1, 0), (1, 1), (0.5, 1)], [(0, 0), (1, 0), (1, 1), (0, 1)]),
        (INSIDE, [(0, 0), (1, 0), (1, 1), (0, 1)], [(0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)]),
    ],
)
def test_corners_stand_for_the_same_places(
    matrix: Matrix, registered: list[tuple[float, float]], found: list[tuple[float, float]]
) -> None:
    shared = shared_part(matrix)
    assert shared is not None
    order = shared.corners()
    assert np.allclose(shared.registered[order], registered)
    assert np.allclose(shared.found[order], found)


def test_beside_what_a_collage_cut_nothing_is_shared() -> None:
    """The right half is another picture's: no place of it is marked, and none of it differs."""
    registered, other = scene(80, 80, seed=1), scene(80, 80, seed=2)
    found = np.concatenate([registered[:, :40], other[:, 40:]], axis=1)
    shared = shared_part(SAME, Box(0, 0, 0.5, 1))
    assert shared is not None
    order = shared.corners()
    assert np.allclose(shared.found[order], [(0, 0), (0.5, 0), (0.5, 1), (0, 1)], atol=0.01)
    made = laid_over(found, registered, SAME, shared, 300, 300)
    assert made is not None
    assert made.differing() < 0.01
    assert laid(found, registered, SAME).differing() > 0.05


@pytest.mark.parametrize(
    "matrix",
    [
        (1, 0, 2, 0, 1, 0, 0, 0, 1),  # beside it
        (1, 0, 0, 0, 1, 0, 0, 0, -1),  # behind
        (0, 0, 0, 0, 0, 0, 0, 0, 0),
    ],
)
def test_what_lies_elsewhere_is_not_shared(matrix: Matrix) -> None:
    assert shared_part(matrix) is None


@given(st.tuples(*[st.floats(-1e9, 1e9, allow_subnormal=False)] * 9))
@settings(max_examples=100, deadline=None)
def test_no_matrix_is_too_wild(matrix: Matrix) -> None:
    shared = shared_part(matrix)
    if shared is not None:
        assert len(shared.found) == len(shared.registered) >= 3
        for places in (shared.found, shared.registered):
            assert np.isfinite(places).all()
            assert ((places >= -1e-9) & (places <= 1 + 1e-9)).all()
        made = laid_over(
            np.zeros((30, 40, 3), np.uint8), np.zeros((50, 20, 3), np.uint8), matrix, shared, 60, 60
        )
        if made:
            assert made.difference().shape == made.split().shape == made.squares().shape


def test_a_copy_does_not_differ_even_in_other_colours() -> None:
    registered = scene(300, 240, seed=3)
    found = (registered[:, 150:] * 0.7 + 40).astype(np.uint8)
    made = laid(found, registered, RIGHT_HALF)
    assert made.differing() < 0.001
    assert made.shared.mean() > 0.9


def test_what_was_laid_over_it_differs() -> None:
    registered = scene(240, 240, seed=3)
    found = registered.copy()
    found[60:120, 60:180] = (250, 10, 250)
    made = laid(found, registered, SAME)
    assert made.differing() == pytest.approx(60 * 120 / 240**2, abs=0.03)
    side = made.shared.shape[0]
    red, green, _ = made.difference()[int(side * 0.375), side // 2].astype(int)
    assert red > green + 60
    even = made.difference()[int(side * 0.8), side // 2].astype(int)
    assert np.ptp(even) < 20


def test_halves_and_squares_show_both() -> None:
    found, registered = np.full((200, 200, 3), 40, np.uint8), np.full((200, 200, 3), 220, np.uint8)
    made = laid(found, registered, SAME)
    split, squares = made.split(), made.squares()
    middle = split.shape[0] // 2
    assert (split[middle, 40] == 40).all()
    assert (split[middle, -40] == 220).all()
    assert len(np.unique(squares[10:-10, 10:-10])) >= 1
    assert math.isclose(made.fitted[middle, middle].mean(), 40, abs_tol=2)


def test_a_part_too_small_to_see_is_not_drawn() -> None:
    matrix: Matrix = (0.001, 0, 0.5, 0, 0.9, 0, 0, 0, 1)
    shared = shared_part(matrix)
    assert shared is not None
    blank = np.zeros((50, 50, 3), np.uint8)
    assert laid_over(blank, blank, (1e-3, 0, 0.5, 0, 1e-9, 0.5, 0, 0, 1), shared, 2, 300) is None


def test_colours_begin_where_differences_are_seen() -> None:
    _, strength = ramp(np.array([0, SLIGHT, (SLIGHT + STRONG) / 2, STRONG, 255], np.float32))
    assert strength[0] == strength[1] == 0
    assert strength[2] == strength[3] == strength[4] > 0.9
