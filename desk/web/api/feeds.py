"""One's own feeds: a secret address for each filter, to be read by a feed reader without a token."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import ConfigDict, Field
from starlette.responses import Response

from desk.contract_desk import feed_json
from desk.web.api.asked import LARGEST
from desk.web.api.cursors import Listing, paged
from desk.web.api.described import answers
from desk.web.api.filters import Filter
from desk.web.api.route import TokenRoute, VisitorHere, answered
from desk.web.api.seen import Seen
from desk.web.api.shapes_desk import Feeds, MadeFeed, RevokedFeed
from desk.web.pages.feeds import new_feed, revoked
from storage.store import Store

router = APIRouter(route_class=TokenRoute, tags=["feeds"])
FeedNumber = Annotated[int, Path(ge=1, le=LARGEST, description="The feed's number.")]


@router.get("/feeds", name="api_feeds", responses=answers(Feeds, 400))
def feeds(request: Request, visitor: VisitorHere, asked: Annotated[Listing, Query()]) -> Response:
    """One's own that were not revoked, by number; without their addresses, which are not kept."""
    store: Store = request.app.state.store
    own = store.feeds.every(visitor.user.id)
    shown, following = paged(own, lambda one: one.id, int, asked.cursor, asked.limit)
    told = {"feeds": [feed_json(one) for one in shown], "next": following}
    return answered(Seen(store, visitor).document(told))


class FeedOf(Filter):
    """The filters of the inbox, all findings where none is given."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"status": "new", "labelling": "unlabelled", "language": "nl"}]},
    )
    language: Annotated[Literal["en", "nl"], Field(description="Of the words for verdicts.")] = "en"


@router.post(
    "/feeds", name="api_make_feed", status_code=201, responses=answers(MadeFeed, 400, 409, status=201)
)
def make(request: Request, visitor: VisitorHere, asked: FeedOf) -> Response:
    """An Atom feed. Its address is told once: whoever has it reads what you may see, without models' names,
    until the feed is revoked or you may not log in any more; this token's end does not end it."""
    number, address = new_feed(request, visitor, asked.asked(visitor).told, asked.language)
    return answered({"id": number, "address": address}, 201)


@router.delete("/feeds/{number}", name="api_revoke_feed", responses=answers(RevokedFeed, 404))
def revoke(request: Request, visitor: VisitorHere, number: FeedNumber) -> Response:
    """One of one's own: its address leads nowhere from now on."""
    revoked(request, visitor, number)
    return answered({"id": number, "revoked": True})
