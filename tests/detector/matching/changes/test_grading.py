"""A grading is found whatever it does to all of a picture, and a dyed thing is none."""

from collections.abc import Callable

import numpy as np
import pytest

from detector.matching.changes.grading import Image, grading
from tests.detector.drawings import scene

EVERYWHERE = np.ones((240, 180), np.bool_)
Grade = Callable[[Image], Image]


def picture(seed: int = 1) -> Image:
    return np.asarray(scene(180, 240, seed), np.float32)


def gamma(pixels: Image) -> Image:
    return np.asarray(255 * (pixels / 255) ** 0.8, np.float32)


def warm(pixels: Image) -> Image:
    return np.asarray((20 + 0.85 * pixels * np.array([1.08, 1, 0.85])).clip(0, 255), np.float32)


def grey(pixels: Image) -> Image:
    return np.asarray(np.repeat(pixels @ np.array([[0.299], [0.587], [0.114]]), 3, axis=2), np.float32)


def vignette(pixels: Image) -> Image:
    down, across = np.linspace(-1, 1, 240)[:, None, None], np.linspace(-1, 1, 180)[None, :, None]
    return np.asarray(pixels * (1 - 0.12 * (down**2 + across**2)), np.float32)


GRADES: dict[str, Grade] = {
    "none": lambda pixels: pixels,
    "gamma": gamma,
    "warm": warm,
    "grey": grey,
    "vignette": vignette,
}


@pytest.mark.parametrize("grade", GRADES.values(), ids=GRADES.keys())
def test_a_grading_is_explained(grade: Grade) -> None:
    found = grading(grade(picture()), picture(), EVERYWHERE)
    assert found.explained > 0.95
    assert float(np.abs(found.applied(picture()) - grade(picture())).mean()) < 6


def test_a_part_in_another_colour_is_not() -> None:
    dyed = picture().copy()
    dyed[60:160, 40:140] += np.array([50, -30, 40], np.float32)
    found = grading(dyed.clip(0, 255), picture(), EVERYWHERE)
    apart = np.abs(found.applied(picture()) - dyed.clip(0, 255)).mean(axis=2)
    assert float(apart[70:150, 50:130].mean()) > 20
    assert float(np.median(apart[:50])) < 5
