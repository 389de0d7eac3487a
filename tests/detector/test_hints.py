"""Whether it is worth reading what stands on a picture: a cheap word, kept beside the fingerprints."""

from collections.abc import Callable

import numpy as np
import pytest

from detector.examine import examine, stage_versions
from detector.hints import EDGE, TEXT, may_bear_text
from detector.pictures.decode import Pixels
from detector.processes.wire import examination_line, read_examination
from tests.detector.files import encoded, jpeg
from tests.detector.films import shots

Spot = Callable[[Pixels], bool]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """The shapes that the detector was asked about; it always says yes."""
    shapes: list[tuple[int, ...]] = []

    def spot(grey: Pixels) -> bool:
        shapes.append(grey.shape)
        return True

    monkeypatch.setattr("detector.onimage.spot.may_bear_text", spot)
    return shapes


def test_it_is_a_stage_of_every_collected_file(asked: list[tuple[int, ...]]) -> None:
    assert TEXT in stage_versions()
    found = examine(jpeg())
    assert (found.may_bear_text, found.stages[TEXT]) == (True, stage_versions()[TEXT])
    assert read_examination(examination_line(found)) == found


def test_by_itself_and_not_asked_for(asked: list[tuple[int, ...]]) -> None:
    alone = examine(jpeg(), (TEXT,))
    assert (alone.may_bear_text, alone.fingerprints, alone.failure) == (True, (), None)
    asked.clear()
    other = examine(jpeg(), ("fingerprint:pdq",))
    assert (other.may_bear_text, asked) == (None, [])
    assert read_examination(examination_line(other)) == other


def test_it_sees_a_small_picture_grey_and_large_enough(asked: list[tuple[int, ...]]) -> None:
    for data in (jpeg(size=(1080, 1350)), encoded(np.zeros((4000, 3000, 3), np.uint8), "PNG"), jpeg()):
        kind = "png" if data[:4] == b"\x89PNG" else "jpeg"
        may_bear_text(data, kind)
    assert asked == [(675, 540), (1000, 750), (400, 320)]
    assert all(max(shape) >= EDGE for shape in asked[:2])


def test_of_a_film_the_first_frame(asked: list[tuple[int, ...]]) -> None:
    assert examine(shots(1, 1), (TEXT,)).may_bear_text is True
    assert asked == [(120, 160)]


@pytest.mark.parametrize("data", [b"no picture", jpeg()[:200], b""])
def test_what_cannot_be_decoded_has_no_hint_and_one_reason(asked: list[tuple[int, ...]], data: bytes) -> None:
    found = examine(data)
    assert (found.may_bear_text, asked) == (None, [])
    assert found.failure is not None
    assert examine(data, (TEXT,)).failure is None


def test_a_detector_that_stumbles_is_no_no(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Pixels) -> bool:
        raise ValueError("no forest")

    monkeypatch.setattr("detector.onimage.spot.may_bear_text", broken)
    found = examine(jpeg())
    assert (found.may_bear_text, found.failure) == (True, None)
