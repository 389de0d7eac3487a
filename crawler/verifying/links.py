"""The links of a page that a brand's own markup makes: anchors, rel=me, feeds, and JSON-LD's sameAs.

Left out: comments, scripts, templates, what nobody sees, and links that the page itself marks as somebody
else's (`rel="ugc"`, `rel="sponsored"`). Never executed, never followed.

Source: html.spec.whatwg.org, section 4.6 (links); schema.org/sameAs; developers.google.com/search/docs,
"Qualify outbound links" (read 2026-11).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from crawler.addresses import urljoined
from crawler.markup import FORBIDDEN, HIDDEN, LONGEST_STYLE
from crawler.wild_json import read_value, text_at
from storage.errors import CrawlError

UNREAD = frozenset({"script", "style", "template"})
ANOTHERS = frozenset({"ugc", "sponsored"})
LONGEST_QUOTE = 300  # characters
LONGEST_JSON = 1_000_000  # characters of one script
MOST_NODES = 20_000  # of one script's JSON
# Whose sameAs speaks for the site; a person's, a product's or a review's does not.
OWNERS = frozenset(
    {"Organization", "Corporation", "Brand", "Store", "ClothingStore", "OnlineStore", "OnlineBusiness"}
) | frozenset({"LocalBusiness", "WebSite", "NewsMediaOrganization"})
TEXT_LINK = re.compile(r"https?://[^\s<>\"')\]]{1,500}|(?<![@\w.-])(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}\b", re.I)


@dataclass(frozen=True, slots=True)
class Link:
    """`url` absolute; `quote` the element or field as it stood on the page."""

    url: str
    quote: str
    me: bool = False


@dataclass(slots=True)
class Links:
    """`cut`: the page was too deep or too broken to be read to its end."""

    found: list[Link] = field(default_factory=list)
    anchors: int = 0  # links of any kind, those that lead nowhere too
    cut: bool = False


def read_links(html: str, url: str) -> Links:
    """Any string will do. libxml2 reads it, in linear time."""
    parser = etree.HTMLParser(encoding="utf-8", recover=True, no_network=True)
    root = etree.fromstring(html.translate(FORBIDDEN).encode("utf-8", "replace") or b"<p>", parser)
    links = Links(cut=any(one.type_name == "ERR_RESOURCE_LIMIT" for one in parser.error_log))
    if root is None:
        return links
    base, based, unseen = url, False, 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = str(element.tag).lower()
        if _unseen(tag, element):
            unseen += 1 if event == "start" else -1
        if event == "end":
            continue
        href = str(element.get("href") or "")
        if tag == "base" and href and not based:
            base, based = urljoined(url, href), True
        elif tag == "script" and "ld+json" in str(element.get("type") or "").lower():
            links.found.extend(_same_as(str(element.text or ""), url))
        elif href and not unseen and tag in ("a", "area", "link"):
            _take(links, tag, element, base, href)
    return links


def _take(links: Links, tag: str, element: Any, base: str, href: str) -> None:
    rel = frozenset(str(element.get("rel") or "").lower().split())
    feed = "alternate" in rel and "xml" in str(element.get("type") or "").lower()
    if tag == "link" and "me" not in rel and not feed:
        return
    links.anchors += tag != "link"
    if not rel & ANOTHERS:
        attributes = "".join(
            f' {name}="{element.get(name)}"' for name in ("rel", "href") if element.get(name)
        )
        links.found.append(Link(urljoined(base, href), f"<{tag}{attributes}>"[:LONGEST_QUOTE], "me" in rel))


def _unseen(tag: str, element: Any) -> bool:
    style = str(element.get("style") or "")[:LONGEST_STYLE]
    return tag in UNREAD or element.get("hidden") is not None or bool(style and HIDDEN.search(style))


def _same_as(text: str, url: str) -> Iterator[Link]:
    """Of those whom the page is by: at the top, in its @graph, or its publisher."""
    if len(text) > LONGEST_JSON:
        return
    try:
        value = read_value(text.encode("utf-8", "replace"), url)
    except CrawlError:
        return
    waiting = [value]
    for _ in range(MOST_NODES):
        if not waiting:
            return
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, dict):
            waiting.extend(one[name] for name in ("@graph", "publisher") if name in one)
            yield from _named(one, url)


def _named(one: Mapping[str, object], url: str) -> Iterator[Link]:
    kinds = one.get("@type")
    named = {str(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])}
    if not named & OWNERS:
        return
    same = one.get("sameAs")
    for address in same if isinstance(same, list) else [same]:
        if isinstance(address, str):
            of = text_at(one, "name")[:60]
            yield Link(urljoined(url, address), f'JSON-LD {of} sameAs "{address}"'[:LONGEST_QUOTE])


def in_text(text: str) -> Iterator[str]:
    """Addresses and bare domains in plain words, as absolute addresses."""
    for found in TEXT_LINK.finditer(text[:20_000]):
        url = found[0].rstrip(".,;:!?")
        yield url if "://" in url else f"https://{url}"
