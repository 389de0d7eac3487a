"""JSON that strangers wrote."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from detector.metadata.carried import Said
from detector.metadata.jsons import claims_in, inner, short
from storage.records import Extent, OriginEvidence


def judged(said: Said, content: Mapping[str, Any]) -> Iterator[OriginEvidence]:
    yield OriginEvidence("r", "found", str(content["key"]), Extent.UNKNOWN, 2)


def signals(text: str) -> list[str]:
    return [one.signal for one in claims_in("r", [Said("there", text)], ("key",), judged)]


@pytest.mark.parametrize(
    "text", ['{"key": 1}', ' \ufeff{"key": NaN}\x00', '{"key": "\n"}', '{"a": 0, "key": {}}']
)
def test_opened(text: str) -> None:
    assert signals(text) == ["found"]


@pytest.mark.parametrize("text", ["", "key", '"key"', '["key"]', '{"other": 1}', "{'key': 1", 'x {"key": 1}'])
def test_not_opened(text: str) -> None:
    assert signals(text) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"key": 1', "unreadable: the JSON in its there is malformed"),
        ('{"key": ' + "9" * 5000 + "}", "unreadable: the JSON in its there is malformed"),
        ('{"key": ' + "[" * 200_000, "unreadable: the JSON in its there is nested too deeply"),
        ('{"a": ' * 100_000 + "1" + "}" * 100_000, "unreadable: the JSON in its there is nested too deeply"),
        ("[" * 100_000 + "]" * 100_000, "unreadable: the JSON in its there is nested too deeply"),
        ('{"key": "' + "x" * 4_000_001 + '"}', "unreadable: the JSON in its there is too large"),
    ],
)
def test_unreadable(text: str, why: str) -> None:
    assert signals(text) == [why]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"a": 1}, {"a": 1}),
        ('{"a": 1}', {"a": 1}),
        ('{"a"', {}),
        ("[1]", {}),
        (3, {}),
        (None, {}),
        ('{"a":' * 99_999, {}),
    ],
)
def test_an_object_within(content: object, expected: dict[str, int]) -> None:
    assert inner(content) == expected


def test_a_strangers_words_are_cut() -> None:
    assert short("a\n b") == "a b"
    assert len(short("x" * 5000)) == 300
    assert short("x " * 5000).endswith("…")
