"""How every account is doing, and what every night did."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from desk.config import Config
from desk.jobs.accounts import health_of
from desk.web.access import Visitor
from desk.web.guard import allowed
from desk.web.render import page
from storage.store import RunRecord, Store

router = APIRouter()
VisitorHere = Annotated[Visitor, Depends(allowed)]
NIGHTS = 60


@router.get("/accounts", name="accounts")
def accounts(request: Request, visitor: VisitorHere) -> Response:
    store: Store = request.app.state.store
    config: Config = request.app.state.config
    found = health_of(store, config.accounts, config.expected, datetime.now(UTC))
    return page(request, "accounts.html", accounts=found)


@router.get("/runs", name="runs")
def runs(request: Request, visitor: VisitorHere) -> Response:
    store: Store = request.app.state.store
    found = [(run, _errors(run)) for run in store.runs(limit=NIGHTS)]
    return page(request, "runs.html", runs=found)


def _errors(run: RunRecord) -> list[tuple[str, str]]:
    """Where, and in a sentence what; an older version may have written something else."""
    told = run.summary.get("errors")
    return [
        (str(one.get("where", "")), str(one.get("message", "")))
        for one in (told if isinstance(told, list) else [])
        if isinstance(one, dict)
    ]
