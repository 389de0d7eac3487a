"""What is wrong with a configuration, in words: file, table, key, what was found and what was expected."""

import json
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from pydantic import BaseModel, ValidationError

SHOWN = 60  # characters of a wrong value
SECRET = frozenset(("alert", key) for key in ("url", "webhook", "secrets"))  # may hold a password or a token


def explain(
    error: ValidationError,
    model: type[BaseModel],
    raw: Mapping[str, object],
    from_environment: Mapping[str, str],
) -> Iterator[str]:
    """One sentence for each error, without the file's name."""
    for item in error.errors(include_url=False, include_context=False):
        location = [part for part in item["loc"] if isinstance(part, str | int)]
        yield _sentence(item["type"], location, item["input"], model, raw, from_environment)


def table(location: list[str | int], raw: Mapping[str, object]) -> str:
    """`[crawl]`, or `[[account]] 2 (hm.example)`."""
    if not location:
        return ""
    name = str(location[0])
    if len(location) < 2 or not isinstance(location[1], int):
        return f"[{name}]"
    number = location[1]
    entries = raw.get(name)
    entry = entries[number] if isinstance(entries, list) and number < len(entries) else {}
    handle = entry.get("handle", entry.get("name")) if isinstance(entry, dict) else None
    return f"[[{name}]] {number + 1}" + (f" ({handle})" if isinstance(handle, str) and handle else "")


def shown(value: object) -> str:
    """A value as a user would write it, short, without control characters."""
    text = json.dumps(value, ensure_ascii=True, default=str)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _sentence(
    kind: str,
    location: list[str | int],
    found: object,
    model: type[BaseModel],
    raw: Mapping[str, object],
    from_environment: Mapping[str, str],
) -> str:
    names = [part for part in location if isinstance(part, str)]
    if len(names) < 2:
        return _table_sentence(kind, location, found, model)
    variable = from_environment.get(".".join(names[:2]))
    place = f"{variable} (environment)" if variable else f"{table(location, raw)} {names[1]}"
    fields = fields_of(model, names[0])
    if kind == "extra_forbidden":
        return f"{place}: no such key{_meant(names[1], fields)}"
    expected = fields[names[1]]
    if kind == "missing":
        return f"{place}: missing; expected {expected}"
    told = "something else" if (names[0], names[1]) in SECRET else shown(found)
    return f"{place}: found {told}, expected {expected}"


def _table_sentence(kind: str, location: list[str | int], found: object, model: type[BaseModel]) -> str:
    name = str(location[0]) if location else ""
    if kind == "extra_forbidden":
        tables = dict.fromkeys(model.model_fields, "")
        return (
            f"[{name}]: no such table{_meant(name, tables)}"
            if isinstance(found, dict)
            else (f"{name}: no such key outside a table{_meant(name, tables)}")
        )
    form = f"[[{name}]] tables" if name in ("account", "alert") else f"a table, [{name}]"
    return f"{name}: found {shown(found)}, expected {form}"


def _meant(name: str, known: Mapping[str, str]) -> str:
    close = get_close_matches(name, known, n=1, cutoff=0.6)
    return f" (did you mean {close[0]}?)" if close else f"; expected one of {', '.join(sorted(known))}"


def fields_of(model: type[BaseModel], section: str) -> dict[str, str]:
    """The keys of a table and, for each, what is expected of its value."""
    annotation = model.model_fields[section].annotation
    inner = getattr(annotation, "__args__", (annotation,))[0]
    if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
        return {}
    return {name: field.description or "another value" for name, field in inner.model_fields.items()}
