"""Text on a picture, read: bands first, the whole second, within its time."""

import cv2
import numpy as np
import pytest

from detector.onimage import text
from detector.onimage.look import Pixels
from detector.onimage.ocr import Line, Place
from detector.onimage.text import read_text
from storage.records import Declarer, ReadingState, Surface
from tests.detector.onimage.lines import TALL, WIDE, line

pytestmark = pytest.mark.slow  # real OCR

EMPTY = np.full((TALL, WIDE, 3), 110, np.uint8)


def picture(words: str, at: tuple[int, int], scale: float = 1.2) -> Pixels:
    made = EMPTY.copy()
    cv2.putText(made, words, at, cv2.FONT_HERSHEY_DUPLEX, scale, (250, 250, 250), 2)
    return made


class Seen:
    """In place of the library: which lines there are, and where was looked."""

    def __init__(self, *lines: Line) -> None:
        self.lines = lines
        self.looks: list[tuple[int, int] | None] = []
        self.edges: list[int] = []
        self.read: list[str] = []

    def places(self, pixels: Pixels, edge: int = 0, rows: tuple[int, int] | None = None) -> tuple[Place, ...]:
        self.looks.append(rows)
        self.edges.append(edge)
        first, last = rows or (0, TALL)
        return tuple(one.place for one in self.lines if self.holds(one, first, last))

    @staticmethod
    def holds(one: Line, first: int, last: int) -> bool:
        """A part finds what has its middle there, and no more than fits."""
        top, bottom = one.place.corners[:, 1].min(), one.place.corners[:, 1].max()
        return bool(first <= (top + bottom) / 2 < last and bottom - top <= last - first)

    def recognised(self, pixels: Pixels, found: list[Place], go_on: object = None) -> tuple[Line, ...]:
        read = tuple(one for one in self.lines for place in found if one.place is place)
        self.read += [one.text for one in read]
        return read


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> "type[Seen]":
    class Put(Seen):
        def __init__(self, *lines: Line) -> None:
            super().__init__(*lines)
            monkeypatch.setattr(text, "places", self.places)
            monkeypatch.setattr(text, "recognised", self.recognised)

    return Put


# --- with the library ---------------------------------------------------------------------------------------


def test_a_label_at_the_bottom() -> None:
    found = read_text(picture("AI GENERATED", (40, 1220)))
    assert (found.surface, found.state) == (Surface.IMAGE_TEXT, ReadingState.PRESENT)
    assert found.quote.replace(" ", "") == "AIGENERATED"
    assert found.declared_by is Declarer.ACCOUNT
    assert found.reader == f"image_text/{text.VERSION}"
    assert found.box
    assert found.box.y > 0.93
    assert found.prominence["position"] == "bottom left"
    assert found.prominence["below_floor"] == 0
    assert found.prominence["contrast"] == pytest.approx(140, abs=20)
    assert found.prominence["height"] == pytest.approx(26 / TALL, rel=0.35)


def test_a_label_at_the_side() -> None:
    found = read_text(picture("Made with AI", (20, 600)))
    assert found.state is ReadingState.PRESENT
    assert found.prominence["position"] == "left"


def test_no_text() -> None:
    found = read_text(EMPTY)
    assert found.state is ReadingState.ABSENT
    assert (found.quote, found.box, dict(found.prominence)) == ("", None, {})


def test_faint_letters_are_below_the_floor() -> None:
    made = EMPTY.copy()
    cv2.putText(made, "AI GENERATED", (40, 1220), cv2.FONT_HERSHEY_DUPLEX, 1.2, (121, 121, 121), 2)
    found = read_text(made)
    assert found.state is ReadingState.PRESENT  # on a plain ground OCR reads what people do not see
    assert found.prominence["below_floor"] == 1


# --- the order, and the time --------------------------------------------------------------------------------


def test_what_the_bands_say_is_enough(library: type[Seen]) -> None:
    seen = library(line("Made with AI", 40, 1200), line("MANGO", 400, 600))
    assert read_text(EMPTY).state is ReadingState.PRESENT
    assert seen.read == ["Made with AI"]
    assert None not in seen.looks


def test_then_the_whole_without_reading_twice(library: type[Seen]) -> None:
    seen = library(line("NEW IN", 40, 1200), line("MANGO", 400, 600), line("AI generated", 20, 620))
    assert read_text(EMPTY).state is ReadingState.PRESENT
    assert seen.read == ["NEW IN", "MANGO", "AI generated"]


@pytest.mark.parametrize(
    ("shape", "edges"),
    [((1250, 1000), [1080, 1080, 1100]), ((1000, 1500), [1080, 1080, 1100]), ((500, 1500), [2160] * 3)],
)
def test_small_letters_of_a_wide_picture_are_looked_at_no_smaller(
    shape: tuple[int, int], edges: list[int], library: type[Seen]
) -> None:
    seen = library()
    read_text(np.full((*shape, 3), 110, np.uint8))
    assert seen.edges == edges


def test_a_line_cut_by_the_border_of_a_band_is_read_whole(library: type[Seen]) -> None:
    border = TALL - round(0.14 * TALL)
    seen = library(line("AI generated", 40, border - 10, height=30))
    read_text(EMPTY)
    assert seen.looks[-1] is None
    assert seen.read == ["AI generated"]


def test_a_garment_taken_for_a_sign_hides_nothing(library: type[Seen]) -> None:
    giant = line("8", 100, 100, height=1000, width=800)
    seen = library(giant, line("AI generated", 20, 620))
    assert read_text(EMPTY).state is ReadingState.PRESENT
    assert seen.read == ["AI generated"]
    assert len(seen.looks) == 5  # two bands, the whole, and the middle in two parts


@pytest.mark.parametrize(("seconds", "state"), [(0.0, "unreadable"), (-1.0, "unreadable"), (9.0, "absent")])
def test_within_its_time(library: type[Seen], seconds: float, state: str) -> None:
    library(line("MANGO", 400, 600))
    found = read_text(EMPTY, seconds)
    assert found.state.value == state
    assert found.reason == ("budget" if state == "unreadable" else "no text on it speaks of AI")


def test_time_runs_out_between_bands_and_whole(library: type[Seen], monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 0.1, 99.0])
    monkeypatch.setattr(text, "monotonic", lambda: next(clock))
    seen = library(line("NEW IN", 40, 1200), line("Made with AI", 20, 600))
    assert read_text(EMPTY, 1.0).reason == "budget"
    assert seen.read == ["NEW IN"]


def test_time_runs_out_among_the_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Seen(*(line("MANGO", 40, 300 + 60 * number) for number in range(9)))
    monkeypatch.setattr(text, "places", seen.places)
    monkeypatch.setattr(text, "recognised", lambda pixels, found, go_on: ())
    assert read_text(EMPTY, 60.0).reason == "budget"


@pytest.mark.parametrize("shape", [(1, 1), (3, 900), (900, 3), (50, 50)])
def test_odd_sizes_are_no_error(shape: tuple[int, int]) -> None:
    assert read_text(np.zeros((*shape, 3), np.uint8)).state is ReadingState.ABSENT
