"""A filter of the inbox as a file. It is remembered who took what, before the first byte is sent."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
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
from desk.web.cannot_be import CannotBe
from desk.web.guard import allowed, checked
from desk.web.pages.inbox import Asked, asked
from desk.web.reads import by_token
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
    for field, value, values in (("format", form, exporting.exporters()), ("pictures", pictures, Pictured)):
        if value not in [str(one) for one in values]:
            raise CannotBe(field, value, why="none_of", expected=map(str, values))
    wanted = Wanted(form, bool(names), Pictured(pictures))
    store: Store = request.app.state.store
    count, limit = counted(store, filters, form)
    if limit is not None and count > limit:
        told = {"count": count, "limit": limit, "form": form, "asked": filters, "names": names}
        return page(request, "too_many.html", status=413, **told)
    try:
        return taken_out(store, visitor, filters, wanted, count)
    except StoreError as error:  # more came in the meantime
        raise HTTPException(413) from error


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for. `names`: models', where her role grants them."""

    form: str
    names: bool = False
    pictured: Pictured = Pictured.NONE


def counted(store: Store, filters: Asked, form: str) -> tuple[int, int | None]:
    """How many findings they are, and how many a file of this format holds (None: any number)."""
    status, counts = filters.sought.status, store.inbox.counts(filters.sought)
    count = sum(counts.values()) if status is None else counts.get(status, 0)
    return count, exporting.limit_of(form)


def taken_out(store: Store, visitor: Visitor, filters: Asked, wanted: Wanted, count: int) -> Response:
    """The file, with a line in the record. Raises StoreError, kind "too_many_findings"."""
    form, with_names = wanted.form, wanted.names and visitor.sees_names
    given = _pictured(form, wanted.pictured, visitor)
    about = f"{form}, {count} findings{', with names' if with_names else ''}"
    detail = {**_detail(filters, given), **by_token(visitor)}
    store.audit.append(datetime.now(UTC), visitor.user.name, "exported", about, detail)
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
    found = store.inbox.every(filters.sought)
    dossiers = handed(store, found, to, row=form in exporting.ROWS)
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
    """Made before it is sent: what fails is then no half file."""
    folder = tempfile.TemporaryDirectory(prefix="twinwatch-")
    path = Path(folder.name, "export")
    try:
        with path.open("wb") as file:
            file.writelines(body)
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
