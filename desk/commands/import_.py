"""Import posts that others captured: in a browser, with a download tool, or in a web archive.

\b
Formats, recognised by what a file holds:
  zeeschuimer   NDJSON of the Zeeschuimer browser add-on
                (Instagram, TikTok, LinkedIn, X, Pinterest, Threads, Facebook)
  instaloader   a folder of instaloader (.json or .json.xz with the pictures beside)
  gallery_dl    a folder of gallery-dl --write-metadata
  fourcat       a CSV file of 4CAT (it carries no label fields)
  warc          a web archive, .warc or .warc.gz
  wacz          a web archive with its index, .wacz

\b
A folder may hold several of these: each is imported, and what no format
recognises is left aside by name.

\b
Posts go to their authors' accounts, and what a night or an earlier import brought
is never stored twice. Missing pictures are fetched while their addresses live.

\b
An import of a file can be taken back: its posts go that nothing else brought
and nothing rests on; the others are named, and what was captured stays.

\b
Examples:
  twinwatch import zeeschuimer-export-instagram.ndjson
  twinwatch import downloads/hm --no-fetch
  twinwatch import session.wacz --only-watched --json
  twinwatch import export.csv --format fourcat --dry-run
  twinwatch import --undo import-20261129T081500Z-1a2b3c --dry-run

Exit status: 0 done, 3 some entries were not understood or some media could not be had (they are named),
1 nothing could be stored, 2 no such file or no known format, 130 or 143 interrupted (Ctrl-C or SIGTERM):
what is stored stays, and the same command goes on.
"""

from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.bars import byte_bar
from desk.contract import Json
from desk.jobs.wish import Wish
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
from desk.output import clean, emit, say, several, write
from storage.errors import IntakeError
from storage.media import MediaFolder

if TYPE_CHECKING:
    from collections.abc import Callable

    from crawler.intake.entries import Importer
    from crawler.intake.outcome import Outcome
    from desk.config import Config

PathArgument = Annotated[
    Path | None,
    typer.Argument(metavar="PATH", help="A file, or a folder of a download tool.", show_default=False),
]
UndoOption = Annotated[
    str,
    typer.Option("--undo", metavar="RUN", help="Take an earlier import back, by the run it named."),
]
FormatOption = Annotated[
    str, typer.Option("--format", metavar="FORMAT", help="Do not recognise it: it is this one.")
]
NoFetchOption = Annotated[
    bool, typer.Option("--no-fetch", help="Ask no server for media: take what is in the files alone.")
]
OnlyWatchedOption = Annotated[
    bool, typer.Option("--only-watched", help="Leave out posts of authors who are on no watchlist.")
]
MOST_SHOWN = 10  # of each kind of trouble; --json has up to a thousand


