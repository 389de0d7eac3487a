"""What is asked for, as texts: the same filters in an address, on the command line and in twinwatch.toml."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum

from storage.consent import ConsentVerdict
from storage.errors import ConfigError
from storage.inbox import Sought
from storage.records import FindingStatus, Labelling

ALL = "all"
TEXTS = ("retailer", "platform", "twin", "rule")
KEYS = ("status", "labelling", "consent", "since", "until", "picture", *TEXTS)


def _number(value: str) -> int:
    """Of a finding. Raises ValueError."""
    if not value.isascii() or not value.isdigit() or not 0 < len(value) <= 18 or not int(value):
        raise ValueError
    return int(value)


_READ: dict[str, Callable[[str], object]] = {
    "status": lambda value: None if value == ALL else FindingStatus(value),
    "labelling": Labelling,
    "consent": ConsentVerdict,
    "since": date.fromisoformat,
    "until": date.fromisoformat,
    "picture": _number,
}


def sought(given: Mapping[str, str], *, status: str, scope: frozenset[str] | None = None) -> Sought:
    """`status`: the one that is meant where none is given. What is empty, and what is no filter, is left out.
    Raises ConfigError, kind "usage", for a value that cannot be one."""
    named = {name: given[name].strip() for name in KEYS if given.get(name, "").strip()}
    read: dict[str, object] = {}
    for name, value in {"status": status, **named}.items():
        try:
            read[name] = _READ[name](value) if name in _READ else value
        except ValueError:
            raise ConfigError(
                f"{name} {value[:80]!r}: expected {_expected(name)}", kind="usage", where=name
            ) from None
    return replace(Sought(scope=scope), **read)  # type: ignore[arg-type]  # each is read as what it is


def _expected(name: str) -> str:
    values = values_of(name)
    if name == "picture":
        return "a finding's number"
    return f"one of {', '.join(values)}" if values else "a day as 2026-06-30"


def values_of(name: str) -> tuple[str, ...]:
    """All that this filter can be; none where it is a day."""
    values: dict[str, type[StrEnum]] = {
        "status": FindingStatus,
        "labelling": Labelling,
        "consent": ConsentVerdict,
    }
    if name not in values:
        return ()
    return (*(one.value for one in values[name]), *((ALL,) if name == "status" else ()))


def told(given: Mapping[str, str]) -> dict[str, str]:
    """The filters among these, without what is empty: as an address has them."""
    return {name: given[name].strip() for name in KEYS if given.get(name, "").strip()}
