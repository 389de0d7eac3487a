"""Who is told of a night, what became of each message, and a test message. For administrators."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from desk.config import Config
from desk.contract_desk import channel_json, notice_json
from desk.web.api.cursors import Listing, cursor, paged, place_of
from desk.web.api.described import answers
from desk.web.api.route import TokenRoute, VisitorHere, answered
from desk.web.api.shapes_desk import Channels, Notices, Tried
from desk.web.pages.alerts import tried
from storage.store import Store

router = APIRouter(route_class=TokenRoute, tags=["alerts"])
Name = Annotated[str, Path(pattern="^[a-z0-9][a-z0-9_]{0,39}$", description="Of an `[[alert]]`.")]


@router.get("/alerts", name="api_alerts", responses=answers(Channels, 400))
def alerts(request: Request, visitor: VisitorHere, asked: Annotated[Listing, Query()]) -> Response:
    """The channels of twinwatch.toml, by name. Of an address nothing is told that may be secret."""
    config: Config = request.app.state.config
    shown, following = paged(config.channels, lambda one: one.name, str, asked.cursor, asked.limit)
    return answered({"channels": [channel_json(one) for one in shown], "next": following})


@router.get("/notices", name="api_notices", responses=answers(Notices, 400))
def notices(request: Request, visitor: VisitorHere, asked: Annotated[Listing, Query()]) -> Response:
    """Messages that are owed, were sent, or were given up, newest first; not what they said."""
    store: Store = request.app.state.store
    after = place_of(asked.cursor, {}, (int,))
    found = store.notices.latest(asked.limit + 1, int(after[0]) if after else None)
    shown = found[: asked.limit]
    following = cursor((shown[-1].id,), {}) if len(found) > len(shown) else None
    return answered({"notices": [notice_json(one) for one in shown], "next": following})


@router.post("/alerts/{name}/test", name="api_test_alert", responses=answers(Tried, 404))
def test(request: Request, visitor: VisitorHere, name: Name) -> Response:
    """Send a test message, now and once: it says that it is one, and names no finding. Where it was not
    taken, the answer has an `error`."""
    outcome = tried(request, visitor, name)
    return answered({"channel": name, "sent": not outcome.error, "error": outcome.error or None})
