"""Import posts that others captured: in a browser, with a download tool, or in a web archive.

\b
Formats, recognised by what a file holds:
  zeeschuimer   NDJSON of the Zeeschuimer browser add-on
                (Instagram, TikTok, LinkedIn, X, Pinterest, Threads)
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
Examples:
  twinwatch import zeeschuimer-export-instagram.ndjson
  twinwatch import downloads/hm --no-fetch
  twinwatch import session.wacz --only-watched --json
  twinwatch import export.csv --format fourcat --dry-run

Exit status: 0 done, 3 some entries were not understood or some media could not be had (they are named),
1 nothing could be stored, 2 no such file or no known format.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.bars import byte_bar
from desk.contract import Json
from desk.options import ConfigOption, DryRunOption, JsonOption, configured, opened, opened_if_there
from desk.output import clean, emit, say, several, write
from storage.errors import IntakeError

if TYPE_CHECKING:
    from crawler.intake.entries import Importer
    from crawler.intake.outcome import Outcome
    from desk.config import Config
    from desk.jobs.bring import Wish

PathArgument = Annotated[Path, typer.Argument(metavar="PATH", help="A file, or a folder of a download tool.")]
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
    path: PathArgument,
    format_: FormatOption = "",
    no_fetch: NoFetchOption = False,
    only_watched: OnlyWatchedOption = False,
    dry_run: DryRunOption = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    from crawler.intake.mixed import found_in, left_in_words  # noqa: PLC0415 - half a second that --help does without
    from desk.jobs.bring import Wish, outcome_json, refused, together  # noqa: PLC0415 - likewise

    settings = configured(config)
    found = found_in(path, format_)
    told: list[Json] = []
    for part in found.parts:
        wish = Wish(part.path, fetch=not no_fetch, only_watched=only_watched, dry_run=dry_run)
        try:
            outcome = _bring(settings, part.importer, wish)
        except IntakeError as error:  # one part of a folder; the others go on
            if len(found.parts) == 1:
                raise
            outcome = refused(part.importer, error)
        told.append({**outcome_json(outcome, wish), "path": str(part.path)})
        if not json:
            if len(found.parts) > 1:
                write(f"{part.path}:")
            _tell(told[-1], outcome, wish)
        elif len(found.parts) > 1:
            emit(told[-1])
    last = together(told, found)
    if json:
        emit(last)
    else:
        for sentence in left_in_words(found)[:MOST_SHOWN]:
            write(f"  {sentence}")
        _rest(found.left_count)
    raise typer.Exit(last["exit_status"])


def _bring(settings: "Config", importer: "Importer", wish: "Wish") -> "Outcome":
    from desk.jobs.bring import bring  # noqa: PLC0415 - likewise

    with byte_bar("import", lambda: importer.total(wish.path)) as tell:
        if wish.dry_run:
            with opened_if_there(settings) as there:
                return bring(settings, there, importer, wish, tell)
        with opened(settings, create=True) as store:
            return bring(settings, store, importer, wish, tell)


def _tell(told: Json, outcome: "Outcome", wish: "Wish") -> None:
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
    if outcome.saved and not wish.dry_run:
        say("What came in is looked at with the next `twinwatch detect` or night.")


def _rest(count: int) -> None:
    if count > MOST_SHOWN:
        write(f"  … and {count - MOST_SHOWN} more (--json names them)")
