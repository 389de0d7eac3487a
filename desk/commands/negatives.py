"""Pictures that must never match: logos, backdrops, size charts.

\b
Examples:
  twinwatch negatives add "house logo" logo.png --note "stands on every product picture"
  twinwatch negatives list
  twinwatch negatives withdraw "house logo"
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from desk.contract import negative_json
from desk.jobs import negatives
from desk.options import (
    WALKED,
    ByOption,
    ConfigOption,
    DryRunOption,
    JsonOption,
    NoteOption,
    changed,
    configured,
    opened,
    opened_if_there,
    person,
    usage,
)
from desk.output import clean, emit, say, write
from storage.records import Negative

app = typer.Typer(rich_markup_mode=None)

NameArgument = Annotated[str, typer.Argument(metavar="NAME")]
ImagesArgument = Annotated[list[Path], typer.Argument(metavar="IMAGE...", help=WALKED, readable=False)]
FOLLOWS = "What rests on it is matched and judged again with the next `twinwatch detect` or night."


@app.callback()
def options(config: ConfigOption = None) -> None:
    """Pictures that must never match: logos, backdrops, size charts."""


@app.command()
def add(
    name: NameArgument,
    images: ImagesArgument,
    by: ByOption = "",
    note: NoteOption = "",
    dry_run: DryRunOption = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Add pictures that must never match, under one name. Adding one again changes nothing; one that was
    withdrawn is restored.

    \b
    Examples:
      twinwatch negatives add "house logo" logo.png logo-white.png
      twinwatch negatives add "size chart" charts/ --note "from the product pages" --dry-run
    """
    if not name.strip():
        raise usage("a negative needs a name", where="NAME")
    who = person(by)
    with opened(configured(config), create=not dry_run) as store:
        done = negatives.add(store, name.strip(), images, who, note, dry_run=dry_run)
    for warning in done.warnings:
        say(f"twinwatch: warning: {warning}")
    if json:
        emit(
            {
                "name": name.strip(),
                "new": [negative_json(one) for one in done.new],
                "known": [negative_json(one) for one in done.known],
                "warnings": list(done.warnings),
                "dry_run": dry_run,
            }
        )
        return
    _tell("added", done.new, dry_run=dry_run)
    for one in done.known:
        write(f"{one.name}: is there already")


@app.command("list")
def list_negatives(config: ConfigOption = None, json: JsonOption = False) -> None:
    """All of them, withdrawn ones too.

    \b
    Examples:
      twinwatch negatives list
      twinwatch negatives list --json
    """
    with opened_if_there(configured(config)) as store:
        found = store.bank.negatives() if store else ()
    if json:
        for one in found:
            emit(negative_json(one))
        return
    if not found:
        say("No negatives yet (`twinwatch negatives add`): whatever is registered may match.")
        return
    table = Table("name", "SHA-256", "added by", "note", "state")
    for one in found:
        state = f"withdrawn {one.withdrawn_at:%Y-%m-%d}" if one.withdrawn_at else ""
        cells = (one.name, f"{one.sha256[:12]}…", one.added_by, one.note, state)
        table.add_row(*(Text(clean(cell)) for cell in cells))
    Console(file=sys.stdout, soft_wrap=True).print(table)


@app.command()
def withdraw(
    name: NameArgument, dry_run: DryRunOption = False, config: ConfigOption = None, json: JsonOption = False
) -> None:
    """Let these pictures match again. A name stands for all that were added under it.

    \b
    Examples:
      twinwatch negatives withdraw "house logo"
      twinwatch negatives withdraw "house logo (2)"      one of several
    """
    with changed(configured(config), dry_run=dry_run) as store:
        done = negatives.withdraw(store, name)
    _changed("withdrawn", name, done, dry_run=dry_run, json=json)


@app.command()
def restore(
    name: NameArgument, dry_run: DryRunOption = False, config: ConfigOption = None, json: JsonOption = False
) -> None:
    """Take a withdrawal back.

    \b
    Examples:
      twinwatch negatives restore "house logo"
    """
    with changed(configured(config), dry_run=dry_run) as store:
        done = negatives.restore(store, name)
    _changed("restored", name, done, dry_run=dry_run, json=json)


def _changed(what: str, name: str, done: Sequence[Negative], *, dry_run: bool, json: bool) -> None:
    if json:
        emit({"name": name, what: [one.name for one in done], "dry_run": dry_run})
    elif done:
        _tell(what, done, dry_run=dry_run)
    else:
        write(f"{name}: nothing to be {what}")


def _tell(what: str, done: Sequence[Negative], *, dry_run: bool) -> None:
    for one in done:
        write(f"{one.name}: {'would be ' if dry_run else ''}{what}")
    if done and not dry_run:
        say(FOLLOWS)
