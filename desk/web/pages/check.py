"""Check: a picture, or an address, with what is known of the post; the same answer as `twinwatch check`.

For the house alone: an agency or a model would be told of registered pictures that are not hers. Nothing is
kept; what the page shows of the pictures goes after some minutes.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, HTTPException, Request, UploadFile
from starlette.responses import Response

from desk.config import Config
from desk.countries import CODES
from desk.jobs.check import Given, country_of, is_address, moment_of
from desk.web.access import Visitor
from desk.web.api.seen import Seen
from desk.web.checking import MATCHES, MINUTES, Answered, check_here, shown
from desk.web.guard import allowed, checked
from desk.web.pages.media import SANDBOX
from desk.web.render import page
from storage.errors import ConfigError, DeskError
from storage.records import ReadingState
from storage.store import Store

router = APIRouter()
VisitorHere = Annotated[Visitor, Depends(allowed)]
TEXT = 20_000  # characters
STATUS = {"busy": 429, "too_large": 413}
ADDRESS = 2_000
BLANK = dict.fromkeys(
    ("address", "caption", "no_caption", "alt", "no_alt", "retailer", "platform", "country", "posted_at"), ""
)


@router.get("/check", name="check")
def check(request: Request, visitor: VisitorHere) -> Response:
    return _page(request, {})


@router.post("/check", name="check_it")
def check_it(
    request: Request,
    visitor: VisitorHere,
    csrf: Annotated[str, Form()] = "",
    picture: Annotated[UploadFile | None, File()] = None,
    address: Annotated[str, Form(max_length=ADDRESS)] = "",
    caption: Annotated[str, Form(max_length=TEXT)] = "",
    no_caption: Annotated[str, Form(max_length=10)] = "",
    alt: Annotated[str, Form(max_length=TEXT)] = "",
    no_alt: Annotated[str, Form(max_length=10)] = "",
    retailer: Annotated[str, Form(max_length=200)] = "",
    platform: Annotated[str, Form(max_length=200)] = "",
    country: Annotated[str, Form(max_length=10)] = "",
    posted_at: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """An empty text is "not given", unless whoever asks says that there is none."""
    checked(request, csrf, visitor)
    asked = {
        "address": address.strip(),
        "caption": caption,
        "no_caption": no_caption,
        "alt": alt,
        "no_alt": no_alt,
        "retailer": retailer.strip(),
        "platform": platform.strip(),
        "country": country.strip(),
        "posted_at": posted_at.strip(),
    }
    sent = picture if picture is not None and picture.filename else None
    if (why := _wrong(sent, asked["address"], visitor)) is not None:
        return _page(request, asked, status=422, why=why)
    try:
        given = _given(asked)
        done = _done(request, visitor, sent, asked["address"], given)
    except ConfigError as error:
        return _page(request, asked, status=422, why=error.where)
    except DeskError as error:
        return _page(request, asked, status=STATUS.get(error.kind, 422), why=error.kind)
    store: Store = request.app.state.store
    line: Any = Seen(store, visitor).document(done.line)
    return _page(request, asked, done=done, line=line)


@router.get("/checked/{secret}/{name}.jpg", name="checked_picture")
def checked_picture(request: Request, secret: str, name: str, visitor: VisitorHere) -> Response:
    """Of a check by this visitor, for some minutes."""
    if name != "picture" and name not in map(str, range(MATCHES)):
        raise HTTPException(404)
    data = shown(request.app.state.config, secret[:200], name, visitor.user.id)
    if data is None:
        raise HTTPException(404)
    return Response(data, media_type="image/jpeg", headers={**SANDBOX, "Cache-Control": "no-store"})


def _wrong(sent: UploadFile | None, address: str, visitor: Visitor) -> str | None:
    if sent is None and not address:
        return "nothing"
    if sent is not None and address:
        return "both"
    if address and not visitor.checks_addresses:
        return "no_address"
    return "bad_address" if address and not is_address(address) else None


def _given(asked: dict[str, str]) -> Given:
    """Raises ConfigError: a country or a time that cannot be."""
    return Given(
        asked["caption"] if asked["caption"].strip() or asked["no_caption"] else None,
        asked["alt"] if asked["alt"].strip() or asked["no_alt"] else None,
        asked["retailer"],
        asked["platform"],
        country_of(asked["country"], "country"),
        moment_of(asked["posted_at"] or None, "posted_at"),
    )


def _done(
    request: Request, visitor: Visitor, sent: UploadFile | None, address: str, given: Given
) -> Answered:
    config: Config = request.app.state.config
    return check_here(
        config,
        sent.file if sent else None,
        (sent.filename or "")[:200] if sent else "",
        address,
        given,
        pictures=request.app.state.pictures,
        user=visitor.user.id,
    )


def _page(
    request: Request,
    asked: dict[str, str],
    *,
    status: int = 200,
    why: str = "",
    done: Answered | None = None,
    line: Any = None,
) -> Response:
    readings = line["disclosure"] if line else {}
    unseen = {name: one for name, one in readings.items() if one["state"] == ReadingState.UNREADABLE.value}
    return page(
        request,
        "check.html",
        status=status,
        asked={**BLANK, **asked},
        why=why,
        done=done,
        line=line,
        read={name: one for name, one in readings.items() if name not in unseen},
        unseen=unseen,
        countries=sorted(CODES),
        minutes=MINUTES,
        shown=MATCHES,
    )
