"""Pages out of templates: all text escaped, every style and script with this request's nonce."""

import hashlib
from functools import cache
from importlib.resources import files

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from desk.output import clean
from desk.pages import safe_url
from desk.web.access import Visitor
from desk.web.guard import words_of
from desk.web.secrets import csrf_of

STATIC = ("desk.css", "desk.js", "icon.svg")


def page(request: Request, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """`template` of desk/web/templates. Every page has: t (words), visitor, csrf, nonce, static."""
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    words = words_of(request)
    told = (
        _environment()
        .get_template(template)
        .render(
            t=words,
            visitor=visitor,
            may=visitor.may if visitor else lambda _: False,
            csrf=csrf_of(visitor.secret) if visitor else "",
            nonce=request.state.nonce,
            here=str(request.url.path),
            query=str(request.url.query),
            static=static,
            **values,
        )
    )
    return HTMLResponse(told.encode("utf-8", "replace").decode(), status)


@cache
def static(name: str) -> str:
    """The address of a file of ours: it holds the file's digest, so that it can be kept for good."""
    data = files("desk.web").joinpath("static", name).read_bytes()
    return f"/static/{hashlib.sha256(data).hexdigest()[:16]}/{name}"


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("desk.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: clean(value) if type(value) is str else value,
    )
    made.filters["utc"] = lambda moment: f"{moment:%Y-%m-%d %H:%M}" if moment else "–"
    made.filters["day"] = lambda moment: f"{moment:%Y-%m-%d}" if moment else "–"
    made.filters["safe_url"] = safe_url
    made.filters["capfirst"] = lambda text: text[:1].upper() + text[1:]
    return made
