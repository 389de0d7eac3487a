"""Who may use the desk, and the record of what they did. For administrators."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from desk.web.access import Visitor
from desk.web.guard import allowed
from desk.web.render import page
from storage.store import Store

router = APIRouter()
VisitorHere = Annotated[Visitor, Depends(allowed)]
LINES = 200


@router.get("/users", name="users")
def users(request: Request, visitor: VisitorHere) -> Response:
    store: Store = request.app.state.store
    return page(request, "users.html", users=store.people.every())


@router.get("/audit", name="audit")
def audit(request: Request, visitor: VisitorHere) -> Response:
    store: Store = request.app.state.store
    return page(request, "audit.html", lines=store.audit.latest(limit=LINES), broken=store.audit.broken())
