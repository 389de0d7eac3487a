"""HTML inside feeds: its plain text and its pictures. Never rendered, never stored as markup."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

UNREAD = frozenset({"script", "style", "template", "noscript"})
# What a style says of an element that nobody sees; a style sheet from elsewhere is not read.
HIDDEN = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0*)?"
    r"|font-size\s*:\s*0(?:\.0*)?[a-z%]*)\s*(?:!\s*important\s*)?(?:;|$)",
    re.IGNORECASE,
)
LONGEST_STYLE = 2_000  # characters of a style attribute that are looked at
BLOCKS = frozenset(
    {"p", "div", "br", "li", "ul", "ol", "tr", "figure", "figcaption", "table", "hr"}
) | frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section", "article"})
FORBIDDEN = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000)], "\ufffd")
SPACE = re.compile("[ \\t\\r\\n\\f]+")  # of HTML: Python's own white space is wider
LONGEST_SRCSET = 20_000  # characters: a hundred candidates of 200


@dataclass(frozen=True, slots=True)
class Picture:
    url: str  # as written, maybe relative
    alt: str | None  # None: no alt attribute


def read_markup(html: str) -> tuple[str, Sequence[Picture]]:
    """Plain text (entities resolved, one line a block) and the pictures in their order, without what nobody
    sees. Any string will do.

    libxml2 reads it, in linear time: html.parser of the standard library takes minutes for a few thousand
    unclosed tags. What it cannot read (more than 256 elements deep) is left out.
    """
    words: list[str] = []
    found: list[Picture] = []
    unread = 0
    for event, tag, element in _walk(html):
        unread += _unseen(tag, element) * (1 if event == "start" else -1)
        if tag in BLOCKS:
            words.append("\n")
        if tag == "img" and event == "start" and not unread:
            found.extend(_pictures(element.attrib))
        said = element.text if event == "start" else element.tail
        if said and not unread and (tag or event == "end"):
            words.append(said)
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in "".join(words).split("\n"))
    return "\n".join(line for line in lines if line), found


def _walk(html: str) -> Iterator[tuple[str, str, Any]]:
    """(start or end, tag or "" for a comment, element) in document order."""
    parser = etree.HTMLParser(encoding="utf-8", recover=True, no_network=True)
    whole = f"<body><div>{html.translate(FORBIDDEN)}"
    root = etree.fromstring(whole.encode("utf-8", "replace"), parser)
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("start", "end"):
            yield event, element.tag.lower(), element
        else:
            yield "end", "", element


def _unseen(tag: str, element: Any) -> bool:
    """A label that nobody sees is none. `tag` is "" for what is no element."""
    if not tag:
        return False
    style = str(element.get("style") or "")[:LONGEST_STYLE]
    return tag in UNREAD or element.get("hidden") is not None or bool(style and HIDDEN.search(style))


def _pictures(attributes: Any) -> Iterator[Picture]:
    attrs = {str(name).lower(): str(value) for name, value in attributes.items()}
    if attrs.get("width") in ("0", "1") or attrs.get("height") in ("0", "1"):
        return  # a counting pixel
    largest = largest_of(attrs.get("srcset") or attrs.get("data-srcset") or "")
    src = attrs.get("src", "")
    if src.startswith("data:") or not src:
        src = attrs.get("data-src", "")
    if largest or src:
        yield Picture((largest or src).strip(), attrs.get("alt"))


def largest_of(srcset: str) -> str:
    """The URL with the greatest width or density of a srcset attribute; "" where there is none."""
    best, largest = "", 0.0
    for url, descriptor in _candidates(srcset[:LONGEST_SRCSET]):
        size = _size(descriptor)
        if not url.startswith("data:") and size > largest:
            best, largest = url, size
    return best


def _candidates(srcset: str) -> Iterator[tuple[str, str]]:
    """URL and descriptor, as the HTML standard reads them: a URL goes to the next white space and may hold
    commas; one that ends with a comma has no descriptor; a descriptor goes to the next comma."""
    rest = srcset.lstrip(", \t\r\n\f")
    while rest:
        url, *after = SPACE.split(rest, maxsplit=1)
        rest = after[0] if after else ""
        descriptor = ""
        if not url.endswith(","):
            descriptor, _, rest = rest.partition(",")
        yield url.rstrip(","), descriptor
        rest = rest.lstrip(", \t\r\n\f")


def _size(descriptor: str) -> float:
    number = descriptor.strip().rstrip(",")[:-1]
    plain = number.replace(".", "", 1)
    return float(number) if plain.isascii() and plain.isdigit() and len(plain) < 12 else 1.0
