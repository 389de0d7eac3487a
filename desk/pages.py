"""HTML pages that carry everything themselves: no script, nothing loaded from anywhere, all text escaped.

Each page carries a Content-Security-Policy that allows its own style sheet (by digest) and data: pictures,
nothing else.
"""

import base64
import hashlib
from collections.abc import Iterator
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from desk.output import clean


def page(template: str, **values: object) -> Iterator[bytes]:
    """A page in pieces, made while it is written. `style` and `digest` are given to it; so is what every page
    says in the same way."""
    pages = _environment()
    style = pages.get_template("report.css").render()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    written = pages.get_template(template).generate(
        style=Markup(style),  # noqa: S704 - our own file, and the policy holds its digest
        digest=digest,
        **values,
    )
    for piece in written:
        yield piece.encode("utf-8", "replace")


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("desk", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: clean(value) if type(value) is str else value,
    )
    environment.filters["utc"] = lambda moment: f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "not known"
    environment.filters["safe_url"] = safe_url
    environment.filters["capfirst"] = lambda text: text[:1].upper() + text[1:]
    environment.filters["words"] = lambda name: str(name).replace("_", " ")
    return environment


class Address(str):
    """An address as it was published: it is no text in which words may be put for others."""

    __slots__ = ()


def safe_url(url: str) -> Address:
    """The address when a browser may follow it (http or https with a host), else "": it is then shown as
    text."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return Address("")
    return Address(clean(url) if parts.scheme in ("http", "https") and parts.netloc else "")
