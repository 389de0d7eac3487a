"""Read texts for a disclosure that a picture is AI, without pictures or a store. A line in, a line out.

\b
In:  {"id": "1", "text": "Made with AI", "surface": "caption"}     (surface may be left out)
Out: {"id": "1", "state": "present", "quote": "Made with AI", "reason": ""}

\b
Examples:
  twinwatch read-text captions.jsonl --json
  zcat captions.jsonl.gz | twinwatch read-text - --json
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, BinaryIO

import orjson
import typer

from desk.additions import lexicon_of
from desk.contract import Json, failure_json
from desk.jobs.pictures import exit_status
from desk.options import ConfigOption, JsonOption, configured, usage
from desk.output import emit, write
from detector.reading import read_text
from detector.wording.lexicon import Lexicon
from storage.records import Failure, Surface

FileArgument = Annotated[Path, typer.Argument(metavar="FILE.jsonl", help='"-" is standard input.')]
TEXT_SURFACES = frozenset(
    {Surface.CAPTION, Surface.HASHTAGS, Surface.ALT_TEXT, Surface.CONTENT_WARNING, Surface.PLATFORM_TAG}
)
LINE_LIMIT = 4_000_000  # bytes: forty times the longest caption that a hostile post was seen to carry


def run(file: FileArgument, config: ConfigOption = None, json: JsonOption = False) -> None:
    lexicon = lexicon_of(configured(config))
    failed = total = 0
    with ExitStack() as stack:
        for number, raw in _lines(file, stack):
            total += 1
            line = _read(number, raw, lexicon)
            failed += line["error"] is not None
            emit(line) if json else write(_sentence(line))
    raise typer.Exit(exit_status(failed, total))


def _lines(file: Path, stack: ExitStack) -> Iterator[tuple[int, bytes]]:
    if str(file) == "-":
        stream: BinaryIO = sys.stdin.buffer
    elif file.is_file():
        stream = stack.enter_context(file.open("rb"))
    else:
        raise usage(f"{file}: there is no such file", where=str(file))
    number = 0
    while raw := stream.readline(LINE_LIMIT + 1):
        number += 1
        while len(raw) > LINE_LIMIT and not raw.endswith(b"\n"):
            rest = stream.readline(LINE_LIMIT)
            if not rest or rest.endswith(b"\n"):
                break
        if raw.strip():
            yield number, raw


def _read(number: int, raw: bytes, lexicon: Lexicon) -> Json:
    """A line that cannot be understood has its line too, with `error.where` naming it."""
    where = f"line {number}"
    if len(raw) > LINE_LIMIT:
        return _refused(None, f"longer than {LINE_LIMIT} bytes", where)
    try:
        given = orjson.loads(raw.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        return _refused(None, f"not JSON: {error}", where)
    if not isinstance(given, dict):
        return _refused(None, "not a JSON object", where)
    identity, text = given.get("id"), given.get("text")
    if not isinstance(text, str):
        return _refused(identity, "`text` is missing or not a string", where)
    surface = _surface(given.get("surface", "caption"))
    if surface is None:
        expected = ", ".join(sorted(TEXT_SURFACES))
        return _refused(identity, f"`surface` is not one of {expected}", where)
    reading = read_text(text, surface, lexicon)
    return {
        "id": identity,
        "state": reading.state.value,
        "quote": reading.quote,
        "reason": reading.reason,
        "surface": surface.value,
        "error": None,
    }


def _surface(name: object) -> Surface | None:
    return next((surface for surface in TEXT_SURFACES if surface.value == name), None)


def _refused(identity: object, why: str, where: str) -> Json:
    failure = Failure("bad_line", why, where)
    return {
        "id": identity,
        "state": None,
        "quote": "",
        "reason": why,
        "surface": None,
        "error": failure_json(failure),
    }


def _sentence(line: Json) -> str:
    shown = f"{line['id']}: {line['state'] or 'not understood'}"
    details = [str(part) for part in (line["quote"], line["reason"]) if part]
    return " | ".join([shown, *details])
