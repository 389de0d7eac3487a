"""Check: a picture, an address or a text, with what is known of the post; answered as by `twinwatch check`.

For the house alone: an agency or a model would be told of registered pictures that are not hers. Nothing is
kept unless somebody who decides asks for it (`checks.py`); what the page shows goes after some minutes.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, HTTPException, Request, UploadFile
from starlette.responses import Response

from desk.config import Config
from desk.countries import CODES
from desk.jobs.check import Given, country_of, is_address, moment_of
from desk.jobs.check_apart import PICTURE
from desk.web.access import Visitor
from desk.web.api.seen import Seen
from desk.web.checking import MATCHES, MINUTES, Answered, check_here, shown
from desk.web.guard import allowed, checked, words_of
from desk.web.pages.finding import marked
from desk.web.pages.media import SANDBOX
from desk.web.render import page
from storage.errors import ConfigError, DeskError
from storage.records import ReadingState, Surface
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
    return _page(request, visitor, {})


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
    try:
        given = _given(asked)
        if (why := _wrong(sent, asked["address"], given, visitor)) is not None:
            return _page(request, visitor, asked, status=422, why=why)
        done = _done(request, visitor, sent, asked, given)
    except ConfigError as error:
        return _page(request, visitor, asked, status=422, why=error.where)
    except DeskError as error:
        return _page(request, visitor, asked, status=STATUS.get(error.kind, 422), why=error.kind)
    return _page(request, visitor, asked, done=done)


@router.get("/checked/{secret}/{name}.jpg", name="checked_picture")
def checked_picture(request: Request, secret: str, name: str, visitor: VisitorHere) -> Response:
    """Of a check by this visitor, for some minutes."""
    if name != PICTURE and name not in map(str, range(MATCHES)):
        raise HTTPException(404)
    data = shown(request.app.state.config, secret[:200], name, visitor.user.id)
    if data is None:
        raise HTTPException(404)
    return Response(data, media_type="image/jpeg", headers={**SANDBOX, "Cache-Control": "no-store"})


def _wrong(sent: UploadFile | None, address: str, given: Given, visitor: Visitor) -> str | None:
    if sent is None and not address:
        return None if given.words else "nothing"
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
    request: Request, visitor: Visitor, sent: UploadFile | None, asked: dict[str, str], given: Given
) -> Answered:
    config: Config = request.app.state.config
    return check_here(
        config,
        sent.file if sent else None,
        (sent.filename or "")[:200] if sent else "",
        asked["address"],
        given,
        pictures=request.app.state.pictures,
        user=visitor.user.id,
        asked=asked if visitor.may("keep_check") else None,
    )


def answer_of(
    request: Request, line: Any, asked: Mapping[str, str], picture: str, beside: Mapping[int, str]
) -> dict[str, Any]:
    """What checked.html shows of an answer, veiled already. `picture`: the address of what was checked, ""
    where it is not there; `beside`: those of registered pictures, by the match's place."""
    t = words_of(request)
    readings = line["disclosure"]
    unseen = {name: one for name, one in readings.items() if one["state"] == ReadingState.UNREADABLE.value}
    told = (
        (t("finding.caption"), asked.get("caption", ""), (Surface.CAPTION, Surface.HASHTAGS)),
        (t("surface.alt_text"), asked.get("alt", ""), (Surface.ALT_TEXT,)),
    )
    return {
        "line": line,
        "picture": picture,
        "beside": [(match, beside.get(place, "")) for place, match in enumerate(line["matches"][:MATCHES])],
        "words": [
            (called, list(marked(text, (readings[one]["quote"] for one in surfaces if one in readings))))
            for called, text, surfaces in told
        ],
        "read": {name: one for name, one in readings.items() if name not in unseen},
        "unseen": unseen,
    }


def _answer(request: Request, visitor: Visitor, asked: dict[str, str], done: Answered) -> dict[str, Any]:
    store: Store = request.app.state.store
    told: Any = Seen(store, visitor).document({"line": done.line, "asked": asked})
    here = f"/checked/{done.secret}"
    picture = f"{here}/{PICTURE}.jpg" if PICTURE in done.names else ""
    beside = {int(name): f"{here}/{name}.jpg" for name in done.names - {PICTURE}}
    return answer_of(request, told["line"], told["asked"], picture, beside)


def _page(
    request: Request,
    visitor: Visitor,
    asked: dict[str, str],
    *,
    status: int = 200,
    why: str = "",
    done: Answered | None = None,
) -> Response:
    store: Store = request.app.state.store
    nothing: dict[str, Any] = {"line": None, "picture": ""}
    return page(
        request,
        "check.html",
        status=status,
        asked={**BLANK, **asked},
        why=why,
        done=done,
        countries=sorted(CODES),
        minutes=MINUTES,
        kept=store.checks.count() if visitor.may("checks") else 0,
        **(_answer(request, visitor, asked, done) if done else nothing),
    )
