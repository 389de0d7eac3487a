"""Registered pictures that suddenly matched many unrelated ones: not believed until a person has looked.

\b
Examples:
  twinwatch quarantine list
  twinwatch quarantine lift 77aa01bc
"""

from collections.abc import Iterator
from typing import Annotated

import typer

from desk.contract import held_json
from desk.jobs import references
from desk.jobs.references import Held
from desk.options import (
    ByOption,
    ConfigOption,
    DryRunOption,
    JsonOption,
    NoteOption,
    changed,
    configured,
    opened_if_there,
    person,
)
from desk.output import emit, say, several, write
from detector.match_words import kind_words

app = typer.Typer(rich_markup_mode=None)

ReferenceArgument = Annotated[
    str,
    typer.Argument(
        metavar="REFERENCE", help="The registered picture: a file, a SHA-256, or 8 digits of one."
    ),
]


@app.callback()
def options(config: ConfigOption = None) -> None:
    """Registered pictures that suddenly matched many unrelated ones: not believed until a person has
    looked."""


@app.command("list")
def list_held(config: ConfigOption = None, json: JsonOption = False) -> None:
    """What is in quarantine, why, and what it matched.

    \b
    Examples:
      twinwatch quarantine list
      twinwatch quarantine list --json
    """
    with opened_if_there(configured(config)) as store:
        found = references.held(store) if store else []
    for one in found:
        emit(held_json(one)) if json else write("\n".join((*_lines(one), *_ways_out(one))))
    if not found and not json:
        say("Nothing is in quarantine.")


def _lines(held: Held) -> Iterator[str]:
    reference = held.quarantine.reference
    yield f"{reference[:12]}  {_whose(held)}, held since {held.quarantine.at:%Y-%m-%d %H:%M} UTC"
    yield f"    why: {held.quarantine.reason}"
    yield f"    it matches {several(held.pictures, 'picture')}:"
    for picture, match, shown in held.named:
        places = ", ".join(one.post_url or one.post_id for one in shown[:2]) or "published no more"
        yield f"      {picture[:12]} {kind_words(match)}: {places}"
    if held.pictures > len(held.named):
        yield f"      … and {held.pictures - len(held.named)} more"


def _ways_out(held: Held) -> Iterator[str]:
    reference = held.quarantine.reference[:12]
    yield f"    believe it again: twinwatch quarantine lift {reference}"
    for twin in sorted({one.twin for one in held.references}):
        yield f'    or take it out of the registry: twinwatch twins withdraw "{twin}" --reference {reference}'


def _whose(held: Held) -> str:
    names = ", ".join(sorted({one.twin for one in held.references})) or "registered no more"
    source = held.references[0].source if held.references else ""
    return f"{names} ({source})" if source else names


@app.command()
def lift(
    reference: ReferenceArgument,
    by: ByOption = "",
    note: NoteOption = "",
    dry_run: DryRunOption = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Believe a registered picture again: what it matched counts.

    \b
    Examples:
      twinwatch quarantine lift 77aa01bc --by ann --note "a campaign picture that everybody shows"
      twinwatch quarantine lift twin-1.jpg --dry-run
    """
    who = person(by)
    with changed(configured(config), dry_run=dry_run) as store:
        done = references.lift(store, reference, who, note)
    if json:
        emit({**held_json(done), "lifted_by": who, "note": note, "dry_run": dry_run})
        return
    write("\n".join(_lines(done)))
    would = (
        "would count again; nothing was changed." if dry_run else "will count again from the next detect on."
    )
    write(f"{several(done.pictures, 'picture')} that it matches {would}")
