"""One finding: both pictures, why, what could not be seen, terms, rules, timeline, captures."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from desk.card import Moment, timeline
from desk.dossier import Dossier, dossier
from desk.narrowed import narrowed, narrowed_line
from desk.other_copies import other_copies
from desk.web.access import Visitor
from desk.web.guard import allowed
from desk.web.prominence import prominence_words
from desk.web.reads import note_read
from desk.web.render import page
from desk.web.turns import made
from detector.match_words import (
    IDENTICAL,
    WITHOUT_PICTURE,
    kind_words,
    match_words,
    moments_words,
    parts_shown,
    span_words,
)
from storage.consent import Consent
from storage.inbox import Sought
from storage.records import Finding, FindingStatus, Match, ReadingState, ReviewDecision, Surface
from storage.remembered import this_hour
from storage.store import Store

router = APIRouter()
MATCHES_SHOWN, COPIES_SHOWN, SIBLINGS_SHOWN = 6, 3, 20
MOST_AT_ONCE = 200  # findings that one request decides


@dataclass(frozen=True, slots=True)
class Beside:
    """A registered picture that the finding matches. `number` is its place among the matches. `missing`: why
    it cannot be shown, a word of the catalogue; `compared`, `laid`: there is something to compare, and to lay
    on each other. Of a film `seconds` says when it is seen, and `own_frame` where its first frame is, if
    the published picture shows another one."""

    number: int
    match: Match
    title: str
    words: str
    missing: str
    compared: bool
    laid: bool
    seconds: str
    own_frame: str


def finding_of(request: Request, number: int, visitor: Visitor) -> Finding:
    """Raises HTTPException 404, also for a finding that this visitor may not see: that it exists is no news
    for her."""
    return dossier_of(request, number, visitor).finding


def dossier_of(request: Request, number: int, visitor: Visitor) -> Dossier:
    """Its pictures ask for it as well as its page, and nothing has changed between. Raises HTTPException."""
    store: Store = request.app.state.store
    if not 0 < number < 2**62 or not store.inbox.may_see(number, visitor.scope):
        raise HTTPException(404)
    found = store.remembered.of(("dossier", number, this_hour()), lambda: _read(store, number))
    if found is None:
        raise HTTPException(404)
    return found


def _read(store: Store, number: int) -> Dossier | None:
    around = store.inbox.listed()  # before: its state is asked first, and this one could be an earlier one
    with store.one_state():
        found = store.inbox.finding(number, around)
        return None if found is None else dossier(store, found)


def _licences(store: Store) -> Mapping[str, Sequence[Consent]]:
    """All, by twin."""
    found: dict[str, list[Consent]] = defaultdict(list)
    for one in store.terms.all():
        found[one.twin].append(one)
    return dict(found)


def visible(finding: Finding, visitor: Visitor) -> list[tuple[int, Match]]:
    """Matches with registered pictures, the visitor's own where she sees no others; each with its number."""
    return [
        (number, match)
        for number, match in enumerate(finding.answer.matches)
        if match.twin and (visitor.scope is None or match.twin in visitor.scope)
    ]


@router.get("/findings/{number}", name="finding")
async def finding(request: Request, number: int, visitor: Annotated[Visitor, Depends(allowed)]) -> Response:
    answer, named = await made(request, lambda: _finding(request, number, visitor))
    if named:
        await run_in_threadpool(note_read, request, visitor, "a model's name read", f"finding {number}")
    return answer


def _finding(request: Request, number: int, visitor: Visitor) -> tuple[Response, bool]:
    """The page, and whether a model is named on it."""
    store: Store = request.app.state.store
    whole = dossier_of(request, number, visitor)
    shown = whole.versions[-1] if whole.versions else None
    item = (
        next((one for one in shown.post.media if one.position == whole.finding.position), None)
        if shown
        else None
    )
    models = store.remembered.of("models", lambda: {one.name: one.model for one in store.twins()})
    licences = store.remembered.of("licences", lambda: _licences(store))
    twins = [
        one
        for one in whole.finding.answer.verdict.twins
        if visitor.scope is None or one.twin in visitor.scope
    ]
    named = visitor.sees_names and any(models.get(one.twin) for one in twins)
    told = narrowed(whole, visitor.scope)  # as exports have it; `which` of a match counts among all
    answer = page(
        request,
        "finding.html",
        whole=told,
        finding=told.finding,
        beside=list(_beside(store, whole, visitor)),
        found_missing=_missing(store, whole, whole.finding.sha256),
        shown_at=span_words((at, at)) if (at := second_of(whole.finding, visitor)) is not None else "",
        boxes=parts_shown(match for _, match in visible(whole.finding, visitor)),
        caption=shown.post.text if shown else "",
        item=item,
        marked=list(_marked(shown.post.text if shown else "", whole)),
        timeline=sorted(timeline(told), key=_at),
        copies=list(other_copies(whole.finding.answer))[:COPIES_SHOWN] if visitor.scope is None else [],
        label_boxes=[one for one in whole.finding.answer.readings if one.box and one.state in _TOLD],
        prominence=prominence_words,
        elsewhere=whole.elsewhere if visitor.scope is None else (),
        **_siblings(request, number, visitor),
        twins=twins,
        models=models if visitor.sees_names else {},
        licences=[each for one in twins for each in licences.get(one.twin, ())],
        unseen=[one for one in whole.finding.answer.readings if one.state is ReadingState.UNREADABLE],
        seconded=_seconded(whole),
        surfaces=tuple(Surface),
        decisions=tuple(ReviewDecision),
        dated=request.app.state.rules,
        printed=request.query_params.get("print") == "yes",
    )
    return answer, named


