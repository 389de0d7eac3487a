"""Marks on pictures: found by shape, confirmed by their letters, said with what they tell."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from detector.onimage import marks
from detector.onimage.icons import AI, GENERATED, MODIFIED, PIN, SPARKLE, built_in_marks
from detector.onimage.look import Mark, Pixels
from detector.onimage.ocr import Line
from storage.records import Declarer, Reading, ReadingState
from tests.detector.onimage.lines import line
from tests.detector.onimage.stamped import ground, mark, stamped

PRESENT, AMBIGUOUS, ABSENT = ReadingState.PRESENT, ReadingState.AMBIGUOUS, ReadingState.ABSENT


def read_marks(picture: Pixels, looked_for: Sequence[Mark], letters: Callable[[Pixels], str]) -> Reading:
    """Without the OCR library: no line is found."""
    return marks.read_marks(picture, looked_for, letters, lambda _: ())


def saying(text: str) -> Callable[[Pixels], str]:
    return lambda _: text


def on(name: str, tall: int = 18, at: tuple[int, int] = (-6, -6), read: str = "", **how: float) -> Reading:
    one = mark(name)
    return read_marks(stamped(ground(), one, tall, at, **how), [one], saying(read or one.letters))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "read", "quote", "extent"),
    [
        (AI, "Al", "AI", "unknown"),
        (AI, "A1.", "AI", "unknown"),
        (GENERATED, "AIGENERATED", "AI GENERATED", "unknown"),
        (GENERATED, "Al GENERA1D", "AI GENERATED", "unknown"),
        (MODIFIED, "AI MODIFIED", "AI MODIFIED", "part"),
    ],
)
def test_an_icon_is_what_it_says(name: str, read: str, quote: str, extent: str) -> None:
    found = on(name, read=read)
    assert (found.state, found.quote, found.declared_by) == (PRESENT, quote, Declarer.ACCOUNT)
    told = found.prominence
    assert (told["extent"], told["mark"], told["position"]) == (extent, name, "bottom right")
    assert told["below_floor"] == 0
    assert found.box
    assert found.box.h == pytest.approx(0.06, abs=0.01)
    assert found.box.y + found.box.h == pytest.approx(0.98, abs=0.01)


def test_the_height_is_that_of_the_letters() -> None:
    assert on(AI, tall=24).prominence["height"] == pytest.approx(24 * 0.385 / 300, rel=0.1)
    picture = stamped(ground(300, 600), mark(AI), 12, (-6, -6))
    assert read_marks(picture, [mark(AI)], saying("AI")).prominence["below_floor"]


def test_a_shape_whose_letters_say_something_else() -> None:
    found = on(AI, read="H")
    assert (found.state, found.quote) == (AMBIGUOUS, "AI")
    assert found.reason == "it looks like the mark, its letters cannot be read"


def bare(tall: int = 18) -> Pixels:
    """The letters of the disc without it, on the ground."""
    letters = mark(AI)
    return stamped(ground(), letters, tall, (90, -6), plate=0.0)


@pytest.mark.parametrize(
    ("beside", "state"),
    [
        ("AI QUAD CAMERA", AMBIGUOUS),
        ("MADE WITH AI", AMBIGUOUS),
        ("(AI)", PRESENT),
        ("AI x", PRESENT),
        ("", PRESENT),
        ("NOT AI GENERATED", ABSENT),
        ("Keine Kl", ABSENT),
        ("AI free", ABSENT),
        ("SALE", ABSENT),
        ("AIR", ABSENT),
        ("DAlLY", ABSENT),
        ("FAIR", ABSENT),
        ("MAIL", ABSENT),
    ],
)
def test_letters_without_a_plate_belong_to_their_line(beside: str, state: ReadingState) -> None:
    """A telephone writes "AI QUAD CAMERA" into a corner, and a shop writes SALE."""

    def read(crop: Pixels) -> list[Line]:
        tall, wide = crop.shape[:2]
        there = line(beside, 0, tall / 2 - 20, height=40, width=wide)
        return [there] if beside else []

    assert marks.read_marks(bare(), [mark(AI)], saying("AI"), read).state is state


def test_on_its_plate_it_is_a_mark_whatever_stands_beside_it() -> None:
    picture = stamped(ground(), mark(AI), 18, (90, -6))

    def unasked(_: Pixels) -> list[Line]:
        raise AssertionError

    assert marks.read_marks(picture, [mark(AI)], saying("AI"), unasked).state is PRESENT


def test_letters_alone_do_not_make_a_mark() -> None:
    assert read_marks(ground(), built_in_marks(), saying("AI")).state is ABSENT


def test_dark_letters_are_shown_light_too() -> None:
    shown: list[float] = []

    def read(crop: Pixels) -> str:
        shown.append(float(np.median(crop)))
        return "AI" if shown[-1] > 127 else ""

    picture = stamped(ground(), mark(AI), 18, (6, 6))
    assert read_marks(picture, [mark(AI)], read).state is PRESENT
    assert shown[0] < 127 < shown[1]


def test_the_pill_speaks_for_the_disc_that_it_holds() -> None:
    picture = stamped(ground(), mark(MODIFIED), 18, (6, 6))
    found = read_marks(picture, built_in_marks(), lambda crop: "AI" if crop.shape[1] < 90 else "AI MODIFIED")
    assert (found.quote, found.prominence["extent"]) == ("AI MODIFIED", "part")


def test_what_speaks_of_the_whole_goes_first() -> None:
    picture = stamped(stamped(ground(), mark(MODIFIED), 18, (6, 6)), mark(GENERATED), 15, (6, -6))
    both = [mark(MODIFIED), mark(GENERATED)]
    assert read_marks(picture, both, saying("AI MODIFIED GENERATED")).quote == "AI GENERATED"


def test_the_pin_does_not_say_ai() -> None:
    found = on(PIN)
    assert (found.state, found.quote) == (AMBIGUOUS, "Content Credentials")
    assert "does not say that it is AI" in found.reason


def test_a_sparkle_where_gemini_puts_it() -> None:
    found = on(SPARKLE, tall=12, at=(-8, -8))
    assert (found.state, found.quote, found.declared_by) == (PRESENT, "Gemini’s sparkle", Declarer.UNKNOWN)
    assert found.prominence["position"] == "bottom right"


def test_a_sparkle_elsewhere() -> None:
    near = on(SPARKLE, tall=14, at=(-24, -10))
    assert (near.state, near.reason) == (AMBIGUOUS, "a sparkle, and not quite where Gemini puts its own")
    assert on(SPARKLE, tall=12, at=(8, 8)).state is ABSENT


def brand(letters: str = "") -> Mark:
    """Three bars of different lengths, on nothing."""
    alpha = np.zeros((60, 90), np.uint8)
    alpha[0:14, :40], alpha[23:37, :], alpha[46:60, 30:75] = 255, 255, 255
    return Mark("ours", "Digital twin", np.full_like(alpha, 255), alpha, letters, "ab" * 32)


def test_a_registered_mark_without_letters_is_believed_by_its_shape() -> None:
    picture = stamped(ground(), brand(), 20, (6, -6))
    found = read_marks(picture, [*built_in_marks(), brand()], saying(""))
    assert (found.state, found.quote, found.reason) == (PRESENT, "Digital twin", "ours")
    dark = stamped(ground(), brand(), 20, (6, 6), inverted=True)
    assert read_marks(dark, [brand()], saying("")).state is PRESENT


def test_a_registered_mark_with_letters_needs_them() -> None:
    picture = stamped(ground(), brand(), 20, (6, -6))
    assert read_marks(picture, [brand("NORDLYS")], saying("NORDLY5")).state is PRESENT
    assert read_marks(picture, [brand("NORDLYS")], saying("")).state is AMBIGUOUS


def test_a_mark_with_nothing_on_it_cannot_be_looked_for_and_is_not_absent() -> None:
    plain = replace(brand(), grey=np.zeros((9, 9), np.uint8), alpha=np.full((9, 9), 255, np.uint8))
    found = read_marks(ground(), [plain], saying(""))
    why = f"nothing on this mark can be searched for: {plain.name}"
    assert (found.state, found.reason) == (ReadingState.UNREADABLE, why)


def test_tiny_pictures_bear_none() -> None:
    for shape in ((1, 1, 3), (2, 600, 3), (600, 2, 3), (19, 19, 3)):
        assert read_marks(np.zeros(shape, np.uint8), built_in_marks(), saying("AI")).state is ABSENT


@pytest.mark.slow
@pytest.mark.parametrize("name", [AI, GENERATED, MODIFIED, PIN])
@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("plate", [1.0, 0.5])
def test_the_letters_are_truly_read(name: str, inverted: bool, plate: float) -> None:
    picture = stamped(ground(1000, 800), mark(name), 25, (10, -10), inverted=inverted, plate=plate)
    found = marks.read_marks(picture, built_in_marks())
    assert (found.prominence["mark"], found.state) == (name, AMBIGUOUS if name == PIN else PRESENT)


def test_out_of_time_is_not_absent() -> None:
    found = marks.read_marks(ground(), built_in_marks(), saying(""), lambda _: (), seconds=0.0)
    assert (found.state, found.reason) == (ReadingState.UNREADABLE, "budget")


def test_with_time_enough_it_reads_as_without_a_limit() -> None:
    picture = stamped(ground(), mark(AI), 18, (-6, -6))
    found = marks.read_marks(picture, [mark(AI)], saying("AI"), lambda _: (), seconds=60.0)
    assert found == read_marks(picture, [mark(AI)], saying("AI"))


def test_what_was_surely_found_in_time_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter([0.0] * 12 + [100.0] * 100)
    monkeypatch.setattr(marks, "monotonic", lambda: next(now))
    picture = stamped(ground(), mark(AI), 18, (-6, -6))
    found = marks.read_marks(picture, [mark(AI), mark(SPARKLE)], saying("AI"), lambda _: (), seconds=5.0)
    assert found.state is PRESENT
