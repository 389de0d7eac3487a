"""Figures as JSON and as CSV: every field of a line."""

import csv
import io
from collections.abc import Iterator, Mapping

from desk.exports.csv import neutral
from desk.figures.counting import DECLARERS, Known
from desk.figures.interval import Rate
from desk.figures.lines import Bounds, Figures, Line
from storage.records import Surface


def parts_of(figures: Figures) -> Iterator[tuple[str, Line]]:
    """Each line with what it is a line of."""
    yield "all", figures.whole
    for part, lines in (
        ("over_time", figures.over_time),
        ("retailer_and_platform", figures.cells),
        ("retailer_and_platform_over_time", figures.cells_over_time),
    ):
        yield from ((part, line) for line in lines)


def figures_json(figures: Figures) -> Iterator[dict[str, object]]:
    """One object a line. "" in retailer, platform, period is all of them; where it is `unnamed`, accounts of
    which no retailer is named. Shares are from 0 to 1; null where there are none, and `no_rate` says why."""
    asked = asked_json(figures)
    return ({"part": part, **line_json(line), **asked} for part, line in parts_of(figures))


def asked_json(figures: Figures) -> dict[str, object]:
    """What was asked: the surfaces that count, and the days."""
    asked = figures.asked
    return {
        "surfaces": [one.value for one in Surface if one in figures.rule.informs],
        "step": asked.step.value,
        "since": asked.since.isoformat() if asked.since else None,
        "until": asked.until.isoformat() if asked.until else None,
    }


def line_json(line: Line) -> dict[str, object]:
    return {
        "retailer": line.retailer,
        "unnamed": line.unnamed,
        "platform": line.platform,
        "period": line.period,
        "pictures": line.pictures,
        "accounts": line.accounts,
        "read": line.read,
        "read_accounts": line.read_accounts,
        "labelled": line.labelled,
        "weakly_labelled": line.weakly,
        "without_label": line.without,
        "late": line.late,
        "unread": line.unread,
        "unread_labelled": line.unread_labelled,
        "unclear": line.unclear,
        "rate": _rate(line.rate),
        "no_rate": line.why_none,
        "wide": line.wide,
        "declared_by": {
            who.value: {"labelled": line.declared.get(who, 0), "rate": _rate(line.rates.get(who))}
            for who in DECLARERS
        },
        "bounds": _bounds(line.bounds),
        "known_by": {known.value: line.known.get(known, 0) for known in Known},
    }


def _rate(rate: Rate | None) -> dict[str, float] | None:
    if rate is None:
        return None
    names = ("share", "low", "high", "effective")
    return {name: round(getattr(rate, name), 4) for name in names}


def _bounds(bounds: Bounds | None) -> dict[str, float] | None:
    if bounds is None:
        return None
    return {name: round(getattr(bounds, name), 4) for name in ("least", "most", "low", "high")}


# --- CSV ----------------------------------------------------------------------------------------------------


def figures_csv(figures: Figures) -> bytes:
    """As desk/exports/csv.py writes findings: for a spreadsheet, and no cell of it runs. A column for each
    field; those within another are named after both."""
    told = io.StringIO(newline="")
    written = csv.writer(told, lineterminator="\r\n")
    rows = [dict(_flat(record)) for record in figures_json(figures)]
    written.writerow(rows[0])
    for row in rows:
        written.writerow([neutral(cell) for cell in row.values()])
    return b"\xef\xbb\xbf" + told.getvalue().encode("utf-8", "replace")


_WITHIN = {"rate": ("share", "low", "high", "effective"), "bounds": ("least", "most", "low", "high")}


def _flat(record: Mapping[str, object], above: str = "") -> Iterator[tuple[str, object]]:
    for name, value in record.items():
        full = f"{above}{name}"
        if name in _WITHIN and value is None:
            yield from ((f"{full}_{inner}", "") for inner in _WITHIN[name])
        elif isinstance(value, Mapping):
            yield from _flat(value, f"{full}_")
        elif isinstance(value, list):
            yield full, " ".join(map(str, value))
        else:
            yield full, "" if value is None else str(value).lower() if isinstance(value, bool) else value
