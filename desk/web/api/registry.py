"""What is registered: twins, their pictures (never a fingerprint of them), their licences; which files left
the house with them; and that a model's consent ends."""

from collections.abc import Callable, Sequence
from typing import Annotated, Literal, TypeVar

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from desk.contract import Json, reference_json, twin_json
from desk.contract_taken_out import export_json
from desk.contract_terms import consent_json
from desk.web.access import Visitor
from desk.web.api.asked import Note, Plain
from desk.web.api.cursors import CursorHere, LimitHere, paged
from desk.web.api.described import answers
from desk.web.api.problems import Problem
from desk.web.api.route import TokenRoute, VisitorHere, answered
from desk.web.api.seen import LICENCE, REFERENCE, for_names
from desk.web.api.shapes import Licences, References, Twins
from desk.web.api.shapes_desk import Departures, Withdrawn
from desk.web.corrected import corrected
from desk.web.pages.withdraw import withdrawn
from desk.web.reads import note_read
from storage.keeping import Export
from storage.records import Twin
from storage.store import Store

router = APIRouter(route_class=TokenRoute, tags=["registry"])
T = TypeVar("T")


class TwinListing(BaseModel):
    twin: Plain = ""
    cursor: CursorHere = ""
    limit: LimitHere = 50


class OneTwins(TwinListing):
    twin: Annotated[Plain, Field(min_length=1, description="Whose.")]


@router.get("/twins", name="api_twins", responses=answers(Twins, 400))
def twins(request: Request, visitor: VisitorHere, asked: Annotated[TwinListing, Query()]) -> Response:
    """Twins by name; of one alone with `twin`. That models' names were read is written into the record."""
    store: Store = request.app.state.store
    shown, following = _paged(_seen(store, visitor, asked.twin), lambda one: one.name, str, asked)
    if visitor.sees_names and any(one.model for one in shown):
        note_read(request, visitor, "models' names read", "all twins")
    return answered({"twins": _twins(store, shown, visitor), "next": following})


@router.get("/references", name="api_references", responses=answers(References, 400, 404))
def references(request: Request, visitor: VisitorHere, asked: Annotated[OneTwins, Query()]) -> Response:
    """The registered pictures of one twin, those that match no more too."""
    store: Store = request.app.state.store
    found = store.references(_one(store, visitor, asked.twin).name)
    shown, following = _paged(found, lambda one: one.sha256, str, asked)
    told = [for_names(store, reference_json(one), visitor, REFERENCE) for one in shown]
    return answered({"references": told, "next": following})


@router.get("/licences", name="api_licences", responses=answers(Licences, 400))
def licences(request: Request, visitor: VisitorHere, asked: Annotated[TwinListing, Query()]) -> Response:
    """Licences by number; of one twin alone with `twin`."""
    store: Store = request.app.state.store
    seen = {one.name for one in _seen(store, visitor, asked.twin)}
    held = [one for one in store.terms.all() if one.twin in seen]
    shown, following = _paged(held, lambda one: one.id, int, asked)
    told = [for_names(store, consent_json(one), visitor, LICENCE) for one in shown]
    return answered({"licences": told, "next": following})


@router.get("/exports", name="api_exports", responses=answers(Departures, 400, 404))
def exports(request: Request, visitor: VisitorHere, asked: Annotated[OneTwins, Query()]) -> Response:
    """Files that left the house with one twin in them, oldest first: when, by whom, how many findings. For
    whom the twin's page shows them."""
    store: Store = request.app.state.store
    name = _one(store, visitor, asked.twin).name
    left = [one for one in store.exports.all() if name in one.twins]
    shown, following = _paged(left, lambda one: one.id, int, asked)
    told = [for_names(store, _departure(one), visitor, ()) for one in shown]
    return answered({"exports": told, "next": following})


class Ending(BaseModel):
    """`sure`: it cannot be taken back by whoever asks."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"twin": "Twin A", "sure": True, "reason": "by letter of today"}]},
    )
    twin: Annotated[Plain, Field(min_length=1, description="Whose.")]
    sure: Literal[True]
    reason: Note = ""


@router.post(
    "/withdrawals",
    name="api_withdraw",
    status_code=201,
    responses=answers(Withdrawn, 400, 404, status=201),
)
def withdraw(request: Request, visitor: VisitorHere, asked: Ending) -> Response:
    """A twin's consent ends, from now on, with all its licences; matching goes on, and what is published
    later is `withdrawn`. Once more changes nothing."""
    done = withdrawn(request, visitor, asked.twin, asked.reason, sure=asked.sure)
    told = {"twin": asked.twin, "withdrawn": done.consent, "licences": list(done.licences)}
    return answered({**told, "since": done.since}, 201)


def _departure(one: Export) -> Json:
    """Without the file's name, which may be anybody's, and without which findings: the number says enough."""
    told = export_json(one)
    left = {name: told[name] for name in told if name not in ("path", "twins")}
    return {**left, "findings": len(one.findings)}


def _paged(
    found: Sequence[T], key: Callable[[T], str | int], kind: type, asked: TwinListing
) -> tuple[Sequence[T], str | None]:
    return paged(found, key, kind, asked.cursor, asked.limit, {"twin": asked.twin})


def _one(store: Store, visitor: Visitor, name: str) -> Twin:
    """Raises Problem 404."""
    found = next(iter(_seen(store, visitor, name)), None)
    if found is None:
        raise Problem(404, where="twin")
    return found


def _seen(store: Store, visitor: Visitor, name: str) -> Sequence[Twin]:
    """The one of this name where one is asked for."""
    return [
        one
        for one in store.twins()
        if (not name or one.name == name) and (visitor.scope is None or one.name in visitor.scope)
    ]


def _twins(store: Store, shown: Sequence[Twin], visitor: Visitor) -> list[Json]:
    """Each with what was set right about it since it was registered, oldest first."""
    names = frozenset({"model", "agency"})
    every = store.contests.corrections(shown[0].name if len(shown) == 1 else None) if shown else ()
    made = []
    for one in shown:
        told = twin_json(one, ())
        del told["references"]
        told["corrections"] = [corrected(each, visitor, names) for each in every if each.twin == one.name]
        made.append(for_names(store, told, visitor, ("model", "agency", "note")))
    return made