def _siblings(request: Request, number: int, visitor: Visitor) -> dict[str, Any]:
    """The other findings of the same picture, as far as she may see them: the strongest of them as lines, how
    many there are, and all with their statuses where they can be decided at once."""
    store: Store = request.app.state.store
    sought = Sought(picture=number, scope=visitor.scope)
    others = sum(store.inbox.counts(sought).values()) - 1
    if others < 1:
        return {"others": 0, "siblings": (), "together": (), "most": MOST_AT_ONCE}
    lines = store.inbox.siblings(sought, SIBLINGS_SHOWN + 1)
    shown = [narrowed_line(one, visitor.scope) for one in lines if one.finding_id != number]
    together = store.inbox.some(sought, MOST_AT_ONCE) if others < MOST_AT_ONCE else ()
    return {
        "others": others,
        "siblings": shown[:SIBLINGS_SHOWN],
        "together": [one for one in together if one[0] != number],
        "most": MOST_AT_ONCE,
    }


_TOLD = (ReadingState.PRESENT, ReadingState.AMBIGUOUS)


def second_of(finding: Finding, visitor: Visitor) -> float | None:
    """Of a film, the second whose frame is shown: the first that shows a twin that she may see."""
    return next((match.span[0] for _, match in visible(finding, visitor) if match.span), None)


def _missing(store: Store, whole: Dossier, sha256: str, match: Match | None = None) -> str:
    """Why a picture cannot be shown, as a word of the catalogue; "" where it can."""
    if match and WITHOUT_PICTURE in match.reason:
        return "never_handed"
    if sha256 and store.media.has(sha256):
        return ""
    went = next((one for one in whole.removed if one.sha256 == sha256), None)
    return "no_bytes" if went is None else "erased" if went.erased else "went"


def _seconded(whole: Dossier) -> str:
    """Who confirmed it first, where it waits for a second person."""
    if whole.finding.status is not FindingStatus.PROPOSED:
        return ""
    return next(one.by for one in reversed(whole.reviews) if one.decision is ReviewDecision.PROPOSED)


def _at(moment: Moment) -> float:
    return moment.at.timestamp()


def _beside(store: Store, whole: Dossier, visitor: Visitor) -> Iterator[Beside]:
    there = not _missing(store, whole, whole.finding.sha256)
    shown = second_of(whole.finding, visitor)
    for number, match in visible(whole.finding, visitor)[:MATCHES_SHOWN]:
        missing = _missing(store, whole, match.reference, match)
        both = there and not missing and (visitor.sees_sharp or not parts_shown((match,)))
        yield Beside(
            number,
            match,
            f"{match.twin}",
            f"{kind_words(match)}: {match_words(match)}",
            missing=missing,
            compared=both,
            laid=both and match.algorithm != IDENTICAL,  # the same file: nothing to lay on each other
            seconds=moments_words(match),
            own_frame=span_words((match.span[0],) * 2)
            if there and match.span and match.span[0] != shown
            else "",
        )


def _marked(caption: str, whole: Dossier) -> Iterator[tuple[str, bool]]:
    """The caption in pieces, with those marked that a reading quotes from it."""
    told = (Surface.CAPTION, Surface.HASHTAGS)
    return marked(caption, (one.quote for one in whole.finding.answer.readings if one.surface in told))


def marked(text: str, quoted: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """The text in pieces, and whether each is one of the quotes ("" is none)."""
    quotes, rest = set(quoted) - {""}, text
    while found := [(rest.index(quote), -len(quote), quote) for quote in quotes if quote in rest]:
        at, _, quote = min(found)
        if at:
            yield rest[:at], False
        yield quote, True
        rest = rest[at + len(quote) :]
    if rest:
        yield rest, False
