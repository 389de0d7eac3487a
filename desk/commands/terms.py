"""Licences of twins: import, add, list, show, end.

\b
Examples:
  twinwatch terms import terms.csv --dry-run
  twinwatch terms add "Twin A" "H&M" --channels "instagram;bluesky" --until 2026-06-30 --label required
  twinwatch terms list --twin "Twin A" --on 2026-07-04
  twinwatch terms end 3 --on 2026-08-31 --reason "unpaid"
"""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from desk.contract_terms import consent_json, ending_json
from desk.jobs.terms import Licensed, add_terms, import_terms
from desk.options import (
    ByOption,
    ConfigOption,
    DryRunOption,
    JsonOption,
    changed,
    configured,
    day,
    opened,
    opened_if_there,
    person,
    usage,
)
from desk.output import clean, emit, say, several, write
from storage.consent import Consent, Ending
from storage.errors import RegistryError

app = typer.Typer(rich_markup_mode=None)

NumberArgument = Annotated[int, typer.Argument(metavar="NUMBER", help="As `twinwatch terms list` shows it.")]
FOLLOWS = "What it concerns is judged again with the next `twinwatch detect` or night."
ALWAYS = "any"
HEADS = ("number", "twin", "licensee", "channels", "territories", "from", "until", "label")


@app.callback()
def options(config: ConfigOption = None) -> None:
    """Licences of twins: to whom, for which channels and countries, from when to when."""


@app.command("import")
def import_list(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="CSV in UTF-8, or XLSX.", readable=False)],
    by: ByOption = "",
    dry_run: DryRunOption = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Register the licences of a list. All rows are checked first; one mistake, and none is registered.
    Importing the same list again changes nothing.

    \b
    Columns, in any order; those marked * are needed:
      twin *        as registered
      licensee *    a retailer, as its accounts say it
      label *       required, none, or surfaces (caption;image_mark …) that must tell people
      channels      platforms, separated by ;   empty: all
      territories   country codes, separated by ;   empty: all
      from, until   days as 2026-06-30, both included   empty: no limit
      exclusive     yes or no
      document      a file beside the list, or its SHA-256; only the digest is kept
      purposes, pay_note, clause   free text; findings quote the clause

    \b
    Examples:
      twinwatch terms import terms.csv --dry-run
      twinwatch terms import terms.csv --by "Elin, legal"
    """
    settings = configured(config)
    who = person(by)
    with opened(settings, create=False) as store:
        done = import_terms(
            store, path, {one.retailer for one in settings.accounts}, who, datetime.now(UTC), dry_run=dry_run
        )
    _tell(done, dry_run=dry_run, json=json)


@app.command()
def add(
    twin: Annotated[str, typer.Argument(metavar="TWIN")],
    licensee: Annotated[str, typer.Argument(metavar="RETAILER")],
    label: Annotated[
        str, typer.Option(metavar="DUTY", help="required, none, or surfaces separated by ; Needed.")
    ] = "",
    channels: Annotated[
        str, typer.Option(metavar="LIST", help="Platforms, separated by ; Default: all.")
    ] = "",
    territories: Annotated[
        str, typer.Option(metavar="LIST", help="Country codes, separated by ; Default: all.")
    ] = "",
    begins: Annotated[str, typer.Option("--from", metavar="DATE", help="First day, as 2026-06-30.")] = "",
    ends: Annotated[str, typer.Option("--until", metavar="DATE", help="Last day, included.")] = "",
    exclusive: Annotated[bool, typer.Option("--exclusive", help="Nobody else may.")] = False,
    purposes: Annotated[str, typer.Option(metavar="TEXT", help="Shown, not judged.")] = "",
    pay_note: Annotated[str, typer.Option(metavar="TEXT")] = "",
    document: Annotated[
        str, typer.Option(metavar="FILE|SHA", help="The contract; only its SHA-256 is kept.")
    ] = "",
    clause: Annotated[str, typer.Option(metavar="TEXT", help="Quoted in findings.")] = "",
    supersedes: Annotated[
        int, typer.Option(metavar="NUMBER", help="A licence that ends the day before this one begins.")
    ] = 0,
    by: ByOption = "",
    dry_run: DryRunOption = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Register one licence. Terms are never edited: others take their place with --supersedes.

    \b
    Examples:
      twinwatch terms add "Twin A" "H&M" --label required --channels instagram --until 2026-06-30
      twinwatch terms add "Twin A" "H&M" --label "image_mark" --from 2026-07-01 --supersedes 1
    """
    settings = configured(config)
    who = person(by)
    cells = {
        "twin": twin, "licensee": licensee, "label": label, "channels": channels, "territories": territories,
        "from": begins, "until": ends, "exclusive": "yes" if exclusive else "no", "purposes": purposes,
        "pay_note": pay_note, "document": document, "clause": clause,
    }  # fmt: skip
    cells = {name: cell.strip() for name, cell in cells.items()}
    with opened(settings, create=False) as store:
        done = add_terms(
            store,
            cells,
            {one.retailer for one in settings.accounts},
            who,
            datetime.now(UTC),
            supersedes=supersedes,
            dry_run=dry_run,
        )
    _tell(done, dry_run=dry_run, json=json)


