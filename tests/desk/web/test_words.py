"""What the desk says in each of its languages."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from desk.web.words import LANGUAGES, Words, catalogue, wanted
from storage.people import Role
from storage.records import ConsentVerdict, FindingStatus, Labelling


def test_all_catalogues_say_the_same_things() -> None:
    first = catalogue(LANGUAGES[0])
    for language in LANGUAGES[1:]:
        other = catalogue(language)
        assert other.keys() == first.keys()
        for key, text in first.items():
            assert sorted(re.findall(r"{(\w+)}", text)) == sorted(re.findall(r"{(\w+)}", other[key])), key
        assert sum(other[key] == text for key, text in first.items()) < len(first) / 5


@pytest.mark.parametrize("words", [Labelling, FindingStatus, ConsentVerdict, Role])
def test_every_word_of_ours_is_in_every_catalogue(words: Any) -> None:
    room = {Labelling: "verdict", FindingStatus: "status", ConsentVerdict: "consent", Role: "role"}[words]
    for language in LANGUAGES:
        assert [one for one in words if f"{room}.{one.value}" not in catalogue(language)] == []


@pytest.mark.parametrize(
    ("cookie", "accepted", "language"),
    [
        ("", "", "en"),
        ("", "nl-NL,nl;q=0.9,en;q=0.8", "nl"),
        ("", "sv,fr;q=0.5", "en"),
        ("nl", "en", "nl"),
        ("../x", "en", "en"),
    ],
)
def test_the_language_that_was_chosen_or_is_accepted(cookie: str, accepted: str, language: str) -> None:
    assert wanted(cookie, accepted) == language
    assert Words(language)("desk.inbox")


@pytest.mark.parametrize(
    ("language", "day", "moment", "number"),
    [
        ("en", "3 Mar 2026", "3 Mar 2026, 04:05", "1,234,567"),
        ("nl", "3 mrt 2026", "3 mrt 2026, 04:05", "1.234.567"),
    ],
)
def test_days_and_numbers_are_those_of_the_language(
    language: str, day: str, moment: str, number: str
) -> None:
    words, at = Words(language), datetime(2026, 3, 3, 4, 5, tzinfo=UTC)
    assert (words.day(at), words.moment(at), words.number(1_234_567)) == (day, moment, number)
    assert len(words("dates.months").split()) == 12
