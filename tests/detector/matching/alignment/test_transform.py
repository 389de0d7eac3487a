"""The words always say what was done: read off matrices that were made by doing it."""

import math
import re

import cv2
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from detector.hashing import TRANSFORMS
from detector.matching.alignment.transform import (
    INSIDE,
    LEANING,
    LEVEL,
    STRETCHED,
    WHOLE,
    in_words,
    lean,
    stretch,
    turn_and_stretch,
)

Matrix = NDArray[np.float64]
WIDTH, HEIGHT = 300, 400
SIZE = WIDTH, HEIGHT
ONE_WORD = re.compile(
    r"mirrored( top to bottom)?"
    r"|turned by 180°|turned by \d{1,3}° (clockwise|anticlockwise)"
    r"|cropped to [1-9]\d? %"
    r"|stretched by \d+ %|seen at an angle"
    r"|inside a larger picture \([1-9]\d? % of it\)"
)


def matrix(*rows: tuple[float, float, float]) -> Matrix:
    return np.array([*rows, (0, 0, 1)][:3], np.float64)


def words(made: Matrix, overlap: float = 1.0, filled: float = 1.0) -> str:
    return in_words(made, SIZE, overlap, filled)


def turn(degrees: float) -> Matrix:
    """Clockwise as it is seen: y goes down."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return matrix((cos, -sin, 0), (sin, cos, 0))


def from_the_side(more: float) -> Matrix:
    """One side farther away, the middle as it was. The last number is 1, as align.py has it."""
    middle = matrix((1, 0, WIDTH / 2), (0, 1, HEIGHT / 2))
    made = middle @ matrix((1, 0, 0), (0, 1, 0), (more, 0, 1)) @ np.linalg.inv(middle)
    return np.asarray(made / made[2, 2], np.float64)


MIRROR = matrix((-1, 0, WIDTH), (0, 1, 0))

# What each form of detector.hashing does to the px (x, y) of a picture of 300 x 400.
FORMS = (
    matrix((1, 0, 0), (0, 1, 0)),
    matrix((0, 1, 0), (-1, 0, WIDTH)),  # the right edge comes to lie on top
    matrix((-1, 0, WIDTH), (0, -1, HEIGHT)),
    matrix((0, -1, HEIGHT), (1, 0, 0)),  # the left edge comes to lie on top
    matrix((1, 0, 0), (0, -1, HEIGHT)),
    MIRROR,
    matrix((0, 1, 0), (1, 0, 0)),
    matrix((0, -1, HEIGHT), (-1, 0, WIDTH)),
)


@pytest.mark.parametrize("place", range(8), ids=lambda place: TRANSFORMS[place] or "as it is")
def test_pixels_and_hashes_say_the_same_of_the_same_picture(place: int) -> None:
    assert words(FORMS[place]) == TRANSFORMS[place]


def test_the_matrices_of_the_forms_do_what_they_say() -> None:
    """By numpy, on pixels."""
    drawn = np.zeros((HEIGHT, WIDTH), np.uint8)
    drawn[20:60, 200:280] = 255
    done = (
        drawn,
        np.rot90(drawn),
        np.rot90(drawn, 2),
        np.rot90(drawn, -1),
        drawn[::-1],
        drawn[:, ::-1],
        np.rot90(drawn[:, ::-1]),
        np.rot90(drawn[:, ::-1], -1),
    )
    for made, expected in zip(FORMS, done, strict=True):
        rows, columns = np.nonzero(expected)
        across, down = cv2.perspectiveTransform(np.array([[[240.0, 40.0]]]), made)[0, 0]
        assert (across, down) == pytest.approx((columns.mean() + 0.5, rows.mean() + 0.5))


EXAMPLES: dict[str, tuple[Matrix, float, float, str]] = {
    "nothing": (turn(0), 1.0, 1.0, ""),
    "twice as large": (2 * turn(0) + np.diag([0, 0, -1.0]), 1.0, 1.0, ""),
    "a little clockwise": (turn(5), 1.0, 1.0, "turned by 5° clockwise"),
    "a little anticlockwise": (turn(-5), 1.0, 1.0, "turned by 5° anticlockwise"),
    "not worth a word": (turn(2), 1.0, 1.0, ""),
    "upside down": (turn(180), 1.0, 1.0, "turned by 180°"),
    "nearly upside down": (turn(-178), 1.0, 1.0, "turned by 180°"),
    "mirrored, then turned": (turn(30) @ MIRROR, 1.0, 1.0, "mirrored, turned by 30° clockwise"),
    "turned, then mirrored": (MIRROR @ turn(30), 1.0, 1.0, "mirrored, turned by 30° anticlockwise"),
    "cropped": (matrix((1, 0, -40), (0, 1, -50)), 0.62, 1.0, "cropped to 62 %"),
    "next to nothing of it": (turn(0), 0.004, 1.0, "cropped to 1 %"),
    "wider": (np.diag([1.25, 1, 1]), 1.0, 1.0, "stretched by 25 %"),
    "higher": (np.diag([1, 1.25, 1]), 1.0, 1.0, "stretched by 25 %"),
    "in a collage": (np.diag([0.5, 0.5, 1]), 1.0, 0.25, "inside a larger picture (25 % of it)"),
    "tiny": (np.diag([0.01, 0.01, 1]), 1.0, 0.0001, "inside a larger picture (1 % of it)"),
    "from the side": (from_the_side(0.0005), 1.0, 1.0, "seen at an angle"),
    "hardly from the side": (from_the_side(0.0001), 1.0, 1.0, ""),
    "everything": (
        np.diag([0.5, 0.5, 1]) @ MIRROR,
        0.62,
        0.31,
        "mirrored, cropped to 62 %, inside a larger picture (31 % of it)",
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_in_words(name: str) -> None:
    made, overlap, filled, expected = EXAMPLES[name]
    assert words(made, overlap, filled) == expected


# --- whatever was done --------------------------------------------------------------------------------------

angles = st.floats(-180, 180)
scales = st.floats(0.02, 50)
shifts = st.floats(-3000, 3000)
shares = st.floats(0, 1)


@st.composite
def similarities(draw: st.DrawFn) -> tuple[Matrix, float, bool]:
    """Mirrored or not, turned, scaled, moved: the matrix, the turn, whether mirrored."""
    angle, mirrored, scale = draw(angles), draw(st.booleans()), draw(scales)
    moved = matrix((scale, 0, draw(shifts)), (0, scale, draw(shifts)))
    return moved @ turn(angle) @ (MIRROR if mirrored else np.eye(3)), angle, mirrored


@given(similarities())
def test_turns_and_mirrorings_are_always_told(made: tuple[Matrix, float, bool]) -> None:
    done, angle, mirrored = made
    assume(all(abs(abs(angle) - edge) > 0.01 for edge in (LEVEL, 180 - LEVEL)))
    assume(abs(abs(angle) % 1 - 0.5) > 1e-6)  # rounded either way
    expected = ["mirrored"] if mirrored else []
    if LEVEL <= abs(angle) <= 180 - LEVEL:
        way = "clockwise" if angle > 0 else "anticlockwise"
        expected.append(f"turned by {abs(angle):.0f}° {way}")
    elif abs(angle) > LEVEL:
        expected = ["mirrored top to bottom" if mirrored else "turned by 180°"]
    assert words(done) == ", ".join(expected)


@given(similarities(), shares, shares)
def test_shares_are_told_wherever_they_are_less_than_all(
    made: tuple[Matrix, float, bool], overlap: float, filled: float
) -> None:
    told = words(made[0], overlap, filled)
    assert ("cropped to" in told) is (overlap < WHOLE)
    assert ("inside a larger picture" in told) is (filled < INSIDE)
    for share, form in ((overlap, r"cropped to (\d+) %"), (filled, r"\((\d+) % of it\)")):
        if found := re.search(form, told):
            assert abs(int(found[1]) - 100 * share) <= max(0.5 + 1e-9, 1 - 100 * share)


@given(similarities(), st.floats(0.25, 4))
def test_what_was_stretched_is_told_whatever_came_after(
    made: tuple[Matrix, float, bool], ratio: float
) -> None:
    longer = max(ratio, 1 / ratio)
    assume(abs(longer - STRETCHED) > 1e-6)
    told = words(made[0] @ np.diag([ratio, 1, 1]))
    assert ("stretched by" in told) is (longer >= STRETCHED)
    if found := re.search(r"stretched by (\d+) %", told):
        assert int(found[1]) == pytest.approx(100 * (longer - 1), abs=0.5 + 1e-6)
    assert told.startswith("mirrored") is made[2]


@given(similarities(), st.floats(-0.6, 0.6), st.floats(-0.6, 0.6), shares, shares)
def test_a_perspective_is_told_and_still_mirrored_or_not(
    made: tuple[Matrix, float, bool], across: float, down: float, overlap: float, filled: float
) -> None:
    leaning = max(abs(across), abs(down))
    assume(abs(leaning - LEANING) > 1e-6)
    bent = made[0] @ matrix((1, 0, 0), (0, 1, 0), (across / WIDTH, down / HEIGHT, 1))
    told = words(bent, overlap, filled)
    assert lean(bent, SIZE) == pytest.approx(leaning)
    assert ("seen at an angle" in told) is (leaning >= LEANING)
    assert told.startswith("mirrored") is made[2] is bool(np.linalg.det(bent) < 0)
    assert all(ONE_WORD.fullmatch(word) for word in told.split(", ") if told)


@given(similarities(), st.floats(0, 0.3))
def test_turn_and_stretch_are_measured_finely(made: tuple[Matrix, float, bool], more: float) -> None:
    done, angle, _ = made
    measured, stretch = turn_and_stretch(done @ np.diag([1 + more, 1, 1]))
    assert -180 <= measured <= 180
    assert abs((measured - angle + 180) % 360 - 180) < 1e-6
    assert stretch == pytest.approx(more, abs=1e-9)


SHAPES = {
    "the same": ((320, 240), (640, 480), 0.0),
    "turned": ((240, 320), (640, 480), 0.0),
    "wider": ((480, 240), (320, 240), 0.5),
    "a strip": ((4000, 100), (400, 400), 39.0),
    "a strip that stands": ((100, 4000), (400, 400), 39.0),
}


@pytest.mark.parametrize("name", SHAPES)
def test_of_two_sizes_alone(name: str) -> None:
    size, reference, wanted = SHAPES[name]
    assert stretch(size, reference) == pytest.approx(wanted)
