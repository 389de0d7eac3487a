"""What stands around the letters of a mark, from lines that were read."""

import pytest

from detector.onimage.beside import Around, told
from tests.detector.onimage.lines import line


@pytest.mark.parametrize(
    ("texts", "around"),
    [
        (["AI"], Around.ALONE),
        (["A I"], Around.ALONE),
        (["Al."], Around.ALONE),
        (["AI x"], Around.ALONE),
        (["AI QUAD CAMERA"], Around.LINE),
        (["MADE WITH AI"], Around.LINE),
        (["AIR"], Around.TAKEN),
        (["DAILY"], Around.TAKEN),
        (["NO AI"], Around.TAKEN),
        (["AI size advisor"], Around.TAKEN),
        (["AI", "NOT"], Around.TAKEN),
        (["AI", "Nordlys"], Around.ALONE),
    ],
)
def test_the_line_over_the_letters_and_its_neighbour(texts: list[str], around: Around) -> None:
    rows = list(reversed(texts)) if "NOT" in texts else texts
    there = [line(text, 100, 100 + 40 * row, width=300) for row, text in enumerate(rows)]
    place = there[rows.index(texts[0])].place.corners.mean(axis=0)
    assert told(there, (float(place[0]), float(place[1])), "AI") is around


def test_of_long_letters_only_a_denial_counts() -> None:
    for text, around in (("NOT AI GENERATED", Around.TAKEN), ("AI GENERATED PICTURE", Around.ALONE)):
        assert told([line(text, 0, 0, width=400)], (200, 15), "AI GENERATED") is around


def test_what_is_unsure_or_elsewhere_takes_nothing_away() -> None:
    assert told([line("AIR", 0, 0, width=90, confidence=0.6)], (45, 15), "AI") is Around.UNKNOWN
    assert told([line("AIR", 0, 0, width=90)], (400, 400), "AI") is Around.UNKNOWN
    assert told([], (4, 4), "AI") is Around.UNKNOWN
