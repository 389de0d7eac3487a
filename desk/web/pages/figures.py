"""Figures: shares of AI pictures with a label, as charts with their tables, and to take away. For the house:
they compare everybody's accounts, and nobody's twins are told in them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from desk.contract_figures import figures_csv
from desk.figures.charts import MOST_CELLS, MOST_PANELS, Chart, cell_name, lines_of, percent, why_none
from desk.figures.counting import COUNTED, DECLARERS, Known, Step
from desk.figures.drawing import Appearance
from desk.figures.kept import Kept
from desk.figures.lines import FEWEST_ACCOUNTS, FEWEST_PICTURES, WIDE, Asked
from desk.web.access import Visitor
from desk.web.cannot_be import CannotBe
from desk.web.guard import allowed, words_of
from desk.web.reads import by_token
from desk.web.render import page
from storage.records import Surface
from storage.store import Store

router = APIRouter()
VisitorHere = Annotated[Visitor, Depends(allowed)]
DRAWN = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, max-age=300",
    "Vary": "Cookie, Accept-Language",  # there are words on it
}
NAMES = ("retailer", "platform", "since", "until", "step")


@dataclass(frozen=True, slots=True)
class Address:
    """What an address asks for, checked; and the same as a query again."""

    asked: Asked
    told: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, asked: Asked) -> "Address":
        """What is left to the default is not told."""
        given = {name: getattr(asked, name) for name in NAMES}
        told = [(name, str(value)) for name, value in given.items() if value and value is not Step.MONTH]
        return cls(asked, (*told, *(("surface", one.value) for one in asked.surfaces)))

    def query(self, **other: str) -> str:
        """With these added, "" takes one away; with its question mark."""
        left = [(name, value) for name, value in self.told if name not in other]
        more = urlencode([*left, *((name, value) for name, value in other.items() if value)])
        return f"?{more}" if more else ""


def address_of(request: Request) -> Address:
    """Raises HTTPException 422 for a value that cannot be one."""
    given = {name: request.query_params.get(name, "").strip()[:200] for name in NAMES}
    _possible("step", given["step"], Step)
    surfaces = [one for one in request.query_params.getlist("surface") if one.strip()]
    for one in surfaces:
        _possible("surface", one, Surface)
    asked = Asked(
        retailer=given["retailer"],
        platform=given["platform"],
        since=_day("since", given["since"]),
        until=_day("until", given["until"]),
        step=Step(given["step"]) if given["step"] else Step.MONTH,
        surfaces=tuple(sorted({Surface(one) for one in surfaces})),
    )
    return Address.of(asked)


def _possible(field: str, value: str, values: type[StrEnum]) -> None:
    if value and value not in set(values):
        raise CannotBe(field, value, why="none_of", expected=values)


def _day(field: str, value: str) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise CannotBe(field, value, why="no_day") from None


@router.get("/figures", name="figures")
def figures(request: Request, visitor: VisitorHere) -> Response:
    store: Store = request.app.state.store
    kept: Kept = request.app.state.figures
    address = address_of(request)
    found = kept.figures(address.asked)
    t = words_of(request)
    return page(
        request,
        "figures.html",
        address=address,
        asked=address.asked,
        found=found,
        charts=[(chart, lines_of(found, chart)) for chart in Chart],
        choices=store.inbox.choices(),
        steps=tuple(Step),
        surfaces=tuple(Surface),
        declarers=DECLARERS,
        known=tuple(Known),
        counted=COUNTED,
        percent=percent,
        name_of=lambda line: cell_name(line, t),
        why_none=lambda line: why_none(line, t),
        most_cells=MOST_CELLS,
        most_panels=MOST_PANELS,
        fewest={"pictures": FEWEST_PICTURES, "accounts": FEWEST_ACCOUNTS, "wide": percent(WIDE)},
    )


@router.get("/figures/{chart}.svg", name="figures_chart")
def chart(request: Request, chart: str, visitor: VisitorHere) -> Response:
    """`dark`, `narrow`: how it looks; `save`: as a file, which stands in the record."""
    kept: Kept = request.app.state.figures
    if chart not in set(Chart):
        raise HTTPException(404)
    address, flags = address_of(request), request.query_params
    t = words_of(request)
    look = Appearance(dark="dark" in flags, narrow="narrow" in flags)
    made = kept.chart(address.asked, Chart(chart), look, t.language, t)
    headers = dict(DRAWN)
    if "save" in flags:
        headers |= {"Content-Disposition": f'attachment; filename="twinwatch-{chart}.svg"'}
        note_taken(request, visitor, "svg", address)
    return Response(made, media_type="image/svg+xml", headers=headers)


@router.get("/figures.csv", name="figures_csv")
def as_csv(request: Request, visitor: VisitorHere) -> Response:
    """Every line, as a file, which stands in the record."""
    kept: Kept = request.app.state.figures
    address = address_of(request)
    made = figures_csv(kept.figures(address.asked))
    note_taken(request, visitor, "csv", address)
    headers = {"Content-Disposition": 'attachment; filename="twinwatch-figures.csv"'}
    return Response(made, media_type="text/csv; charset=utf-8", headers=headers)


def note_taken(request: Request, visitor: Visitor, form: str, address: Address) -> None:
    """That figures left as a file."""
    store: Store = request.app.state.store
    detail = {"asked": address.query(), **by_token(visitor)}
    store.audit.append(datetime.now(UTC), visitor.user.name, f"exported: {form}", "figures", detail)
