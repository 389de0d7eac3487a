"""What the program could not read, a person can: what stands on a surface, with a screenshot."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, HTTPException, Request, UploadFile
from starlette.responses import RedirectResponse, Response

from desk.jobs.nightly import settings_of
from desk.jobs.witness import witness
from desk.web.access import Visitor
from desk.web.guard import allowed, checked
from desk.web.pages.finding import finding_of
from desk.web.pages.media import SANDBOX
from desk.web.pictures import Pictures
from desk.web.reads import note_read
from storage.errors import PictureError, TwinwatchError
from storage.records import ReadingState, Surface
from storage.store import Store
from storage.testimony import PersonReading

router = APIRouter()
VisitorHere = Annotated[Visitor, Depends(allowed)]
STATES = {"present": ReadingState.PRESENT, "absent": ReadingState.ABSENT, "ambiguous": ReadingState.AMBIGUOUS}


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
    if surface not in set(Surface) or state not in (*STATES, "undo"):
        raise HTTPException(422)
    store: Store = request.app.state.store
    now = datetime.now(UTC)
    said = quote.strip() if state in ("present", "ambiguous") else ""
    seen = PersonReading(
        number, Surface(surface), STATES.get(state), visitor.user.name, now, said, note.strip()
    )
    try:
        with tempfile.TemporaryDirectory(prefix="twinwatch-") as folder:
            witness(store, settings_of(request.app.state.config), seen, _kept(screenshot, Path(folder)))
    except TwinwatchError as error:
        raise HTTPException(422, str(error)) from error
    detail = {"surface": surface, "state": state}
    store.audit.append(now, visitor.user.name, "read for themselves", f"finding {number}", detail)
    return RedirectResponse(f"/findings/{number}", 303)


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
