"""The inbox: findings strongest first, one line a picture, and filters that live in the address."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from desk.exporting import limits
from desk.narrowed import narrowed_line
from desk.sought import sought, told
from desk.web.access import Visitor
from desk.web.cannot_be import CannotBe, filter_cannot_be
from desk.web.guard import allowed, words_of
from desk.web.render import line_of, page
from desk.web.turns import made
from desk.web.veiled import veil_for
from storage.consent import ConsentVerdict
from storage.errors import ConfigError
from storage.inbox import Place, Sought
from storage.records import FindingStatus, Labelling
from storage.store import Store

router = APIRouter()
A_PAGE = 40  # pictures
SHOWN = (
    Labelling.UNLABELLED,
    Labelling.UNLABELLED_WHERE_SEEN,
    Labelling.WEAKLY_LABELLED,
    Labelling.CANNOT_SAY,
    Labelling.LABELLED,
)
CONSENTS = tuple(ConsentVerdict)


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of an address, checked; and the same as an address again."""

    sought: Sought
    told: dict[str, str]

    def address(self, **other: str) -> str:
        """With these changed ("" takes one away), from the first page."""
        left = {name: value for name, value in {**self.told, **other}.items() if value}
        return f"/?{urlencode(left)}" if left else "/"


def asked(request: Request, visitor: Visitor) -> Asked:
    """Raises HTTPException 422 for a value that cannot be one."""
    given = {name: value[:200] for name, value in request.query_params.items()}
    try:
        wanted = sought(given, status=FindingStatus.NEW.value, scope=visitor.scope)
    except ConfigError as error:
        raise filter_cannot_be(error, given) from error
    return Asked(wanted, told(given))


def place_of(request: Request) -> Place | None:
    """Where the page before ended. Raises HTTPException 422."""
    after = request.query_params.get("after", "")
    if not after:
        return None
    order, _, number = after.partition("-")
    if not (order.isascii() and order.isdigit() and number.isascii() and number.isdigit()) or len(after) > 40:
        raise CannotBe("after", after)
    return Place(int(order), int(number))


@router.get("/", name="inbox")
async def inbox(request: Request, visitor: Annotated[Visitor, Depends(allowed)]) -> Response:
    return await made(request, lambda: _inbox(request, visitor))


def _inbox(request: Request, visitor: Visitor) -> Response:
    store: Store = request.app.state.store
    filters = asked(request, visitor)
    found = store.inbox.lines(filters.sought, place_of(request), A_PAGE)
    counts = store.inbox.counts(filters.sought)
    language = words_of(request).language
    veil = veil_for(store, visitor, language)
    next_page = f"{found.after.order}-{found.after.finding_id}" if found.after else ""
    return page(
        request,
        "inbox.html",
        asked=filters,
        lines=[
            line_of(
                veil.over(narrowed_line(one, visitor.scope)),
                language,
                visitor.scope,
                choosing=visitor.may("decide_many"),
            )
            for one in found.lines
        ],
        next_page=filters.address(after=next_page) if next_page else "",
        counts=counts,
        total=sum(counts.values()),
        limits=limits(),
        statuses=tuple(FindingStatus),
        labellings=SHOWN,
        consents=CONSENTS,
        four_eyes=request.app.state.config.four_eyes,
        choices=store.inbox.choices(visitor.scope),
    )
