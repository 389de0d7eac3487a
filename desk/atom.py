"""An Atom feed (RFC 4287) of findings: one entry a finding, under an id that never changes."""

import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from desk.output import clean
from storage.records import Finding

NAMESPACE = "http://www.w3.org/2005/Atom"
TYPE = "application/atom+xml; charset=utf-8"
MOST = 100  # entries: what readers keep
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2


@dataclass(frozen=True, slots=True)
class Entry:
    """`id`: a URI. `updated`: when anything about it changed last that is to be told."""

    id: str
    title: str
    link: str
    summary: str
    published: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    id: str
    title: str
    address: str  # its own
    page: str  # the same for people
    updated: datetime
    entries: tuple[Entry, ...]


def finding_id(finding: Finding) -> str:
    """Made of what never changes: the platform, its own id of the post, and the place of the picture. The
    number of a finding would not do: it is another one in another store."""
    told = "\n".join((finding.account.platform, finding.post_id, str(finding.position)))
    return uuid.uuid5(uuid.NAMESPACE_URL, f"twinwatch finding\n{told}").urn


def feed_id(secret: str) -> str:
    """Of an address; its secret cannot be read out of it."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"twinwatch feed\n{secret}").urn


def entry(finding: Finding, title: str, summary: str, link: str, decided: datetime | None) -> Entry:
    """`decided`: when a person decided on it last."""
    moments = (finding.judged_at, finding.gone_at, decided)
    return Entry(
        id=finding_id(finding),
        title=title,
        link=link,
        summary=summary,
        published=finding.first_seen,
        updated=max(one for one in moments if one is not None),
    )


def atom(feed: Feed, generator: str) -> bytes:
    """All text as text (type="text"): what looks like markup in it is none."""
    root = etree.Element(f"{{{NAMESPACE}}}feed", nsmap={None: NAMESPACE})
    add = _adding(root)
    add("id", feed.id)
    add("title", feed.title)
    add("updated", _rfc3339(feed.updated))
    add("generator", generator)
    add("link", rel="self", type="application/atom+xml", href=feed.address)
    add("link", rel="alternate", type="text/html", href=feed.page)
    author = etree.SubElement(root, f"{{{NAMESPACE}}}author")
    _adding(author)("name", "Twinwatch")
    for one in feed.entries:
        inner = _adding(etree.SubElement(root, f"{{{NAMESPACE}}}entry"))
        inner("id", one.id)
        inner("title", one.title)
        inner("updated", _rfc3339(one.updated))
        inner("published", _rfc3339(one.published))
        inner("link", rel="alternate", type="text/html", href=one.link)
        inner("summary", one.summary, type="text")
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return data


def _adding(parent: "etree._Element") -> Callable[..., None]:
    def add(name: str, text: str = "", **attributes: str) -> None:
        child = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
        for key, value in attributes.items():
            child.set(key, xml_text(value))
        if text:
            child.text = xml_text(text)

    return add


def xml_text(text: str) -> str:
    """Without what XML cannot hold, and without what turns the direction of text."""
    return _NOT_XML.sub("\ufffd", clean(text))


def updated_last(entries: Sequence[Entry], otherwise: datetime) -> datetime:
    return max((one.updated for one in entries), default=otherwise)


def _rfc3339(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
