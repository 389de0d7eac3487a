"""A text that names AI without end is looked at up to a bound: what is left over is unread, never silent."""

import pytest

from detector.wording import texts
from storage.records import ReadingState


@pytest.mark.parametrize(
    "text", ["AI " * 1000, "AI. " * 1000, "not Midjourney, " * 1000, "Is this AI? " * 1000]
)
def test_what_names_ai_without_end_is_unread(text: str) -> None:
    found = texts.read(text)
    assert (found.state, found.reason) == (ReadingState.UNREADABLE, texts.TOO_OFTEN)


def test_what_it_says_within_the_bound_counts() -> None:
    assert texts.read("Made with AI. " + "AI " * 1000).state is ReadingState.PRESENT


def test_a_talkative_caption_is_within_the_bound() -> None:
    text = "Our panel on AI: AI in retail, AI in design, AI in logistics. " * 20
    assert texts.read(text).state is not ReadingState.UNREADABLE
