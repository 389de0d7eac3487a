"""How many AI pictures carry a label: shares by retailer and platform, over time.

Each picture counts once, where it was shown first, and only if it is known to be AI by something else than
the label that is measured. What could not be read stands beside; with too few pictures or accounts there is
no share.

\b
Examples:
  twinwatch figures
  twinwatch figures --retailer "H&M" --step quarter
  twinwatch figures --surface image_mark --surface image_text --since 2026-08-02
  twinwatch figures --csv figures.csv
  twinwatch figures --platform instagram --svg chart.svg
"""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.options import ConfigOption, JsonOption, configured, day, opened, usage
from desk.output import emit, folder_there, path_text, say, write
from storage.records import Surface

if TYPE_CHECKING:
    from desk.figures.lines import Figures, Line
    from desk.web.words import Words
    from storage.store import Store


class Per(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"


class Drawn(StrEnum):
    OVER_TIME = "over-time"
    RETAILERS = "retailers"
    RETAILERS_OVER_TIME = "retailers-over-time"


def run(
    retailer: Annotated[str, typer.Option(metavar="NAME", help="Only this retailer.")] = "",
    platform: Annotated[str, typer.Option(metavar="NAME", help="Only this platform.")] = "",
    since: Annotated[str, typer.Option(metavar="DATE", help="First shown on this day or later.")] = "",
    until: Annotated[str, typer.Option(metavar="DATE", help="First shown on this day or before.")] = "",
    step: Annotated[Per, typer.Option(help="How long a period is.")] = Per.MONTH,
    surface: Annotated[
        list[Surface] | None,
        typer.Option(help="A label counts here alone; again for more. Default: as the default rule has it."),
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="All lines, for a spreadsheet.")
    ] = None,
    svg: Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="A chart.")] = None,
    chart: Annotated[Drawn, typer.Option(help="Which chart --svg draws.")] = Drawn.OVER_TIME,
    force: Annotated[bool, typer.Option("--force", help="Overwrite FILE.")] = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    for file in filter(None, (csv, svg)):
        folder_there(file)
        if file.exists() and not force:
            raise usage(f"{path_text(file)} is there already; --force overwrites it", where=path_text(file))
    settings = configured(config)

    from desk.additions import rulebook_of  # noqa: PLC0415 - the detector: --help does without
    from desk.figures.counting import Step, measured_rule  # noqa: PLC0415 - likewise
    from desk.figures.lines import Asked, figures  # noqa: PLC0415 - likewise
    from desk.web.words import Words  # noqa: PLC0415 - likewise

    asked = Asked(
        retailer=retailer.strip(),
        platform=platform.strip(),
        since=day(since, "--since") if since else None,
        until=day(until, "--until") if until else None,
        step=Step(step.value),
        surfaces=tuple(surface or ()),
    )
    rule = measured_rule(asked.surfaces, rulebook_of(settings).default)
    words = Words("en")
    with opened(settings, create=False) as store:
        store.figures.catch_up()
        made = figures(store.figures.sightings(), asked, rule)
        if csv:
            _written(store, csv, "csv", _csv(made))
        if svg:
            _written(store, svg, "svg", _svg(made, chart, words, svg))
    if json:
        for line in _json(made):
            emit(line)
    elif not csv and not svg:
        for text in _lines(made, words):
            write(text)


def _written(store: "Store", file: Path, form: str, data: bytes) -> None:
    from desk.departed import departed  # noqa: PLC0415 - see above
    from desk.exporting import replaced  # noqa: PLC0415 - see above

    replaced(file, iter([data]))
    say(f"written to {path_text(file)}")
    warning = departed(store, "figures", form, file)
    if warning:
        say(f"twinwatch: warning: {warning}")


def _csv(made: "Figures") -> bytes:
    from desk.contract_figures import figures_csv  # noqa: PLC0415 - see above

    return figures_csv(made)


def _json(made: "Figures") -> Iterator[dict[str, object]]:
    from desk.contract_figures import figures_json  # noqa: PLC0415 - see above

    return figures_json(made)


def _svg(made: "Figures", chart: Drawn, words: "Words", file: Path) -> bytes:
    from desk.figures import charts  # noqa: PLC0415 - Vega: only where something is drawn
    from desk.figures.drawing import Appearance  # noqa: PLC0415 - likewise

    which = charts.Chart(chart.value)
    if not charts.lines_of(made, which):
        few = (
            f"there is nothing to draw; {which.value} wants 2 to {charts.MOST_PANELS} retailers on platforms"
        )
        over_time = which is charts.Chart.RETAILERS_OVER_TIME
        raise usage(few if over_time else "there is nothing to draw", where=path_text(file))
    return charts.svg(made, which, Appearance(), words)


# --- for people ---------------------------------------------------------------------------------------------


def _lines(made: "Figures", words: "Words") -> Iterator[str]:
    from desk.figures.counting import COUNTED, Known  # noqa: PLC0415 - see above

    counted = [one for one in Known if made.whole.known.get(one)]
    if not counted:
        yield words("figures.nothing")
        return
    yield from _with_bounds(made.whole, words)
    for known in counted:
        sign = "  " if known in COUNTED else "- "
        yield f"{sign}{made.whole.known[known]} {words(f'figures.{known.value}')}"
    for title, lines in (
        (words("figures.over_time"), made.over_time),
        (words("figures.retailers"), made.cells),
    ):
        yield title
        for line in lines:
            yield from (f"  {text}" for text in _with_bounds(line, words))


def _with_bounds(line: "Line", words: "Words") -> Iterator[str]:
    from desk.figures.charts import percent, sentence  # noqa: PLC0415 - see above

    yield sentence(line, words)
    if line.unread:
        beside = [f"{words('figures.unread')}: {line.unread}"]
        if line.unread_labelled:
            beside.append(words("figures.unread_labelled", count=line.unread_labelled))
        if line.bounds:
            ends = percent(line.bounds.least), percent(line.bounds.most)
            told = words("figures.from_to", low=ends[0], high=ends[1])
            beside.append(f"{words('figures.bounds').lower()}: {told}")
        yield f"    {', '.join(beside)}"
