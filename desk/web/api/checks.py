"""Checks that are kept because somebody asked: kept, listed, read, let go."""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Path, Query, Request
from starlette.responses import Response

from desk.config import Config
from desk.contract_desk import kept_check_json, kept_row_json
from desk.web.api.asked import LARGEST, Note
from desk.web.api.checking import SentHere, looked_at
from desk.web.api.cursors import Listing, cursor, place_of
from desk.web.api.described import PICTURE, answers
from desk.web.api.problems import Problem
from desk.web.api.route import TokenRoute, VisitorHere, answered
from desk.web.api.seen import Seen
from desk.web.api.shapes_desk import KeptChecks, KeptCheckShape, LetGo
from desk.web.checking import waiting
from desk.web.pages.checks import check_of, kept, kept_of, kept_picture, went
from desk.web.reads import note_read
from storage.store import Store

router = APIRouter(route_class=TokenRoute, tags=["check"])
CheckNumber = Annotated[int, Path(ge=1, le=LARGEST, description="The kept check's number.")]


@router.post(
    "/checks", name="api_keep_check", status_code=201, responses=answers(KeptCheckShape, 400, 413, status=201)
)
def keep(
    request: Request, visitor: VisitorHere, given: SentHere, note: Annotated[Note, Form()] = ""
) -> Response:
    """A check whose answer is kept, with a small copy of the picture, never its bytes. Of an address that
    cannot be reached there is nothing to keep (422, `not_kept`)."""
    store: Store = request.app.state.store
    config: Config = request.app.state.config
    done = looked_at(request, visitor, given, to_keep=True)
    found = waiting(config, done.secret, visitor.user.id) if done.keepable else None
    if found is None:
        why = done.line["error"]
        told = str(why["message"]) if isinstance(why, dict) else "it could not be looked at"
        raise Problem(422, "not_kept", told, "picture")
    number = kept(request, visitor, kept_of(found, visitor, note), found.picture)
    return answered(Seen(store, visitor).document(kept_check_json(check_of(request, number))), 201)


@router.get("/checks", name="api_checks", responses=answers(KeptChecks, 400))
def checks(request: Request, visitor: VisitorHere, asked: Annotated[Listing, Query()]) -> Response:
    """The newest first."""
    store: Store = request.app.state.store
    after = place_of(asked.cursor, {}, (int,))
    found = store.checks.latest(int(after[0]) if after else None, asked.limit + 1)
    shown = found[: asked.limit]
    following = cursor((shown[-1].id,), {}) if len(found) > len(shown) else None
    told = {"checks": [kept_row_json(one) for one in shown], "next": following}
    return answered(Seen(store, visitor).document(told))


@router.get("/checks/{number}", name="api_kept_check", responses=answers(KeptCheckShape, 404))
def check(request: Request, visitor: VisitorHere, number: CheckNumber) -> Response:
    """As it was answered then. That it was read stands in the record."""
    store: Store = request.app.state.store
    found = check_of(request, number)
    note_read(request, visitor, "kept check read", f"check {number}")
    return answered(Seen(store, visitor).document(kept_check_json(found)))


@router.get("/checks/{number}/picture", name="api_kept_picture", responses=answers(PICTURE, 404))
def picture(request: Request, visitor: VisitorHere, number: CheckNumber) -> Response:
    """The small copy, whole."""
    return kept_picture(request, number, visitor)


@router.delete("/checks/{number}", name="api_let_go", responses=answers(LetGo, 404, 409))
def let_go(request: Request, visitor: VisitorHere, number: CheckNumber) -> Response:
    """For good."""
    try:
        went(request, visitor, number)
    except HTTPException as error:
        if error.status_code != 409:
            raise
        why = "a legal hold covers a twin that it matched"
        raise Problem(409, "check_held", why, "number") from error
    return answered({"id": number, "let_go": True})
