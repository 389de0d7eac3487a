"""The web desk as an application: its routes, each with a name that the table of access knows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from desk.additions import rulebook_of
from desk.config import Config
from desk.figures.kept import Kept
from desk.web.api import app as api
from desk.web.checking import tidy
from desk.web.guard import Guard, unlisted
from desk.web.pages import (
    accounts,
    alerts,
    check,
    checks,
    complete,
    decide,
    export,
    feeds,
    figures,
    finding,
    inbox,
    login,
    media,
    people,
    tokens,
    twins,
    withdraw,
)
from desk.web.pictures import Pictures
from desk.web.reads import Noted
from desk.web.refusing import refused
from storage.errors import StoreError
from storage.store import Store

PARTS = (
    login,
    inbox,
    export,
    feeds,
    finding,
    media,
    decide,
    complete,
    twins,
    withdraw,
    accounts,
    figures,
    people,
    alerts,
    check,
    checks,
    tokens,
)


def route_names() -> set[str]:
    """Of all routes."""
    own = {route.name for part in PARTS for route in part.router.routes if isinstance(route, APIRoute)}
    return own | api.route_names()


def application(config: Config, store: Store, hosts: frozenset[str], *, secure: bool) -> FastAPI:
    """`hosts`: the names with ports under which it answers. `secure`: cookies over https alone."""

    pictures = Pictures(store, config.cache)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(store.inbox.listed)  # now, not while somebody waits for the first page
        tidying = asyncio.create_task(_tidying(config))
        yield
        tidying.cancel()
        tidy(config, minutes=0)
        pictures.close()

    app = FastAPI(title="Twinwatch", docs_url=None, redoc_url=None, openapi_url=None, lifespan=life)
    app.state.store, app.state.config, app.state.secure = store, config, secure
    app.state.pictures, app.state.noted = pictures, Noted()
    rules = rulebook_of(config)
    app.state.figures = Kept(store, rules.default)
    app.state.rules = {rule.id: rule for rule in rules.rules}
    for part in PARTS:
        app.include_router(part.router)
    app.state.api = api.api(app.state)
    app.mount(api.BELOW, app.state.api)
    app.add_middleware(Guard, hosts=hosts, said=refused)
    for kind in (HTTPException, RequestValidationError, StoreError):
        app.exception_handler(kind)(refused)
    if unknown := unlisted(route_names()):
        raise RuntimeError(f"nobody decided who may see: {', '.join(sorted(unknown))}")
    return app


async def _tidying(config: Config) -> None:
    while True:
        await run_in_threadpool(tidy, config)
        await asyncio.sleep(60)