@app.command("list")
def list_terms(
    twin: Annotated[str, typer.Option(metavar="NAME", help="Only licences of this twin.")] = "",
    licensee: Annotated[str, typer.Option(metavar="RETAILER", help="Only those of this retailer.")] = "",
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="Only those in force on this day.")] = "",
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """All licences, those that ended too.

    \b
    Examples:
      twinwatch terms list
      twinwatch terms list --licensee "H&M" --on 2026-07-04 --json
    """
    wanted = day(on, "--on") if on else None
    with opened_if_there(configured(config)) as store:
        found = [
            one
            for one in (store.terms.all() if store else ())
            if (not twin or one.twin == twin)
            and (not licensee or one.licensee.casefold() == licensee.casefold())
            and (wanted is None or one.holds_on(wanted))
        ]
    if json:
        for one in found:
            emit(consent_json(one))
        return
    if not found:
        say("No such licence (`twinwatch terms add`): of a twin without any, findings say no_terms.")
        return
    table = Table()
    for head in ("number", "twin", "licensee", "where", "when", "label", "state"):
        table.add_column(head, overflow="fold")
    for one in found:
        number, name, to, channels, territories, begins, ends, label = _cells(one)
        where, when = f"{channels}\n{territories}", f"{begins or '…'}\n{ends or '…'}"
        cells = (number, name, to, where, when, label, _state(one))
        table.add_row(*(Text(clean(cell)) for cell in cells))
    Console(file=sys.stdout, soft_wrap=True).print(table)


@app.command()
def show(number: NumberArgument, config: ConfigOption = None, json: JsonOption = False) -> None:
    """One licence, all of it, with what was said about its end.

    \b
    Examples:
      twinwatch terms show 3
      twinwatch terms show 3 --json
    """
    with opened(configured(config), create=False) as store:
        one, endings = store.terms.one(number), store.terms.endings(number)
    if json:
        emit({**consent_json(one), "endings": [ending_json(each) for each in endings]})
        return
    for line in _lines(one, endings):
        write(line)


@app.command()
def end(
    number: NumberArgument,
    on: Annotated[
        str, typer.Option("--on", metavar="DATE", help="The last day on which it holds. Default: today.")
    ] = "",
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; findings say it.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Take the ending back: it holds as agreed.")] = False,
    by: ByOption = "",
    dry_run: DryRunOption = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """End a licence before its time, or take that back. What was agreed stays told.

    \b
    Examples:
      twinwatch terms end 3 --on 2026-08-31 --reason "unpaid"
      twinwatch terms end 3 --undo --reason "it was paid"
    """
    if undo and on:
        raise usage("--undo and --on: one or the other", where="--undo")
    now = datetime.now(UTC)
    last = None if undo else day(on, "--on") if on else now.date()
    who = person(by)
    with changed(configured(config), dry_run=dry_run) as store:
        before = store.terms.one(number)
        if undo and (before.ending is None or before.ending.last_day is None):
            raise RegistryError(
                f"licence {number} was not ended: there is nothing to take back",
                kind="not_ended",
                where=str(number),
            )
        one = store.terms.end(number, Ending(last, now, who, reason.strip()))
    if json:
        emit({**consent_json(one), "dry_run": dry_run})
        return
    until = f"until {one.last_day}" if one.last_day else "without an end"
    write(f"Licence {number} of {one.twin} to {one.licensee}: it holds {until} now. {FOLLOWS}")
    if dry_run:
        write("Nothing was changed (--dry-run).")


def _tell(done: Licensed, *, dry_run: bool, json: bool) -> None:
    for warning in done.warnings:
        say(f"twinwatch: warning: {warning}")
    if json:
        emit(
            {
                "new": [consent_json(one) for one in done.new],
                "known": [one.id for one in done.known],
                "warnings": list(done.warnings),
                "dry_run": dry_run,
            }
        )
        return
    for one in done.new[:20]:
        write(f"{one.id}: {' · '.join(filter(None, _cells(one)[1:]))}")
    if len(done.new) > 20:
        write(f"… and {len(done.new) - 20} more")
    would = "would be registered" if dry_run else "registered"
    known = f", {len(done.known)} were registered already" if done.known else ""
    write(f"{several(len(done.new), 'licence')} {would}{known}. {'' if dry_run else FOLLOWS}".rstrip())


def _cells(one: Consent) -> tuple[str, ...]:
    return (
        str(one.id),
        one.twin,
        one.licensee,
        ", ".join(one.channels) or ALWAYS,
        ", ".join(one.territories) or ALWAYS,
        str(one.valid_from or ""),
        str(one.last_day or ""),
        ", ".join(one.label_duty) or "none",
    )


def _state(one: Consent) -> str:
    if one.ending is None or one.ending.last_day is None:
        return "exclusive" if one.exclusive else ""
    return f"ended: {one.ending.reason or 'no reason given'}"


def _lines(one: Consent, endings: Sequence[Ending]) -> list[str]:
    lines = [f"{head:<12} {cell}" for head, cell in zip(HEADS, _cells(one), strict=True)]
    more = (
        ("exclusive", "yes" if one.exclusive else "no"),
        ("purposes", one.purposes),
        ("pay note", one.pay_note),
        (
            "document",
            f"{one.document} SHA-256 {one.document_sha256}" if one.document_sha256 else one.document,
        ),
        ("clause", one.clause),
        ("supersedes", str(one.supersedes or "")),
        ("added", f"{one.added_at:%Y-%m-%d %H:%M} by {one.added_by}" if one.added_at else ""),
    )
    lines += [f"{head:<12} {cell}" for head, cell in more if cell]
    for each in endings:
        what = f"ends on {each.last_day}" if each.last_day else "the ending was taken back"
        why = f": {each.reason}" if each.reason else ""
        lines.append(f"{each.at:%Y-%m-%d %H:%M}  {each.by}: {what}{why}")
    return lines
