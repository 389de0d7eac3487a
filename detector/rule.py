"""A dated duty as data: one rule a TOML file, checked when it is loaded.

A rule says when a label (or a model's consent) is due and what counts as one. It never says that a law was
broken: a sentence that does is refused.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from detector.accusing import ACCUSING
from storage.errors import ConfigError
from storage.records import MediaKind, Surface

E = TypeVar("E", bound=StrEnum)


class Duty(StrEnum):
    LABEL = "label"  # people are told: judged by the surfaces
    CONSENT = "consent"  # the model agreed: judged by the twin's licences


class Trigger(StrEnum):
    ANY_AI = "any_ai"  # any picture at origin level 2 or more
    DIGITAL_TWIN = "digital_twin"  # the twin of a real person is matched
    SYNTHETIC_MODEL = "synthetic_model"  # an invented model is matched
    AI_MODEL = "ai_model"  # either of the two


class Confidence(StrEnum):
    HIGH = "high"  # the primary text was read, and it plainly speaks of such pictures
    MEDIUM = "medium"  # read, and whether it covers such a picture is open; or a reliable report of it
    LOW = "low"  # secondary sources, a voluntary text, or a duty that may not reach a retailer's posts


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
    quote: str = ""  # the short exact wording of the source, in its own language; "" where nobody verified it
    quote_from: str = ""  # where in the source it stands: "Article 50(4)"
    quote_language: str = ""  # ISO 639-1
    duty: Duty = Duty.LABEL
    valid_from: date | None = None
    valid_until: date | None = None  # the last day, included
    # Conditions; empty: whatever it is
    countries: frozenset[str] = frozenset()  # of the account
    retailers: frozenset[str] = frozenset()  # casefolded
    platforms: frozenset[str] = frozenset()
    account_tags: frozenset[str] = frozenset()  # casefolded; one of them stands at the account
    media: frozenset[MediaKind] = frozenset()


_NEEDED: Mapping[str, type] = {
    "id": str,
    "title": str,
    "jurisdiction": str,
    "trigger": str,
    "sentence": str,
    "source": str,
    "read": date,
    "confidence": str,
}
_OPTIONAL: Mapping[str, type] = {
    "quote": str,
    "quote_from": str,
    "quote_language": str,
    "duty": str,
    "informs": list,
    "weak": list,
    "from": date,
    "until": date,
    "countries": list,
    "retailers": list,
    "platforms": list,
    "account_tags": list,
    "media": list,
}
LONGEST_QUOTE = 600  # characters: a paragraph of a law


def parse_rule(text: str, where: str) -> Rule:
    """One rule from TOML. Raises ConfigError(kind="rule") whose `where` is the file and the message names the
    key."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"not TOML: {error}", kind="rule", where=where) from error
    try:
        _check_keys(table)
        return _checked(_rule(table))
    except ValueError as error:
        raise ConfigError(str(error), kind="rule", where=where) from error


def _check_keys(table: Mapping[str, Any]) -> None:
    known = {**_NEEDED, **_OPTIONAL}
    for key, value in table.items():
        if key not in known:
            raise ValueError(f"{key}: no such key; known are {', '.join(sorted(known))}")
        if type(value) is not known[key]:
            raise ValueError(f"{key}: expected {known[key].__name__}, got {value!r}")
        if value == "":
            raise ValueError(f"{key}: is empty")
    for key in _NEEDED:
        if key not in table:
            raise ValueError(f"{key}: is missing")


def _rule(table: Mapping[str, Any]) -> Rule:
    return Rule(
        id=table["id"],
        title=table["title"],
        jurisdiction=table["jurisdiction"],
        trigger=_choice(Trigger, table, "trigger"),
        informs=_choices(Surface, table, "informs"),
        weak=_choices(Surface, table, "weak"),
        sentence=table["sentence"],
        source=table["source"],
        read=table["read"],
        confidence=_choice(Confidence, table, "confidence"),
        quote=table.get("quote", ""),
        quote_from=table.get("quote_from", ""),
        quote_language=table.get("quote_language", ""),
        duty=_choice(Duty, {"duty": Duty.LABEL, **table}, "duty"),
        valid_from=table.get("from"),
        valid_until=table.get("until"),
        countries=frozenset(country.upper() for country in _strings(table, "countries")),
        retailers=_casefolded(table, "retailers"),
        platforms=frozenset(_strings(table, "platforms")),
        account_tags=_casefolded(table, "account_tags"),
        media=_choices(MediaKind, table, "media"),
    )


def _checked(rule: Rule) -> Rule:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.id):
        raise ValueError(f"id: expected small letters, digits and hyphens, got {rule.id!r}")
    if rule.informs & rule.weak:
        raise ValueError(f"weak: {', '.join(sorted(rule.informs & rule.weak))} stands under informs too")
    if rule.valid_from and rule.valid_until and rule.valid_until < rule.valid_from:
        raise ValueError("until: lies before from")
    wrong = [country for country in sorted(rule.countries) if not re.fullmatch("[A-Z]{2}", country)]
    if wrong:
        raise ValueError(f"countries: expected codes of two letters (ISO 3166), got {', '.join(wrong)}")
    if rule.duty is Duty.LABEL and not rule.informs:
        raise ValueError("informs: names no surface, so that nothing would be a label")
    if rule.duty is Duty.CONSENT and (rule.informs or rule.weak):
        raise ValueError("informs: a duty of consent has no surfaces")
    if rule.duty is Duty.CONSENT and rule.trigger is not Trigger.DIGITAL_TWIN:
        raise ValueError('trigger: a duty of consent has the trigger "digital_twin"')
    _check_quote(rule)
    accusing = ACCUSING.search(f"{rule.title} {rule.sentence}")
    if accusing:
        raise ValueError(f"sentence: {accusing[0]!r}: a rule never says that a law was broken")
    return rule


def _check_quote(rule: Rule) -> None:
    """A quote is somebody else's words: it stands with its place and its language, or not at all."""
    if not rule.quote:
        if rule.quote_from or rule.quote_language:
            raise ValueError("quote: is missing, and quote_from or quote_language is there")
        return
    if not rule.quote_from:
        raise ValueError("quote_from: is missing: where in the source does the quote stand?")
    if not re.fullmatch("[a-z]{2}", rule.quote_language):
        raise ValueError(
            f"quote_language: expected two small letters (ISO 639-1), got {rule.quote_language!r}"
        )
    if len(rule.quote) > LONGEST_QUOTE:
        raise ValueError(f"quote: has {len(rule.quote)} characters, at most {LONGEST_QUOTE} are printed")


def _choice(kind: type[E], table: Mapping[str, Any], key: str) -> E:
    try:
        return kind(table[key])
    except ValueError:
        raise ValueError(f"{key}: {table[key]!r} is none of {', '.join(kind)}") from None


def _choices(kind: type[E], table: Mapping[str, Any], key: str) -> frozenset[E]:
    return frozenset(_choice(kind, {key: name}, key) for name in _strings(table, key))


def _strings(table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    values: Iterable[Any] = table.get(key, ())
    found = tuple(value for value in values if isinstance(value, str) and value.strip())
    if len(found) != len(tuple(values)):
        raise ValueError(f"{key}: expected a list of texts, got {values!r}")
    return found


def _casefolded(table: Mapping[str, Any], key: str) -> frozenset[str]:
    return frozenset(name.strip().casefold() for name in _strings(table, key))
