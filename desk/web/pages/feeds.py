"""Atom feeds of filters. Feed readers have no session: each feed has a secret address, shown once, that its
user can revoke; it shows what that user may see, and models never under their own names."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from importlib.metadata import version
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from desk import atom
from desk.departed import departed
from desk.handing import Recipient, handed_findings
from desk.sought import KEYS
from desk.web.access import ONLY_OWN, Visitor, scope_of
from desk.web.guard import allowed, checked, words_of
from desk.web.pages.inbox import Asked, asked
from desk.web.reads import by_token
from desk.web.render import page
from desk.web.secrets import kept, new_secret
from desk.web.words import Words, wanted
from storage.errors import DeskError
from storage.notices import Feed
from storage.records import Finding
from storage.store import Store

router = APIRouter()
VisitorHere = Annotated[Visitor, Depends(allowed)]
MOST_FEEDS = 100  # of one user
REASONS = 3  # sentences of an entry
CACHED = "private, no-cache"  # it may be kept, and is asked for again


@router.get("/feeds", name="feeds")
def feeds(request: Request, visitor: VisitorHere) -> Response:
    store: Store = request.app.state.store
    return page(request, "feeds.html", feeds=store.feeds.every(visitor.user.id), address="")


@router.post("/feeds", name="make_feed")
def make(request: Request, visitor: VisitorHere, csrf: Annotated[str, Form()] = "") -> Response:
    """Of the filters in the address."""
    checked(request, csrf, visitor)
    filters = asked(request, visitor)
    store: Store = request.app.state.store
    try:
        _, address = new_feed(request, visitor, filters.told, words_of(request).language)
    except DeskError as error:
        raise HTTPException(422, error.kind) from error
    return page(request, "feeds.html", feeds=store.feeds.every(visitor.user.id), address=address)


def new_feed(request: Request, visitor: Visitor, told: Mapping[str, str], language: str) -> tuple[int, str]:
    """Its number, and its address, which is never shown again; `told`: its filters. Raises DeskError, kind
    "too_many_feeds"."""
    store: Store = request.app.state.store
    if len(store.feeds.every(visitor.user.id)) >= MOST_FEEDS:
        message = f"somebody may have {MOST_FEEDS} feeds: revoke one first"
        raise DeskError(message, kind="too_many_feeds", where="feeds")
    secret, now = new_secret(), datetime.now(UTC)
    number = store.feeds.make(visitor.user.id, kept(secret), _sought(told), now)
    store.audit.append(now, visitor.user.name, "feed made", "", by_token(visitor))
    query = urlencode({**told, "lang": language, "key": secret})
    return number, f"{_base(request)}/feed.atom?{query}"


def _sought(told: Mapping[str, str]) -> str:
    """Filters as a feed remembers them."""
    return "; ".join(f"{name}: {told[name]}" for name in KEYS if told.get(name))


@router.post("/feeds/{number}/revoke", name="revoke_feed")
def revoke(
    request: Request, number: int, visitor: VisitorHere, csrf: Annotated[str, Form()] = ""
) -> Response:
    checked(request, csrf, visitor)
    revoked(request, visitor, number)
    return RedirectResponse("/feeds", 303)


def revoked(request: Request, visitor: Visitor, number: int) -> None:
    """One's own. Raises HTTPException 404."""
    store: Store = request.app.state.store
    now = datetime.now(UTC)
    if not 0 < number < 2**62 or not store.feeds.revoke(number, visitor.user.id, now):
        raise HTTPException(404)
    store.audit.append(now, visitor.user.name, "feed revoked", str(number), by_token(visitor))


