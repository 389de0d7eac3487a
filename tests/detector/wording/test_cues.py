"""The quick look never hides what the reading would find."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.wording import texts
from detector.wording.cues import may_tell
from detector.wording.lexicon import vocabulary
from detector.wording.plaintext import plain
from storage.records import ReadingState
from tests.detector.wording.test_texts import CAPTIONS, TRAPS

WORDS = [
    "#madewithai",
    "AIgenerated",
    "with",
    "digital",
    "model",
    "KI",
    "生成",
    "AI",
    "デジタル",
    "ツイン",
    "photo",
    "\n",
]


@pytest.mark.parametrize("caption", [*CAPTIONS, *TRAPS], ids=lambda c: c["id"])
def test_what_says_something_is_looked_at(caption: dict[str, str]) -> None:
    if caption["label"] != "not_disclosed":
        assert may_tell(plain(caption["text"]), vocabulary())


@pytest.mark.parametrize("text", ["", "Wool, made with care.", "Campaign hairdresser: Kim", "新しいコート"])
def test_what_says_nothing_is_passed_over(text: str) -> None:
    assert not may_tell(plain(text), vocabulary())


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(WORDS)).map(" ".join) | st.lists(st.sampled_from(WORDS)).map("".join))
def test_the_answer_is_the_same_without_the_quick_look(text: str) -> None:
    quick = texts.read(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts, "may_tell", lambda *_: True)
        slow = texts.read(text)
    assert (quick.state, quick.quote) == (slow.state, slow.quote)
    assert slow.state is ReadingState.ABSENT or may_tell(plain(text), vocabulary())
