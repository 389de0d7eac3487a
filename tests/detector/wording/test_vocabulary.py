"""The lexicon: every language is there, and a mistake in it is named."""

import tomllib
from importlib.resources import files

import pytest

from detector.wording.lexicon import vocabulary
from detector.wording.vocabulary import Role, build
from storage.errors import ConfigError

LANGUAGES = ("en", "nl", "sv", "de", "fr", "es", "it", "pt", "pl", "da", "zh", "ja", "ko")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_can_say_it(language: str) -> None:
    table = tomllib.loads((files("detector") / "lexicon" / f"{language}.toml").read_text("utf-8"))["words"]
    assert {"ai", "made", "picture", "person", "twin", "topic"} <= set(table)


def test_the_longest_phrase_wins() -> None:
    length, roles = vocabulary().longest(["with", "the", "help", "of", "ai"], 0)
    assert length == 4
    assert roles == frozenset({Role.WITH})


def test_stems_stand_for_their_forms_and_not_for_longer_words() -> None:
    known = build([("x.toml", '[words]\nmade = ["generat*"]')])
    assert known.longest(["generata"], 0)[1] == {Role.MADE}
    assert known.longest(["generationenvertrag"], 0) == (0, frozenset())


def test_an_end_stands_for_the_compounds_that_end_so() -> None:
    known = build([("x.toml", '[words]\npicture = ["*kampagne"]\nperson = ["Herbst"]')])
    assert known.longest(["herbstkampagne"], 0) == (1, frozenset({Role.PICTURE}))
    assert known.longest(["kampagne"], 0) == (0, frozenset())
    assert known.longest(["herbst", "kampagne"], 0) == (1, frozenset({Role.PERSON}))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[words", "not TOML"),
        ("x = 1", "words"),
        ('wrods = 1\n[words]\nai = ["AI"]', "wrods"),
        ('[words]\nai = ["A"]', "words.ai"),
        ('[words]\nmade = ["' + "one " * 17 + '"]', "words.made"),
        ('[words]\nmade = ["ge*"]', "words.made"),
        ("words = 1", "words"),
        ("[words]\nmaking = []", "words.making"),
        ('[words]\nmade = "x"', "words.made"),
        ("[words]\nmade = [1]", "words.made"),
        ('[words]\nmade = ["!"]', "words.made"),
        ('[words]\npicture = ["*ild"]', "words.picture"),
        ('[words]\npicture = ["*bild hier"]', "words.picture"),
        ('[words]\nai = ["*intelligenz"]', "words.ai"),
    ],
)
def test_a_mistake_names_file_and_key(text: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem) as caught:
        build([("lexicon/x.toml", text)])
    assert caught.value.where == "lexicon/x.toml"
