"""Pictures beside registered ones: what waits for a person, and what people decided.

The program says "copy" only where it is certain. A likely copy waits here: look at the two, then confirm or
reject. The decision stays with the two pictures, wherever they are published again.

\b
Examples:
  twinwatch pairs list --undecided
  twinwatch pairs list --undecided --explain look/
  twinwatch pairs confirm 3fa2c81b 77aa01bc --note "same shot, the logo covers her shoulder"
  twinwatch pairs reject found.jpg 77aa01bc
  twinwatch pairs undo 3fa2c81b 77aa01bc
"""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from desk.contract import pair_json
from desk.jobs.pairs import Decided, Pair, decide, decided, short, waiting
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
from detector.match_words import kind_words, match_words
from storage.records import PairDecision
from storage.store import Showing, Store

app = typer.Typer(rich_markup_mode=None)

PictureArgument = Annotated[
    str, typer.Argument(metavar="PICTURE", help="A file, a SHA-256, or at least 8 digits of one.")
]
ReferenceArgument = Annotated[
    str, typer.Argument(metavar="REFERENCE", help="The registered picture, in the same way.")
]
UndecidedOption = Annotated[bool, typer.Option("--undecided", help="Only those that wait for a person.")]
LimitOption = Annotated[int, typer.Option("--limit", min=1, metavar="N", help="Of those that wait.")]
ExplainOption = Annotated[
    Path | None,
    typer.Option("--explain", metavar="DIR", help="Write a side-by-side picture of each into this folder."),
]
POSTS_SHOWN = 5


@app.callback()
def options(config: ConfigOption = None) -> None:
    """Pictures beside registered ones: what waits for a person, and what people decided."""


@app.command("list")
def list_pairs(
    undecided: UndecidedOption = False,
    limit: LimitOption = 100,
    explain: ExplainOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """What waits for a person, strongest first, with the posts that show it; then what was decided, newest
    first.

    \b
    Examples:
      twinwatch pairs list
      twinwatch pairs list --undecided --explain look/
      twinwatch pairs list --undecided --json
    """
    with opened_if_there(configured(config)) as store:
        if store is None:
            say("No store yet: nothing was collected (`twinwatch nightly`).")
            return
        undone = list(waiting(store, limit + 1))
        pairs = list(chain(undone[:limit], () if undecided else decided(store)))
        for pair in pairs:
            emit(pair_json(pair)) if json else write("\n".join(_lines(pair)))
        if explain:
            _draw(store, pairs, explain)
    _summary(len(undone), limit, json=json)


def _draw(store: Store, pairs: list[Pair], folder: Path) -> None:
    from desk.jobs.explanations import explain_pairs  # noqa: PLC0415 - OpenCV, and only where it is asked for

    for sentence in explain_pairs(store, pairs, folder):
        say(f"twinwatch: {sentence}")


def _summary(found: int, limit: int, *, json: bool) -> None:
    if found > limit:
        say(f"The strongest {limit} of those that wait are shown; --limit shows more.")
    elif not json:
        say(f"{several(found, 'pair waits', 'pairs wait')} for a person." if found else "Nothing waits.")


def _lines(pair: Pair) -> Iterator[str]:
    match, review = pair.match, pair.review
    beside = f"{short(pair.picture)} beside {short(pair.reference)}"
    what = f"{kind_words(match)} of {match.twin or 'an earlier picture'}" if match else "no match today"
    if review is None:
        yield f"{beside}  {what}"
    else:
        yield f"{beside}  {review.decision.value} by {review.by} on {review.at:%Y-%m-%d}; {what}"
        if review.note:
            yield f"    note: {review.note}"
    if match:
        yield f"    {match_words(match)}"
    yield from _posts(pair.shown)


def _posts(shown: tuple[Showing, ...]) -> Iterator[str]:
    for one in shown[:POSTS_SHOWN]:
        place = one.post_url or one.post_id
        yield f"    {place} (picture {one.position + 1}, first seen {one.first_seen:%Y-%m-%d})"
    if len(shown) > POSTS_SHOWN:
        yield f"    … and {several(len(shown) - POSTS_SHOWN, 'post')} more"


@app.command()
def confirm(
    picture: PictureArgument,
    reference: ReferenceArgument,
    by: ByOption = "",
    note: NoteOption = "",
    dry_run: DryRunOption = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """It is the same picture: the match counts like a copy (level 3 where the reference is attested).

    \b
    Examples:
      twinwatch pairs confirm 3fa2c81b 77aa01bc --note "same shot, the logo covers her shoulder"
      twinwatch pairs confirm found.jpg twin-1.jpg --by ann
    """
    _decide(PairDecision.CONFIRMED, picture, reference, (by, note), config, dry_run=dry_run, json=json)


@app.command()
def reject(
    picture: PictureArgument,
    reference: ReferenceArgument,
    by: ByOption = "",
    note: NoteOption = "",
    dry_run: DryRunOption = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """It is another picture: these two never match again, wherever they are published.

    \b
    Examples:
      twinwatch pairs reject 3fa2c81b 77aa01bc --note "another shot of the same room"
      twinwatch pairs reject 3fa2c81b 77aa01bc --dry-run
    """
    _decide(PairDecision.REJECTED, picture, reference, (by, note), config, dry_run=dry_run, json=json)


@app.command()
def undo(
    picture: PictureArgument,
    reference: ReferenceArgument,
    by: ByOption = "",
    note: NoteOption = "",
    dry_run: DryRunOption = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Take the last decision about these two back; the one before it holds again, if there was one.

    \b
    Examples:
      twinwatch pairs undo 3fa2c81b 77aa01bc
    """
    _decide(PairDecision.UNDO, picture, reference, (by, note), config, dry_run=dry_run, json=json)


def _decide(
    decision: PairDecision,
    picture: str,
    reference: str,
    said: tuple[str, str],
    config: Path | None,
    *,
    dry_run: bool,
    json: bool,
) -> None:
    by, note = said
    settings = configured(config)
    with changed(settings, dry_run=dry_run) as store:
        done = decide(store, picture, reference, decision, person(by), note)
        stands = store.pairs.decided().get((done.review.picture, done.review.reference))
    for warning in done.warnings:
        say(f"twinwatch: warning: {warning}")
    if json:
        emit(
            {
                "picture": done.review.picture,
                "reference": done.review.reference,
                "twin": done.match.twin or None if done.match else None,
                "decision": decision.value,
                "stands": stands.value if stands else None,
                "by": done.review.by,
                "at": done.review.at,
                "note": note,
                "warnings": list(done.warnings),
                "dry_run": dry_run,
            }
        )
    else:
        write(_told(done, stands, dry_run=dry_run))


def _told(done: Decided, stands: PairDecision | None, *, dry_run: bool) -> str:
    twin = f" of {done.match.twin}" if done.match and done.match.twin else ""
    pair = f"{short(done.review.picture)} beside {short(done.review.reference)}{twin}"
    if dry_run:
        return f"{pair}: would be {stands.value if stands else 'undecided'}; nothing was changed."
    state = f"is {stands.value}" if stands else "is undecided again"
    return f"{pair} {state}. Verdicts follow with the next `twinwatch detect` or night."
