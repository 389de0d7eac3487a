"""Lines of a file in bounded memory, and JSON out of them however it was written."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson

from storage.errors import CrawlError, IntakeError
from storage.records import Failure, PostVersion
from storage.replacing import replace

AT_ONCE = 1024 * 1024  # bytes that are read at once: lines of web objects are long
LONGEST_LINE = 32 * 1024 * 1024  # bytes: a carousel of twenty with all its sizes is under 1 MB
BOM = b"\xef\xbb\xbf"
REPLACED = "\ufffd"  # stands for bytes that are no UTF-8


@dataclass(frozen=True, slots=True)
class Line:
    """`offset` and `length` in bytes without the line's end; `data` b"" where it is `too_long`."""

    number: int
    offset: int
    length: int
    data: bytes
    too_long: bool = False


def lines_of(path: Path) -> Iterator[Line]:
    """Every line that is not blank. Raises IntakeError kind "not_readable"."""
    try:
        with path.open("rb", AT_ONCE) as file:
            offset = number = 0
            while data := file.readline(LONGEST_LINE + 1):
                number += 1
                start = offset
                offset += len(data)
                too_long = len(data) > LONGEST_LINE
                while too_long and not data.endswith(b"\n"):
                    data = file.readline(LONGEST_LINE)
                    offset += len(data)
                    if not data:
                        break
                body = b"" if too_long else data.rstrip(b"\r\n")
                if too_long or body.strip(b" \t\0"):
                    yield Line(number, start, offset - start if too_long else len(body), body, too_long)
    except OSError as error:
        raise IntakeError(f"{path}: cannot be read: {error}", kind="not_readable", where=str(path)) from error


def read_object(data: bytes) -> object:
    """JSON as strangers write it: NUL bytes are left out, half surrogate pairs and big numbers taken, bytes
    that are no UTF-8 become U+FFFD. Raises CrawlError kind "not_json"."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        pass
    plain = data.replace(b"\0", b"").removeprefix(BOM)
    try:
        return json.loads(plain.decode("utf-8", "replace"), parse_int=_number)
    except (ValueError, RecursionError) as error:
        raise CrawlError(f"no JSON: {_said(error)}", kind="not_json") from error


def told_of_bytes(post: PostVersion, data: bytes) -> PostVersion:
    """With a problem where bytes of what it was read from are no UTF-8, and so letters of its text are
    lost."""
    if REPLACED not in post.text or is_utf8(data):
        return post
    why = Failure("replaced_bytes", "bytes that are no UTF-8 were replaced in its text", post.post_id)
    return replace(post, problems=(*post.problems, why))


def is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _number(digits: str) -> int | float:
    """Python refuses to read thousands of digits as a whole number."""
    return int(digits) if len(digits) < 100 else float(digits)


def _said(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at character {error.pos}"
    return type(error).__name__
