"""Legal holds: what a hold covers is neither erased nor purged.

\b
Examples:
  twinwatch hold add "Twin A" --reason "case 12/2026" --by ann
  twinwatch hold add 17 --reason "the retailer disputes it"       a finding
  twinwatch hold list
  twinwatch hold lift 1 --reason "settled out of court"
"""

from datetime import UTC, datetime
from typing import Annotated

import typer

from desk.contract_taken_out import hold_json
from desk.options import (
    ByOption,
    ConfigOption,
    DryRunOption,
    JsonOption,
    changed,
    configured,
    opened_if_there,
    person,
    usage,
)
from desk.output import emit, say, write
from storage.keeping import Hold
from storage.store import Store

app = typer.Typer(rich_markup_mode=None)

ReasonOption = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why. Needed.")]


@app.callback()
def options(config: ConfigOption = None) -> None:
    """Legal holds on twins and findings."""


@app.command()
def add(
    given: Annotated[
        str, typer.Argument(metavar="TWIN|FINDING", help="A twin's name, or a finding's number.")
    ],
    reason: ReasonOption = "",
    by: ByOption = "",
    dry_run: DryRunOption = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Hold a twin (its pictures, what matches them) or a finding (its pictures, and the twins in it).

    \b
    Examples:
      twinwatch hold add "Twin A" --reason "case 12/2026" --by ann
      twinwatch hold add 17 --reason "the retailer disputes it"
    """
    if not reason.strip():
        raise usage("--reason is missing: a hold says why", where="--reason")
    with changed(configured(config), dry_run=dry_run) as store:
        done = store.holds.add(_hold(store, given, reason.strip(), person(by)))
    if json:
        emit({**hold_json(done), "dry_run": dry_run})
        return
    would = "would be" if dry_run else "is"
    write(f"Hold {done.id}: {done.covers} {would} neither erased nor purged until it is lifted.")
    if dry_run:
        write("Nothing was changed (--dry-run).")


def _hold(store: Store, given: str, reason: str, by: str) -> Hold:
    """A twin's name goes before a number: a twin may be called 17."""
    twin = next((one.name for one in store.twins() if one.name == given), "")
    plain = given.removeprefix("#")
    if not twin and not (plain.isascii() and plain.isdecimal() and 0 < int(plain) < 1 << 62):
        raise usage(f"{given}: neither a registered twin nor a finding's number", where=given)
    return Hold(0, twin, 0 if twin else int(plain), reason, by, datetime.now(UTC))


@app.command("list")
def list_holds(
    every: Annotated[bool, typer.Option("--all", help="Lifted ones too.")] = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """The holds that stand.

    \b
    Examples:
      twinwatch hold list
      twinwatch hold list --all --json
    """
    with opened_if_there(configured(config)) as store:
        holds = store.holds.all(standing=not every) if store else ()
    for one in holds:
        if json:
            emit(hold_json(one))
            continue
        because = f": {one.lifted_because}" if one.lifted_because else ""
        lifted = f" (lifted {one.lifted_at:%Y-%m-%d} by {one.lifted_by}{because})" if one.lifted_at else ""
        write(f"{one.id} | {one.covers} | {one.reason} | {one.by}, {one.at:%Y-%m-%d}{lifted}")
    if not holds:
        say("No hold stands." if not every else "There never was a hold.")


@app.command()
def lift(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="As `twinwatch hold list` shows it.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")] = "",
    by: ByOption = "",
    dry_run: DryRunOption = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Take a hold away. It stays told that there was one.

    \b
    Examples:
      twinwatch hold lift 1 --reason "settled out of court" --by ann
    """
    with changed(configured(config), dry_run=dry_run) as store:
        done = store.holds.lift(number, person(by), datetime.now(UTC), reason.strip())
    if json:
        emit({**hold_json(done), "dry_run": dry_run})
        return
    write(f"Hold {done.id} {'would be' if dry_run else 'is'} lifted: {done.covers} is held by it no longer.")
    if dry_run:
        write("Nothing was changed (--dry-run).")
