"""Where an agency's twins were shown in a month, whether that was agreed, and what to look at first.

A use is one twin in one published picture. It stands in the month in which it was posted; one that was found
later stands in the month in which it was found, too. Models stay behind their twins' names unless --names is
given; pictures are blurred outside what shows the twin.

\b
Examples:
  twinwatch agency-report --agency "Agency A"                               last month, in a few lines
  twinwatch agency-report --agency "Agency A" --month 2026-10 -o october.html
  twinwatch agency-report --agency "Agency A" --month 2026-10 -o october.xlsx --names
  twinwatch agency-report --agency "Agency A" --month 2026-10 --json
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.options import ConfigOption, JsonOption, configured, opened, usage
from desk.output import emit, path_text, say, several, write

if TYPE_CHECKING:
    from desk.agency.sheet import Choice
    from desk.jobs.agency import AgencyReport

FORMATS = ("html", "json", "xlsx")
SHOWN = 10


def run(
    agency: Annotated[str, typer.Option(metavar="NAME", help="As its twins were registered.")] = "",
    month: Annotated[str, typer.Option(metavar="YYYY-MM", help="Default: the last full month.")] = "",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="html, xlsx or json, by its ending.")
    ] = None,
    names: Annotated[bool, typer.Option("--names", help="With the models' names.")] = False,
    thumbnails: Annotated[
        bool, typer.Option("--thumbnails/--no-thumbnails", help="With small pictures, or without.")
    ] = True,
    force: Annotated[bool, typer.Option("--force", help="Overwrite FILE.")] = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    if not agency.strip():
        raise usage("--agency is missing: whose twins?", where="--agency")
    form = output.suffix.removeprefix(".").lower() if output else ""
    if output and form not in FORMATS:
        raise usage(f"{path_text(output)}: it must end in .{', .'.join(FORMATS)}", where=path_text(output))
    if output and output.exists() and not force:
        raise usage(f"{path_text(output)} is there already; --force overwrites it", where=path_text(output))
    settings, now = configured(config), datetime.now(UTC)
    first = _month(month, now.date())

    from desk.agency.json import report_json  # noqa: PLC0415 - the detector and its models: --help does without
    from desk.agency.sheet import Choice  # noqa: PLC0415 - likewise
    from desk.departed import departed  # noqa: PLC0415 - likewise
    from desk.exporting import replaced  # noqa: PLC0415 - likewise
    from desk.handing import handed_report  # noqa: PLC0415 - likewise
    from desk.jobs.agency import Month, report  # noqa: PLC0415 - likewise

    choice = Choice(names, thumbnails)
    retailers = {one.retailer for one in settings.accounts if one.retailer}
    with opened(settings, create=False) as store:
        made = handed_report(store, report(store, agency, Month(first), retailers, now), names=names)
        if output:
            data: bytes = import_module(f"desk.agency.{form}").write(made, store.media, choice)
            replaced(output, iter([data]))
            warning = departed(
                *(store, "agency-report", form, output),
                findings=[use.finding for use in made.uses],
                twins=[twin.name for twin in made.twins],
                thumbnails=thumbnails,
            )
            if warning:
                say(f"twinwatch: warning: {warning}")
    if json and output:
        emit({"file": path_text(output), "format": form, "uses": len(made.uses), "first": len(made.first)})
    elif json:
        emit(report_json(made, choice))
    elif output:
        to_look = f"{len(made.first)} of them to look at first"
        say(f"{several(len(made.uses), 'use')} of {made.month} written to {path_text(output)}, {to_look}")
    else:
        for line in _lines(made, choice):
            write(line)


def _month(words: str, today: date) -> date:
    if not words:
        return (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    try:
        first = datetime.strptime(words, "%Y-%m").replace(tzinfo=UTC).date() if len(words) == 7 else None
    except ValueError:
        first = None
    if first is None:
        raise usage(f"--month {words!r}: expected a month as 2026-10", where="--month")
    if first > today:
        raise usage(f"--month {words}: it has not begun", where="--month")
    return first


def _lines(made: "AgencyReport", choice: "Choice") -> Iterator[str]:
    from desk.agency import sheet  # noqa: PLC0415 - see above

    yield f"{made.agency}, {made.month}: {len(made.uses)} uses of {len(made.twins)} twins"
    for line in made.lines:
        named = sheet.model_of(line.twins, line.model, choice)
        yield f"  {named} by {line.retailer or '(no retailer is named)'}: {sheet.counts(line)}"
    if made.first:
        yield "look at these first"
    for use in made.first[:SHOWN]:
        where = f"{sheet.publisher(use)}, {use.finding.account.name}, {use.posted:%Y-%m-%d}"
        yield f"  #{use.finding.id} {use.twin.name}: {use.urgency[1]} ({where})"
    if len(made.first) > SHOWN:
        yield f"  … and {len(made.first) - SHOWN} more (-o report.html shows them with pictures)"
    if made.ending:
        yield "licences that end soon"
    for one in made.ending:
        yield f"  {one.id}: {one.twin} to {sheet.licence(one)}"
    yield "what this rests on"
    yield from (f"  {remark}" for remark in sheet.remarks(made))
