"""Match pictures and videos against the registered ones. Many files in one process; a folder is walked.

\b
Examples:
  twinwatch match found.jpg
  twinwatch match downloads/ --json
  twinwatch match found.jpg --explain look/     a picture of each match: both sides, laid on each other

\b
A match is
  copy                    the same picture: hashes, geometry and the aligned pixels agree
  likely copy             covered, or on the border: a person decides (`twinwatch pairs`)
  fingerprint only        the fingerprints agree, and the pictures themselves could not be compared
  same scene or garment   they share something, and are different pictures
Exit status: 0 done, 3 some files failed, 1 all did.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from desk.bars import bar
from desk.commands.fingerprint import PathsArgument
from desk.contract import Json, failure_json, match_json
from desk.jobs.matching import Matched, match_files
from desk.jobs.pictures import exit_status, walk
from desk.options import ConfigOption, JsonOption, configured, opened_if_there
from desk.output import clean, emit, failure_words, path_text, say, write
from detector.match_words import agreement_words, found_words, kind_words, said_of, share_words
from storage.store import Store

COLUMNS = ("path", "twin", "kind", "how", "overlap", "agreement")
WIDE = ("path", "how")
ExplainOption = Annotated[
    Path | None,
    typer.Option(
        "--explain", metavar="DIR", help="Write a picture of every match into this folder; it is made."
    ),
]


def run(
    paths: PathsArgument,
    explain: ExplainOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    failed = total = 0
    with (
        opened_if_there(configured(config)) as store,
        _explainer(explain, store) as explain_one,
        _printer(json=json) as show,
        bar("match", lambda: sum(1 for _ in walk(paths))) as advance,
    ):
        if not (store and store.references()):
            say("twinwatch: no picture is registered: nothing can match (`twinwatch twins add`)")
        for matched in match_files(paths, store):
            total += 1
            failed += matched.failure is not None
            show(matched)
            explain_one(matched)
            advance()
    raise typer.Exit(exit_status(failed, total))


@contextmanager
def _printer(*, json: bool) -> Iterator[Callable[[Matched], None]]:
    """JSON lines or plain lines at once; on a terminal a table at the end."""
    if json:
        yield lambda matched: emit(_line(matched))
    elif not sys.stdout.isatty():
        yield lambda matched: write("\n".join(" | ".join(filter(None, row)) for row in _rows(matched)))
    else:
        table = Table()
        for column in COLUMNS:
            table.add_column(column, overflow="fold", ratio=2 if column in WIDE else None)
        yield lambda matched: _add(table, matched)
        Console(file=sys.stdout).print(table)


@contextmanager
def _explainer(folder: Path | None, store: Store | None) -> Iterator[Callable[[Matched], None]]:
    """What draws a file's matches; says at the end what was drawn."""
    if folder is None:
        yield lambda _: None
        return
    from desk.jobs.explanations import explaining  # noqa: PLC0415 - the drawing, only where it is asked for

    with explaining(folder, store) as explainer:
        yield explainer.explain
    for sentence in explainer.sentences():
        say(f"twinwatch: {sentence}")


def _line(matched: Matched) -> Json:
    return {
        "path": path_text(matched.path),
        "matches": [match_json(match) for match in matched.conclusion.matches],
        "too_little": matched.conclusion.too_little,
        "error": failure_json(matched.failure),
        "why_no_match": list(matched.conclusion.reasons),
    }


def _add(table: Table, matched: Matched) -> None:
    for row in _rows(matched):
        short = [cell.removeprefix(f"{column} ") for column, cell in zip(COLUMNS, row, strict=True)]
        table.add_row(*(Text(clean(cell)) for cell in short))


def _rows(matched: Matched) -> Iterator[tuple[str, ...]]:
    """A row for each match, or one that says why there is none."""
    path = path_text(matched.path).replace("\n", "\ufffd")  # one file, one line
    if not matched.conclusion.matches:
        failure = matched.failure
        why = f"{failure.message} ({failure.kind})" if failure else " ".join(matched.conclusion.reasons)
        yield path, "", "failed" if failure else "no match", why, "", ""
    damage = (failure_words(matched.failure),) if matched.failure else ()
    for match in matched.conclusion.matches:
        overlap, agreement = share_words(match.overlap), agreement_words(match.agreement)
        yield (
            path,
            f"{match.twin} {match.reference[:8]}",
            kind_words(match),
            "; ".join((*said_of(match), *damage)) or "as it is",
            f"overlap {overlap}" if overlap else "",
            f"agreement {agreement}" if agreement else "".join(found_words(match)),
        )
