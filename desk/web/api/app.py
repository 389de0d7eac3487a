"""The HTTP API: an application of its own below /api/v1 of the desk, with its own errors and description."""

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.datastructures import State
from starlette.exceptions import HTTPException

from desk.web.api import (
    alerts,
    checking,
    checks,
    deciding,
    exports,
    feeds,
    figures,
    findings,
    inbox,
    record,
    registry,
    watch,
)
from desk.web.api.described import operation_id
from desk.web.api.problems import of_http, of_ours, of_validation
from desk.web.scopes import undecided
from storage.errors import TwinwatchError

PARTS = (
    findings,
    inbox,
    deciding,
    exports,
    feeds,
    figures,
    registry,
    watch,
    alerts,
    checking,
    checks,
    record,
)
BELOW = "/api/v1"


def route_names() -> set[str]:
    return {route.name for part in PARTS for route in part.router.routes if isinstance(route, APIRoute)}


def api(state: State) -> FastAPI:
    """`state` is the desk's: store, configuration, pictures."""
    app = FastAPI(
        title="Twinwatch",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        generate_unique_id_function=operation_id,
    )
    app.state = state
    for part in PARTS:
        app.include_router(part.router)
    app.exception_handler(HTTPException)(of_http)
    app.exception_handler(RequestValidationError)(of_validation)
    app.exception_handler(TwinwatchError)(of_ours)
    if unknown := undecided(route_names()):
        raise RuntimeError(f"nobody decided what a token needs for: {', '.join(sorted(unknown))}")
    return app
