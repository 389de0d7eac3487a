"""Text at the store's door: what UTF-8 and PostgreSQL refuse is replaced, and long names get short keys."""

import hashlib
import re
from collections.abc import Iterable
from typing import Any

import orjson

_REFUSED = re.compile("[\x00\ud800-\udfff]")  # NUL: PostgreSQL's text; lone surrogates: UTF-8
# Scripts whose words no blanks set apart: a name of two signs is a whole one, and stands within a line.
UNSPACED = re.compile(r"[ \u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]{2,}")
_LENGTHS = [length.to_bytes(8, "big") for length in range(256)]  # most parts are short
_KEY_BYTES = 400  # PostgreSQL's B-tree refuses entries over about 2,700 bytes, and an index wants short ones


def clean(text: str) -> str:
    """The text with NUL and lone surrogates as U+FFFD."""
    if text.isascii():  # nearly all: ids, addresses; told without looking at a single letter
        return text if "\0" not in text else text.replace("\0", "�")
    return _REFUSED.sub("�", text)


def clean_document(value: Any) -> Any:
    """A JSON document with every string and key clean."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(str(key)): clean_document(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [clean_document(inner) for inner in value]
    return value


def dump_json(value: Any) -> str:
    """JSON for a column. The careful walk is taken only where the quick way meets refused text."""
    try:
        data = orjson.dumps(value)
    except orjson.JSONEncodeError:
        return orjson.dumps(clean_document(value), option=orjson.OPT_NON_STR_KEYS).decode()
    if b"\\u0000" in data:
        data = orjson.dumps(clean_document(value))
    return data.decode()


def digest(parts: Iterable[str]) -> str:
    """32 hex digits over the parts, each told from its neighbour: an identity, not a protection."""
    return digest_of(told_apart(parts))


def digest_of(data: bytes) -> str:
    """Of parts that were told apart."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def told_apart(parts: Iterable[str]) -> bytes:
    """Each part clean, as UTF-8, behind its length in bytes."""
    pieces: list[bytes] = []
    for part in parts:
        data = (part if part.isascii() and "\0" not in part else clean(part)).encode()
        pieces += (_LENGTHS[len(data)] if len(data) < 256 else len(data).to_bytes(8, "big"), data)
    return b"".join(pieces)


def key(name: str) -> str:
    """A name from outside (a post's id, a URL) as a column that can be indexed: itself, or a digest if it is
    long."""
    tidy = clean(name)
    if len(tidy) * 4 <= _KEY_BYTES:
        return tidy
    return tidy if len(tidy.encode()) <= _KEY_BYTES else f"long:{digest((tidy,))}"


def stamp_key(stamp: str) -> str:
    """A stamp of versions, short: never "", which stands for "not yet"."""
    return digest((stamp,))
