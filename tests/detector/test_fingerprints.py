"""What is taken of a picture: what is wanted, at the size that it needs; a failure spoils no other."""

from types import SimpleNamespace

import numpy as np
import pytest

from detector import fingerprints as taking
from detector.examine import examine, reference_stage_versions, stage_versions
from detector.pictures.decode import Pixels, decode_small
from storage.records import Failure, Fingerprint
from tests.detector.drawings import colour_ramps, grey_ramp, noise, scene
from tests.detector.files import encoded, jpeg

HASHES = {"fingerprint:pdq", "fingerprint:phash"}


def part(name: str, version: str = "7") -> SimpleNamespace:
    """A module that keeps the size that it was given."""

    def fingerprints(grey: Pixels) -> tuple[Fingerprint, ...]:
        return (Fingerprint(name, np.array(grey.shape, "<u2").tobytes()),)

    return SimpleNamespace(ALGORITHM=name, VERSION=version, fingerprints=fingerprints)


def broken(name: str, error: BaseException) -> SimpleNamespace:
    def fingerprints(grey: Pixels) -> tuple[Fingerprint, ...]:
        raise error

    return SimpleNamespace(ALGORITHM=name, VERSION="1", fingerprints=fingerprints)


def sizes(found: tuple[Fingerprint, ...]) -> dict[str, tuple[int, ...]]:
    return {one.algorithm: tuple(np.frombuffer(one.bits, "<u2").tolist()) for one in found}


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "PARTS", (part("corners"),))
    monkeypatch.setattr(taking, "REFERENCE_PARTS", (part("corners/reference", "8"),))


@pytest.mark.usefixtures("modules")
def test_a_reference_goes_through_more_than_a_picture() -> None:
    assert stage_versions().items() < reference_stage_versions().items()
    assert reference_stage_versions()["fingerprint:corners/reference"] == "8"
    assert "fingerprint:corners/reference" not in examine(jpeg()).stages


@pytest.mark.usefixtures("modules")
@pytest.mark.parametrize("exact", [False, True])
def test_each_is_given_the_size_that_it_needs(exact: bool) -> None:
    stages = ("fingerprint:corners", "fingerprint:corners/reference")
    found = examine(jpeg(size=(1080, 1350)), stages, exact=exact)
    assert sizes(found.fingerprints) == {"corners": (338, 270), "corners/reference": (675, 540)}
    assert set(found.stages) == set(stages)
    assert (found.width, found.height) == (1080, 1350)


@pytest.mark.parametrize("error", [ValueError("odd\npicture"), AssertionError()])
def test_one_that_fails_is_named_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    monkeypatch.setattr(taking, "PARTS", (broken("seams", error), part("corners")))
    found = examine(jpeg(), [*HASHES, "fingerprint:seams", "fingerprint:corners"])
    assert found.failure == Failure(
        "fingerprint_failed", f"{type(error).__name__}: {error}".replace("\n", " "), "fingerprint:seams"
    )
    assert {one.algorithm for one in found.fingerprints} >= {"pdq", "phash", "corners"}
    assert "fingerprint:seams" in found.stages


def test_want_of_memory_is_the_workers_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "PARTS", (broken("seams", MemoryError()),))
    with pytest.raises(MemoryError):
        list(taking.parts(decode_small(jpeg(), "jpeg"), {"fingerprint:seams"}))


@pytest.mark.parametrize(
    ("pixels", "too_little"),
    [
        (np.full((400, 300, 3), 128, np.uint8), True),
        (grey_ramp(1080, 1350), True),
        (np.rot90(grey_ramp(1350, 1080)), True),
        (scene(4, 160), True),
        (np.broadcast_to(np.uint8(90), (1, 1, 3)), True),
        (scene(16, 16), True),
        (colour_ramps(300, 400), True),
        (scene(4000, 100), True),
        (scene(100, 4000), True),
        (noise(300, 300), False),
    ],
    ids=["flat", "gradient", "upright", "sliver", "dot", "icon", "ramps", "strip", "upright strip", "noise"],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_odd_pictures_neither_crash_nor_fail(pixels: Pixels, too_little: bool, kind: str) -> None:
    found = examine(encoded(np.ascontiguousarray(pixels), kind), tuple(reference_stage_versions()))
    assert found.failure is None
    assert found.too_little is too_little
