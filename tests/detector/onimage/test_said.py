"""What recognised lines say: sentences, and two letters alone."""

from dataclasses import replace

import pytest

from detector.onimage.ocr import Line
from detector.onimage.said import said
from storage.records import Extent, ReadingState
from tests.detector.onimage.lines import TALL, line

BOTTOM = 1200.0  # px, of 1,250


@pytest.mark.parametrize(
    "text", ["AI generated", "Al-genererad bild", "MitKIerstellt", "Imagen creada con IA", "AI生成"]
)
def test_a_label_at_the_edge(text: str) -> None:
    found = said([line(text, 40, BOTTOM)], TALL)
    assert found.state is ReadingState.PRESENT
    assert found.quote
    assert len(found.lines) == 1


def test_in_two_lines_and_with_its_extent() -> None:
    two = [line("Background created", 40, 1150), line("with AI", 40, 1190)]
    found = said(two, TALL)
    assert (found.state, found.extent) == (ReadingState.PRESENT, Extent.PART)
    assert found.quote == "Background created with AI"
    assert len(found.lines) == 2


def test_a_slogan_beside_it_takes_nothing_away() -> None:
    found = said([line("MADE WITH AI", 40, 1150), line("NEW ARRIVALS", 40, 1190)], TALL)
    assert found.state is ReadingState.PRESENT


def test_a_denial_over_two_lines_is_no_label() -> None:
    found = said([line("No picture here was", 40, 1150), line("made with AI", 40, 1190)], TALL)
    assert found.state is ReadingState.AMBIGUOUS
    assert said([line("No AI was used", 40, 1150)], TALL).state is ReadingState.ABSENT


@pytest.mark.parametrize("text", ["AI", "Al", "KI", "IA", "A.I.", "(AI)", "lA", "AIGC"])
def test_two_letters_small_at_an_edge_by_themselves(text: str) -> None:
    assert said([line(text, 40, BOTTOM)], TALL).state is ReadingState.PRESENT


@pytest.mark.parametrize(
    "lines",
    [
        [line("AI", 400, 600)],  # in the middle: a print
        [line("AI", 40, 1000, height=200)],  # large
        [line("AI", 40, 1150), line("MANGO", 40, 1190)],  # not by itself
    ],
)
def test_two_letters_elsewhere_may_be_a_print_or_a_brand(lines: list[object]) -> None:
    found = said(lines, TALL)  # type: ignore[arg-type]
    assert found.state is ReadingState.AMBIGUOUS
    assert found.quote.startswith("AI")


@pytest.mark.parametrize(
    "text",
    ["RAINCOAT", "A/I 2026", "AL MARE", "MAISON KITSUNE", "100% COTTON", "J'ai faim", "SIZE S M L", "A1", ""],
)
def test_prints_brands_and_size_charts_say_nothing(text: str) -> None:
    assert said([line(text, 40, BOTTOM)], TALL).state is ReadingState.ABSENT


def test_unsure_letters_make_no_token() -> None:
    assert said([line("AI", 40, BOTTOM, confidence=0.7)], TALL).state is ReadingState.AMBIGUOUS
    assert said([line("A", 40, BOTTOM, confidence=0.3)], TALL).state is ReadingState.ABSENT


def unsure(one: Line) -> Line:
    """Where the detector is hardly sure of a line."""
    return replace(one, place=replace(one.place, sure=0.58))


@pytest.mark.parametrize(
    ("lost", "state"),
    [
        (line("", 40, BOTTOM, width=200, confidence=0.0), "unreadable"),  # Hangul
        (line("M", 40, BOTTOM, width=200, confidence=0.6), "unreadable"),  # one letter for eight signs
        (line("Xqv rr", 40, BOTTOM, width=200, confidence=0.3), "unreadable"),
        (line("", 40, BOTTOM - 90, height=118, width=700, confidence=0.0), "unreadable"),  # 5 % high
        (line("", 40, BOTTOM, width=40, confidence=0.0), "absent"),  # as high as wide: anything
        (line("", 40, 600, height=200, width=900, confidence=0.0), "absent"),  # a print
        (line("", 40, 600, height=8, width=90, confidence=0.0), "absent"),  # nobody reads that
        (line("IIA", 40, BOTTOM, width=120, confidence=0.56), "unreadable"),  # "AI생성"
        (line("帚古IV", 40, BOTTOM, width=120, confidence=0.64), "unreadable"),  # "AI 모델"
        (line("帚古IV", 400, 600, width=120, confidence=0.64), "unreadable"),
        (line("A只岂", 40, BOTTOM, width=120, confidence=0.77), "unreadable"),
        (line("IIA", 400, 600, width=120, confidence=0.56), "absent"),  # where labels do not stand
        (line("上海", 40, BOTTOM, width=120, confidence=0.9), "absent"),
        (unsure(line("A", 40, BOTTOM, width=160, confidence=0.86)), "unreadable"),
        (unsure(line("", 40, BOTTOM, width=200, confidence=0.0)), "unreadable"),
        (unsure(line("", 400, 600, width=200, confidence=0.0)), "absent"),
        (line("MANGO", 40, BOTTOM), "absent"),
    ],
)
def test_what_looks_like_a_label_and_cannot_be_read_is_not_absent(lost: Line, state: str) -> None:
    found = said([lost], TALL)
    assert found.state.value == state
    assert bool(found.lines) == (state == "unreadable")


