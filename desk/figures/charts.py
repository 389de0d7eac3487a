"""Charts of figures as SVG: which lines are drawn, and the same in sentences for whoever cannot see them."""

import threading
from collections.abc import Callable, Sequence
from enum import StrEnum

from desk.figures.drawing import Appearance, specification
from desk.figures.lines import FEWEST_ACCOUNTS, FEWEST_PICTURES, Figures, Line
from desk.figures.plain_svg import plain
from desk.output import clean

Words = Callable[..., str]
MOST_CELLS = 30  # lines of a chart; the table beside it has them all
MOST_PANELS = 6
NAME = 60  # characters of a name on an axis
_lock = threading.Lock()  # one drawing at a time: Vega's engine is one


class Chart(StrEnum):
    OVER_TIME = "over-time"
    RETAILERS = "retailers"
    RETAILERS_OVER_TIME = "retailers-over-time"


def lines_of(figures: Figures, chart: Chart) -> Sequence[Line]:
    """Those that a chart draws; () where it draws none."""
    if chart is Chart.OVER_TIME:
        return figures.over_time
    if chart is Chart.RETAILERS:
        most = sorted(figures.cells, key=lambda line: -line.pictures)[:MOST_CELLS]
        return [line for line in figures.cells if line in most]
    return figures.cells_over_time if 1 < len(figures.cells) <= MOST_PANELS else ()


def svg(figures: Figures, chart: Chart, appearance: Appearance, t: Words) -> bytes:
    """`t`: the words of a language. With a title, and everything that is drawn as text."""
    import vl_convert  # noqa: PLC0415 - an engine for scripts: only where something is drawn

    lines = lines_of(figures, chart)
    spec = specification(
        [_row(line, t) for line in lines],
        appearance,
        share=t("figures.share"),
        across=chart is Chart.RETAILERS,
        panels=chart is Chart.RETAILERS_OVER_TIME,
    )
    with _lock:
        drawn = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    told = "\n".join(sentence(line, t) for line in lines)
    return plain(drawn, t(f"figures.chart_{chart.name.lower()}"), told)


def _row(line: Line, t: Words) -> dict[str, str | float]:
    """What is not there is left out of the drawing: "–" stands where there is no rate."""
    row: dict[str, str | float] = {"name": cell_name(line, t), "period": line.period}
    if line.rate is not None:
        row |= {"share": line.rate.share, "low": line.rate.low, "high": line.rate.high}
    else:
        row |= {"nothing": 0, "none": t("figures.none_short")}
    if line.bounds is not None and line.unread:
        row |= {"least": line.bounds.least, "most": line.bounds.most}
    return row


def sentence(line: Line, t: Words) -> str:
    """A line as a sentence: what a chart says to whoever does not see it."""
    name = ", ".join(filter(None, (cell_name(line, t), line.period))) or t("figures.all")
    counts = t("figures.of_read", labelled=line.labelled, read=line.read)
    if line.rate is None:
        return f"{name}: {why_none(line, t)} ({counts})"
    share, low, high = (percent(one) for one in (line.rate.share, line.rate.low, line.rate.high))
    return f"{name}: {share} ({t('figures.from_to', low=low, high=high)}; {counts})"


def why_none(line: Line, t: Words) -> str:
    """Why there is no rate; "" where there is one."""
    fewest = FEWEST_ACCOUNTS if line.why_none == "few_accounts" else FEWEST_PICTURES
    return t(f"figures.{line.why_none}", fewest=fewest) if line.why_none else ""


def cell_name(line: Line, t: Words) -> str:
    """ "" of all of them."""
    retailer = t("figures.unnamed") if line.unnamed else clean(line.retailer)[:NAME]
    return " · ".join(filter(None, (retailer, line.platform)))


def percent(share: float) -> str:
    """Whole per cent, but never nought or all of what is neither."""
    whole = round(share * 100)
    if whole == 0 and share > 0:
        return "<1%"
    return ">99%" if whole == 100 and share < 1 else f"{whole}%"
