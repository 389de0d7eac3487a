"""A route of the API: who asks is known before anything of the body is read. Tokens alone, and in the header
alone: no cookie is looked at, and no session is made."""

from collections.abc import Callable, Collection, Coroutine, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from desk.output import json_line
from desk.web.access import ONLY_OWN, Visitor, scope_of
from desk.web.api.problems import JSON, Problem
from desk.web.scopes import OPEN, SCOPES
from desk.web.secrets import WINDOW, kept
from storage.people import Token
from storage.store import Store

MOST_WRONG = 50  # wrong tokens from one address in a quarter of an hour, as with passwords
TOUCHED_EVERY = 60  # seconds: a token that is used writes once a minute
LONGEST = 200  # characters of a token
WRONG = "(token)"  # beside names of users, which have no such one


class TokenRoute(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        go_on = super().get_route_handler()
        known = _asked_for(self.dependant)

        async def asked(request: Request) -> Response:
            if self.name not in OPEN:
                request.state.visitor = await run_in_threadpool(_visitor, request, self.name)
            if unknown := sorted(request.query_params.keys() - known):
                raise _unknown(unknown[0], known)
            return await go_on(request)

        return asked


def _asked_for(route: Dependant) -> frozenset[str]:
    """Names that may stand in the address behind the question mark."""
    names = set[str]()
    for field in route.query_params:
        kind = field.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names |= kind.model_fields.keys()
        else:
            names.add(field.alias)
    return frozenset(names.union(*(_asked_for(one) for one in route.dependencies)))


def _unknown(name: str, known: Collection[str]) -> Problem:
    """A filter that is misspelt would else be one that lets everything through."""
    may = f"what may be asked: {', '.join(sorted(known))}" if known else "nothing may be asked for here"
    return Problem(422, "unknown_parameter", f"there is nothing of that name to ask for; {may}", name[:200])


def here(request: Request) -> Visitor:
    """Whoever the token of this request was made for."""
    visitor: Visitor = request.state.visitor
    return visitor


VisitorHere = Annotated[Visitor, Depends(here)]


def answered(body: Mapping[str, object], status: int = 200) -> Response:
    return Response(json_line(body), status, media_type=JSON)


def _visitor(request: Request, route: str) -> Visitor:
    """Raises Problem: 401, 403; 429 where wrong tokens come in numbers."""
    store: Store = request.app.state.store
    now = datetime.now(UTC)
    token = _token(store, request, now)
    if token.used_at is None or (now - token.used_at).total_seconds() > TOUCHED_EVERY:
        store.people.touch_token(token.id, now)
    twins = store.twins() if token.user.role in ONLY_OWN else ()
    visitor = Visitor(token.user, "", 0, scope_of(token.user, twins), token.name)
    request.state.token = token
    if not visitor.may(route):
        raise Problem(403, "not_allowed", f"a {token.user.role.value} may not do that")
    scope = SCOPES[route]
    if scope and scope not in token.scopes:
        raise Problem(403, "wrong_scope", f"this token was not made for {scope}", scope)
    return visitor


def _token(store: Store, request: Request, now: datetime) -> Token:
    given = request.headers.get("authorization", "")
    scheme, _, secret = given.partition(" ")
    if not given:
        raise Problem(401)
    if scheme.lower() == "bearer" and len(secret) <= LONGEST:
        found = store.people.token(kept(secret.strip()), now)
        if found is not None:
            return found
    # Behind a proxy all come from its address: what is wrong is counted apart from logins, and never keeps
    # a right token out.
    origin = f"api {request.client.host if request.client else ''}"
    if store.people.failures(WRONG, origin, now - WINDOW)[1] >= MOST_WRONG:
        wait = {"Retry-After": str(int(WINDOW.total_seconds()))}
        raise Problem(429, "too_many_wrong_tokens", "too many wrong tokens came from there", headers=wait)
    store.people.failed(WRONG, origin, now, keep=WINDOW * 4)
    raise Problem(401, "wrong_token", "there is no such token, or it no longer holds")
