"""HTML inside feeds: its plain text and its pictures. Never rendered, never stored as markup."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

UNREAD = frozenset({"script", "style", "template", "noscript"})
BLOCKS = frozenset(
    {"p", "div", "br", "li", "ul", "ol", "tr", "figure", "figcaption", "table", "hr"}
) | frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section", "article"})
CANDIDATE = re.compile(r"(\S*[^\s,])(?:\s+([0-9.]+)([wx]))?\s*(?:,|$)")


@dataclass(frozen=True, slots=True)
class Picture:
    url: str  # as written, maybe relative
    alt: str | None  # None: no alt attribute


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.pictures: list[Picture] = []
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNREAD:
            self._unread += 1
        elif tag in BLOCKS:
            self.words.append("\n")
        elif tag == "img":
            self._picture(dict(attrs))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in UNREAD:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in UNREAD:
            self._unread = max(0, self._unread - 1)
        elif tag in BLOCKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.words.append(data)

    def _picture(self, attrs: dict[str, str | None]) -> None:
        if attrs.get("width") in ("0", "1") or attrs.get("height") in ("0", "1"):
            return  # a counting pixel
        largest = largest_of(attrs.get("srcset") or attrs.get("data-srcset") or "")
        src = attrs.get("src") or ""
        if src.startswith("data:") or not src:
            src = attrs.get("data-src") or ""
        if largest or src:
            self.pictures.append(
                Picture((largest or src).strip(), attrs["alt"] or "" if "alt" in attrs else None)
            )


def largest_of(srcset: str) -> str:
    """The URL with the greatest width or density of a srcset attribute; "" where there is none."""
    candidates = [
        (float(number) if number and number.count(".") < 2 and number != "." else 1.0, url)
        for url, number, _unit in CANDIDATE.findall(srcset)
        if not url.startswith("data:")
    ]
    return max(candidates, key=lambda one: one[0])[1] if candidates else ""


def read_markup(html: str) -> tuple[str, Sequence[Picture]]:
    """Plain text (entities resolved, one line a block) and the pictures in their order. Any string will
    do."""
    reader = _Reader()
    try:
        reader.feed(html)
        reader.close()
    except (
        AssertionError,
        ValueError,
    ):  # html.parser gives up on some broken declarations: keep what was read
        pass
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in "".join(reader.words).split("\n"))
    return "\n".join(line for line in lines if line), reader.pictures
