"""Who may use the desk, and the record of what they did. For administrators."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from desk.web.access import Visitor
from desk.web.guard import allowed
from desk.web.render import page
from storage.store import Store

router = APIRouter()
VisitorHere = Annotated[Visitor, Depends(allowed)]
LINES = 200
LARGEST = 2**53 - 1


@router.get("/users", name="users")
def users(request: Request, visitor: VisitorHere) -> Response:
    store: Store = request.app.state.store
    return page(request, "users.html", users=store.people.every())


@router.get("/audit", name="audit")
def audit(
    request: Request, visitor: VisitorHere, before: Annotated[int | None, Query(ge=1, le=LARGEST)] = None
) -> Response:
    """The newest lines first; `before`: those older than this one."""
    store: Store = request.app.state.store
    lines = store.audit.latest(before=before, limit=LINES)
    whole = len(lines) == LINES and lines[-1].id > 1
    return page(
        request,
        "audit.html",
        lines=lines,
        older=lines[-1].id if whole else None,
        newest=before is None,
        broken=store.audit.broken(),
    )
