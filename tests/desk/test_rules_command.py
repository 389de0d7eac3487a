"""rules: what is in force, and an example that can be copied."""

import re
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

from desk.commands import rules
from detector.rule import parse_rule
from detector.rulebook import shipped_ids
from tests.desk.test_additions import RULES, configured
from tests.detector.test_rule import GOOD

FIELDS = (
    "id title jurisdiction duty from until trigger countries retailers platforms account_tags media "
    "informs weak sentence quote quote_from quote_language source read confidence shipped"
)


def test_every_shipped_rule_is_listed(twinwatch: Callable[..., Any]) -> None:
    said = twinwatch("rules", "list", "--json")
    assert said.status == 0
    assert {line["id"] for line in said.lines} == shipped_ids()
    assert all(list(line) == FIELDS.split() for line in said.lines)
    assert len(twinwatch("rules", "list").out.splitlines()) == len(shipped_ids())


def test_ones_own_and_those_switched_off(twinwatch: Callable[..., Any], tmp_path: Path) -> None:
    configured(tmp_path, f'{RULES}off = ["hm-promise-2025"]\n', mine=GOOD)
    lines = {line["id"]: line for line in twinwatch("rules", "list", "--json").lines}
    assert lines["x"]["shipped"] is False
    assert "hm-promise-2025" not in lines
    said = twinwatch("rules", "list").out
    assert "x (your own)" in said
    assert "switched off in twinwatch.toml: hm-promise-2025" in said
    assert twinwatch("rules", "show", "hm-promise-2025").status == 2


def test_one_rule_whole(twinwatch: Callable[..., Any]) -> None:
    said = twinwatch("rules", "show", "ny-fashion-workers-act").out
    assert "country of the account: US" in said
    assert "no surface counts" in said
    assert twinwatch("rules", "show", "default", "--json").lines[0]["weak"] == ["alt_text", "hashtags"]


def test_a_rule_that_is_not_there(twinwatch: Callable[..., Any]) -> None:
    said = twinwatch("rules", "show", "nothing")
    assert said.status == 2
    assert "no rule 'nothing'" in said.err


def test_a_mistake_is_named(twinwatch: Callable[..., Any], tmp_path: Path) -> None:
    configured(tmp_path, RULES, mine="id = 3")
    said = twinwatch("rules", "list")
    assert said.status == 2
    assert "own/mine.toml: id: expected str" in said.err


def test_the_example_of_the_help_is_a_rule() -> None:
    example = re.search(r"house-style\.toml:\n(.+?)\n\n", rules.__doc__ or "", re.DOTALL)
    assert example
    assert parse_rule(dedent(example[1]), "help").id == "house-style"
