"""Earlier copies by local features: what was cut a little is found, whatever came in between, and nothing
else."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from detector.examine import examine
from detector.matching.collected import earlier_local
from detector.matching.collected.archive import Archive
from detector.matching.collected.earlier_local import VOTES, alike
from storage.records import Fingerprint
from tests.detector.drawings import Pixels, scene
from tests.detector.files import encoded

pytestmark = pytest.mark.slow  # many pictures

STAGES = ("fingerprint:pdq", "fingerprint:regions", "fingerprint:local")
SIZE = (300, 380)
Seen = tuple[Fingerprint, ...]


@cache
def seen(seed: int, cut: float = 0.0, quality: int = 90, *, mirrored: bool = False) -> Seen:
    """The drawing, cut on two sides, and saved."""
    pixels: Pixels = scene(*SIZE, seed=seed)
    down, across = round(pixels.shape[0] * cut), round(pixels.shape[1] * cut)
    pixels = pixels[down:, : pixels.shape[1] - across]
    turned = np.ascontiguousarray(pixels[:, ::-1] if mirrored else pixels)
    return examine(encoded(turned, "JPEG", quality=quality), STAGES).fingerprints


def name(number: int) -> str:
    return f"{number:02x}" * 32


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Five drawings, then drawing 2 cut by 10 % on two sides."""
    made = Archive.started(tmp_path)
    made.append([(number, name(number), seen(number)) for number in range(1, 6)])
    made.append([(6, name(6), seen(2, 0.1, 60))])
    return made


def told(archive: Archive, number: int, fingerprints: Seen) -> list[str]:
    found = alike(archive, [(name(number), fingerprints)])
    return [one.reference for one in found.get(name(number), ())]


def test_what_was_cut_finds_the_whole(archive: Archive) -> None:
    (found,) = alike(archive, [(name(6), seen(2, 0.1, 60))])[name(6)]
    assert (found.reference, found.found_by, found.threshold) == (name(2), "local", VOTES)
    assert found.distance >= VOTES
    assert found.region is None


def test_only_earlier_pictures_are_told(archive: Archive) -> None:
    assert told(archive, 2, seen(2)) == []
    assert told(archive, 9, seen(2)) == [name(2), name(6)]  # not in the archive: all of it is earlier


@pytest.mark.parametrize("cut", [0.05, 0.15])
@pytest.mark.parametrize("mirrored", [False, True])
def test_other_cuts(archive: Archive, cut: float, *, mirrored: bool) -> None:
    assert name(3) in told(archive, 9, seen(3, cut, 70, mirrored=mirrored))


def test_other_pictures_are_none(archive: Archive) -> None:
    assert alike(archive, [(name(10 + number), seen(number)) for number in range(20, 30)]) == {}


def test_many_newcomers_are_answered_as_each_alone(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(earlier_local, "PICTURES_AT_ONCE", 2)
    newcomers = [(name(20 + number), seen(number, 0.05)) for number in range(1, 6)]
    together = alike(archive, newcomers)
    assert set(together) == {newcomer for newcomer, _ in newcomers}
    for one in newcomers:
        assert alike(archive, [one])[one[0]] == together[one[0]]


def test_frames_and_pictures_without_features_are_passed_over(archive: Archive, tmp_path: Path) -> None:
    frames = tuple(Fingerprint(one.algorithm, one.bits, one.quality, 1.5) for one in seen(2))
    assert alike(archive, [(name(9), frames)]) == {}
    assert alike(archive, [(name(9), ()), (name(8), (Fingerprint("local", b""),))]) == {}
    other = Archive.started(tmp_path / "films")
    other.append([(1, name(1), frames)])
    assert alike(other, [(name(9), seen(2))]) == {}
    assert alike(Archive.started(tmp_path / "empty"), [(name(9), seen(2))]) == {}


def test_what_was_fingerprinted_anew_is_told_once(archive: Archive) -> None:
    archive.append([(7, name(2), seen(2, quality=80))])
    assert told(archive, 9, seen(2)) == [name(2), name(6)]
    assert told(archive, 2, seen(2, quality=80)) == [name(6)]  # it comes after it now


def test_no_more_than_a_few_are_told(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(earlier_local, "MOST", 1)
    assert told(archive, 9, seen(2)) == [name(2)]
