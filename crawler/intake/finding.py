"""Web objects inside what a page loaded: API answers, and the JSON that pages carry in their scripts."""

import re
from collections.abc import Iterator

from crawler.intake.lines import read_object
from crawler.webobjects.every import READERS, Reader
from storage.errors import CrawlError

SCRIPT = re.compile(rb"<script\b[^>]{0,2000}>(.{2,33554432}?)</script>", re.DOTALL | re.IGNORECASE)
GUARD = b"for (;;);"  # before the JSON of some of Meta's answers
MOST_NODES = 2_000_000  # of one document that are looked at


def documents(body: bytes) -> Iterator[object]:
    """The JSON in a response: all of it, that of its lines (Facebook's interface sends the parts of an answer
    one after the other), or that of its scripts. What is no JSON is passed over."""
    plain = body.strip().removeprefix(GUARD)
    if plain[:1] in (b"{", b"["):
        whole = False
        for piece in [plain] if b"\n" not in plain else [plain, *plain.splitlines()]:
            try:
                yield read_object(piece)
            except CrawlError:
                continue
            whole = True
            if piece is plain:
                return
        if whole:
            return
    for found in SCRIPT.finditer(body):
        inside = found[1].strip()
        if inside[:1] in (b"{", b"["):
            try:
                yield read_object(inside)
            except CrawlError:
                continue


def objects_in(document: object, platform: str) -> Iterator[tuple[Reader, object]]:
    """Posts of this platform's shape, in their order; what lies within a post is a part of it."""
    reader = READERS[platform]
    ahead = [document]
    for _ in range(MOST_NODES):
        if not ahead:
            return
        one = ahead.pop()
        if reader.is_one(one):
            yield reader, one
        elif isinstance(one, dict):
            ahead.extend(reversed(one.values()))
        elif isinstance(one, list):
            ahead.extend(reversed(one))
