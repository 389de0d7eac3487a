"""Laid on each other by patches: a copy that is coarse lies exactly, a second shot does not."""

from collections.abc import Callable
from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image

from detector.matching.alignment.exact import FEWEST, exactly
from detector.matching.alignment.verify import verify
from storage.records import MatchKind
from tests.detector.drawings import Pixels
from tests.detector.matching.pictures import HEIGHT, WIDTH, photograph, turned

ORIGINAL = photograph(1)
SAME = np.eye(3)


def saved(pixels: Pixels, quality: int) -> Pixels:
    out = BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=quality)
    return np.asarray(Image.open(out).convert("RGB"), np.uint8)


def scaled(pixels: Pixels, share: float) -> Pixels:
    size = (round(pixels.shape[1] * share), round(pixels.shape[0] * share))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def second_shot(pixels: Pixels) -> Pixels:
    """What is near moved by 2 px more than what is far, as when a camera steps aside."""
    moved = cv2.warpAffine(pixels, np.array([[1, 0, 2.0], [0, 1, 0]]), (WIDTH, HEIGHT), borderMode=1)
    columns = (np.arange(WIDTH) // 60 % 2).astype(np.float32)[None].repeat(HEIGHT, axis=0)
    near = np.asarray(cv2.GaussianBlur(columns, (0, 0), 3), np.float32)[:, :, None]
    return np.asarray(pixels * (1 - near) + np.asarray(moved) * near, np.uint8)


COPIES: dict[str, tuple[Callable[[Pixels], Pixels], float]] = {
    "as it is": (lambda p: p, 1),
    "JPEG 20": (lambda p: saved(p, 20), 1),
    "a third": (lambda p: scaled(p, 1 / 3), 1 / 3),
    "a third, JPEG 60": (lambda p: saved(scaled(p, 1 / 3), 60), 1 / 3),
    "darker": (lambda p: (p * 0.6).astype(np.uint8), 1),
}
OTHERS: dict[str, Callable[[Pixels], Pixels]] = {
    "a step aside": second_shot,
    "turned by half a degree": lambda p: turned(p, 0.5),
    "stretched by 2 %": lambda p: np.asarray(cv2.resize(p, (round(WIDTH * 1.02), HEIGHT)), np.uint8),
    "another": lambda p: photograph(7),
    "flat": lambda p: np.full_like(p, 128),
}


@pytest.mark.parametrize("name", COPIES)
@pytest.mark.parametrize("off", [0.0, 1.5])
def test_a_copy_lies_exactly(name: str, off: float) -> None:
    """However roughly it was laid before: `off` px beside."""
    change, share = COPIES[name]
    picture = change(ORIGINAL)
    share = picture.shape[1] / WIDTH
    found = exactly(picture, ORIGINAL, np.array([[share, 0, off * share], [0, share, 0], [0, 0, 1.0]]))
    assert found is not None
    assert found.patches >= FEWEST
    assert found.residual < 0.4
    corner = found.matrix @ (WIDTH, HEIGHT, 1)
    assert corner[:2] == pytest.approx((picture.shape[1], picture.shape[0]), abs=0.8)


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_plain_copy_does_not(name: str) -> None:
    assert exactly(OTHERS[name](ORIGINAL), ORIGINAL, SAME) is None


def test_what_hardly_meets_is_not_compared() -> None:
    assert exactly(ORIGINAL, ORIGINAL, np.array([[1, 0, WIDTH - 8.0], [0, 1, 0], [0, 0, 1]])) is None


@pytest.mark.parametrize("name", ["JPEG 20", "a third, JPEG 60"])
def test_a_coarse_copy_is_one(name: str) -> None:
    (found,) = verify(COPIES[name][0](ORIGINAL), [("a" * 64, ORIGINAL)])
    assert found.kind is MatchKind.COPY, found


def test_a_second_shot_is_none_however_coarse() -> None:
    (found,) = verify(saved(second_shot(ORIGINAL), 10), [("a" * 64, ORIGINAL)])
    assert found.kind is not MatchKind.COPY, found
