"""The cheap detector: small text near an edge, or nothing like it."""

import cv2
import numpy as np
import pytest

from detector.onimage.letters import FEATURES, rows
from detector.onimage.look import Pixels
from detector.onimage.spot import judged, may_bear_text

SLOPE = np.tile(np.linspace(60, 160, 1350, dtype=np.uint8)[:, None, None], (1, 1080, 3))


def with_text(words: str, at: tuple[int, int], grey: int = 235, scale: float = 1.3) -> Pixels:
    picture = SLOPE.copy()
    cv2.putText(picture, words, at, cv2.FONT_HERSHEY_DUPLEX, scale, (grey, grey, grey), 2, cv2.LINE_AA)
    return picture


@pytest.mark.parametrize("words", ["AI GENERATED", "Mit KI erstellt", "Imagen creada con IA"])
@pytest.mark.parametrize("at", [(40, 1320), (40, 60), (400, 1320), (20, 700)])
def test_a_label_at_an_edge(words: str, at: tuple[int, int]) -> None:
    assert may_bear_text(with_text(words, at))


def test_dark_letters_and_a_grey_picture() -> None:
    assert may_bear_text(with_text("AI GENERATED", (40, 1320), grey=30))
    grey = np.asarray(cv2.cvtColor(with_text("AI GENERATED", (40, 1320)), cv2.COLOR_RGB2GRAY), np.uint8)
    assert may_bear_text(grey)
    assert may_bear_text(np.asarray(cv2.resize(grey, (540, 675), interpolation=cv2.INTER_AREA), np.uint8))


def test_where() -> None:
    found, places = judged(with_text("AI GENERATED", (40, 1320)))
    x, y, height = places[found.argmax()]
    assert (x < 576 / 2, y > 0.9 * 720, 5 < height < 25) == (True, True, True)


def test_nothing_like_letters() -> None:
    assert not may_bear_text(SLOPE)
    stripes = SLOPE.copy()
    stripes[::40] = 20  # as wide as the picture
    assert not may_bear_text(stripes)


def test_far_from_the_edges_is_not_looked_at() -> None:
    assert not may_bear_text(with_text("AI GENERATED", (380, 675), scale=1.0))


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 1), (30, 30), (2160, 2160), (4000, 60)])
def test_odd_sizes_and_noise_are_no_error(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    assert may_bear_text(noise) in (True, False)


def test_measures_are_numbers() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (400, 300), np.uint8)
    measures, places = rows(noise)
    assert measures.shape[1:] == (FEATURES,)
    assert len(measures) == len(places)
    assert np.isfinite(measures).all()
