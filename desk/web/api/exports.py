"""A filter of the inbox as a file, as the page hands it over."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import ConfigDict, Field
from starlette.responses import Response

from desk import exporting
from desk.pictured import Pictured
from desk.web.api.described import answers
from desk.web.api.filters import Filter
from desk.web.api.route import TokenRoute, VisitorHere
from desk.web.pages.export import Wanted, counted, taken_out
from storage.store import Store

router = APIRouter(route_class=TokenRoute, tags=["exports"])


class Form(StrEnum):
    """As in desk/exports."""

    CSV = "csv"
    HTML = "html"
    JSONL = "jsonl"
    PDF = "pdf"
    XLSX = "xlsx"


FILES = tuple(exporting.TYPES[one.value].partition(";")[0] for one in Form)


class Taking(Filter):
    """The filters of the inbox, all findings where none is given; and how they are wanted."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"format": "csv", "status": "confirmed", "retailer": "H&M", "since": "2026-11-01"}]
        },
    )
    format: Form
    names: Annotated[bool, Field(description="Models' names, too, where your role grants them.")] = False
    pictures: Annotated[
        Pictured, Field(description="In HTML and PDF. `whole` is for those who decide; else it is `blurred`.")
    ] = Pictured.NONE


@router.post("/exports", name="api_export", responses=answers(FILES, 400))
def export(request: Request, visitor: VisitorHere, asked: Taking) -> Response:
    """Findings as a file. What your role does not grant is left out, not refused. Who took what is remembered
    before the first byte is sent. XLSX, HTML and PDF hold so many findings at most (413,
    `too_many_findings`); CSV and JSON Lines any number."""
    store: Store = request.app.state.store
    filters, form = asked.asked(visitor), asked.format.value
    count, limit = counted(store, filters, form)
    if limit is not None and count > limit:
        raise exporting.too_many(form, limit)
    return taken_out(store, visitor, filters, Wanted(form, asked.names, asked.pictures), count)
