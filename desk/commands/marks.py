"""Marks to be looked for on pictures, such as a brand's own AI label, beside those that are built in.

\b
Examples:
  twinwatch marks add "house label" label.png --says "made with AI" --letters AI
  twinwatch marks list
  twinwatch marks show "house label" --picture seen.png
  twinwatch marks remove "house label"
"""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from desk.contract import mark_json
from desk.jobs import marks
from desk.jobs.marks import Listed
from desk.mark_picture import mark_png
from desk.options import (
    ByOption,
    ConfigOption,
    DryRunOption,
    JsonOption,
    changed,
    configured,
    opened,
    opened_if_there,
    person,
    usage,
)
from desk.output import clean, emit, path_text, say, write
from storage.records import Saved

app = typer.Typer(rich_markup_mode=None)

NameArgument = Annotated[str, typer.Argument(metavar="NAME")]
FileArgument = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        readable=False,
        help="A picture of the mark alone: with transparency, or on a plain ground.",
    ),
]
SaysOption = Annotated[
    str | None,
    typer.Option(metavar="TEXT", help="What it tells people, for the quote. Default: its letters, or NAME."),
]
LettersOption = Annotated[
    str | None, typer.Option(metavar="TEXT", help="Letters in it, which must then be read there as well.")
]
PictureOption = Annotated[
    Path | None,
    typer.Option("--picture", metavar="OUT.png", help="Draw it as it is looked for, on three grounds."),
]
AllOption = Annotated[bool, typer.Option("--all", help="Removed ones too.")]
NAME_LIMIT, SAYS_LIMIT, LETTERS_LIMIT = 80, 200, 60  # letters: what a quote and a table can hold
FOLLOWS = (
    "Marks are looked for again, and nothing else is read again, with the next `twinwatch detect` or night."
)
DONE = {Saved.NEW: "added", Saved.CHANGED: "changed", Saved.KNOWN: "known"}


@app.callback()
def options(config: ConfigOption = None) -> None:
    """Marks to be looked for on pictures."""