@pytest.mark.parametrize(
    ("read", "confidence", "state"),
    [
        ("AIA", 0.75, "ambiguous"),
        ("AII", 0.69, "ambiguous"),
        ("AIR", 0.97, "absent"),
        ("MAIN", 0.7, "absent"),
    ],
)
def test_ai_before_what_was_not_read_for_sure(read: str, confidence: float, state: str) -> None:
    """ "AI 생성", by a model that knows no Hangul."""
    assert said([line(read, 40, BOTTOM, confidence=confidence)], TALL).state.value == state


@pytest.mark.parametrize(
    ("begun", "state"),
    [
        ("Wygenerowano z użyciem", "unreadable"),
        ("Wygenerowano zuzyciem", "unreadable"),
        ("GEMAAKT MET", "unreadable"),
        ("Créé avec l'", "unreadable"),
        ("Made with love", "absent"),
        ("STYLED BY", "absent"),
        ("Shop with", "absent"),
    ],
)
def test_a_label_whose_ai_is_lost_is_not_absent(begun: str, state: str) -> None:
    assert said([line(begun, 40, BOTTOM)], TALL).state.value == state
    assert said([line(begun, 400, 600)], TALL).state is ReadingState.ABSENT


def apart(letters: str, y: float = BOTTOM) -> list[Line]:
    return [line(one, 40 + 80 * place, y, width=20) for place, one in enumerate(letters) if one != " "]


def test_letters_far_apart_are_a_line() -> None:
    assert said(apart("FEITO COM IA"), TALL).quote
    assert said(apart("FEITO COM IA"), TALL).state is ReadingState.PRESENT
    assert said(apart("FEITO CO   A"), TALL).state is ReadingState.UNREADABLE
    assert said(apart("SML"), TALL).state is ReadingState.ABSENT
    assert said(apart("FEITO", 600) + apart("MODA", 700), TALL).state is ReadingState.ABSENT


def test_a_label_beside_what_cannot_be_read() -> None:
    both = [line("", 40, 1100, width=200, confidence=0.0), line("Made with AI", 600, BOTTOM)]
    assert said(both, TALL).state is ReadingState.PRESENT


def test_the_strongest_counts() -> None:
    found = said([line("AI", 400, 600), line("Made with AI", 40, BOTTOM)], TALL)
    assert (found.state, found.quote) == (ReadingState.PRESENT, "Made with AI")


def test_nothing_was_recognised() -> None:
    assert said([], TALL).state is ReadingState.ABSENT


@pytest.mark.parametrize("height", [24.0, 200.0], ids=["small", "large"])
@pytest.mark.parametrize(
    "text",
    [
        *(
            "PROMPT",
            "Prompt",
            "PIXEL",
            "MODEL",
            "VIRTUAL",
            "SYNTHETIC",
            "RENDER",
            "ROBOT",
            "GENERATED",
            "AVATAR",
        ),
        *("NEURAL", "GENERATIVE", "ARTIFICIAL", "DIGITAL", "ALGORITHM", "GPU", "CGI", "COMPUTER", "HOLOGRAM"),
        *("DEEPFAKE", "SIMULATION", "IMAGEN", "VIRTUELL", "GENERATIV", "虚拟", "ロボット"),
    ],
)
def test_a_lone_word_is_a_print_and_no_label(text: str, height: float) -> None:
    for top in (600.0, BOTTOM):
        assert said([line(text, 40, top, height=height)], TALL).state is ReadingState.ABSENT
