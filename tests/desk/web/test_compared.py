"""The picture that explains a match has its words in the language of the page."""

from collections.abc import Callable

import pytest

from desk.explained import explain
from desk.panels import Side
from desk.sheet import Sheet
from desk.web.sentences import plainly
from storage.records import MatchKind, PairDecision, ReferenceKind
from tests.detector.cases import match


@pytest.mark.parametrize("kind", list(MatchKind))
@pytest.mark.parametrize(
    "changes",
    [
        {"algorithm": "sha256", "distance": 0.0},
        {"algorithm": "local", "distance": 24.0, "transform": "mirrored, cropped to 62 %"},
        {"algorithm": "aligned", "agreement": 0.97, "overlap": 0.6, "inliers": 120, "residual": 0.3},
        {"span": (3.0, 7.0), "reason": "they share too small a part", "decided": PairDecision.CONFIRMED},
        {"twin": "", "overlap": 1.0, "decided": PairDecision.REJECTED},
        {"reference_kind": ReferenceKind.HUMAN_ORIGINAL, "algorithm": "regions"},
    ],
)
def test_all_its_words_are_asked_for_and_known(
    monkeypatch: pytest.MonkeyPatch, kind: MatchKind, changes: dict[str, object]
) -> None:
    asked: list[tuple[str, str]] = []
    drawn: list[str] = []
    plain: Callable[..., int] = Sheet.text

    def say(words: str, room: str) -> str:
        asked.append((words, room))
        return plainly("nl", words, room)

    def text(sheet: Sheet, words: str, *place: int, **how: object) -> int:
        drawn.append(words)
        return plain(sheet, words, *place, **how)

    monkeypatch.setattr(Sheet, "text", text)
    given = match(kind, **changes)  # type: ignore[arg-type]
    explain(
        Side("published", why="it was registered by its fingerprints alone"), Side("Vilma"), given, None, say
    )
    left = [words for words, room in asked if words and plainly("nl", words, room) == words]
    assert [words for words in left if any(sign.isalpha() for sign in words.replace("bits", ""))] == []
    told = sorted((plainly("nl", *one).rstrip(".").casefold() for one in asked), key=len, reverse=True)
    for words in drawn:
        rest = words.casefold()
        for piece in (*filter(None, told), "vilma", "published"):
            rest = rest.replace(piece, "")
        assert not any(sign.isalpha() for sign in rest), words
