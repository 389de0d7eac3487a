"""What is registered: twins, their pictures (never a fingerprint of them), their licences."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from desk.contract import Json, reference_json, twin_json
from desk.contract_terms import consent_json
from desk.web.access import Visitor
from desk.web.api.asked import Plain
from desk.web.api.cursors import CursorHere, LimitHere, cursor, place_of
from desk.web.api.described import answers
from desk.web.api.problems import Problem
from desk.web.api.route import TokenRoute, VisitorHere, answered
from desk.web.api.shapes import Licences, References, Twins
from desk.web.reads import note_read
from desk.web.veiled import veil_for
from storage.records import Twin
from storage.store import Store

router = APIRouter(route_class=TokenRoute, tags=["registry"])


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
    filters: dict[str, object] = {"twin": asked.twin}
    after = place_of(asked.cursor, filters, (str,))
    seen = _seen(store, visitor, asked.twin)
    left = [one for one in seen if after is None or one.name > str(after[0])]
    shown = left[: asked.limit]
    if visitor.sees_names and any(one.model for one in shown):
        note_read(request, visitor, "models' names read", "all twins")
    following = cursor((shown[-1].name,), filters) if len(left) > len(shown) else None
    return answered({"twins": [_twin(store, one, visitor) for one in shown], "next": following})


@router.get("/references", name="api_references", responses=answers(References, 400, 404))
def references(request: Request, visitor: VisitorHere, asked: Annotated[OneTwins, Query()]) -> Response:
    """The registered pictures of one twin, those that match no more too."""
    store: Store = request.app.state.store
    filters: dict[str, object] = {"twin": asked.twin}
    after = place_of(asked.cursor, filters, (str,))
    twin = next(iter(_seen(store, visitor, asked.twin)), None)
    if twin is None:
        raise Problem(404, where="twin")
    found = sorted(store.references(twin.name), key=lambda one: one.sha256)
    left = [one for one in found if after is None or one.sha256 > str(after[0])]
    shown = left[: asked.limit]
    told = [_for(store, reference_json(one), visitor, ("source", "document", "note")) for one in shown]
    following = cursor((shown[-1].sha256,), filters) if len(left) > len(shown) else None
    return answered({"references": told, "next": following})


@router.get("/licences", name="api_licences", responses=answers(Licences, 400))
def licences(request: Request, visitor: VisitorHere, asked: Annotated[TwinListing, Query()]) -> Response:
    """Licences by number; of one twin alone with `twin`."""
    store: Store = request.app.state.store
    filters: dict[str, object] = {"twin": asked.twin}
    after = place_of(asked.cursor, filters, (int,))
    seen = {one.name for one in _seen(store, visitor, asked.twin)}
    held = sorted((one for one in store.terms.all() if one.twin in seen), key=lambda one: one.id)
    left = [one for one in held if after is None or one.id > int(after[0])]
    shown = left[: asked.limit]
    told = [_for(store, consent_json(one), visitor, ("pay_note", "document")) for one in shown]
    following = cursor((shown[-1].id,), filters) if len(left) > len(shown) else None
    return answered({"licences": told, "next": following})


def _seen(store: Store, visitor: Visitor, name: str) -> Sequence[Twin]:
    """By name; the one of this name where one is asked for."""
    return sorted(
        (
            one
            for one in store.twins()
            if (not name or one.name == name) and (visitor.scope is None or one.name in visitor.scope)
        ),
        key=lambda one: one.name,
    )


def _twin(store: Store, one: Twin, visitor: Visitor) -> Json:
    told = twin_json(one, ())
    del told["references"]
    return _for(store, told, visitor, ("model", "agency", "note"))


def _for(store: Store, told: Json, visitor: Visitor, sensitive: Sequence[str]) -> Json:
    """Without what names somebody, where names are not for whoever asks. "" becomes null, as if there were
    none: which of the two it is, is no news for them."""
    if visitor.sees_names:
        return {**told, **{name: told[name] or None for name in sensitive}}
    return veil_for(store, visitor).over({**told, **dict.fromkeys(sensitive)})
