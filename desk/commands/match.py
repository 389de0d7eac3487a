"""Match pictures against the registered ones. Many files in one process; a folder is walked.

\b
Examples:
  twinwatch match found.jpg
  twinwatch match downloads/ --json
"""

import sys

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from desk.commands.fingerprint import STAGES, PathsArgument
from desk.contract import Json, failure_json, match_json
from desk.jobs.pictures import exit_status, look
from desk.options import ConfigOption, JsonOption, configured, opened_if_there
from desk.output import clean, emit, path_text, say
from detector.matching.bank import Bank
from storage.records import Match

COLUMNS = ("path", "twin", "kind", "distance", "transform")


def run(paths: PathsArgument, config: ConfigOption = None, json: JsonOption = False) -> None:
    with opened_if_there(configured(config)) as store:
        bank = Bank(store.bank_entries() if store else ())
        if not (store and store.references()):
            say("twinwatch: no picture is registered: nothing can match (`twinwatch twins add`)")
    table = Table(*COLUMNS)
    failed = total = 0
    for looked in look(paths, STAGES):
        total += 1
        failed += looked.failure is not None
        examination = looked.examination
        matches = bank.match(examination.fingerprints, examination.sha256) if examination else ()
        too_little = examination.too_little if examination else False
        if json:
            emit(_line(path_text(looked.path), matches, too_little, failure_json(looked.failure)))
        else:
            why = (
                looked.failure.message if looked.failure else "too little to recognise" if too_little else "–"
            )
            _add(table, path_text(looked.path), matches, why)
    if not json:
        Console(file=sys.stdout, soft_wrap=True).print(table)
    raise typer.Exit(exit_status(failed, total))


def _line(path: str, matches: tuple[Match, ...], too_little: bool, error: Json | None) -> Json:  # noqa: FBT001
    return {
        "path": path,
        "matches": [match_json(match) for match in matches],
        "too_little": too_little,
        "error": error,
    }


def _add(table: Table, path: str, matches: tuple[Match, ...], why: str) -> None:
    if not matches:
        table.add_row(Text(clean(path)), Text(clean(why), style="dim"))
    for match in matches:
        distance = f"{match.distance:g} of {match.threshold:g}"
        cells = (path, match.twin, match.kind.value, distance, match.transform)
        table.add_row(*(Text(clean(cell)) for cell in cells))
