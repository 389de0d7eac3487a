"""What the program could not read, a person can: what stands on a surface, with a screenshot."""

import tempfile
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, HTTPException, Request, UploadFile
from starlette.responses import RedirectResponse, Response

from desk.jobs.nightly import settings_of
from desk.jobs.witness import Witnessed, witness
from desk.web.access import Visitor
from desk.web.cannot_be import CannotBe
from desk.web.guard import allowed, checked
from desk.web.pages.finding import finding_of
from desk.web.pages.media import SANDBOX
from desk.web.pictures import Pictures
from desk.web.reads import by_token, note_read
from storage.errors import ConfigError, PictureError, StoreError
from storage.records import ReadingState, Surface
from storage.store import Store
from storage.testimony import PersonReading

router = APIRouter()
VisitorHere = Annotated[Visitor, Depends(allowed)]


class Said(StrEnum):
    """What a person says of a surface."""

    PRESENT = "present"
    ABSENT = "absent"
    AMBIGUOUS = "ambiguous"
    UNDO = "undo"


@router.post("/findings/{number}/read", name="complete")
def complete(
    request: Request,
    number: int,
    visitor: VisitorHere,
    csrf: Annotated[str, Form()] = "",
    surface: Annotated[str, Form()] = "",
    state: Annotated[str, Form()] = "",
    quote: Annotated[str, Form(max_length=2_000)] = "",
    note: Annotated[str, Form(max_length=2_000)] = "",
    screenshot: Annotated[UploadFile | None, File()] = None,
) -> Response:
    checked(request, csrf, visitor)
    finding_of(request, number, visitor)
    for field, value, known in (("surface", surface, Surface), ("state", state, Said)):
        if value not in set(known):
            raise CannotBe(field, value, why="none_of", expected=known)
    try:
        written(request, number, visitor, Surface(surface), Said(state), quote, note, screenshot)
    except ConfigError as error:  # its words name a folder of ours, which is gone by now
        name = screenshot.filename if screenshot and screenshot.filename else ""
        raise CannotBe("screenshot", name, why="no_screenshot") from error
    except StoreError as error:
        if error.kind != "nothing_to_undo":
            raise
        raise CannotBe("state", state, why="nothing_to_undo") from error
    return RedirectResponse(f"/findings/{number}", 303)


def written(
    request: Request,
    number: int,
    visitor: Visitor,
    surface: Surface,
    said: Said,
    quote: str,
    note: str,
    screenshot: UploadFile | None,
) -> Witnessed:
    """Kept, judged, and in the record. Raises StoreError, ConfigError, as `desk.jobs.witness` does."""
    store: Store = request.app.state.store
    now = datetime.now(UTC)
    words = quote.strip() if said in (Said.PRESENT, Said.AMBIGUOUS) else ""
    state = None if said is Said.UNDO else ReadingState(said.value)
    seen = PersonReading(number, surface, state, visitor.user.name, now, words, note.strip())
    with tempfile.TemporaryDirectory(prefix="twinwatch-") as folder:
        shot = _kept(screenshot, Path(folder))
        done = witness(store, settings_of(request.app.state.config), seen, shot)
    detail = {"surface": surface.value, "state": said.value, **by_token(visitor)}
    store.audit.append(now, visitor.user.name, "read for themselves", f"finding {number}", detail)
    return done


def _kept(upload: UploadFile | None, folder: Path) -> Path | None:
    """The file that was sent, under a name of ours."""
    if upload is None or not upload.filename:
        return None
    path = folder / "screenshot"
    path.write_bytes(upload.file.read())
    return path if path.stat().st_size else None


@router.get("/findings/{number}/screenshots/{sha256}.jpg", name="screenshot")
def screenshot(request: Request, number: int, sha256: str, visitor: VisitorHere) -> Response:
    finding_of(request, number, visitor)
    store: Store = request.app.state.store
    if sha256 not in {one.screenshot for one in store.looks.given(number)} - {""}:
        raise HTTPException(404)
    note_read(request, visitor, "screenshot seen", f"finding {number}")
    pictures: Pictures = request.app.state.pictures
    try:
        return Response(pictures.small(sha256, None, ()), media_type="image/jpeg", headers=SANDBOX)
    except PictureError as error:
        raise HTTPException(404) from error
