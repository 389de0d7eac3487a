"""Rules are data, and a bad rule says where it is bad."""

from datetime import date

import pytest

from detector.rulebook import Trigger, built_in_rules, load_rules, parse_rule
from storage.errors import ConfigError
from storage.records import Surface

GOOD = """
id = "x"
title = "X"
jurisdiction = "EU"
from = 2026-08-02
trigger = "digital_twin"
countries = ["se"]
informs = ["caption"]
weak = ["alt_text"]
sentence = "Says X."
source = "https://example.org"
read = 2026-11-23
confidence = "low"
"""


def test_a_good_rule() -> None:
    rule = parse_rule(GOOD, "x.toml")
    assert rule.trigger is Trigger.DIGITAL_TWIN
    assert rule.countries == {"SE"}
    assert rule.informs == {Surface.CAPTION}
    assert (rule.valid_from, rule.valid_until) == (date(2026, 8, 2), None)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('id = "x"', "", "id"),
        ('id = "x"', "id = 3", "id"),
        ('title = "X"', 'tittle = "X"', "tittle"),
        ("from = 2026-08-02", 'from = "2026-08-02"', "from"),
        ("from = 2026-08-02", "from = 2026-08-02\nuntil = 2026-08-01", "until"),
        ('trigger = "digital_twin"', 'trigger = "twin"', "trigger"),
        ('confidence = "low"', 'confidence = "certain"', "confidence"),
        ('informs = ["caption"]', 'informs = ["bio"]', "informs"),
        ('informs = ["caption"]', "informs = [1]", "informs"),
        ('weak = ["alt_text"]', 'weak = ["caption"]', "weak"),
        ('countries = ["se"]', 'countries = "se"', "countries"),
        ('id = "x"', "id = = 3", "not TOML"),
    ],
)
def test_a_bad_rule_names_file_and_key(old: str, new: str, key: str) -> None:
    with pytest.raises(ConfigError, match=key) as caught:
        parse_rule(GOOD.replace(old, new), "rules/x.toml")
    assert caught.value.where == "rules/x.toml"
    assert caught.value.kind == "rule"


def test_an_id_comes_once() -> None:
    with pytest.raises(ConfigError, match="another rule"):
        load_rules([("a.toml", GOOD), ("b.toml", GOOD)])


def test_the_rules_that_come_along() -> None:
    rules = {rule.id: rule for rule in built_in_rules()}
    assert rules["eu-ai-act-50-4"].valid_from == date(2026, 8, 2)
    assert rules["hm-promise-2025"].informs == {Surface.IMAGE_TEXT, Surface.IMAGE_MARK}
    assert rules["default"].informs | rules["default"].weak == set(Surface)
    for rule in rules.values():
        assert rule.source
        assert rule.sentence.endswith(".")
