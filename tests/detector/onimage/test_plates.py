"""The edge of a plate: seen on any ground, and not where letters stand without one."""

import pytest

from detector.onimage.hunt import Spot
from detector.onimage.icons import AI
from detector.onimage.patterns import pattern_of
from detector.onimage.plates import plate_shows
from tests.detector.onimage.stamped import ground, mark, stamped


@pytest.mark.parametrize(("plate", "shows"), [(1.0, True), (0.5, True), (0.0, False)])
def test_a_disc_shows_and_letters_alone_do_not(plate: float, shows: bool) -> None:
    picture = stamped(ground(120, 240), mark(AI), 20, (80, 40), plate=plate)
    pattern = pattern_of(mark(AI))
    assert pattern
    assert plate_shows(picture[:, :, 0], Spot(pattern, 80, 40, 20, 20, 0.9)) is shows
