"""What every request goes through: which host it is for, where it comes from, who asks, and what a browser
may do with the answer.

A request that changes something must come from a page of ours (Origin, or Sec-Fetch-Site where a browser
leaves Origin out) and carry the session's token.
"""

import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from fastapi import HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk.web.access import ONLY_OWN, PUBLIC, TABLE, Visitor, scope_of
from desk.web.api.problems import told as problem
from desk.web.secrets import IDLE, LONGEST_SESSION, csrf_of, kept, same
from desk.web.turns import turns
from desk.web.words import Words, wanted
from storage.people import Session
from storage.store import Store

COOKIE = "twinwatch"
LANGUAGE = "twinwatch-language"
SAFE = frozenset({"GET", "HEAD"})
MOST_BYTES = 30 * 1024 * 1024  # of a request: a screenshot, and room
MOST_JSON = 64 * 1024  # of a request to the API that sends no file
API = "/api/"
TOUCHED_EVERY = 60  # seconds: a session that is used writes once a minute


def policy(nonce: str) -> str:
    """Nothing but what we send ourselves; no frame, no plugin, no form to elsewhere."""
    return (
        f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with no-referrer a form of ours would come from "null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}


class Guard:
    """Middleware. `hosts`: the names, with ports, under which the desk answers: anything else is a name that
    somebody else made point here (DNS rebinding). `said` tells people what is too much, or not from here."""

    def __init__(
        self, app: ASGIApp, hosts: frozenset[str], said: Callable[[Request, Exception], Awaitable[Response]]
    ) -> None:
        self._app, self._hosts, self._said = app, hosts, said

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        turns().arrived()
        request = Request(scope, receive)
        request.state.nonce = nonce = secrets.token_urlsafe(16)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", policy(nonce))
            await send(message)

        refused = _refused(request, self._hosts)
        if refused and refused.status_code in (403, 413) and not _for_programs(request):
            why = "not_ours" if refused.status_code == 403 else None
            refused = await self._said(request, HTTPException(refused.status_code, why))
        await (refused or self._app)(scope, receive, guarded)


def _refused(request: Request, hosts: frozenset[str]) -> Response | None:
    if request.headers.get("host", "").lower() not in hosts:
        return _no(request, 421, "This desk does not answer under that name.")
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) > _most(request):
        return _no(request, 413, "That is too much at once.")
    if request.method not in SAFE and not _for_programs(request) and not _is_ours(request):
        return _no(request, 403, "This did not come from a page of the desk.")
    if request.method not in SAFE and "chunked" in request.headers.get("transfer-encoding", ""):
        return _no(request, 411, "How long it is must be said first.")
    return None


def _for_programs(request: Request) -> bool:
    """The API looks at no cookie, so nobody's browser can be made to ask it for somebody."""
    return request.url.path.startswith(API)


def _most(request: Request) -> int:
    form = request.headers.get("content-type", "").startswith("multipart/form-data")
    return MOST_BYTES if form or not _for_programs(request) else MOST_JSON


def _no(request: Request, status: int, words: str) -> Response:
    return problem(status) if _for_programs(request) else PlainTextResponse(words, status)


def _is_ours(request: Request) -> bool:
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site") == "same-origin"
    return urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()


# --- who asks -----------------------------------------------------------------------------------------------


def visitor_of(request: Request, store: Store, now: datetime | None = None) -> Visitor | None:
    """Whoever is logged in. A session ends after `IDLE` without use, and after `LONGEST_SESSION` at all."""
    session, now = _session(request, store), now or datetime.now(UTC)
    if session is None:
        return None
    if _is_over(session, now):
        store.people.end(session.id, now)
        return None
    if not _only_reads(session, now):
        store.people.touch(session.id, now)
    twins = store.twins() if session.user.role in ONLY_OWN else ()
    return Visitor(session.user, request.cookies[COOKIE], session.id, scope_of(session.user, twins))


def _session(request: Request, store: Store) -> Session | None:
    secret = request.cookies.get(COOKIE, "")
    return store.people.session(kept(secret)) if secret else None


def _is_over(session: Session, now: datetime) -> bool:
    return now - session.seen_at > IDLE or now - session.began_at > LONGEST_SESSION


def _only_reads(session: Session | None, now: datetime) -> bool:
    """Whether nothing has to be written of it now, which can take waiting for whoever else writes."""
    if session is None:
        return True
    return not _is_over(session, now) and (now - session.seen_at).total_seconds() <= TOUCHED_EVERY


async def allowed(request: Request) -> Visitor:
    """For every route that is not public. Raises HTTPException 401 (nobody is logged in) or 403."""
    store: Store = request.app.state.store
    now = datetime.now(UTC)
    if store.remembered.at_hand and _only_reads(_session(request, store), now):
        visitor = visitor_of(request, store, now)
    else:
        visitor = await run_in_threadpool(visitor_of, request, store, now)
    if visitor is None:
        raise HTTPException(401)
    if not visitor.may(request.scope["route"].name):
        raise HTTPException(403)
    request.state.visitor = visitor
    return visitor


def checked(request: Request, token: str, visitor: Visitor) -> None:
    """The token of a form. Raises HTTPException 403."""
    if not same(token, csrf_of(visitor.secret)):
        raise HTTPException(403)


def back_to(address: str, otherwise: str) -> RedirectResponse:
    """To a page of ours that a form named, and nowhere else."""
    ours = address.startswith("/") and not address.startswith(("//", "/\\"))
    return RedirectResponse(address if ours else otherwise, 303)


def words_of(request: Request) -> Words:
    return Words(wanted(request.cookies.get(LANGUAGE, ""), request.headers.get("accept-language", "")))


def unlisted(names: set[str]) -> set[str]:
    """Routes that nobody decided about: a desk with one does not start."""
    return names - PUBLIC - TABLE.keys()
