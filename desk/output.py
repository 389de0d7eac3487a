"""How commands speak: JSON lines on standard output, everything else on standard error, no control
characters to a terminal."""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import orjson

from storage.errors import ConfigError
from storage.records import PARTLY_SEEN, Failure

# C0 and C1 controls (tab and newline stay), and the marks that turn the direction of text: they can
# rewrite what a reader of a terminal sees.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def emit(record: Mapping[str, object]) -> None:
    """One JSON object, one line, at once: a reader of the pipe sees each result when it is there."""
    sys.stdout.write(json_line(record))
    sys.stdout.flush()


def json_line(record: Mapping[str, object]) -> str:
    """Times are RFC 3339 UTC with `Z`. Lone surrogates, which UTF-8 cannot carry, become U+FFFD."""
    options = orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE
    try:
        return orjson.dumps(record, option=options).decode()
    except TypeError:
        return orjson.dumps(_without_surrogates(record), option=options).decode()


def write(text: str) -> None:
    """Human-readable results, to standard output."""
    sys.stdout.write(clean(text) + "\n")


def say(text: str) -> None:
    """Remarks, to standard error."""
    sys.stderr.write(clean(text) + "\n")
    sys.stderr.flush()


def clean(text: str) -> str:
    """Text from outside made harmless for a terminal."""
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub("\ufffd", text))


def several(count: int, one: str, more: str = "") -> str:
    """ "1 picture", "3 pictures"; `more` where the plural is another word."""
    return f"{count} {one if count == 1 else more or one + 's'}"


def cut(text: str, limit: int) -> str:
    """Its first characters; how many there are in all is said."""
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters in all)"


def failure_words(failure: Failure) -> str:
    """What became of a file that was to be looked at."""
    part = failure.kind in PARTLY_SEEN
    return f"{'looked at in part' if part else 'could not be looked at'}: {failure.message} ({failure.kind})"


def path_text(path: Path | str) -> str:
    """A path as text, also where its bytes are no UTF-8."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def folder_there(output: Path) -> None:
    """Raises ConfigError(kind="no_folder") where a file cannot be written for want of its folder."""
    if not output.parent.is_dir():
        folder = path_text(output.parent)
        raise ConfigError(f"there is no folder {folder} to write into", kind="no_folder", where=folder)


def _without_surrogates(value: object) -> object:
    if isinstance(value, str):
        return _SURROGATES.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {str(_without_surrogates(key)): _without_surrogates(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_surrogates(item) for item in value]
    return value
