"""Hard negatives: shared points are counted, copies are not taken for them, tripods keep their backdrop."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.matching.negatives import Pair, hard_pairs, same_pairs
from benchmarks.matching.split import Photo
from benchmarks.matching.tripod import swapped
from tests.detector.drawings import scene


@pytest.fixture
def album(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Photo]:
    """A scene, the same scene as a smaller file, another thing before the same scene, and another scene."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    first = scene(200, 240, 1)
    other = first.copy()
    other[60:180, 50:150] = scene(100, 120, 2)
    Image.fromarray(first).save(tmp_path / "first.png")
    Image.fromarray(first).resize((150, 180)).save(tmp_path / "again.jpg")
    Image.fromarray(other).save(tmp_path / "other.png")
    Image.fromarray(scene(200, 240, 3)).save(tmp_path / "elsewhere.png")
    return [Photo(tmp_path / name, "1") for name in ("first.png", "again.jpg", "other.png", "elsewhere.png")]


def named(pairs: list[Pair]) -> set[frozenset[str]]:
    return {frozenset((pair.first, pair.second)) for pair in pairs}


def test_one_photograph_twice_is_no_negative_and_another_thing_before_it_is(album: list[Photo]) -> None:
    assert named(same_pairs(album)) == {frozenset(("first", "again"))}
    hard = named(hard_pairs(album))
    assert frozenset(("first", "other")) in hard
    assert frozenset(("first", "again")) not in hard
    assert hard == named(hard_pairs(album))  # kept from the first time


def test_a_tripod_changes_the_thing_and_nothing_far_from_it() -> None:
    backdrop, photo = scene(120, 160, 4), scene(100, 100, 5)
    gone, garment = np.zeros((160, 120), np.uint8), np.zeros((100, 100), np.uint8)
    gone[60:100, 40:80] = 1
    garment[20:80, 30:70] = 1
    made = swapped(backdrop, gone, photo, garment)
    assert (made[:45] == backdrop[:45]).all()
    assert (made[115:] == backdrop[115:]).all()
    assert np.abs(made[65:95, 45:75].astype(int) - backdrop[65:95, 45:75]).mean() > 10
