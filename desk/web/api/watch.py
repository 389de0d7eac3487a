"""How every account is doing, and what every night did."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from desk.config import Config
from desk.contract_accounts import account_json
from desk.jobs.accounts import health_of
from desk.web.api.cursors import Listing, paged
from desk.web.api.described import answers
from desk.web.api.route import TokenRoute, VisitorHere, answered
from desk.web.api.shapes import Accounts, Runs
from storage.store import Store

router = APIRouter(route_class=TokenRoute, tags=["watch"])


class RunListing(BaseModel):
    limit: Annotated[int, Field(ge=1, le=100, description="So many of the newest.")] = 20


@router.get("/accounts", name="api_accounts", responses=answers(Accounts, 400))
def accounts(request: Request, visitor: VisitorHere, asked: Annotated[Listing, Query()]) -> Response:
    """Every account that is watched or of which something is stored, by name, as `twinwatch accounts`."""
    store: Store = request.app.state.store
    config: Config = request.app.state.config
    found = health_of(store, config.accounts, config.expected, datetime.now(UTC))
    shown, following = paged(found, lambda one: one.account.name, str, asked.cursor, asked.limit)
    return answered({"accounts": [account_json(one, config.groups) for one in shown], "next": following})


@router.get("/runs", name="api_runs", responses=answers(Runs))
def runs(request: Request, visitor: VisitorHere, asked: Annotated[RunListing, Query()]) -> Response:
    """The newest nights and imports, newest first."""
    store: Store = request.app.state.store
    told = [
        {"run": one.run, "started": one.started, "ended": one.ended, "summary": dict(one.summary)}
        for one in store.runs(asked.limit)
    ]
    return answered({"runs": told})