def run(
    path: PathArgument = None,
    format_: FormatOption = "",
    no_fetch: NoFetchOption = False,
    only_watched: OnlyWatchedOption = False,
    undo: UndoOption = "",
    by: ByOption = "",
    dry_run: DryRunOption = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    if bool(undo) is (path is not None):
        raise usage("say which PATH to import, or which RUN to --undo", where="PATH")
    if path is None:
        _undo(configured(config), undo, person(by), dry_run=dry_run, json=json)
        return
    wish = Wish(path, fetch=not no_fetch, only_watched=only_watched, dry_run=dry_run)
    raise typer.Exit(_import(cache(lambda: configured(config)), wish, format_, json=json))


def _import(settings: "Callable[[], Config]", asked: Wish, format_: str, *, json: bool) -> int:
    """The exit status. A folder may hold several imports."""
    from crawler.intake.mixed import found_in, left_in_words  # noqa: PLC0415 - what --help does without
    from desk.jobs.brought import outcome_json, refused, together  # noqa: PLC0415 - likewise

    found = found_in(asked.path, format_)
    several_parts = len(found.parts) > 1
    told: list[Json] = []
    for part in found.parts:
        wish = replace(asked, path=part.path)
        try:
            outcome = _bring(settings, part.importer, wish)
        except IntakeError as error:  # one part of a folder; the others go on
            if not several_parts:
                raise
            outcome = refused(part.importer, error)
        told.append({**outcome_json(outcome, wish), "path": str(part.path)})
        if several_parts:
            emit(told[-1]) if json else write(f"{part.path}:")
        if not json:
            _tell(told[-1], outcome, wish)
    last = together(told, found)
    if json:
        emit(last)
    else:
        for sentence in left_in_words(found)[:MOST_SHOWN]:
            write(f"  {sentence}")
        _rest(found.left_count)
    return int(last["exit_status"])


def _undo(settings: "Config", run: str, by: str, *, dry_run: bool, json: bool) -> None:
    from desk.jobs.undo_import import undo, undone_json  # noqa: PLC0415 - likewise

    with changed(settings, dry_run=dry_run) as store:
        undone = undo(store, run, by, dry_run=dry_run)
    if json:
        emit({**undone_json(undone), "dry_run": dry_run})
        return
    would = "would be " if dry_run else ""
    write(f"{several(undone.posts, 'post')} {would}taken back, {undone.stays_count} {would}kept")
    for one in undone.stays[:MOST_SHOWN]:
        write(f"  stays: {one.account.name} {one.post_id}: {one.why}")
    _rest(undone.stays_count)
    for export in undone.exports[:MOST_SHOWN]:
        write(
            f"  left the house with a finding of them: {export.format} on {export.at:%Y-%m-%d}: {export.path}"
        )
    _rest(len(undone.exports))
    say("The file, the pictures' bytes and the captures stay: importing it again brings the posts back.")


def _bring(settings: "Callable[[], Config]", importer: "Importer", wish: Wish) -> "Outcome":
    """A large file is read from the first moment on, while all else is loaded."""
    from crawler.intake.ahead import Entries  # noqa: PLC0415 - likewise
    from crawler.intake.circles import seldom_looked_for  # noqa: PLC0415 - likewise

    lay_out = not (wish.fetch or wish.dry_run)
    with (
        seldom_looked_for(),
        closing(Entries(importer, wish.path, lay_out=lay_out)) as entries,
        byte_bar("import", lambda: importer.total(wish.path)) as tell,
    ):
        config = settings()
        if not wish.dry_run:
            entries.begin_to_keep(MediaFolder(config.media))
        from desk.jobs.bring import bring  # noqa: PLC0415 - half a second

        if wish.dry_run:
            with opened_if_there(config) as there:
                return bring(config, there, entries, wish, tell)
        with opened(config, create=True) as store:
            return bring(config, store, entries, wish, tell)


def _tell(told: Json, outcome: "Outcome", wish: Wish) -> None:
    would = "would be " if wish.dry_run else ""
    write(
        f"{outcome.format}: {told['read']} read, {told['new']} {would}new, {told['changed']} {would}changed, "
        f"{told['known']} known, {told['without_media']} without all their media, "
        f"{outcome.not_understood_count} not understood"
    )
    for why, count in sorted(outcome.skipped.items()):
        write(f"  skipped: {several(count, 'entry', 'entries')} ({why.replace('_', ' ')})")
    for kind, count in sorted(outcome.problems.items()):
        write(f"  noted of {several(count, 'post')}: {kind.replace('_', ' ')}")
    for place, failure in outcome.not_understood[:MOST_SHOWN]:
        write(f"  {place.name or 'line'} {place.line}: {failure.kind}: {failure.message}")
    _rest(outcome.not_understood_count)
    for suspect in outcome.suspects:
        write(f"  suspect: {suspect.sentence} (lines {suspect.first} to {suspect.last})")
    for failure in outcome.errors[:MOST_SHOWN]:
        write(f"  {failure.kind}: {failure.message}")
    _rest(outcome.errors_count)
    for name, home in sorted(outcome.renamed.items())[:MOST_SHOWN]:
        write(f"  {name} is {home} under another name: stored there, and nothing twice")
    if outcome.strangers:
        names = clean(", ".join(outcome.strangers))
        others = " and others" if outcome.other_strangers else ""
        say(f"On no watchlist, stored without a retailer: {names}{others} ([[account]] in twinwatch.toml).")
    if outcome.run and outcome.saved:
        say(f"To take it back: twinwatch import --undo {outcome.run}")
    if outcome.saved and not wish.dry_run:
        say("What came in is looked at with the next `twinwatch detect` or night.")


def _rest(count: int) -> None:
    if count > MOST_SHOWN:
        write(f"  … and {count - MOST_SHOWN} more (--json names them)")
