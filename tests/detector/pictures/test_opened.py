"""Pictures for verifying and showing: small, in colour, and with a reason wherever there is none."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from detector.pictures.opened import failure_of, printable, small_rgb
from storage.errors import PictureError
from tests.detector.drawings import scene
from tests.detector.files import encoded, jpeg


@pytest.mark.parametrize(
    ("size", "edge", "shape"),
    [
        ((320, 400), 200, (200, 160, 3)),
        ((320, 400), 400, (400, 320, 3)),
        ((320, 400), 4000, (400, 320, 3)),
        ((3000, 40), 300, (4, 300, 3)),
        ((3000, 2), 300, (1, 300, 3)),
        ((1, 1), 300, (1, 1, 3)),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_the_long_edge_is_no_longer_than_asked(
    tmp_path: Path, kind: str, size: tuple[int, int], edge: int, shape: tuple[int, ...]
) -> None:
    path = tmp_path / "picture"
    path.write_bytes(encoded(scene(*size), kind))
    picture = small_rgb(path, edge)
    assert picture.pixels.shape == shape
    assert (picture.width, picture.height) == size


def test_the_frame_at_a_second(tmp_path: Path) -> None:
    path = tmp_path / "moving"
    frames = [Image.fromarray(scene(60, 60, seed=seed)) for seed in (1, 2)]
    frames[0].save(path, "WEBP", save_all=True, append_images=frames[1:], duration=1000, lossless=True)
    assert np.array_equal(small_rgb(path, 60, 0.5).pixels, scene(60, 60, seed=1))
    assert np.array_equal(small_rgb(path, 60, 1.5).pixels, scene(60, 60, seed=2))


def test_why_there_is_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "text").write_text("words")
    (tmp_path / "cut").write_bytes(jpeg()[:4000])
    kinds = {}
    for path in (tmp_path / "pipe", tmp_path, tmp_path / "gone", tmp_path / "text", tmp_path / "cut"):
        with pytest.raises(PictureError) as caught:
            small_rgb(path, 100)
        kinds[path.name] = caught.value.kind
        assert failure_of(caught.value, path).where == str(path)
    assert kinds == {
        "pipe": "not_readable",
        tmp_path.name: "not_readable",
        "gone": "not_found",
        "text": "not_a_picture",
        "cut": "truncated",
    }


def test_a_strangers_words_stay_in_their_line() -> None:
    assert printable("a\nb\x1b[2Jc") == "a b [2Jc"
    assert len(printable("x" * 1000)) == 300
