"""Pictures, from a sandboxed path with a fixed type: the published one, the registered one, both compared.

What lies outside the match is blurred for whoever does not decide: all of it, where nothing registered is in
it.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from desk.card import seen_parts
from desk.other_copies import other_copies
from desk.web.access import Visitor
from desk.web.guard import allowed, words_of
from desk.web.pages.finding import finding_of, second_of, visible
from desk.web.pictures import Pictures
from detector.match_words import parts_shown, spans_of
from storage.errors import PictureError
from storage.records import Box, Match

router = APIRouter()
SANDBOX = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, max-age=3600",
    "Vary": "Cookie",  # who logs in next in this browser may see less of it
}
LAYERS = ("found", "registered", "difference")
VisitorHere = Annotated[Visitor, Depends(allowed)]


@router.get("/findings/{number}/picture.jpg", name="picture")
def picture(request: Request, number: int, visitor: VisitorHere, match: int | None = None) -> Response:
    """Of a film the first frame that shows a twin; that of this match, where one is named."""
    found = finding_of(request, number, visitor)
    at = second_of(found, visitor)
    if match is not None:
        span = _match(request, number, match, visitor).span
        at = span[0] if span else None
    seen = [one for _, one in visible(found, visitor) if at is None or _is_seen(one, at)]
    return _made(request, found.sha256, at, () if visitor.sees_sharp else seen_parts(seen))


def _is_seen(match: Match, at: float) -> bool:
    """At this second of the film: where a twin stands in other frames says nothing of this one."""
    return any(first <= at <= last for first, last in spans_of(match))


@router.get("/findings/{number}/registered/{which}.jpg", name="registered")
def registered(request: Request, number: int, which: int, visitor: VisitorHere) -> Response:
    match = _match(request, number, which, visitor)
    return _made(request, match.reference, None, ())


@router.get("/findings/{number}/compare/{which}.png", name="compare")
def compare(request: Request, number: int, which: int, visitor: VisitorHere) -> Response:
    found = finding_of(request, number, visitor)
    match = _match(request, number, which, visitor)
    if not visitor.sees_sharp and parts_shown((match,)):
        raise HTTPException(403)  # it shows the whole of the published picture
    pictures: Pictures = request.app.state.pictures
    try:
        drawn = pictures.compared(found.sha256, match, words_of(request).language)
        headers = {**SANDBOX, "Vary": "Cookie, Accept-Language"}  # there are words on it
        return Response(drawn, media_type="image/png", headers=headers)
    except PictureError as error:
        raise HTTPException(404) from error


@router.get("/findings/{number}/layers/{which}/{layer}.jpg", name="layer")
def layer(request: Request, number: int, which: int, layer: str, visitor: VisitorHere) -> Response:
    """Of the two laid on each other: to be swiped, blinked, or looked at side by side."""
    found = finding_of(request, number, visitor)
    match = _match(request, number, which, visitor)
    if layer not in LAYERS:
        raise HTTPException(404)
    if not visitor.sees_sharp and parts_shown((match,)):
        raise HTTPException(403)  # a little around the match is in it
    pictures: Pictures = request.app.state.pictures
    try:
        return Response(pictures.layer(found.sha256, match, layer), media_type="image/jpeg", headers=SANDBOX)
    except PictureError as error:
        raise HTTPException(404) from error


@router.get("/findings/{number}/copies/{which}.jpg", name="copy")
def copy(request: Request, number: int, which: int, visitor: VisitorHere) -> Response:
    """The picture of another post from which the finding has its evidence."""
    found = finding_of(request, number, visitor)
    others = list(other_copies(found.answer)) if visitor.scope is None else []
    if not 0 <= which < len(others):
        raise HTTPException(404)
    only = () if visitor.sees_sharp else parts_shown(match for _, match in visible(found, visitor))
    if only:
        raise HTTPException(403)  # where the twin stands in it is known of the found picture alone
    return _made(request, others[which].via.there.sha256, None, ())


def _match(request: Request, number: int, which: int, visitor: Visitor) -> Match:
    found = dict(visible(finding_of(request, number, visitor), visitor)).get(which)
    if found is None:
        raise HTTPException(404)
    return found


def _made(request: Request, sha256: str, at: float | None, only: tuple[Box, ...]) -> Response:
    pictures: Pictures = request.app.state.pictures
    if not sha256:
        raise HTTPException(404)
    try:
        data = pictures.small(sha256, at, only)
    except PictureError as error:
        raise HTTPException(404) from error
    return Response(data, media_type="image/jpeg", headers=SANDBOX)
