"""Dated duties as data: `rules/*.toml`, one rule a file, checked when they are loaded.

A rule says when a label is due and which surfaces count. A finding lists the rules that it touches; it never
says that a law was broken.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from storage.errors import ConfigError
from storage.records import Surface

C = TypeVar("C", bound=StrEnum)

DEFAULT = "default"  # the id of the rule that a finding's own `labelling` follows


class Trigger(StrEnum):
    ANY_AI = "any_ai"  # any picture at origin level 2 or more
    DIGITAL_TWIN = "digital_twin"  # the twin of a real person is matched
    SYNTHETIC_MODEL = "synthetic_model"  # an invented model is matched


class Confidence(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Rule:
    """`informs`: surfaces whose label counts in full; `weak`: those that count, but weakly. Others do not
    count."""

    id: str
    title: str
    jurisdiction: str
    trigger: Trigger
    informs: frozenset[Surface]
    weak: frozenset[Surface]
    sentence: str
    source: str
    read: date
    confidence: Confidence
    valid_from: date | None = None
    valid_until: date | None = None  # the last day, included
    countries: frozenset[str] = frozenset()  # of the account; empty: everywhere
    retailers: frozenset[str] = frozenset()  # casefolded; empty: everybody


_NEEDED: Mapping[str, type] = {
    "id": str,
    "title": str,
    "jurisdiction": str,
    "trigger": str,
    "informs": list,
    "weak": list,
    "sentence": str,
    "source": str,
    "read": date,
    "confidence": str,
}
_OPTIONAL: Mapping[str, type] = {"from": date, "until": date, "countries": list, "retailers": list}


def parse_rule(text: str, where: str) -> Rule:
    """One rule from TOML. Raises ConfigError(kind="rule") whose `where` is the file and the message names the
    key."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"not TOML: {error}", kind="rule", where=where) from error
    _check_keys(table, where)
    try:
        return _rule(table)
    except ValueError as error:
        raise ConfigError(str(error), kind="rule", where=where) from error


def load_rules(texts: Iterable[tuple[str, str]]) -> tuple[Rule, ...]:
    """Rules from (file name, TOML) pairs, by id. Raises ConfigError for a bad rule, or for an id that comes
    twice."""
    rules: dict[str, Rule] = {}
    for where, text in texts:
        rule = parse_rule(text, where)
        if rule.id in rules:
            raise ConfigError(f"id: {rule.id!r} is the id of another rule too", kind="rule", where=where)
        rules[rule.id] = rule
    return tuple(rules[name] for name in sorted(rules))


@cache
def built_in_rules() -> tuple[Rule, ...]:
    """The rules that come with the program."""
    folder = files("detector") / "rules"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return load_rules((f"detector/rules/{name}", (folder / name).read_text("utf-8")) for name in names)


def _check_keys(table: Mapping[str, Any], where: str) -> None:
    known = {**_NEEDED, **_OPTIONAL}
    for key, value in table.items():
        if key not in known:
            raise ConfigError(
                f"{key}: no such key; known are {', '.join(sorted(known))}", kind="rule", where=where
            )
        if type(value) is not known[key]:
            raise ConfigError(
                f"{key}: expected {known[key].__name__}, got {value!r}", kind="rule", where=where
            )
    for key in _NEEDED:
        if key not in table:
            raise ConfigError(f"{key}: is missing", kind="rule", where=where)


def _rule(table: Mapping[str, Any]) -> Rule:
    informs, weak = _surfaces(table, "informs"), _surfaces(table, "weak")
    if informs & weak:
        raise ValueError(f"weak: {', '.join(sorted(informs & weak))} stands under informs too")
    if table.get("until", date.max) < table.get("from", date.min):
        raise ValueError("until: lies before from")
    return Rule(
        id=table["id"],
        title=table["title"],
        jurisdiction=table["jurisdiction"],
        trigger=_choice(Trigger, table, "trigger"),
        informs=informs,
        weak=weak,
        sentence=table["sentence"],
        source=table["source"],
        read=table["read"],
        confidence=_choice(Confidence, table, "confidence"),
        valid_from=table.get("from"),
        valid_until=table.get("until"),
        countries=frozenset(country.upper() for country in _strings(table, "countries")),
        retailers=frozenset(name.casefold() for name in _strings(table, "retailers")),
    )


def _choice(kind: type[C], table: Mapping[str, Any], key: str) -> C:
    try:
        return kind(table[key])
    except ValueError:
        raise ValueError(f"{key}: {table[key]!r} is none of {', '.join(kind)}") from None


def _strings(table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    values = table.get(key, [])
    if not all(isinstance(value, str) for value in values):
        raise ValueError(f"{key}: expected a list of texts, got {values!r}")
    return tuple(values)


def _surfaces(table: Mapping[str, Any], key: str) -> frozenset[Surface]:
    try:
        return frozenset(Surface(name) for name in _strings(table, key))
    except ValueError:
        raise ValueError(f"{key}: {table[key]!r}; surfaces are {', '.join(Surface)}") from None
