"""Checks that somebody asked to have kept: the list, each by its own address, and letting one go.

For those who decide alone. A kept check shows the whole of a picture that somebody sent, which others see
blurred, if at all; and it tells what is registered, which is not for agencies and models to know.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from desk.config import Config
from desk.web.access import Visitor
from desk.web.api.seen import Seen
from desk.web.cannot_be import CannotBe
from desk.web.checking import MATCHES, Waiting, not_taken, waiting
from desk.web.guard import allowed, checked, words_of
from desk.web.pages.check import answer_of
from desk.web.pages.decide import NOTE
from desk.web.pages.media import SANDBOX
from desk.web.pictures import Pictures
from desk.web.reads import by_token, note_read
from desk.web.render import page
from storage.checks import KeptCheck
from storage.errors import PictureError, StoreError
from storage.store import Store

router = APIRouter()
VisitorHere = Annotated[Visitor, Depends(allowed)]
A_PAGE = 50
FACTS = {
    "address": "check.fact_address",
    "retailer": "inbox.retailer",
    "platform": "inbox.platform",
    "country": "check.country_of",
    "posted_at": "check.day",
}


@router.post("/check/keep", name="keep_check")
def keep_check(
    request: Request,
    visitor: VisitorHere,
    csrf: Annotated[str, Form()] = "",
    secret: Annotated[str, Form(max_length=200)] = "",
    note: Annotated[str, Form(max_length=NOTE)] = "",
) -> Response:
    """Of an answer that this visitor was given, as it was given: nothing of it is taken from the form."""
    checked(request, csrf, visitor)
    config: Config = request.app.state.config
    found = waiting(config, secret, visitor.user.id)
    if found is None:
        raise HTTPException(409, "check_gone")
    try:
        number = kept(request, visitor, kept_of(found, visitor, note), found.picture)
    except StoreError:
        not_taken(config, secret, visitor.user.id)
        raise
    return RedirectResponse(f"/checks/{number}", 303)


def kept_of(found: Waiting, visitor: Visitor, note: str) -> KeptCheck:
    """What is kept of an answer that lies ready."""
    twins = tuple(dict.fromkeys(match["twin"] for match in found.line["matches"] if match["twin"]))
    return KeptCheck(found.at, visitor.user.name, note.strip(), found.asked, found.line, twins)


def kept(request: Request, visitor: Visitor, given: KeptCheck, picture: bytes) -> int:
    """Its number; with a line in the record, which says no more: it cannot be altered."""
    store: Store = request.app.state.store
    number = store.checks.keep(given, picture)
    store.audit.append(
        datetime.now(UTC), visitor.user.name, "check kept", f"check {number}", by_token(visitor)
    )
    return number


@router.get("/checks", name="checks")
def checks(request: Request, visitor: VisitorHere, before: int | None = None) -> Response:
    store: Store = request.app.state.store
    config: Config = request.app.state.config
    if before is not None and not 0 < before < 2**62:
        raise HTTPException(404)
    found = store.checks.latest(before, A_PAGE + 1)
    return page(
        request,
        "checks.html",
        kept=found[:A_PAGE],
        next_page=found[A_PAGE - 1].id if len(found) > A_PAGE else 0,
        days=config.retention.checks,
    )


@router.get("/checks/{number}", name="kept_check")
def kept_check(request: Request, number: int, visitor: VisitorHere) -> Response:
    store: Store = request.app.state.store
    found = check_of(request, number)
    note_read(request, visitor, "kept check read", f"check {number}")
    told: Any = Seen(store, visitor).document({"line": found.told, "asked": found.asked})
    here = f"/checks/{number}"
    beside = {
        place: f"{here}/registered/{place}.jpg"
        for place, match in enumerate(found.told["matches"][:MATCHES])
        if match["reference"] and store.media.has(match["reference"])
    }
    return page(
        request,
        "kept_check.html",
        kept=found,
        facts=list(_facts(request, told["asked"])),
        **answer_of(
            request, told["line"], told["asked"], f"{here}/picture.jpg" if found.pictured else "", beside
        ),
    )


def _facts(request: Request, asked: Any) -> Iterator[tuple[str, str]]:
    t = words_of(request)
    for name, called in FACTS.items():
        if asked.get(name):
            yield t(called), asked[name]


def check_of(request: Request, number: int) -> KeptCheck:
    """Raises HTTPException 404."""
    store: Store = request.app.state.store
    found = store.checks.one(number) if 0 < number < 2**62 else None
    if found is None:
        raise HTTPException(404)
    return found


@router.get("/checks/{number}/picture.jpg", name="kept_picture")
def kept_picture(request: Request, number: int, visitor: VisitorHere) -> Response:
    store: Store = request.app.state.store
    data = store.checks.picture(number) if 0 < number < 2**62 else b""
    if not data:
        raise HTTPException(404)
    return Response(data, media_type="image/jpeg", headers={**SANDBOX, "Cache-Control": "no-store"})


@router.get("/checks/{number}/registered/{which}.jpg", name="kept_registered")
def kept_registered(request: Request, number: int, which: int, visitor: VisitorHere) -> Response:
    matches = check_of(request, number).told["matches"][:MATCHES]
    if not 0 <= which < len(matches):
        raise HTTPException(404)
    pictures: Pictures = request.app.state.pictures
    try:
        data = pictures.small(matches[which]["reference"], None, ())
    except PictureError as error:
        raise HTTPException(404) from error
    return Response(data, media_type="image/jpeg", headers=SANDBOX)


@router.post("/checks/{number}/let-go", name="let_go")
def let_go(
    request: Request,
    number: int,
    visitor: VisitorHere,
    csrf: Annotated[str, Form()] = "",
    sure: Annotated[str, Form()] = "",
) -> Response:
    """For good."""
    checked(request, csrf, visitor)
    if sure != "yes":
        raise CannotBe("sure", why="unticked")
    went(request, visitor, number)
    return RedirectResponse("/checks", 303)


def went(request: Request, visitor: Visitor, number: int) -> None:
    """Raises HTTPException: 404; 409 "check_held"."""
    store: Store = request.app.state.store
    check_of(request, number)
    try:
        done = store.checks.let_go(number)
    except StoreError as error:
        if error.kind != "held":
            raise
        raise HTTPException(409, "check_held") from error
    if not done:
        raise HTTPException(404)  # somebody else was quicker
    store.audit.append(
        datetime.now(UTC), visitor.user.name, "check let go", f"check {number}", by_token(visitor)
    )
