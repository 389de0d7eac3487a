"""Findings: the list with the inbox's filters, one of them with all that is known, its pictures, and what
people say of it."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, File, Form, Path, Query, Request, UploadFile
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from desk.contract import finding_json, taught_json, witnessed_json
from desk.decisions import Decision as Given
from desk.web.access import Visitor
from desk.web.api.asked import Day, Note, Number, Which
from desk.web.api.cursors import CursorHere, LimitHere, cursor, place_of
from desk.web.api.described import PICTURE, answers
from desk.web.api.filters import Filter
from desk.web.api.problems import Problem
from desk.web.api.route import TokenRoute, VisitorHere, answered
from desk.web.api.seen import Seen
from desk.web.api.shapes import Counts, Findings, Read, Reviewed, WholeFinding
from desk.web.pages import complete, media
from desk.web.pages.decide import decided
from desk.web.pages.finding import dossier_of, finding_of
from desk.web.reads import note_read
from storage.errors import StoreError, TwinwatchError
from storage.inbox import Place
from storage.records import FindingStatus, Surface
from storage.store import Store

router = APIRouter(route_class=TokenRoute, tags=["findings"])


class Order(StrEnum):
    STRONGEST = "strongest"
    OLDEST = "oldest"


class Layer(StrEnum):
    FOUND = "found"
    REGISTERED = "registered"
    DIFFERENCE = "difference"


class Listing(Filter):
    order: Annotated[
        Order, Field(description="`oldest`: by number; whoever goes on from there later misses nothing new.")
    ] = Order.STRONGEST
    cursor: CursorHere = ""
    limit: LimitHere = 50


@router.get("/findings", name="api_findings", responses=answers(Findings, 400))
def findings(request: Request, visitor: VisitorHere, asked: Annotated[Listing, Query()]) -> Response:
    """Findings, each picture of each post by itself, strongest first. While findings are added, none is told
    twice and none is left out that was there when the first page was asked for, unless its strength changed
    meanwhile."""
    store: Store = request.app.state.store
    filters = asked.model_dump(exclude={"cursor", "limit"}, mode="json")
    after = place_of(asked.cursor, filters, (int, int))
    sought = asked.sought(visitor)
    place = Place(int(after[0]), int(after[1])) if after else None
    found, last = store.inbox.walk(sought, place, asked.limit, by_number=asked.order is Order.OLDEST)
    seen = Seen(store, visitor)
    following = cursor((last.order, last.finding_id), filters) if last else None
    return answered({"findings": [seen.finding(one) for one in found], "next": following})


@router.get("/counts", name="api_counts", responses=answers(Counts))
def counts(request: Request, visitor: VisitorHere, asked: Annotated[Filter, Query()]) -> Response:
    """How many findings there are of each status, whatever status is asked for."""
    store: Store = request.app.state.store
    told = store.inbox.counts(asked.sought(visitor))
    return answered({"counts": {status.value: count for status, count in told.items()}})


@router.get("/findings/{number}", name="api_finding", responses=answers(WholeFinding, 404))
def finding(request: Request, visitor: VisitorHere, number: Number) -> Response:
    """One finding with all that is known of it: the post's versions, captures, history, reviews, timeline,
    the licences of its twins. That models' names were read is written into the record."""
    store: Store = request.app.state.store
    whole = dossier_of(request, number, visitor)
    told = Seen(store, visitor).whole(whole)
    if told["models"]:
        note_read(request, visitor, "a model's name read", f"finding {number}")
    return answered(told)


# --- pictures -----------------------------------------------------------------------------------------------


@router.get("/findings/{number}/picture", name="api_picture", responses=answers(PICTURE, 404))
def picture(
    request: Request,
    visitor: VisitorHere,
    number: Number,
    match: Annotated[
        int | None, Query(ge=0, le=1_000, description="Of a film, the frame of this one of its `matches`.")
    ] = None,
) -> Response:
    """The published picture, small and encoded anew; blurred outside the match unless you decide."""
    which = None if match is None else _place(request, number, match, visitor)
    return media.picture(request, number, visitor, which)


@router.get("/findings/{number}/registered/{which}", name="api_registered", responses=answers(PICTURE, 404))
def registered(request: Request, visitor: VisitorHere, number: Number, which: Which) -> Response:
    """The registered picture of one match, small."""
    return media.registered(request, number, _place(request, number, which, visitor), visitor)


