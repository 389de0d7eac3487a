"""Logging in and out, setting a password by a link that works once, choosing a language, our own files."""

from datetime import UTC, datetime
from importlib.resources import files
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from desk.user_names import NOBODY
from desk.web.access import Visitor
from desk.web.cannot_be import CannotBe
from desk.web.guard import COOKIE, LANGUAGE, allowed, back_to, checked, visitor_of
from desk.web.render import STATIC, page, static
from desk.web.secrets import HASHER, LONGEST_SESSION, good_password, kept, log_in
from desk.web.words import LANGUAGES
from storage.store import Store

router = APIRouter()
TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
VisitorHere = Annotated[Visitor, Depends(allowed)]


@router.get("/login", name="login")
def login(request: Request) -> Response:
    store: Store = request.app.state.store
    if visitor_of(request, store):
        return RedirectResponse("/", 303)
    return page(request, "login.html", wrong=False, name="")


@router.post("/login", name="log_in")
def begin(
    request: Request,
    name: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    store: Store = request.app.state.store
    now, origin = datetime.now(UTC), request.client.host if request.client else ""
    done = log_in(store, name, password, origin, now)
    if done is None:
        # What is no user's name may be a password that was typed into the wrong field: it is not kept.
        known = any(one.name == name for one in store.people.every())
        store.audit.append(now, name if known else NOBODY, "login failed", origin)
        return page(request, "login.html", status=401, wrong=True, name=name)
    user, secret = done
    store.audit.append(now, user.name, "logged in", origin)
    answer = RedirectResponse("/", 303)
    answer.set_cookie(
        COOKIE,
        secret,
        max_age=int(LONGEST_SESSION.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.app.state.secure,
    )
    return answer


@router.post("/logout", name="log_out")
def end(request: Request, visitor: VisitorHere, csrf: Annotated[str, Form()] = "") -> Response:
    checked(request, csrf, visitor)
    store: Store = request.app.state.store
    now = datetime.now(UTC)
    store.people.end(visitor.session, now)
    store.audit.append(now, visitor.user.name, "logged out")
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE)
    return answer


@router.get("/link/{secret}", name="link")
def link(request: Request, secret: str) -> Response:
    store: Store = request.app.state.store
    holds = store.people.link_holds(kept(secret), datetime.now(UTC))
    return page(request, "link.html", status=200 if holds else 410, holds=holds, secret=secret, why="")


@router.post("/link/{secret}", name="set_password")
def set_password(
    request: Request,
    secret: str,
    password: Annotated[str, Form(max_length=1000)] = "",
    again: Annotated[str, Form(max_length=1000)] = "",
    all_of_it: Annotated[str, Form()] = "",
) -> Response:
    """`all_of_it` "yes": tokens and feeds of theirs hold no more either, for whoever lost a password may have
    lost them with it. Sessions end in any case."""
    store: Store = request.app.state.store
    now = datetime.now(UTC)
    why = good_password(password, "") or ("" if password == again else "differs")
    if why:
        holds = store.people.link_holds(kept(secret), now)
        return page(request, "link.html", status=422 if holds else 410, holds=holds, secret=secret, why=why)
    user = store.people.use_link(kept(secret), HASHER.hash(password), now)
    if user is None:
        return page(request, "link.html", status=410, holds=False, secret="", why="")
    store.audit.append(now, user.name, "password set")
    if all_of_it == "yes":
        tokens, feeds = store.people.revoke_all(user.id, now)
        store.audit.append(now, user.name, "tokens and feeds revoked", "", {"tokens": tokens, "feeds": feeds})
    return RedirectResponse("/login", 303)


@router.post("/language", name="language")
def language(
    request: Request,
    visitor: VisitorHere,
    csrf: Annotated[str, Form()] = "",
    to: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "/",
) -> Response:
    checked(request, csrf, visitor)
    if to not in LANGUAGES:
        raise CannotBe("to", to, why="none_of", expected=LANGUAGES)
    answer = back_to(back, "/")
    answer.set_cookie(LANGUAGE, to, max_age=31_536_000, httponly=True, samesite="lax")
    return answer


@router.get("/static/{digest}/{name}", name="static")
def own(digest: str, name: str) -> Response:
    if name not in STATIC or static(name) != f"/static/{digest}/{name}":
        raise HTTPException(404)
    data = files("desk.web").joinpath("static", name).read_bytes()
    kept_for_good = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(data, media_type=TYPES[name.rpartition(".")[2]], headers=kept_for_good)
