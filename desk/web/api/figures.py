"""Figures: shares of AI pictures with a label, line by line, as a table and as charts. For the house."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from desk.contract import Json
from desk.contract_figures import figures_csv, figures_json
from desk.figures.charts import Chart, lines_of
from desk.figures.counting import Step
from desk.figures.drawing import Appearance
from desk.figures.kept import Kept
from desk.figures.lines import Asked
from desk.web.api.asked import DayHere, Plain
from desk.web.api.cursors import CursorHere, LimitHere, cursor, place_of
from desk.web.api.described import answers
from desk.web.api.problems import Problem
from desk.web.api.route import TokenRoute, VisitorHere, answered
from desk.web.api.seen import Seen
from desk.web.api.shapes_desk import Figures
from desk.web.pages.figures import DRAWN, Address, note_taken
from desk.web.words import Words
from storage.records import Surface
from storage.store import Store

router = APIRouter(route_class=TokenRoute, tags=["figures"])
CSV = "text/csv"
SVG = "image/svg+xml"
PART = ("part", "retailer", "platform", "period")  # no two lines have all of them alike


class Measured(BaseModel):
    """Days are those on which a picture was first shown."""

    retailer: Plain = ""
    platform: Plain = ""
    since: DayHere = None
    until: DayHere = None
    step: Annotated[Step, Field(description="How long a period is.")] = Step.MONTH
    surface: Annotated[
        list[Surface],
        Field(max_length=20, description="A label counts here alone. Default: as the default rule has it."),
    ] = []

    def asked(self) -> Asked:
        return Asked(
            retailer=self.retailer.strip(),
            platform=self.platform.strip(),
            since=self.since,
            until=self.until,
            step=self.step,
            surfaces=tuple(sorted(set(self.surface))),
        )


class Listing(Measured):
    cursor: CursorHere = ""
    limit: LimitHere = 50


class Drawing(Measured):
    dark: bool = False
    narrow: Annotated[bool, Field(description="For a phone.")] = False
    language: Literal["en", "nl"] = "en"


@router.get("/figures", name="api_figures", responses=answers(Figures, 400))
def figures(request: Request, visitor: VisitorHere, asked: Annotated[Listing, Query()]) -> Response:
    """Lines as `twinwatch figures --json` tells them: of all, by period, by retailer and platform, and both.
    Each with its interval, what could not be read, and why there is no rate where there is none."""
    kept: Kept = request.app.state.figures
    store: Store = request.app.state.store
    filters = asked.model_dump(exclude={"cursor", "limit"}, mode="json")
    lines = list(figures_json(kept.figures(asked.asked())))
    first = _behind(lines, asked.cursor, filters)
    shown = lines[first : first + asked.limit]
    ends = first + len(shown)
    following = cursor((ends, _mark(shown[-1])), filters) if ends < len(lines) else None
    return answered(Seen(store, visitor).document({"figures": shown, "next": following}))


@router.get("/figures.csv", name="api_figures_csv", responses=answers(CSV))
def as_csv(request: Request, visitor: VisitorHere, asked: Annotated[Measured, Query()]) -> Response:
    """Every line, for a spreadsheet. That it was taken is written into the record."""
    kept: Kept = request.app.state.figures
    address = Address.of(asked.asked())
    made = figures_csv(kept.figures(address.asked))
    note_taken(request, visitor, "csv", address)
    return Response(made, media_type=f"{CSV}; charset=utf-8", headers=_named("figures.csv"))


@router.get("/figures/{chart}.svg", name="api_figures_chart", responses=answers(SVG, 404))
def chart(
    request: Request, visitor: VisitorHere, chart: Chart, asked: Annotated[Drawing, Query()]
) -> Response:
    """A chart of the lines. That it was taken is written into the record."""
    kept: Kept = request.app.state.figures
    address = Address.of(asked.asked())
    if not lines_of(kept.figures(address.asked), chart):
        raise Problem(
            404, "nothing_to_draw", "there is nothing to draw, or too much for one drawing", "chart"
        )
    look = Appearance(dark=asked.dark, narrow=asked.narrow)
    made = kept.chart(address.asked, chart, look, asked.language, Words(asked.language))
    note_taken(request, visitor, "svg", address)
    return Response(made, media_type=SVG, headers={**DRAWN, **_named(f"{chart.value}.svg")})


def _behind(lines: list[dict[str, object]], given: str, filters: Mapping[str, object]) -> int:
    """Where the page begins: behind the line on which the one before ended, wherever that stands by now."""
    after = place_of(given, filters, (int, str))
    if after is None:
        return 0
    ended, mark = int(after[0]), after[1]
    if 0 < ended <= len(lines) and _mark(lines[ended - 1]) == mark:
        return ended
    for number, line in enumerate(lines, start=1):
        if _mark(line) == mark:
            return number
    raise Problem(400, "bad_cursor", "these figures were made anew: begin with the first page", "cursor")


def _mark(line: Json) -> str:
    return sha256("\0".join(str(line[name]) for name in PART).encode("utf-8", "replace")).hexdigest()[:16]


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="twinwatch-{name}"'}
