"""Who is told of a night, what became of it, and a test message. For administrators."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from starlette.responses import Response

from desk.alerts.outcome import Outcome
from desk.config import Config
from desk.jobs import alerting
from desk.web.access import Visitor
from desk.web.guard import allowed, checked
from desk.web.reads import by_token
from desk.web.render import page
from storage.errors import ConfigError
from storage.store import Store

router = APIRouter()
VisitorHere = Annotated[Visitor, Depends(allowed)]
SHOWN = 50


@router.get("/alerts", name="alerts")
def alerts(request: Request, visitor: VisitorHere) -> Response:
    return _page(request)


@router.post("/alerts/{name}/test", name="test_alert")
def try_alert(
    request: Request, name: str, visitor: VisitorHere, csrf: Annotated[str, Form()] = ""
) -> Response:
    checked(request, csrf, visitor)
    try:
        outcome = tried(request, visitor, name)
    except ConfigError as error:
        raise HTTPException(404) from error
    return _page(request, tried=name, error=outcome.error)


def tried(request: Request, visitor: Visitor, name: str) -> Outcome:
    """A test message, and a line in the record. Raises ConfigError, kind "no_alert"."""
    config: Config = request.app.state.config
    store: Store = request.app.state.store
    (channel,) = alerting.chosen(config, name)
    outcome = alerting.try_out(config, channel)
    said = "test message failed" if outcome.error else "test message sent"
    store.audit.append(datetime.now(UTC), visitor.user.name, said, name, by_token(visitor))
    return outcome


def _page(request: Request, tried: str = "", error: str = "") -> Response:
    config: Config = request.app.state.config
    store: Store = request.app.state.store
    return page(
        request,
        "alerts.html",
        channels=config.channels,
        notices=store.notices.latest(SHOWN),
        tried=tried,
        error=error,
    )
