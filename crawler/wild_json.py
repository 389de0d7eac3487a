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
    """Any JSON; single bytes that are no UTF-8 cost neither the post nor the account (`strange_bytes` tells
    of them). Raises CrawlError kind "not_json"."""
    try:
        return json.loads(body)
    except UnicodeDecodeError:
        return _leniently(body, where)
    except (ValueError, RecursionError) as error:
        raise CrawlError(
            f"the body ({len(body)} bytes) is not JSON: {type(error).__name__}", kind="not_json", where=where
        ) from error


def strange_bytes(body: bytes) -> bool:
    """Whether a body that begins like JSON holds bytes that are no UTF-8 (or UTF-16 or 32: RFC 4627)."""
    if body.lstrip()[:1] not in (b"{", b"["):
        return False
    try:
        body.decode(json.detect_encoding(body), "surrogatepass")
    except UnicodeDecodeError:
        return True
    return False


def _leniently(body: bytes, where: str) -> Any:
    """In values such bytes become U+FFFD; at the end of a key, and between tokens, they are left out: snac
    leaves bytes behind its keys, and a key with a U+FFFD would be nobody's."""
    for how in ("replace", "ignore"):
        try:
            return json.loads(body.decode("utf-8", how), object_pairs_hook=_plain_keys)
        except (ValueError, RecursionError) as error:
            last = error
    raise CrawlError(
        f"the body ({len(body)} bytes) is not JSON: {type(last).__name__}", kind="not_json", where=where
    ) from last


def _plain_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {key.rstrip("\ufffd"): value for key, value in pairs}


def text_at(value: object, *path: str | int) -> str:
    """The string at a path of keys and indices, "" where there is none or something else."""
    if len(path) == 1 and isinstance(value, dict):  # most of them
        found = value.get(path[0])
        return found if isinstance(found, str) else ""
    found = at(value, *path)
    return found if isinstance(found, str) else ""


def list_at(value: object, *path: str | int) -> list[Any]:
    found = at(value, *path)
    return found if isinstance(found, list) else []


def at(value: object, *path: str | int) -> object:
    """What stands at a path, None where there is nothing."""
    for key in path:
        if isinstance(value, dict):
            value = value.get(key) if isinstance(key, str) else None
        elif isinstance(value, list) and isinstance(key, int) and key < len(value):
            value = value[key]
        else:
            return None
    return value
