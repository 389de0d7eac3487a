"""JSON from strangers: read without surprises, with every type checked where it is used."""

import json
from collections.abc import Mapping
from typing import Any

from storage.errors import CrawlError


def read_json(body: bytes, where: str) -> Mapping[str, Any]:
    """A JSON object. Raises CrawlError kind "not_json" (syntax, encoding, absurd nesting) or
    "wrong_shape"."""
    value = read_value(body, where)
    if not isinstance(value, dict):
        raise CrawlError(
            f"a JSON object was expected, not {type(value).__name__}", kind="wrong_shape", where=where
        )
    return value


def read_value(body: bytes, where: str) -> Any:
    """Any JSON. Raises CrawlError kind "not_json"."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise CrawlError(
            f"the body ({len(body)} bytes) is not JSON: {type(error).__name__}", kind="not_json", where=where
        ) from error


def text_at(value: object, *path: str | int) -> str:
    """The string at a path of keys and indices, "" where there is none or something else."""
    found = at(value, *path)
    return found if isinstance(found, str) else ""


def list_at(value: object, *path: str | int) -> list[Any]:
    found = at(value, *path)
    return found if isinstance(found, list) else []


def at(value: object, *path: str | int) -> object:
    """What stands at a path, None where there is nothing."""
    for key in path:
        if isinstance(value, dict) and isinstance(key, str):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and key < len(value):
            value = value[key]
        else:
            return None
    return value
