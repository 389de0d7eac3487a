"""How every account is doing, and what every night did."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from desk.config import Config
from desk.contract_accounts import account_json
from desk.jobs.accounts import health_of
from desk.web.api.cursors import Listing, cursor, paged, place_of
from desk.web.api.described import answers
from desk.web.api.problems import Problem
from desk.web.api.route import TokenRoute, VisitorHere, answered
from desk.web.api.seen import Seen
from desk.web.api.shapes import Accounts, Runs
from storage.store import Store

router = APIRouter(route_class=TokenRoute, tags=["watch"])


@router.get("/accounts", name="api_accounts", responses=answers(Accounts, 400))
def accounts(request: Request, visitor: VisitorHere, asked: Annotated[Listing, Query()]) -> Response:
    """Every account that is watched or of which something is stored, by name, as `twinwatch accounts`."""
    store: Store = request.app.state.store
    config: Config = request.app.state.config
    found = health_of(store, config.accounts, config.expected, datetime.now(UTC))
    shown, following = paged(found, lambda one: one.account.name, str, asked.cursor, asked.limit)
    told = {"accounts": [account_json(one, config.groups) for one in shown], "next": following}
    return answered(Seen(store, visitor).document(told))


@router.get("/runs", name="api_runs", responses=answers(Runs, 400))
def runs(request: Request, visitor: VisitorHere, asked: Annotated[Listing, Query()]) -> Response:
    """Nights and imports, newest first."""
    store: Store = request.app.state.store
    found = store.runs(asked.limit + 1, _behind(asked.cursor))
    shown = found[: asked.limit]
    last = shown[-1] if len(found) > len(shown) else None
    told = [
        {"run": one.run, "started": one.started, "ended": one.ended, "summary": dict(one.summary)}
        for one in shown
    ]
    following = cursor((last.started.isoformat(), last.run), {}) if last else None
    return answered(Seen(store, visitor).document({"runs": told, "next": following}))


def _behind(given: str) -> tuple[datetime, str] | None:
    """Raises Problem 400."""
    after = place_of(given, {}, (str, str))
    if after is None:
        return None
    try:
        return datetime.fromisoformat(str(after[0])).astimezone(UTC), str(after[1])
    except (ValueError, OverflowError):
        raise Problem(400, "bad_cursor", "that is no cursor of this desk", "cursor") from None
