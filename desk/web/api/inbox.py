"""The list as the inbox shows it, one line a picture; and what its filters can be."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from desk.web.api.cursors import CursorHere, LimitHere, cursor, place_of
from desk.web.api.described import answers
from desk.web.api.filters import Filter
from desk.web.api.route import TokenRoute, VisitorHere, answered
from desk.web.api.seen import Seen
from desk.web.api.shapes_desk import Choices, Inbox
from storage.inbox import Place
from storage.store import Store

router = APIRouter(route_class=TokenRoute, tags=["findings"])


class Listing(Filter):
    cursor: CursorHere = ""
    limit: LimitHere = 50


@router.get("/inbox", name="api_inbox", responses=answers(Inbox, 400))
def inbox(request: Request, visitor: VisitorHere, asked: Annotated[Listing, Query()]) -> Response:
    """Pictures, strongest first: a line each, by the strongest of its findings among those sought, and how
    many posts show it."""
    store: Store = request.app.state.store
    filters = asked.model_dump(exclude={"cursor", "limit"}, mode="json")
    after = place_of(asked.cursor, filters, (int, int))
    place = Place(int(after[0]), int(after[1])) if after else None
    found = store.inbox.lines(asked.sought(visitor), place, asked.limit)
    seen = Seen(store, visitor)
    following = cursor((found.after.order, found.after.finding_id), filters) if found.after else None
    return answered({"lines": [seen.line(one) for one in found.lines], "next": following})


@router.get("/choices", name="api_choices", responses=answers(Choices))
def choices(request: Request, visitor: VisitorHere) -> Response:
    """What the filters can be set to, as far as there is anything that you may see."""
    store: Store = request.app.state.store
    return answered(Seen(store, visitor).document(asdict(store.inbox.choices(visitor.scope))))
