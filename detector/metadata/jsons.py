"""JSON that strangers wrote: bounded in length and depth, and opened only where it mentions what is
sought."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from detector.metadata.carried import Said
from detector.reader import unreadable
from storage.records import OriginEvidence

JSON_LIMIT = 4_000_000  # characters: nested containers take some thirty bytes of memory for each
DEEP = "more than 900 levels at its start"  # Python reads some 990 at most
_DEEP = re.compile(r'(?:[\[{]\s{0,9}(?:"[^"\\]{0,80}"\s{0,9}:\s{0,9})?){900}')
Judge = Callable[[Said, Mapping[str, Any]], Iterable[OriginEvidence]]


def claims_in(
    reader: str, said: Iterable[Said], mentions: Iterable[str], judge: Judge
) -> Iterator[OriginEvidence]:
    """What `judge` makes of every text that is a JSON object and mentions one of these keys; a text that
    mentions one and cannot be read is unreadable."""
    keys = tuple(f'"{key}"' for key in mentions)
    for one in said:
        text = one.text.strip("\x00 \t\r\n\ufeff")
        if _DEEP.match(text):
            yield unreadable(reader, f"the JSON in its {one.where} is nested too deeply", DEEP)
            continue
        if not text.startswith("{") or not any(key in text for key in keys):
            continue
        if len(text) > JSON_LIMIT:
            yield unreadable(reader, f"the JSON in its {one.where} is too large", f"{len(text)} characters")
            continue
        try:
            content = json.loads(text, strict=False)
        except (ValueError, RecursionError) as error:
            why = "is nested too deeply" if isinstance(error, RecursionError) else "is malformed"
            yield unreadable(reader, f"the JSON in its {one.where} {why}", str(error)[:200])
            continue
        if isinstance(content, Mapping):
            yield from judge(one, content)


def inner(content: object) -> Mapping[str, Any]:
    """An object within, which may be written as a string once more; empty where it is none."""
    if isinstance(content, str) and content.lstrip().startswith("{") and len(content) <= JSON_LIMIT:
        try:
            content = json.loads(content, strict=False)
        except (ValueError, RecursionError):
            return {}
    return content if isinstance(content, Mapping) else {}


def short(value: object, most: int = 300) -> str:
    """A stranger's words, for the detail of a piece of evidence."""
    words = " ".join(str(value)[: 4 * most].split())
    return words if len(words) <= most else f"{words[: most - 1]}…"
