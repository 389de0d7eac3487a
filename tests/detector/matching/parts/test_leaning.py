"""Pictures that lean: found by their four corners, laid straight, and never upright ones."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from detector.hashes import pdq
from detector.matching.parts import regions
from detector.matching.parts.leaning import SIDE, leaning, straightened
from detector.matching.search.bank import TILE_RADIUS
from tests.detector.drawings import Pixels
from tests.detector.matching.pictures import clouds, grey

HEIGHT, WIDTH = 360, 270  # px
FRAME, ROOM = 16, 40
Corners = tuple[tuple[int, int], ...]
ASLANT: Corners = ((50, 60), (215, 45), (225, 310), (40, 290))


def shown(darkest: int = ROOM + 30) -> Pixels:
    return np.asarray(np.maximum(grey(clouds(2)), darkest), np.uint8)


def photographed(corners: Corners, darkest: int = ROOM + 30) -> Pixels:
    """A picture on a screen with a dark frame, in a dim room."""
    picture = shown(darkest)
    height, width = picture.shape
    framed = cv2.copyMakeBorder(picture, 12, 12, 12, 12, cv2.BORDER_CONSTANT, value=[FRAME])
    inner = np.array([[12, 12], [width + 12, 12], [width + 12, height + 12], [12, height + 12]], np.float32)
    view = cv2.getPerspectiveTransform(inner, np.array(corners, np.float32))
    room = np.full((HEIGHT, WIDTH), ROOM, np.uint8)
    cv2.warpPerspective(framed, view, (WIDTH, HEIGHT), dst=room, borderMode=cv2.BORDER_TRANSPARENT)
    return np.asarray(cv2.GaussianBlur(room, (0, 0), 1.0), np.uint8)


@pytest.mark.parametrize(
    "corners",
    [ASLANT, ((60, 40), (240, 80), (210, 320), (30, 280)), ((30, 120), (200, 30), (250, 260), (70, 340))],
    ids=["from the side", "turned a little", "turned more"],
)
def test_a_photographed_screen_is_found_and_laid_straight(corners: Corners) -> None:
    pixels = photographed(corners)
    found = leaning(pixels, 2)
    nearest = min(found, key=lambda one: float(np.abs(one - corners).max()))
    assert np.abs(nearest - corners).max() <= 3
    straight = straightened(pixels, nearest)
    assert straight.shape == (SIDE, SIDE)
    own = pdq.hashed(regions.square(shown()))[0][:32]
    hashes = [bits for one in regions.fingerprints(pixels) for _, bits in regions.unpack(one)]
    apart = [
        int(np.bitwise_count(np.frombuffer(own, np.uint8) ^ np.frombuffer(bits, np.uint8)).sum())
        for bits in hashes
    ]
    assert min(apart) <= TILE_RADIUS


def test_its_region_is_the_upright_box_around_it() -> None:
    (kept,) = regions.fingerprints(photographed(ASLANT))
    boxes = [(box.x, box.y, box.x + box.w, box.y + box.h) for box, _ in regions.unpack(kept)]
    wanted = np.array([40 / WIDTH, 45 / HEIGHT, 225 / WIDTH, 310 / HEIGHT])
    assert min(float(np.abs(box - wanted).max()) for box in boxes) <= 0.02


def test_what_stands_upright_does_not_lean() -> None:
    assert leaning(photographed(((50, 60), (220, 60), (220, 300), (50, 300)), darkest=120), 2) == ()


def test_at_most_so_many_and_none_without_room() -> None:
    pixels = photographed(ASLANT)
    assert len(leaning(pixels, 1)) == 1
    assert leaning(pixels, 0) == ()


@given(arrays(np.uint8, st.tuples(st.integers(1, 90), st.integers(1, 90))), st.integers(0, 4))
def test_whatever_it_is_given_its_corners_lie_within_it(pixels: Pixels, most: int) -> None:
    found = leaning(pixels, most)
    assert len(found) <= most
    height, width = pixels.shape
    for corners in found:
        assert corners.shape == (4, 2)
        assert (corners >= 0).all()
        assert (corners <= (width, height)).all()
        assert straightened(pixels, corners).shape == (SIDE, SIDE)
