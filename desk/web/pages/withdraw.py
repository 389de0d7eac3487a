"""A model takes her consent back herself, without her agency; an administrator can for her."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from desk.jobs.references import Asked, Change, withdraw
from desk.web.access import Visitor
from desk.web.cannot_be import CannotBe
from desk.web.guard import allowed, checked
from desk.web.reads import by_token
from storage.store import Store

router = APIRouter()
REASON = 2_000  # characters


@router.post("/twins/{name:path}/withdraw", name="withdraw")
def withdraw_twin(
    request: Request,
    name: str,
    visitor: Annotated[Visitor, Depends(allowed)],
    csrf: Annotated[str, Form()] = "",
    sure: Annotated[str, Form()] = "",
    reason: Annotated[str, Form(max_length=REASON)] = "",
) -> Response:
    """From now on: every licence ends, matching goes on, and what is published later is `withdrawn`."""
    checked(request, csrf, visitor)
    withdrawn(request, visitor, name, reason, sure=sure == "yes")
    return RedirectResponse(request.url_for("twin", name=name).path, 303)


def withdrawn(request: Request, visitor: Visitor, name: str, reason: str, *, sure: bool) -> Change:
    """With a line in the record. Raises HTTPException 404 for a twin that is not there for her."""
    store: Store = request.app.state.store
    known = {one.name for one in store.twins()} if visitor.scope is None else visitor.scope
    if name not in known:
        raise HTTPException(404)
    if not sure:
        raise CannotBe("sure", why="unticked")
    said = reason.strip() or "withdrawn at the desk"
    done = withdraw(store, Asked(name, by=visitor.user.name, reason=said))
    if not (done.consent or done.licences):
        return done  # it was withdrawn before
    # No name of a twin: the record cannot be altered, and she may be erased.
    detail = {"licences": len(done.licences), "withdrawn": done.consent, **by_token(visitor)}
    store.audit.append(datetime.now(UTC), visitor.user.name, "consent withdrawn", "a twin", detail)
    return done
