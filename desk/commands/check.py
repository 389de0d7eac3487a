"""Check pictures at hand: is it AI, and were people told? Needs no store; matches against the registry if
there is one.

\b
Examples:
  twinwatch check photo.jpg
  twinwatch check photo.jpg --caption "Our new season" --alt "" --retailer "H&M" --platform rss
  twinwatch check https://brand.example/campaign.jpg --json
  twinwatch check downloads/ --json
  twinwatch check --caption "Our new season, made with AI"     the text alone: what it tells

What is not given could not be looked at: give --caption "" to say that there is none.
Exit status: 0 done, 3 some files failed, 1 all did.
"""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from desk.config import Config
from desk.contract_check import checked_json
from desk.jobs.check import TEXT_ALONE, Checked, Given, check, check_text, country_of, moment_of
from desk.jobs.pictures import exit_status
from desk.options import WALKED, ConfigOption, JsonOption, configured, opened_if_there, usage
from desk.output import clean, emit, failure_words
from desk.printed import reading_line
from storage.records import Labelling, Reading, ReadingState

TargetsArgument = Annotated[list[str] | None, typer.Argument(metavar="PATH_OR_URL...", help=WALKED)]
PostedOption = Annotated[
    str | None, typer.Option(metavar="TIME", help="e.g. 2026-11-01 or 2026-11-01T09:30:00Z")
]
STYLES = {
    Labelling.UNLABELLED: "red",
    Labelling.UNLABELLED_WHERE_SEEN: "red",
    Labelling.CANNOT_SAY: "yellow",
    Labelling.WEAKLY_LABELLED: "yellow",
    Labelling.LABELLED: "green",
}


def run(
    targets: TargetsArgument = None,
    caption: Annotated[str | None, typer.Option(metavar="TEXT", help="The post's text.")] = None,
    alt: Annotated[str | None, typer.Option(metavar="TEXT", help="The picture's alternative text.")] = None,
    retailer: Annotated[str, typer.Option(help="Who published it.")] = "",
    platform: Annotated[str, typer.Option(help="Where, e.g. bluesky.")] = "",
    country: Annotated[str, typer.Option(help="ISO 3166, e.g. SE.")] = "",
    posted_at: PostedOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    given = Given(
        caption,
        alt,
        retailer,
        platform,
        country_of(country, where="--country"),
        moment_of(posted_at, where="--posted-at"),
    )
    settings = configured(config)
    if not targets:
        _say(_text(given, settings), json=json)
        return
    failed = total = 0
    with opened_if_there(settings) as store:
        for checked in check(targets, given, settings, store):
            total += 1
            failed += checked.failure is not None
            _say(checked, json=json)
    raise typer.Exit(exit_status(failed, total))


def _text(given: Given, settings: Config) -> Checked:
    """Raises ConfigError(kind="usage") where there is nothing to check."""
    if not given.words:
        raise usage("give a picture or an address, or a text with --caption or --alt", where="PATH_OR_URL")
    return check_text(given, settings)


def _say(checked: Checked, *, json: bool) -> None:
    if json:
        emit(checked_json(checked))
    else:
        Console(file=sys.stdout, highlight=False).print(_panel(checked))


def _panel(checked: Checked) -> Panel:
    title = Text(clean(checked.path) or "text")
    text = Text()
    if checked.readings:
        text.append(f"{TEXT_ALONE}\n")
        _append(text, checked.readings)
        return Panel(text, title=title, title_align="left", border_style="dim")
    if checked.failure:
        text.append(clean(f"{failure_words(checked.failure)}\n"), "yellow")
    if checked.answer is None:
        return Panel(text, title=title, title_align="left", border_style="yellow")
    verdict = checked.answer.verdict
    style = STYLES.get(verdict.labelling, "")
    text.append(f"{verdict.labelling.value.replace('_', ' ')}", f"bold {style}")
    text.append(f" · AI evidence level {verdict.level} · consent {verdict.consent.value.replace('_', ' ')}\n")
    for reason in verdict.reasons:
        text.append(clean(f"• {reason}\n"))
    _append(text, checked.answer.readings)
    return Panel(text, title=title, title_align="left", border_style=style or "dim")


def _append(text: Text, given: Sequence[Reading]) -> None:
    seen = [one for one in given if one.state is not ReadingState.UNREADABLE]
    unseen = [one for one in given if one.state is ReadingState.UNREADABLE]
    for heading, readings in (("\nRead\n", seen), ("\nCould not be seen\n", unseen)):
        if readings:
            text.append(heading, "dim")
            text.append(clean("\n".join(f"  {reading_line(reading)}" for reading in readings)) + "\n")
    text.rstrip()
