"""How plainly a label can be seen, in words."""

import pytest

from desk.web.prominence import prominence_words
from desk.web.words import LANGUAGES, Words
from detector.onimage.prominence import position
from storage.records import Box, Reading, ReadingState, Surface


def words(prominence: dict[str, str | int | float], language: str = "en") -> str:
    seen = Reading(Surface.HASHTAGS, ReadingState.PRESENT, prominence=prominence)
    return prominence_words(seen, Words(language))


@pytest.mark.parametrize(
    ("prominence", "said"),
    [
        ({}, ""),
        ({"position": 3, "of": 4}, "Hashtag 3 of 4."),
        ({"position": "top left"}, "Stands top left on the picture."),
        ({"position": "under the stairs"}, ""),  # another version's word
        (
            {"before_fold": False, "fold": 125},
            "Seen only after “… more” is opened (it begins after 125 characters).",
        ),
        (
            {"contrast": 3.0, "colour": 61.2},
            "Contrast 3 of 255 grey levels; as light as its ground, and 61 levels of colour apart.",
        ),
        ({"slides": 2, "of_slides": 3, "position": ""}, "Said of picture 2 of 3."),
    ],
)
def test_what_is_known_is_said_and_nothing_else(prominence: dict[str, str | int | float], said: str) -> None:
    assert words(prominence) == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_place_has_its_words(language: str) -> None:
    for x in (0.05, 0.45, 0.85):
        for y in (0.05, 0.45, 0.85):
            assert words({"position": position(Box(x, y, 0.1, 0.1))}, language)
