"""Tokens for programs, one's own (administrators see all), and what the API can do."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from desk.web.access import TABLE, Visitor
from desk.web.api.described import description
from desk.web.guard import allowed, checked
from desk.web.render import page
from desk.web.scopes import SCOPES, usable
from desk.web.tokens import DAYS, MOST_DAYS, make_token
from storage.errors import DeskError
from storage.people import Role, Token
from storage.store import Store

router = APIRouter()
VisitorHere = Annotated[Visitor, Depends(allowed)]
SAID = frozenset({"token_exists", "too_many_tokens", "wrong_scope", "no_name", "wrong_days"})


@router.get("/tokens", name="tokens")
def tokens(request: Request, visitor: VisitorHere) -> Response:
    return _page(request, visitor)


@router.post("/tokens", name="make_token")
def make(
    request: Request,
    visitor: VisitorHere,
    csrf: Annotated[str, Form()] = "",
    name: Annotated[str, Form(max_length=200)] = "",
    scope: Annotated[list[str] | None, Form()] = None,
    days: Annotated[int, Form()] = DAYS,
) -> Response:
    """The answer shows the secret: it is never shown again, and no address leads to it."""
    checked(request, csrf, visitor)
    store: Store = request.app.state.store
    now = datetime.now(UTC)
    try:
        made, secret = make_token(store, visitor.user.name, name, scope or (), days, now)
    except DeskError as error:
        if error.kind not in SAID:
            raise
        return _page(request, visitor, status=422, why=error.kind)
    detail = {"scopes": sorted(made.scopes), "until": made.expires_at.date().isoformat()}
    store.audit.append(now, visitor.user.name, "token made", f"token {made.id}", detail)
    return _page(request, visitor, status=201, made=made, secret=secret)


@router.post("/tokens/{number}/revoke", name="revoke_token")
def revoke(
    request: Request, number: int, visitor: VisitorHere, csrf: Annotated[str, Form()] = ""
) -> Response:
    checked(request, csrf, visitor)
    store: Store = request.app.state.store
    if number not in {one.id for one in _seen(store, visitor)}:
        raise HTTPException(404)
    now = datetime.now(UTC)
    if store.people.revoke_token(number, now):
        store.audit.append(now, visitor.user.name, "token revoked", f"token {number}")
    return RedirectResponse("/tokens", 303)


def _seen(store: Store, visitor: Visitor) -> list[Token]:
    everybody = visitor.user.role is Role.ADMINISTRATOR
    return list(store.people.tokens(None if everybody else visitor.user.id))


def _page(
    request: Request,
    visitor: Visitor,
    *,
    status: int = 200,
    made: Token | None = None,
    secret: str = "",
    why: str = "",
) -> Response:
    store: Store = request.app.state.store
    return page(
        request,
        "tokens.html",
        status=status,
        tokens=_seen(store, visitor),
        now=datetime.now(UTC),
        scopes=usable(visitor.user.role),
        days=DAYS,
        most_days=MOST_DAYS,
        made=made,
        secret=secret,
        why=why,
    )


@router.get("/api", name="api")
def about(request: Request, visitor: VisitorHere) -> Response:
    """What is in the description, as a page: those routes that this visitor may use."""
    told = description(request.app.state.api)
    base = str(request.base_url).rstrip("/")
    found = list(_routes(told, visitor))
    return page(request, "api.html", routes=found, openapi="/api/v1/openapi.json", base=base)


def _parameters(one: Any) -> list[str]:
    return [each["name"] for each in one.get("parameters", ()) if each["in"] in ("query", "path")]


def _fields(one: Any, told: Any) -> list[str]:
    """Of the body, in whichever form it is sent."""
    for content in one.get("requestBody", {}).get("content", {}).values():
        name = content["schema"].get("$ref", "").rpartition("/")[2]
        return list(told["components"]["schemas"].get(name, {}).get("properties", ()))
    return []


def _routes(told: Any, visitor: Visitor) -> Any:
    for address, methods in told["paths"].items():
        for method, one in methods.items():
            name = f"api_{one['operationId']}" if "security" in one else ""
            if name and visitor.user.role not in TABLE[name]:
                continue
            yield {
                "method": method.upper(),
                "address": f"/api/v1{address}",
                "words": one.get("description", ""),
                "scope": SCOPES.get(name, ""),
                "asked": [*_parameters(one), *_fields(one, told)],
                "answers": sorted(one["responses"]),
            }
