"""A person's decision, on one finding, on several at once, or on one with the others of the same picture; an
undo is a further decision. Each is by itself, with the status in which it was seen, and in the audit log."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from starlette.responses import Response

from desk.config import Config
from desk.decisions import Decision, last_standing
from desk.jobs.review import Reviewed, review
from desk.web.access import Visitor
from desk.web.cannot_be import CannotBe
from desk.web.guard import allowed, back_to, checked
from desk.web.pages.finding import MOST_AT_ONCE, finding_of
from desk.web.reads import by_token
from desk.web.render import page
from storage.errors import StoreError
from storage.records import FindingStatus, Review, ReviewDecision
from storage.store import Store

router = APIRouter()
VisitorHere = Annotated[Visitor, Depends(allowed)]
LONGEST_GROUP = MOST_AT_ONCE * 32  # characters: a number and a status each
_STATUS = {
    "nothing_to_undo": 409,
    "second_person": 409,
    "nothing_to_settle": 409,
    "decided_since": 409,
    "day_past": 422,
    "no_finding": 404,
    "not_together": 409,
}
REFUSED = frozenset(_STATUS)  # of one finding, and for this decision alone
NOTE = 2_000  # characters


@router.post("/findings/{number}/review", name="decide")
def decide(
    request: Request,
    number: int,
    visitor: VisitorHere,
    csrf: Annotated[str, Form()] = "",
    decision: Annotated[str, Form()] = "",
    note: Annotated[str, Form(max_length=NOTE)] = "",
    until: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "",
    seen: Annotated[str, Form()] = "",
    together: Annotated[str, Form(max_length=LONGEST_GROUP)] = "",
) -> Response:
    """`together`: the others that are to be decided likewise, as `_group` reads them."""
    checked(request, csrf, visitor)
    finding_of(request, number, visitor)
    wanted, last, others = _decision(decision), _day(until, decision), _group(together)
    if not others:
        _decided(request, visitor, number, wanted, note.strip(), last, _status(seen))
        return back_to(back, f"/findings/{number}")
    chosen = {number: _status(seen), **others}
    asked = Asked(wanted, note.strip(), last, dict.fromkeys(others, number))
    return _several(request, visitor, chosen, asked, back, f"/findings/{number}")


@router.post("/decide", name="decide_many")
def decide_many(
    request: Request,
    visitor: VisitorHere,
    csrf: Annotated[str, Form()] = "",
    decision: Annotated[str, Form()] = "",
    note: Annotated[str, Form(max_length=NOTE)] = "",
    number: Annotated[list[int] | None, Form()] = None,
    back: Annotated[str, Form()] = "/",
    seen: Annotated[list[str] | None, Form()] = None,
    together: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """`seen`: of each that was shown, chosen or not, its number and the status that it had. `together`: of a
    line the strongest and the others of the same picture, as `_group` reads them."""
    checked(request, csrf, visitor)
    statuses = dict(one.partition(" ")[::2] for one in seen or ())
    chosen = {one: _status(statuses.get(str(one), "")) for one in number or ()}
    beside: dict[int, int] = {}
    for one in filter(None, together or ()):
        lead, *others = group = _group(one)
        chosen |= group
        beside |= dict.fromkeys(others, lead)
    asked = Asked(_decision(decision), note.strip(), None, beside)
    return _several(request, visitor, chosen, asked, back, "/")


@dataclass(frozen=True, slots=True)
class Asked:
    """The same for all of them. `beside`: those that are decided with another one, which was shown → that."""

    decision: ReviewDecision
    note: str = ""
    until: date | None = None
    beside: Mapping[int, int] = field(default_factory=dict)


def _group(words: str) -> dict[int, FindingStatus | None]:
    """Of "7 new,9 confirmed": findings, each with the status in which it was shown. Raises HTTPException
    422."""
    told: dict[int, FindingStatus | None] = {}
    for one in words.split(",") if words else ():
        number, _, status = one.partition(" ")
        if not number.isascii() or not number.isdigit() or len(number) > 18 or not status:
            raise CannotBe("together", one)
        told[int(number)] = _status(status)
    return told


def _several(
    request: Request,
    visitor: Visitor,
    chosen: Mapping[int, FindingStatus | None],
    asked: Asked,
    back: str,
    otherwise: str,
) -> Response:
    """Back to where it was asked; where something is refused, a page that names it."""
    if len(chosen) > MOST_AT_ONCE:
        raise HTTPException(422, "too_many_at_once")
    each = list(decided_each(request, visitor, chosen, asked))
    refused = [(one, done.kind) for one, done in each if isinstance(done, StoreError)]
    if not refused:
        return back_to(back, otherwise)
    if len(each) == 1:
        raise HTTPException(409, refused[0][1])
    told = {"decided": len(each) - len(refused), "refused": refused}
    return page(request, "some_refused.html", status=409, **told)


def decided_each(
    request: Request, visitor: Visitor, chosen: Mapping[int, FindingStatus | None], asked: Asked
) -> Iterator[tuple[int, Reviewed | StoreError]]:
    """Each with the status in which it was seen (None: whichever it is), by itself: what is refused does not
    stop the others. All of the same moment, by which an undo of one finds those decided with it. Raises
    HTTPException 404, before any is decided, where one is not there for her."""
    for number in chosen:
        finding_of(request, number, visitor)
    store: Store = request.app.state.store
    now = datetime.now(UTC)
    alone = _alone(store, asked) if asked.decision is ReviewDecision.UNDO else frozenset[int]()
    for number, seen in chosen.items():
        try:
            if number in alone:
                raise StoreError("it was decided by itself", kind="not_together", where=str(number))
            done: Reviewed | StoreError = decided(
                request, visitor, number, asked.decision, asked.note, asked.until, seen, now
            )
        except StoreError as error:
            if error.kind not in REFUSED:
                raise
            done = error
        yield number, done


def _alone(store: Store, asked: Asked) -> frozenset[int]:
    """Those whose last decision was not made together with that of the one beside which they are undone."""

    def last(number: int) -> tuple[object, ...]:
        stands = last_standing(store.reviews(number))
        return (stands.by, stands.at) if stands else ()

    leads = {lead: last(lead) for lead in set(asked.beside.values())}
    return frozenset(one for one, lead in asked.beside.items() if last(one) not in ((), leads[lead]))


def _decided(
    request: Request,
    visitor: Visitor,
    number: int,
    decision: ReviewDecision,
    note: str,
    until: date | None,
    seen: FindingStatus | None,
) -> None:
    try:
        decided(request, visitor, number, decision, note, until, seen)
    except StoreError as error:
        if error.kind not in _STATUS:
            raise
        raise HTTPException(_STATUS[error.kind], error.kind) from error


def decided(
    request: Request,
    visitor: Visitor,
    number: int,
    decision: ReviewDecision,
    note: str,
    until: date | None,
    seen: FindingStatus | None = None,
    at: datetime | None = None,
) -> Reviewed:
    """Written down, and in the record. Raises StoreError, as `desk.jobs.review` does."""
    store: Store = request.app.state.store
    config: Config = request.app.state.config
    now = at or datetime.now(UTC)
    given = Review(number, decision, visitor.user.name, now, note, until)
    done = review(store, given, keep_pair=False, four_eyes=config.four_eyes, seen=seen)
    # The note stands with the review: the record cannot be altered, so it names nobody's twin.
    detail = {
        "status": done.finding.status.value,
        "until": until.isoformat() if until else "",
        **by_token(visitor),
    }
    store.audit.append(now, visitor.user.name, f"decided: {decision.value}", f"finding {number}", detail)
    return done


def _decision(words: str) -> ReviewDecision:
    try:
        return Decision(words).written
    except ValueError:
        raise CannotBe("decision", words, why="none_of", expected=Decision) from None


def _status(words: str) -> FindingStatus | None:
    """That was seen. A page from before it was sent says none."""
    try:
        return FindingStatus(words) if words else None
    except ValueError:
        raise CannotBe("seen", words, why="none_of", expected=FindingStatus) from None


def _day(words: str, decision: str) -> date | None:
    if not words.strip() or decision != ReviewDecision.SETTLED.value:
        return None
    try:
        return date.fromisoformat(words.strip())
    except ValueError:
        raise CannotBe("until", words, why="no_day") from None
