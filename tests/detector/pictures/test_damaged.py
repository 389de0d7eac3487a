"""What is said of pictures out of files that are damaged in part."""

from pathlib import Path

import numpy as np
import pytest

from detector import verification
from detector.matching.alignment.verify import prepare
from detector.matching.candidate import Alignment
from detector.pictures import damaged
from detector.verification import PreparedReferences, verified
from storage.records import MatchKind
from tests.detector.drawings import Pixels, scene
from tests.detector.files import encoded

SCENE = MatchKind.SAME_SCENE_OR_GARMENT
NOTHING = prepare(np.full((64, 64, 3), 90, np.uint8), 64)
AND = "a part of the file is damaged, and"


@pytest.mark.parametrize(
    ("inliers", "residual", "kind"),
    [(30, 0.5, MatchKind.LIKELY_COPY), (29, 0.1, SCENE), (400, 0.6, SCENE)],
)
def test_only_what_fits_exactly_is_for_a_person(inliers: int, residual: float, kind: MatchKind) -> None:
    laid = Alignment("a" * 64, SCENE, "72 % of what they share differs", inliers=inliers, residual=residual)
    found = damaged.told(laid, NOTHING, NOTHING)
    assert found.kind is kind
    assert found.reason.startswith(AND if kind is MatchKind.LIKELY_COPY else "a part of the file is damaged:")


def test_what_is_for_a_person_anyway_names_the_damage() -> None:
    laid = Alignment("a" * 64, MatchKind.LIKELY_COPY, "8 % of its details differ", inliers=90)
    found = damaged.told(laid, NOTHING, NOTHING)
    assert (found.kind, found.reason) == (
        MatchKind.LIKELY_COPY,
        "a part of the file is damaged: 8 % of its details differ",
    )


def slid(pixels: Pixels, from_: float, aside: int) -> Pixels:
    """What libjpeg makes of a file with a broken piece: below it the picture has slid aside."""
    row = round(from_ * len(pixels))
    return np.concatenate([pixels[:row], np.roll(pixels[row:], aside, axis=1)])


@pytest.mark.parametrize(("from_", "aside"), [(0.4, 5), (0.5, 8), (0.6, 8)])
def test_what_lies_above_the_damage_is_laid_by_itself(
    from_: float, aside: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pixels = scene(640, 800, seed=5)
    reference, found = tmp_path / "reference.png", tmp_path / "found.png"
    reference.write_bytes(encoded(pixels, "PNG"))
    found.write_bytes(encoded(slid(pixels, from_, aside), "PNG"))
    asked = (("a" * 64, reference, None),)
    ((whole,), _) = verified(found, asked, PreparedReferences())
    assert whole.kind is SCENE
    monkeypatch.setattr(verification, "damage_in", lambda _: "Corrupt JPEG data")
    ((told,), _) = verified(found, asked, PreparedReferences())
    assert told.kind is MatchKind.LIKELY_COPY
    assert told.reason.startswith(AND)


def test_another_picture_stays_another_picture_however_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "damage_in", lambda _: "Corrupt JPEG data")
    for name, seed in (("one", 5), ("other", 6)):
        (tmp_path / name).write_bytes(encoded(scene(640, 800, seed=seed), "PNG"))
    ((told,), _) = verified(tmp_path / "one", (("a" * 64, tmp_path / "other", None),), PreparedReferences())
    assert told.kind in (None, SCENE)