@app.command()
def add(
    name: NameArgument,
    file: FileArgument,
    says: SaysOption = None,
    letters: LettersOption = None,
    by: ByOption = "",
    dry_run: DryRunOption = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Register a mark. It is looked for on light and dark ground, in any corner, at 2 to 10 % of a picture's
    height; one that is made of letters is confirmed by reading them.

    Adding the same file again changes its words where you give others; one that was removed is restored.
    What would be found on every picture (a line, a box, a dot) is refused, and so are photographs.

    \b
    Examples:
      twinwatch marks add "house label" label.png --says "made with AI" --letters AI
      twinwatch marks add sparkle sparkle.png --says "AI generated" --dry-run
    """
    wanted = marks.Wanted(
        _line(name, "NAME", NAME_LIMIT),
        file,
        None if says is None else _line(says, "--says", SAYS_LIMIT),
        None if letters is None else _line(letters, "--letters", LETTERS_LIMIT, empty=True),
        person(by),
    )
    settings = configured(config)
    with opened_if_there(settings) if dry_run else opened(settings, create=True) as store:
        done = marks.add(store, wanted, dry_run=dry_run)
    _tell_added(done, dry_run=dry_run, json=json)


@app.command("list")
def list_marks(every: AllOption = False, config: ConfigOption = None, json: JsonOption = False) -> None:
    """All that are looked for: those built in, and those registered.

    \b
    Examples:
      twinwatch marks list
      twinwatch marks list --all --json
    """
    with opened_if_there(configured(config)) as store:
        found = marks.listed(store, removed=every)
    if json:
        for one in found:
            emit(mark_json(one))
        return
    if not any(one.registered for one in found):
        say("No marks of your own yet (`twinwatch marks add`).")
    if not found:
        return
    table = Table("name", "kind", "says", "letters", "px", "file", "state")
    for one in found:
        mark, file = one.mark, one.registered.source if one.registered else ""
        size = f"{mark.grey.shape[1]} x {mark.grey.shape[0]}"
        cells = (mark.name, _kind(one), mark.says, mark.letters, size, file, _state(one))
        table.add_row(*(Text(clean(cell)) for cell in cells))
    Console(file=sys.stdout, soft_wrap=True).print(table)


@app.command()
def show(
    name: NameArgument, picture: PictureOption = None, config: ConfigOption = None, json: JsonOption = False
) -> None:
    """One mark, a removed one too; with --picture as it is looked for.

    \b
    Examples:
      twinwatch marks show "house label"
      twinwatch marks show "house label" --picture seen.png
    """
    with opened_if_there(configured(config)) as store:
        found = marks.find(store, name)
    if picture:
        _draw(found, picture)
    if json:
        emit({**mark_json(found), "picture": path_text(picture) if picture else None})
        return
    for line in _sentences(found):
        write(line)
    if picture:
        write(f"  drawn to {path_text(picture)}")


@app.command()
def remove(
    name: NameArgument, dry_run: DryRunOption = False, config: ConfigOption = None, json: JsonOption = False
) -> None:
    """Look for it no more. What was kept stays, and `restore` takes it back.

    \b
    Examples:
      twinwatch marks remove "house label"
    """
    with changed(configured(config), dry_run=dry_run) as store:
        done = marks.remove(store, name)
    _tell("removed", name, done=done, dry_run=dry_run, json=json)


@app.command()
def restore(
    name: NameArgument, dry_run: DryRunOption = False, config: ConfigOption = None, json: JsonOption = False
) -> None:
    """Take a removal back.

    \b
    Examples:
      twinwatch marks restore "house label"
    """
    with changed(configured(config), dry_run=dry_run) as store:
        done = marks.restore(store, name)
    _tell("restored", name, done=done, dry_run=dry_run, json=json)


# --- what is asked ------------------------------------------------------------------------------------------


def _line(text: str, where: str, limit: int, *, empty: bool = False) -> str:
    """Raises ConfigError for what a quote or a table cannot hold."""
    found = text.strip()
    if not found and not empty:
        raise usage("a mark needs a name" if where == "NAME" else f"{where} is empty", where=where)
    if len(found) > limit or not found.isprintable():
        raise usage(f"{where}: one line of at most {limit} letters", where=where)
    return found


def _draw(found: Listed, path: Path) -> None:
    try:
        path.write_bytes(mark_png(found.mark))
    except OSError as error:
        words = error.strerror or "it cannot be written"
        raise usage(f"--picture {path_text(path)}: {words}", where="--picture") from error


# --- what is said -------------------------------------------------------------------------------------------


def _tell_added(done: marks.Added, *, dry_run: bool, json: bool) -> None:
    mark = done.mark
    for warning in done.warnings:
        say(f"twinwatch: warning: {warning}")
    if json:
        line = mark_json(Listed(marks.as_mark(mark), mark))
        emit({**line, "done": DONE[done.done], "warnings": list(done.warnings), "dry_run": dry_run})
        return
    if done.done is Saved.KNOWN:
        write(f"{mark.name}: is there already")
        return
    ground = "its transparency" if mark.see_through else "its plain ground"
    letters = f", confirmed by reading {mark.letters!r}" if mark.letters else ""
    what = f"{'would be ' if dry_run else ''}{DONE[done.done]}, {mark.width} x {mark.height} px"
    write(f"{mark.name}: {what}, told from {ground}; says {mark.says!r}{letters}")
    if not dry_run:
        say(FOLLOWS)


def _tell(what: str, name: str, *, done: bool, dry_run: bool, json: bool) -> None:
    if json:
        emit({"name": name, what: done, "dry_run": dry_run})
        return
    write(f"{name}: {'would be ' if dry_run and done else ''}{what if done else f'nothing to be {what}'}")
    if done and not dry_run:
        say(FOLLOWS)


def _sentences(found: Listed) -> list[str]:
    mark, kept = found.mark, found.registered
    state = f", {_state(found)}" if _state(found) else ""
    letters = f", confirmed by reading {mark.letters!r}" if mark.letters else ""
    lines = [
        f"{mark.name}: {_kind(found)}, {mark.grey.shape[1]} x {mark.grey.shape[0]} px{state}",
        f"  says {mark.says!r}{letters}",
    ]
    if kept:
        day = f" on {kept.added_at:%Y-%m-%d}" if kept.added_at else ""
        lines.append(f"  {kept.sha256}  {kept.source}")
        lines.append(f"  added by {kept.added_by or 'nobody named'}{day}")
    return lines


def _kind(one: Listed) -> str:
    return "registered" if one.registered else "built in"


def _state(one: Listed) -> str:
    gone = one.registered.withdrawn_at if one.registered else None
    return f"removed {gone:%Y-%m-%d}" if gone else ""
