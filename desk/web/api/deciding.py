"""A decision on several findings at once."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from desk.contract import Json, taught_json
from desk.decisions import Decision as Given
from desk.jobs.review import Reviewed
from desk.web.api.asked import LARGEST, Note
from desk.web.api.described import answers
from desk.web.api.problems import Problem
from desk.web.api.route import TokenRoute, VisitorHere, answered
from desk.web.api.seen import Seen
from desk.web.api.shapes_desk import Decided
from desk.web.pages.decide import Asked, decided_each
from desk.web.pages.finding import MOST_AT_ONCE
from storage.errors import StoreError
from storage.records import FindingStatus
from storage.store import Store

router = APIRouter(route_class=TokenRoute, tags=["findings"])


class One(BaseModel):
    """`seen`: the status that whoever decides has seen."""

    model_config = ConfigDict(extra="forbid")
    finding: Annotated[int, Field(ge=1, le=LARGEST, strict=True)]
    seen: FindingStatus


class Decisions(BaseModel):
    """The same for all of them."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "decision": "rejected",
                    "note": "a size chart",
                    "findings": [{"finding": 7, "seen": "new"}, {"finding": 9, "seen": "look_again"}],
                }
            ]
        },
    )
    decision: Given
    findings: Annotated[list[One], Field(min_length=1, max_length=MOST_AT_ONCE)]
    note: Note = ""


@router.post("/reviews", name="api_reviews", responses=answers(Decided, 400, 404))
def reviews(request: Request, visitor: VisitorHere, asked: Decisions) -> Response:
    """Decide several findings, each by itself: one that is refused (`decided_since`, `nothing_to_undo`,
    `second_person`) does not stop the others. Where one of them is not there, none is decided."""
    chosen = {one.finding: one.seen for one in asked.findings}
    if len(chosen) < len(asked.findings):
        raise Problem(422, "invalid", "each finding once", "findings")
    store: Store = request.app.state.store
    reviewed: list[Json] = []
    refused: list[Json] = []
    for number, done in decided_each(
        request, visitor, chosen, Asked(asked.decision.written, asked.note.strip())
    ):
        if isinstance(done, StoreError):
            why = {"kind": done.kind, "message": str(done), "where": f"finding {number}"}
            refused.append({"finding": number, "error": why})
        else:
            reviewed.append(_told(number, done))
    told = {"reviewed": reviewed, "refused": refused}
    return answered(Seen(store, visitor).document(told))


def _told(number: int, done: Reviewed) -> Json:
    return {"finding": number, "status": done.finding.status.value, **taught_json(done)}
