"""Twins: what is registered, under which terms, and where each is shown."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from desk.web.access import Visitor
from desk.web.corrected import corrected
from desk.web.guard import allowed
from desk.web.reads import note_read
from desk.web.render import page
from desk.web.turns import made
from storage.inbox import Sought
from storage.records import Twin
from storage.store import Store

router = APIRouter()
VisitorHere = Annotated[Visitor, Depends(allowed)]


@router.get("/twins", name="twins")
async def twins(request: Request, visitor: VisitorHere) -> Response:
    answer, named = await made(request, lambda: _twins(request, visitor))
    if named:
        await run_in_threadpool(note_read, request, visitor, "models' names read", "all twins")
    return answer


def _twins(request: Request, visitor: Visitor) -> tuple[Response, bool]:
    """The page, and whether a model is named on it."""
    store: Store = request.app.state.store
    seen = _seen(store, visitor)
    licences: dict[str, int] = {}
    for one in store.terms.all():
        licences[one.twin] = licences.get(one.twin, 0) + 1
    pictures: dict[str, int] = {}
    for reference in store.references():
        if reference.withdrawn_at is None:
            pictures[reference.twin] = pictures.get(reference.twin, 0) + 1
    named = visitor.sees_names and any(one.model for one in seen)
    return page(request, "twins.html", twins=seen, licences=licences, pictures=pictures), named


@router.get("/twins/{name:path}", name="twin")
async def twin(request: Request, name: str, visitor: VisitorHere) -> Response:
    answer, named = await made(request, lambda: _twin(request, name, visitor))
    if named:
        await run_in_threadpool(note_read, request, visitor, "a model's name read", "a twin")
    return answer


def _twin(request: Request, name: str, visitor: Visitor) -> tuple[Response, bool]:
    """The page, and whether a model is named on it. Raises HTTPException 404."""
    store: Store = request.app.state.store
    found = next((one for one in _seen(store, visitor) if one.name == name), None)
    if found is None:
        raise HTTPException(404)
    set_right = store.contests.corrections(name)
    named = visitor.sees_names and bool(found.model or any("model" in one.after for one in set_right))
    sought = Sought(twin=name, scope=visitor.scope)
    answer = page(
        request,
        "twin.html",
        twin=found,
        references=store.references(name),
        licences=[one for one in store.terms.all() if one.twin == name],
        counts=store.inbox.counts(sought),
        exports=[one for one in store.exports.all() if name in one.twins] if visitor.sees_names else [],
        corrections=[corrected(one, visitor) for one in set_right],
        restorable=found.withdrawn_at is not None,
        lines=store.inbox.lines(sought, limit=12).lines,
    )
    return answer, named


def _seen(store: Store, visitor: Visitor) -> list[Twin]:
    return [one for one in store.twins() if visitor.scope is None or one.name in visitor.scope]
