"""A check of a picture or a text at hand, as `twinwatch check` makes it. Nothing is stored."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from starlette.responses import Response

from desk.config import Config
from desk.jobs.check import Given, country_of, is_address, moment_of
from desk.web.access import Visitor
from desk.web.api.asked import Plain
from desk.web.api.described import answers
from desk.web.api.problems import Problem
from desk.web.api.route import TokenRoute, VisitorHere, answered
from desk.web.api.seen import Seen
from desk.web.api.shapes import CheckedShape
from desk.web.checking import Answered, check_here
from storage.errors import DeskError
from storage.store import Store

router = APIRouter(route_class=TokenRoute, tags=["check"])
CAPTION = 20_000  # characters


@dataclass(frozen=True, slots=True)
class Sent:
    """What is to be checked, as it was sent, and as the check takes it."""

    picture: UploadFile | None
    address: str
    given: Given

    def asked(self) -> dict[str, str]:
        """As a kept check remembers it."""
        one = self.given
        return {
            "address": self.address,
            "caption": one.caption or "",
            "no_caption": "yes" if one.caption == "" else "",
            "alt": one.alt or "",
            "no_alt": "yes" if one.alt == "" else "",
            "retailer": one.retailer,
            "platform": one.platform,
            "country": one.country or "",
            "posted_at": one.posted_at.isoformat() if one.posted_at else "",
        }


def sent(
    picture: Annotated[UploadFile | None, File(description="At most 30 MB.")] = None,
    address: Annotated[
        str, Form(max_length=2_000, description="In place of a picture; for whom roles allow it.")
    ] = "",
    caption: Annotated[str | None, Form(max_length=CAPTION)] = None,
    alt: Annotated[str | None, Form(max_length=CAPTION)] = None,
    retailer: Annotated[Plain, Form()] = "",
    platform: Annotated[Plain, Form()] = "",
    country: Annotated[str, Form(max_length=2)] = "",
    posted_at: Annotated[str | None, Form(max_length=40)] = None,
) -> Sent:
    return Sent(
        picture,
        address,
        Given(
            caption,
            alt,
            retailer,
            platform,
            country_of(country, "country"),
            moment_of(posted_at, "posted_at"),
        ),
    )


SentHere = Annotated[Sent, Depends(sent)]


@router.post("/check", name="api_check", responses=answers(CheckedShape, 400))
def check(request: Request, visitor: VisitorHere, given: SentHere) -> Response:
    """Is it AI, and were people told? What is not given could not be looked at. A picture that cannot be
    looked at, or an address that cannot be reached, is an answer with an `error`. Of a caption or an alt text
    alone it is told what it says (`disclosure`), and no verdict (`labelling` null)."""
    store: Store = request.app.state.store
    return answered(Seen(store, visitor).document(looked_at(request, visitor, given).line))


def looked_at(request: Request, visitor: Visitor, given: Sent, *, to_keep: bool = False) -> Answered:
    """Raises Problem: 403, 413, 422. `to_keep`: the answer lies ready to be kept."""
    config: Config = request.app.state.config
    picture, address = given.picture, given.address
    if picture is not None and address:
        raise Problem(422, "invalid", "send a picture, or an address", "picture")
    if picture is None and not address and not given.given.words:
        raise Problem(422, "invalid", "send a picture, an address, or a text", "picture")
    if address and not visitor.checks_addresses:
        raise Problem(403, "not_allowed", f"a {visitor.user.role.value} may not check addresses", "address")
    if address and not is_address(address):
        raise Problem(422, "invalid", "an address begins with https:// or http://", "address")
    try:
        return check_here(
            config,
            picture.file if picture else None,
            (picture.filename or "")[:200] if picture else "",
            address,
            given.given,
            pictures=request.app.state.pictures if to_keep else None,
            user=visitor.user.id,
            asked=given.asked() if to_keep else None,
        )
    except DeskError as error:
        if error.kind == "too_large":
            raise Problem(413, error.kind, str(error), "picture") from error
        raise
