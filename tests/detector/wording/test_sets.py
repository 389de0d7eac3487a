"""Sets of captions by people who never saw the lexicon, held to what was reached (docs/benchmarks/labels.md).
Of three one half was never read: what it gives is evidence, below the .95 asked where captions are
idiomatic."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from detector.wording import texts
from storage.records import ReadingState


def _load(name: str) -> list[dict[str, str]]:
    path = Path(__file__).parent / f"captions_{name}.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _never_read(captions: list[dict[str, str]]) -> list[dict[str, str]]:
    return [c for c in captions if sha256(c["id"].encode()).digest()[0] % 2 == 1]


def _counts(captions: list[dict[str, str]]) -> tuple[float, float, int]:
    """(precision of present, recall of it, how many that told people are taken for silent)."""
    read = [(c["label"], texts.read(c["text"]).state) for c in captions]
    told = [state for label, state in read if label == "disclosed"]
    claimed = [label for label, state in read if state is ReadingState.PRESENT]
    precise = claimed.count("disclosed") / len(claimed)
    return precise, told.count(ReadingState.PRESENT) / len(told), told.count(ReadingState.ABSENT)


@pytest.mark.parametrize(
    ("name", "precision", "recall", "silent"),
    [("plain", 0.98, 0.98, 0), ("press", 0.98, 0.86, 4), ("reserved", 0.98, 0.75, 4)],
)
def test_the_half_that_was_never_read(name: str, precision: float, recall: float, silent: int) -> None:
    precise, found, taken = _counts(_never_read(_load(name)))
    assert precise >= precision
    assert found >= recall
    assert taken <= silent


@pytest.mark.parametrize(
    ("name", "recall", "silent"),
    [
        ("campaigns", 0.9, 2),
        ("credits", 0.9, 2),
        ("creators", 0.74, 6),
        ("official", 0.88, 0),
        ("asides", 0.84, 0),
        ("second_asides", 0.76, 2),
    ],
)
def test_sets_developed_on(name: str, recall: float, silent: int) -> None:
    precise, found, taken = _counts(_load(name))
    assert precise >= (0.85 if name == "second_asides" else 0.99)
    assert found >= recall
    assert taken <= silent


@pytest.mark.parametrize(
    "name",
    ["plain", "press", "reserved", "campaigns", "credits", "creators", "official", "asides", "second_asides"],
)
def test_sets_are_of_every_language(name: str) -> None:
    captions = _load(name)
    assert len({c["id"] for c in captions}) == len(captions)
    assert len({c["lang"] for c in captions}) == 13
    assert {c["label"] for c in captions} == {"disclosed", "not_disclosed", "ambiguous"}
