"""The changes: enough of them, the same every time, and filed under the targets they are held to."""

from io import BytesIO

import pytest
from PIL import Image

from benchmarks.matching.changes import CHANGES, IN_ANY_TIER, OTHERS, STRICT, WITHOUT_OVERLAY, copy_of
from tests.detector.drawings import scene

PHOTO = Image.fromarray(scene(120, 160))
SUPPLY = [Image.fromarray(scene(160, 120, seed)) for seed in range(1, OTHERS + 1)]
GROUPS = {"plain", "crop", "overlay", "layout", "geometry", "combination"}


def test_there_are_enough_changes_and_every_target_names_one() -> None:
    assert len(CHANGES) >= 57
    assert CHANGES.keys() >= STRICT | IN_ANY_TIER
    assert not STRICT & IN_ANY_TIER
    assert {change.group for change in CHANGES.values()} == GROUPS
    assert sum(change.group == "combination" for change in CHANGES.values()) == 6
    assert {"emoji 30 %", "large text"} <= CHANGES.keys() - WITHOUT_OVERLAY


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_a_new_file_and_the_same_file_every_time(name: str) -> None:
    before = PHOTO.tobytes()
    made = copy_of("a", PHOTO, name, SUPPLY)
    assert made == copy_of("a", PHOTO, name, SUPPLY)
    assert PHOTO.tobytes() == before
    with Image.open(BytesIO(made)) as image:
        assert image.format == "JPEG"
        assert image.mode == "RGB"


def test_chance_falls_otherwise_for_another_photograph() -> None:
    assert copy_of("a", PHOTO, "crop 50 % aside", SUPPLY) != copy_of("b", PHOTO, "crop 50 % aside", SUPPLY)