@router.get("/findings/{number}/compare/{which}", name="api_compare", responses=answers("image/png", 404))
def compare(request: Request, visitor: VisitorHere, number: Number, which: Which) -> Response:
    """Both laid on each other, and what differs. Not for whom pictures are blurred outside the match."""
    return media.compare(request, number, _place(request, number, which, visitor), visitor)


@router.get("/findings/{number}/layers/{which}/{layer}", name="api_layer", responses=answers(PICTURE, 404))
def layer(request: Request, visitor: VisitorHere, number: Number, which: Which, layer: Layer) -> Response:
    """One of the two laid on each other, all of one size, or what differs. Not for whom pictures are blurred
    outside the match."""
    return media.layer(request, number, _place(request, number, which, visitor), layer.value, visitor)


@router.get("/findings/{number}/copies/{which}", name="api_copy", responses=answers(PICTURE, 404))
def copy(request: Request, visitor: VisitorHere, number: Number, which: Which) -> Response:
    """The picture of another post from which the finding has its evidence (`evidence` with `via`, each
    picture once), small. Not for whom pictures are blurred outside the match."""
    return media.copy(request, number, which, visitor)


@router.get("/findings/{number}/screenshots/{sha256}", name="api_screenshot", responses=answers(PICTURE, 404))
def screenshot(
    request: Request,
    visitor: VisitorHere,
    number: Number,
    sha256: Annotated[str, Path(pattern="^[0-9a-f]{64}$")],
) -> Response:
    """A screenshot of somebody's own reading. That it was read is written into the record."""
    return complete.screenshot(request, number, sha256, visitor)


def _place(request: Request, number: int, which: int, visitor: Visitor) -> int:
    """Among all matches, of one by its place among those that she is told of (`Seen.finding`). Raises
    HTTPException 404."""
    matches = finding_of(request, number, visitor).answer.matches
    told = [
        place for place, match in enumerate(matches) if visitor.scope is None or match.twin in visitor.scope
    ]
    if which >= len(told):
        raise Problem(404)
    return told[which]


# --- what people say ----------------------------------------------------------------------------------------


class Decision(BaseModel):
    """`seen`: the status that whoever decides has seen; where it is another one by now, nothing is written
    (409), so that a request can be sent again. `until`: with `settled` alone, the last day of posting."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"decision": "confirmed", "seen": "new", "note": "seen twice"}]},
    )
    decision: Given
    seen: FindingStatus
    note: Note = ""
    until: Day | None = None


@router.post(
    "/findings/{number}/reviews",
    name="api_review",
    status_code=201,
    responses=answers(Reviewed, 400, 404, 409, status=201),
)
def review(request: Request, visitor: VisitorHere, number: Number, asked: Decision) -> Response:
    """Confirm, reject, have looked at again, settle; or undo the last one, which is a further decision."""
    if asked.until and asked.decision is not Given.SETTLED:
        raise Problem(422, "invalid", "a last day belongs to `settled`", "until")
    store: Store = request.app.state.store
    finding_of(request, number, visitor)
    try:
        done = decided(
            request, visitor, number, asked.decision.written, asked.note.strip(), asked.until, seen=asked.seen
        )
    except StoreError as error:
        if error.kind == "decided_since":
            raise Problem(409, error.kind, str(error), "seen") from error
        raise
    told = {**finding_json(done.finding), **taught_json(done)}
    return answered(Seen(store, visitor).document(told), 201)


@router.post(
    "/findings/{number}/readings",
    name="api_reading",
    status_code=201,
    responses=answers(Read, 400, 404, 409, status=201),
)
def reading(
    request: Request,
    visitor: VisitorHere,
    number: Number,
    surface: Annotated[Surface, Form()],
    state: Annotated[complete.Said, Form(description="`undo` takes the last one of this surface back.")],
    quote: Annotated[str, Form(max_length=2_000)] = "",
    note: Annotated[str, Form(max_length=2_000)] = "",
    screenshot: Annotated[UploadFile | None, File(description="A picture, PDF or recording.")] = None,
) -> Response:
    """What a person saw on a surface that the program could not read. The finding is judged again."""
    store: Store = request.app.state.store
    finding_of(request, number, visitor)
    try:
        done = complete.written(request, number, visitor, surface, state, quote, note, screenshot)
    except TwinwatchError as error:
        if error.kind == "usage":
            raise Problem(422, "no_screenshot", "no screenshot that can be kept", "screenshot") from error
        raise
    told = {**finding_json(done.finding), **witnessed_json(done)}
    return answered(Seen(store, visitor).document(told), 201)
