"""Small pictures for reports: what lies outside the match is no longer to be recognised."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from desk.thumbnails import Thumbnail, Thumbnails
from storage.records import Box

pytestmark = pytest.mark.slow  # a worker process


def pixels(made: Thumbnail) -> NDArray[np.float64]:
    return np.asarray(Image.open(BytesIO(made.jpeg)).convert("L"), dtype=float)


def detail(part: NDArray[np.float64]) -> float:
    """How much one pixel differs from the next."""
    return float(np.abs(np.diff(part, axis=1)).mean())


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    noise = np.random.default_rng(7).integers(0, 255, (400, 400), dtype=np.uint8)
    path = tmp_path / "noise.png"
    Image.fromarray(noise).resize((500, 500), Image.Resampling.NEAREST).save(path)
    return path


def test_outside_the_boxes_it_is_blurred(picture: Path) -> None:
    with Thumbnails() as thumbnails:
        whole = thumbnails.of(picture)
        part = thumbnails.of(picture, only=(Box(0.0, 0.0, 0.5, 1.0),))
    assert whole.uri.startswith("data:image/jpeg;base64,")
    sharp = detail(pixels(whole))
    shown = pixels(part)
    assert detail(shown[:, :240]) > 0.8 * sharp
    assert detail(shown[:, 270:]) < 0.1 * sharp


@pytest.mark.parametrize(
    "box", [Box(-0.5, -0.5, 2, 2), Box(0.9, 0.9, 0.5, 0.5), Box(2, 2, 1, 1), Box(0, 0, 0, 0)]
)
def test_no_box_is_too_odd(picture: Path, box: Box) -> None:
    with Thumbnails() as thumbnails:
        assert thumbnails.of(picture, only=(box,)).jpeg


def test_what_cannot_be_shown_says_why(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff nothing")
    with Thumbnails() as thumbnails:
        assert "could not be decoded" in thumbnails.of(broken).why
        assert "no longer there" in thumbnails.of(tmp_path / "none.jpg").why
