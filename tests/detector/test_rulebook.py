"""Which rules are in force: the shipped ones, less those switched off, and the user's own."""

from datetime import date

import pytest

from detector.rulebook import DEFAULT, built_in, load_rules, rulebook
from storage.errors import ConfigError
from storage.records import Surface
from tests.detector.test_rule import GOOD

OWN = ("own/x.toml", GOOD)


def ids(book: object) -> set[str]:
    return {rule.id for rule in book.rules}  # type: ignore[attr-defined]


def test_own_rules_are_added_and_shipped_ones_switched_off() -> None:
    book = rulebook([OWN], off=["hm-promise-2025"])
    assert ids(book) == ids(built_in()) - {"hm-promise-2025"} | {"x"}


def test_the_stamp_follows_what_is_in_force() -> None:
    stamps = {
        built_in().stamp,
        rulebook([OWN]).stamp,
        rulebook([("x.toml", GOOD.replace("Says X.", "Says Y."))]).stamp,
        rulebook(off=["hm-promise-2025"]).stamp,
    }
    assert len(stamps) == 4
    assert rulebook([("another name.toml", GOOD)]).stamp == rulebook([OWN]).stamp


def test_an_id_comes_once() -> None:
    with pytest.raises(ConfigError, match="another rule"):
        load_rules([("a.toml", GOOD), ("b.toml", GOOD)])
    like_ours = GOOD.replace('"x"', '"hm-promise-2025"')
    with pytest.raises(ConfigError, match="another rule") as caught:
        rulebook([("own/x.toml", like_ours)])
    assert caught.value.where == "own/x.toml"
    assert "hm-promise-2025" in ids(rulebook([("own/x.toml", like_ours)], off=["hm-promise-2025"]))


@pytest.mark.parametrize("name", [DEFAULT, "hm-promise"])
def test_what_cannot_be_switched_off(name: str) -> None:
    with pytest.raises(ConfigError, match=name) as caught:
        rulebook(off=[name])
    assert caught.value.where == "[rules] off"


def test_the_rules_that_come_along() -> None:
    rules = {rule.id: rule for rule in built_in().rules}
    assert rules["eu-ai-act-50-4"].valid_from == date(2026, 8, 2)
    assert rules["hm-promise-2025"].informs == {Surface.IMAGE_TEXT, Surface.IMAGE_MARK}
    assert built_in().default.informs | built_in().default.weak == set(Surface)
    for rule in rules.values():
        assert rule.source
        assert rule.sentence.endswith(".")


def test_every_rule_but_our_own_is_quoted() -> None:
    """A reader need take nobody's word for what a source says. Our own rule has no source to quote."""
    assert {rule.id for rule in built_in().rules if not rule.quote} == {DEFAULT}