@router.get("/feed.atom", name="feed")
def feed(request: Request, key: str = "") -> Response:
    """404 for a key that is none, or no more, and for other filters than it was made for: whoever is given
    the address of one is not given all the others."""
    store: Store = request.app.state.store
    found = store.feeds.of(kept(key)) if 0 < len(key) <= 200 else None
    if found is None:
        raise HTTPException(404)
    scope = scope_of(found.user, store.twins() if found.user.role in ONLY_OWN else ())
    visitor = Visitor(found.user, "", 0, scope)
    filters = asked(request, visitor)
    if _sought(filters.told) != found.sought:
        raise HTTPException(404)
    shown = store.inbox.newest(filters.sought, atom.MOST)
    made = _made(request, store, found, filters, key, shown, scope)
    data = atom.atom(made, f"Twinwatch {version('twinwatch')}")
    digest = hashlib.sha256(data).hexdigest()
    headers = {
        "ETag": f'"{digest[:32]}"',
        "Last-Modified": format_datetime(made.updated.astimezone(UTC).replace(microsecond=0), usegmt=True),
        "Cache-Control": CACHED,
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    if _unchanged(request, headers["ETag"], made.updated):
        return Response(status_code=304, headers=headers)
    _remember(store, found, digest, len(data), shown)
    return Response(data, media_type=atom.TYPE, headers=headers)


def _made(
    request: Request,
    store: Store,
    found: Feed,
    filters: Asked,
    key: str,
    shown: Sequence[Finding],
    scope: frozenset[str] | None,
) -> atom.Feed:
    words = Words(wanted(request.query_params.get("lang", ""), request.headers.get("accept-language", "")))
    base = _base(request)
    entries = tuple(
        atom.entry(
            one,
            _title(one, words),
            _summary(one),
            f"{base}/findings/{one.id}",
            max((review.at for review in store.reviews(one.id)), default=None),
        )
        for one in handed_findings(store, shown, Recipient(scope=scope))
    )
    told = {name: value for name, value in filters.told.items() if name in KEYS}
    said = {name: f"#{value}" if name == "picture" else value for name, value in told.items()}
    narrowed = ", ".join(value for name, value in said.items() if name != "status")
    return atom.Feed(
        id=atom.feed_id(kept(key) + urlencode(told)),
        title="Twinwatch" + (f": {narrowed}" if narrowed else ""),
        address=f"{base}{request.url.path}?{request.url.query}",
        page=f"{base}{filters.address()}",
        updated=atom.updated_last(entries, found.made_at),
        entries=entries,
    )


def _title(finding: Finding, words: Words) -> str:
    verdict = finding.answer.verdict
    twins = ", ".join(one.twin for one in verdict.twins)
    who = ": ".join(filter(None, [finding.account.retailer or finding.account.handle, twins]))
    said = [words.or_plain("verdict", verdict.labelling.value)]
    if verdict.twins:
        said.append(words.or_plain("consent", verdict.consent.value))
    return f"{who} ({', '.join(said)})"


def _summary(finding: Finding) -> str:
    account = finding.account
    posted = f"{finding.posted_at:%Y-%m-%d}" if finding.posted_at else "–"
    where = f"{account.platform} {account.handle}, {posted}, {finding.post_url or finding.post_id}"
    return "\n".join([*finding.answer.verdict.reasons[:REASONS], where, *finding.caveats])


def _unchanged(request: Request, etag: str, updated: datetime) -> bool:
    """RFC 9110, section 13: If-None-Match goes before If-Modified-Since."""
    known = request.headers.get("if-none-match", "")
    if known:
        return etag in [one.strip().removeprefix("W/") for one in known.split(",")] or known.strip() == "*"
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except (ValueError, TypeError):
        return False
    return since.tzinfo is not None and updated.replace(microsecond=0) <= since


def _remember(store: Store, found: Feed, digest: str, size: int, shown: Sequence[Finding]) -> None:
    """Once for each state of the feed, not for each time that it is asked for."""
    if digest == found.served:
        return
    store.feeds.served(found.id, digest)
    departed(store, "feed", "atom", bytes.fromhex(digest), findings=shown, by=found.user.name, size=size)


def _base(request: Request) -> str:
    """Under the name that the guard has let through."""
    scheme = "https" if request.app.state.secure else "http"
    return f"{scheme}://{request.headers['host']}"
