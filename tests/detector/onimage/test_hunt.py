"""Places where a mark may stand: any size, any edge, light or dark."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detector.onimage.hunt import hunted
from detector.onimage.icons import AI, GENERATED
from detector.onimage.look import Pixels
from detector.onimage.patterns import Pattern, pattern_of
from tests.detector.onimage.stamped import ground, mark, stamped


def pattern(name: str) -> Pattern:
    found = pattern_of(mark(name))
    assert found
    return found


def grey(pixels: Pixels) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


@pytest.mark.parametrize(
    ("tall", "at", "inverted", "plate"),
    [
        (12, (6, 6), False, 1.0),
        (19, (-1, -1), True, 1.0),
        (29, (6, 130), False, 0.5),
        (12, (-6, 140), True, 0.5),
    ],
)
def test_a_disc_is_found_where_it_stands(
    tall: int, at: tuple[int, int], inverted: bool, plate: float
) -> None:
    picture = stamped(ground(), mark(AI), tall, at, inverted=inverted, plate=plate)
    best = hunted(grey(picture), [pattern(AI)])[0]
    left, top = at[0] % (240 - tall), at[1] % (300 - tall)
    assert best.fit > 0.85
    assert abs(best.left - left) < 0.15 * tall
    assert abs(best.top - top) < 0.15 * tall
    assert abs(best.tall - tall) < 0.12 * tall
    assert best.light is not inverted
    assert best.contrast > 60


def test_each_mark_has_its_own_places_best_first() -> None:
    picture = stamped(ground(), mark(GENERATED), 15, (6, -6))
    found = hunted(grey(picture), [pattern(AI), pattern(GENERATED)])
    assert found[0].fit == max(one.fit for one in found)
    assert next(one for one in found if one.pattern.mark.name == GENERATED).fit > 0.9


def test_nothing_on_a_wall_and_nothing_on_a_scrap() -> None:
    every = [pattern(AI), pattern(GENERATED)]
    assert hunted(np.full((200, 160), 90, np.uint8), every) == []
    for shape in ((1, 1), (3, 300), (300, 3), (12, 12), (2160, 2), (2, 2160)):
        assert all(one.fit < 0.9 for one in hunted(np.zeros(shape, np.uint8), every))


def test_the_middle_is_no_place_for_a_label() -> None:
    picture = stamped(ground(), mark(AI), 18, (111, 141))
    assert all(one.fit < 0.8 for one in hunted(grey(picture), [pattern(AI)]))
