"""The record of what was done at the desk, and whom a token stands for."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from desk.contract_desk import user_json
from desk.web.api.cursors import Listing, cursor, paged, place_of
from desk.web.api.described import answers, description
from desk.web.api.route import TokenRoute, VisitorHere, answered
from desk.web.api.shapes import Me, Record, Shape
from desk.web.api.shapes_desk import Chain, Users
from storage.people import Token
from storage.store import Store

router = APIRouter(route_class=TokenRoute, tags=["desk"])


@router.get("/audit", name="api_audit", responses=answers(Record, 400))
def audit(request: Request, visitor: VisitorHere, asked: Annotated[Listing, Query()]) -> Response:
    """Line by line, newest first, each chained to the one before. For administrators."""
    store: Store = request.app.state.store
    after = place_of(asked.cursor, {}, (int,))
    lines = store.audit.latest(int(after[0]) if after else None, asked.limit + 1)
    shown = lines[: asked.limit]
    following = cursor((shown[-1].id,), {}) if len(lines) > len(shown) else None
    return answered({"lines": [asdict(one) for one in shown], "next": following})


@router.get("/audit/chain", name="api_chain", responses=answers(Chain))
def chain(request: Request, visitor: VisitorHere) -> Response:
    """Whether all lines of the record fit to each other, or which is the first that does not."""
    store: Store = request.app.state.store
    return answered({"broken": store.audit.broken()})


@router.get("/users", name="api_users", responses=answers(Users, 400))
def users(request: Request, visitor: VisitorHere, asked: Annotated[Listing, Query()]) -> Response:
    """Who may use this desk, by number. For administrators."""
    store: Store = request.app.state.store
    shown, following = paged(store.people.every(), lambda one: one.id, int, asked.cursor, asked.limit)
    return answered({"users": [user_json(one) for one in shown], "next": following})


@router.get("/me", name="api_me", responses=answers(Me))
def me(request: Request, visitor: VisitorHere) -> Response:
    """Whom this token stands for, and what it may."""
    token: Token = request.state.token
    return answered(
        {
            "user": visitor.user.name,
            "role": visitor.user.role.value,
            "whose": visitor.user.whose or None,
            "token": token.name,
            "scopes": sorted(token.scopes),
            "expires_at": token.expires_at,
        }
    )


class Described(Shape):
    openapi: str


@router.get("/openapi.json", name="api_openapi", responses={200: {"model": Described}})
def openapi(request: Request) -> Response:
    """This description."""
    return answered(description(request.app))
