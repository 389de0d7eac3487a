"""The rectangle of a picture in which both agree: where a collage cut what it shows."""

import cv2
import numpy as np
import pytest

from detector.matching.alignment.seams import shown
from detector.matching.alignment.verify import verify
from storage.records import MatchKind
from tests.detector.drawings import Pixels
from tests.detector.matching.pictures import HEIGHT, WIDTH, clouds, cropped, photograph

SIZE = (400, 600)  # px of the picture, wide and high
CANVAS = (80, 120)  # px: a fifth
CELL = 600 / 64
BACK = np.diag([0.2, 0.2, 1.0])
MIRRORED = np.array([[-0.2, 0, CANVAS[0]], [0, 0.2, 0], [0, 0, 1.0]])


def agreeing(left: int, top: int, right: int, bottom: int) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    made = np.zeros(CANVAS[::-1], np.bool_)
    made[top:bottom, left:right] = True
    return made


@pytest.mark.parametrize(
    ("back", "wanted"), [(BACK, (100, 50, 300, 250)), (MIRRORED, (100, 50, 300, 250))], ids=["plain", "over"]
)
def test_it_is_where_both_agree(
    back: np.ndarray[tuple[int, int], np.dtype[np.float64]], wanted: object
) -> None:
    found = shown(agreeing(20, 10, 60, 50), np.ones(CANVAS[::-1], np.bool_), back, SIZE)
    assert found is not None
    assert found.tolist() == pytest.approx(wanted, abs=1.5 * CELL)


def test_a_speck_that_differs_does_not_cut_it() -> None:
    agrees = agreeing(20, 10, 60, 50)
    agrees[28:31, 35:38] = False
    found = shown(agrees, np.ones_like(agrees), BACK, SIZE)
    assert found is not None
    assert found.tolist() == pytest.approx((100, 50, 300, 250), abs=1.5 * CELL)


def test_what_agrees_beyond_what_they_share_does_not_count() -> None:
    agrees = np.ones(CANVAS[::-1], np.bool_)
    found = shown(agrees, agreeing(0, 0, 80, 40), BACK, SIZE)
    assert found is not None
    assert found[3] == pytest.approx(200, abs=1.5 * CELL)


@pytest.mark.parametrize("agrees", [agreeing(0, 0, 0, 0), agreeing(10, 10, 13, 100)], ids=["none", "a strip"])
def test_too_narrow_shows_nothing(agrees: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> None:
    assert shown(agrees, np.ones_like(agrees), BACK, SIZE) is None


@pytest.mark.parametrize("beside", [clouds(4), photograph(9)], ids=["soft", "busy"])
@pytest.mark.parametrize("over", [False, True], ids=["as it is", "mirrored"])
def test_a_collage_that_cut_its_parts_shows_a_copy(beside: Pixels, over: bool) -> None:
    """No gap, and an edge only where the two happen to differ: the seam is where they stop agreeing."""
    reference = photograph(1)
    part = cropped(reference, 0, 0.22, 1, 0.72)
    above = np.ascontiguousarray(part[:, ::-1]) if over else part
    picture = np.concatenate([above, cropped(beside, 0, 0.22, 1, 0.72)])
    (found,) = verify(picture, [("a" * 64, reference)])
    assert found.kind is MatchKind.COPY, found
    assert found.overlap == pytest.approx(0.5, abs=0.06)


def test_half_of_a_wall_is_no_copy() -> None:
    """The upper half is the same to the px, the lower half is another thing in the same light: a collage of
    two looks no different, so what agrees must be cut by a seam right across, and be enough of it."""
    reference, other = photograph(1), photograph(2)
    picture = reference.copy()
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.ellipse(mask, (WIDTH // 2, HEIGHT), (WIDTH // 2, HEIGHT * 3 // 4), 0, 0, 360, 255, -1)
    picture[mask > 0] = other[mask > 0]
    (found,) = verify(picture, [("a" * 64, reference)])
    assert found.kind is not MatchKind.COPY, found
