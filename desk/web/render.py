"""Pages out of templates: all text escaped, every style and script with this request's nonce."""

import hashlib
from functools import cache, lru_cache
from importlib.resources import files

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.responses import HTMLResponse

from desk.output import clean
from desk.pages import safe_url
from desk.pseudonyms import Veil
from desk.web.access import Visitor
from desk.web.guard import words_of
from desk.web.secrets import csrf_of
from desk.web.sentences import SENTENCE, said
from desk.web.turns import turn
from desk.web.veiled import veil_for
from desk.web.words import Words
from storage.inbox import Line

STATIC = ("desk.css", "desk.js", "htmx.min.js", "icon.svg")


def page(request: Request, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """`template` of desk/web/templates. Every page has: t (words), visitor, csrf, nonce, static. Whatever it
    prints goes through the veil of whoever looks."""
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    words = words_of(request)
    given: dict[str, object] = {
        "t": words,
        "visitor": visitor,
        "veil": veil_for(request.app.state.store, visitor, words.language),
        "may": visitor.may if visitor else lambda _: False,
        "csrf": csrf_of(visitor.secret) if visitor else "",
        "nonce": request.state.nonce,
        "here": str(request.url.path),
        "query": str(request.url.query),
        "static": static,
        "options_of": options_of,
    }
    with turn():
        told = _environment().get_template(template).render(given, **values)
    return HTMLResponse(told.encode("utf-8", "replace").decode(), status)


@lru_cache(maxsize=10_000)
def line_of(line: Line, language: str, scope: frozenset[str] | None, *, choosing: bool) -> Markup:
    """One line of the list. The same line says the same to everybody who sees these twins in this language,
    so it is made once. `choosing`: with a box to tick."""
    template = _environment().get_template("line.html")
    return Markup(template.render(line=line, t=Words(language), scope=scope, choosing=choosing))  # noqa: S704 - ours, escaped


@lru_cache(maxsize=1_000)
def options_of(values: tuple[str, ...], chosen: str) -> Markup:
    """The options of a list to choose from."""
    option = Markup("<option{}>{}</option>")
    selected = Markup(" selected")
    return Markup().join(option.format(selected if one == chosen else "", _shown(one)) for one in values)


def _shown(value: object) -> object:
    """What is all printable is nothing to clean: nearly everything, and quicker to tell."""
    return clean(value) if type(value) is str and not value.isprintable() else value


@cache
def static(name: str) -> str:
    """The address of a file of ours: it holds the file's digest, so that it can be kept for good."""
    data = files("desk.web").joinpath("static", name).read_bytes()
    return f"/static/{hashlib.sha256(data).hexdigest()[:16]}/{name}"


@pass_context
def _printed(context: Context, value: object) -> object:
    """Plain text, without what only looks like something else and without names that are not for everybody.
    What is marked as safe or as an address is ours, or is left as it was published."""
    if type(value) is not str:
        return value
    veil: Veil | None = context.get("veil")
    told = str(_shown(value))
    return veil(told) if veil is not None else told


@pass_context
def _said(
    context: Context, value: str, room: str = SENTENCE, *, capital: bool = False, plain: bool = False
) -> Markup:
    """A sentence of the detector's, veiled, in the language of the page (desk/web/sentences.py)."""
    return said(context["t"].language, str(_printed(context, value)), room, capital=capital, plain=plain)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("desk.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printed,
        auto_reload=False,
    )
    made.filters["utc"] = pass_context(lambda page, moment: page["t"].moment(moment) if moment else "–")
    made.filters["day"] = pass_context(lambda page, moment: page["t"].day(moment) if moment else "–")
    made.filters["number"] = pass_context(lambda page, number: page["t"].number(number))
    made.filters["safe_url"] = safe_url
    made.filters["said"] = _said
    return made
