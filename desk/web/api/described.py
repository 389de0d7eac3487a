"""The API's description of itself (OpenAPI 3.1): every answer of every route, the scope that a token needs,
and who may."""

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from desk.web.access import PUBLIC, TABLE
from desk.web.api.shapes import Error, Shape
from desk.web.scopes import SCOPES
from storage.people import Role

VERSION = "1.0"
PICTURE = "image/jpeg"
WORDS = {
    400: "It could not be read, or the cursor is none.",
    401: "No token, or none that holds.",
    403: "Not with this token, or not for this role.",
    404: "Not there, or not for whoever asks.",
    409: "It has been decided since, there is nothing to undo, another must confirm it, or there are enough.",
    411: "Its length was not said.",
    413: "Too much at once.",
    421: "Not under this name.",
    422: "Something in it cannot be.",
    429: "Too many at once, or too many wrong tokens: `Retry-After` says when.",
    503: "The store is busy: `Retry-After` says when.",
}
ALWAYS = (401, 403, 421, 422, 429, 503)
WRITING = (411, 413)
ABOUT = """What the desk shows, for programs. A token (`twinwatch desk token add`, or the desk's page of them)
goes into the header `Authorization: Bearer …`; cookies are not looked at. A token never may more than its
user. Times are RFC 3339 UTC. Fields may be added, never renamed. What a user may not see is not there (404).
Where something cannot be done the answer is `{"kind", "message", "where"}`."""


def answers(
    body: type[Shape] | str | tuple[str, ...], *codes: int, status: int = 200
) -> dict[int | str, dict[str, Any]]:
    """Of a route: its own answer (a shape, or the types that a file can have) and all the others."""
    own: dict[str, Any] = {"description": "What was asked for."}
    if isinstance(body, str | tuple):
        types = (body,) if isinstance(body, str) else body
        own["content"] = {one: {"schema": {"type": "string", "format": "binary"}} for one in types}
    else:
        own["model"] = body
    others = sorted({*codes, *ALWAYS})
    return {status: own, **{code: {"model": Error, "description": WORDS[code]} for code in others}}


def description(app: FastAPI) -> Mapping[str, Any]:
    """Of all routes of the application."""
    made = get_openapi(
        title="Twinwatch",
        version=VERSION,
        openapi_version="3.1.0",
        description=ABOUT,
        routes=app.routes,
        servers=[{"url": "/api/v1"}],
    )
    components = made.setdefault("components", {})
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    for methods in made["paths"].values():
        for method, operation in methods.items():
            name = f"api_{operation['operationId']}"
            if name not in PUBLIC:
                _secured(operation, name, method)
    return made


def operation_id(route: APIRoute) -> str:
    return route.name.removeprefix("api_")


def _secured(operation: dict[str, Any], name: str, method: str) -> None:
    scope = SCOPES[name]
    operation["security"] = [{"token": [scope] if scope else []}]
    operation["x-roles"] = _sorted(TABLE[name])
    told = operation["responses"]
    if method in ("post", "delete"):
        for code in WRITING:
            told[str(code)] = _error(WORDS[code])
    for waiting in ("429", "503"):
        told[waiting]["headers"] = {"Retry-After": {"schema": {"type": "string"}, "description": "Seconds."}}


def _error(words: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Error"}
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def _sorted(roles: Iterable[Role]) -> list[str]:
    return [role.value for role in Role if role in set(roles)]
