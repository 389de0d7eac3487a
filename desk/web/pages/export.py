"""A filter of the inbox as a file. It is remembered who took what, before the first byte is sent."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from starlette.responses import Response, StreamingResponse

from desk import exporting
from desk.departed import departed
from desk.handing import Recipient, handed
from desk.pictured import Pictured
from desk.web.access import Visitor
from desk.web.guard import allowed, checked
from desk.web.pages.inbox import Asked, asked
from desk.web.render import page
from storage.errors import StoreError
from storage.store import Store

router = APIRouter()
CHUNK = 1 << 16  # bytes


@router.post("/export", name="export")
def export(
    request: Request,
    visitor: Annotated[Visitor, Depends(allowed)],
    csrf: Annotated[str, Form()] = "",
    form: Annotated[str, Form(alias="format")] = "csv",
    names: Annotated[str, Form()] = "",
    pictures: Annotated[str, Form()] = Pictured.NONE.value,
) -> Response:
    """The filters are those of the address. What a role does not grant is left out, not refused."""
    checked(request, csrf, visitor)
    filters = asked(request, visitor)
    if form not in exporting.exporters() or pictures not in [one.value for one in Pictured]:
        raise HTTPException(422)
    store: Store = request.app.state.store
    status = filters.sought.status
    counts = store.inbox.counts(filters.sought)
    count = sum(counts.values()) if status is None else counts.get(status, 0)
    limit = exporting.limit_of(form)
    if limit is not None and count > limit:
        return page(request, "too_many.html", status=413, count=count, limit=limit, form=form, asked=filters)
    with_names = bool(names) and visitor.sees_names
    given = _pictured(form, Pictured(pictures), visitor)
    about = f"{form}, {count} findings{', with names' if with_names else ''}"
    store.audit.append(datetime.now(UTC), visitor.user.name, "exported", about, _detail(filters, given))
    to = Recipient(names=with_names, scope=visitor.scope)
    body = _body(store, filters, form, to, given, visitor.user.name)
    if form not in exporting.STREAMED:
        body = _whole(body)
    name = f"twinwatch-{datetime.now(UTC):%Y%m%d-%H%M}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(body, media_type=exporting.TYPES[form], headers=headers)


def _pictured(form: str, wanted: Pictured, visitor: Visitor) -> Pictured:
    """Whole pictures are for those who decide."""
    if form not in exporting.PICTURED:
        return Pictured.NONE
    return Pictured.BLURRED if wanted is Pictured.WHOLE and not visitor.sees_sharp else wanted


def _detail(filters: Asked, pictured: Pictured) -> dict[str, object]:
    """The record cannot be altered: it names no twin."""
    return {
        "filters": {name: value for name, value in filters.told.items() if name != "twin"},
        "of_one_twin": "twin" in filters.told,
        "pictures": pictured.value,
    }


def _body(
    store: Store, filters: Asked, form: str, to: Recipient, pictured: Pictured, by: str
) -> Iterator[bytes]:
    """However it ends, what was sent until then is remembered."""
    written = exporting.Written()
    dossiers = handed(store, store.inbox.every(filters.sought), to)
    try:
        yield from exporting.taken(form, dossiers, store.media, written, pictured)
    finally:
        departed(
            *(store, "desk", form, written.sha256),
            numbers=written.numbers,
            twins=written.twins,
            thumbnails=pictured is not Pictured.NONE,
            by=by,
            size=written.size,
        )


def _whole(body: Iterator[bytes]) -> Iterator[bytes]:
    """Made before it is sent: what fails is then no half file. Raises HTTPException 413."""
    folder = tempfile.TemporaryDirectory(prefix="twinwatch-")
    path = Path(folder.name, "export")
    try:
        with path.open("wb") as file:
            file.writelines(body)
    except StoreError as error:  # more came in the meantime
        folder.cleanup()
        raise HTTPException(413) from error
    except BaseException:
        folder.cleanup()
        raise

    def sent() -> Iterator[bytes]:
        try:
            with path.open("rb") as file:
                while piece := file.read(CHUNK):
                    yield piece
        finally:
            folder.cleanup()

    return sent()
