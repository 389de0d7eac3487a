"""A few pages and profiles, asked for outside a night: one request at a time to a host, robots.txt obeyed at
every step of a redirect, each step through the guard, none after a host asked us to wait.

It is the second way out (crawler/fetch.py) with the manners of imports; what a platform's spider wants to ask
is asked as its night would ask it, the token included.
"""

import hashlib
import threading
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urljoin, urlsplit

from crawler.addresses import Guard
from crawler.agent import program_version, user_agent
from crawler.asking import shown_token
from crawler.fetch import MOVED, REDIRECTS, Fetched, retrieve
from crawler.intake.manners import ROBOTS_BYTES, Manners, robots_text
from crawler.pages import Answer, Ask
from crawler.spider import PlatformSpider
from storage.crawled import Capture
from storage.errors import CrawlError

PAGE_BYTES = 8 * 1024 * 1024  # front pages of shops are under 2 MiB
SECONDS = 30.0  # of one page, however slowly it drips
SIGNATURE = f"verify/1 twinwatch/{program_version()}"
HTML = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer, and the retrieval that brought it."""

    answer: Answer
    capture: Capture


@dataclass(slots=True)
class _Page:
    """A page that several accounts want is asked for once."""

    turn: threading.Lock = field(default_factory=threading.Lock)
    asked: Asked | None = None
    error: CrawlError | None = None


class Polite:
    """Shared by the threads that look; closed at the end."""

    def __init__(
        self,
        contact: str,
        allow_hosts: tuple[str, ...],
        seconds: float = SECONDS,
        page_bytes: int = PAGE_BYTES,
    ) -> None:
        self._guard, self._contact = Guard(allow_hosts), contact
        self._seconds, self._page_bytes = seconds, page_bytes
        self._manners = Manners(user_agent(contact), self._robots)
        self._room = TemporaryDirectory(prefix="twinwatch-verify-")
        self._pages: dict[str, _Page] = {}
        self._lock = threading.Lock()
        self._made = 0

    def close(self) -> None:
        self._room.cleanup()

    def page(self, url: str) -> Asked:
        """A page for people, once. Raises CrawlError by name."""
        with self._lock:
            page = self._pages.setdefault(url, _Page())
        with page.turn:
            if page.asked is None and page.error is None:
                try:
                    page.asked = self._hops(Ask(url, accept=HTML), {}, self._page_bytes, robots=True)
                except CrawlError as error:
                    page.error = error
        if page.asked is None:
            why = page.error or CrawlError("not asked", where=url)
            raise CrawlError(str(why), kind=why.kind, where=why.where)
        return page.asked

    def ask(self, spider: PlatformSpider, ask: Ask) -> Asked:
        """What a spider wants to be asked. Raises CrawlError by name, "rate_limited" too."""
        headers = shown_token(spider, ask) if ask.token else {}
        obeyed = bool((spider.custom_settings or {}).get("ROBOTSTXT_OBEY", True))
        asked = self._hops(ask, headers, spider.page_bytes, robots=ask.robots and obeyed, token=ask.token)
        if ask.token and spider.token:
            asked = without(spider, asked)
        limit = spider.limit_said(asked.answer)
        if limit:
            self._manners.hold(asked.answer.url)
            raise CrawlError(limit.message, kind="rate_limited", where=asked.answer.url)
        return asked

    # --- on the wire ----------------------------------------------------------------------------------------

    def _hops(
        self, ask: Ask, headers: Mapping[str, str], limit: int, *, robots: bool, token: bool = False
    ) -> Asked:
        """Each step of a redirect asks robots.txt of its own host. None is taken with a token."""
        sent = {**headers, **({"Accept": ask.accept} if ask.accept else {})}
        url = ask.url
        for _ in range(REDIRECTS + 1):
            fetched, body = self._once(url, sent, limit, robots=robots)
            said = dict(fetched.headers)
            if fetched.status not in MOVED or token or not said.get("location"):
                return self._answered(ask, fetched, body)
            url = _joined(url, said["location"])
        raise CrawlError(f"more than {REDIRECTS} redirects", kind="too_many_redirects", where=ask.url)

    def _once(self, url: str, sent: Mapping[str, str], limit: int, *, robots: bool) -> tuple[Fetched, bytes]:
        path = self._file()
        found: list[Fetched] = []

        def work() -> tuple[int, Mapping[str, str]]:
            found.append(self._retrieve(url, path, limit, sent, keep_all=True))
            return found[-1].status, dict(found[-1].headers)

        try:
            self._manners.ask(url, work, robots=robots)
            if found[-1].status == 429:
                raise CrawlError("the server asks us to wait", kind="rate_limited", where=url)
            return found[-1], path.read_bytes() if path.exists() else b""
        finally:
            path.unlink(missing_ok=True)

    def _retrieve(
        self, url: str, path: Path, limit: int, sent: Mapping[str, str], *, keep_all: bool
    ) -> Fetched:
        return retrieve(
            url,
            path,
            allow_hosts=(),
            contact=self._contact,
            limit_bytes=limit,
            seconds=self._seconds,
            headers=sent,
            guard=self._guard,
            follow=not keep_all,
            keep_all=keep_all,
        )

    def _answered(self, ask: Ask, fetched: Fetched, body: bytes) -> Asked:
        said = dict(fetched.headers)
        plain = unpacked(body, said.get("content-encoding", ""), self._page_bytes, ask.url)
        answer = Answer(fetched.url_final, fetched.status, said, plain, fetched.at, ask.carried)
        return Asked(answer, captured(ask.url, answer, fetched.headers))

    def _robots(self, url: str) -> str:
        return robots_text(
            url, self._file(), lambda url, path: self._retrieve(url, path, ROBOTS_BYTES, {}, keep_all=False)
        )

    def _file(self) -> Path:
        with self._lock:
            self._made += 1
            return Path(self._room.name) / str(self._made)


def captured(asked: str, answer: Answer, headers: tuple[tuple[str, str], ...]) -> Capture:
    sha256 = hashlib.sha256(answer.body).hexdigest()
    return Capture(asked, answer.url, answer.at, answer.status, headers, sha256, len(answer.body), SIGNATURE)


def without(spider: PlatformSpider, asked: Asked) -> Asked:
    """The answer with the token struck out, before anything reads, hashes or keeps it."""
    hide: Callable[[str], str] = spider.token.hide if spider.token else str
    body = spider.token.hide_bytes(asked.answer.body) if spider.token else asked.answer.body
    headers = tuple((name, hide(value)) for name, value in asked.capture.headers)
    answer = Answer(
        asked.answer.url, asked.answer.status, dict(headers), body, asked.answer.at, asked.answer.carried
    )
    return Asked(answer, captured(asked.capture.url_asked, answer, headers))


def unpacked(body: bytes, encoding: str, limit: int, where: str) -> bytes:
    """We ask for no compression; who compresses all the same is unpacked up to the limit. Raises CrawlError
    kind "too_large" or "bad_encoding"."""
    named = encoding.strip().lower()
    if named in ("", "identity") or not body:
        return body
    if named not in ("gzip", "x-gzip", "deflate"):
        raise CrawlError(
            f"encoded as {named[:40]!r}, which was not asked for", kind="bad_encoding", where=where
        )
    unpacker: Any = zlib.decompressobj(47 if "gzip" in named else zlib.MAX_WBITS)
    try:
        plain: bytes = unpacker.decompress(body, limit)
    except zlib.error as error:
        raise CrawlError(f"no {named}: {error}", kind="bad_encoding", where=where) from error
    if unpacker.unconsumed_tail:
        raise CrawlError(f"unpacks to more than {limit} bytes", kind="too_large", where=where)
    return plain


def _joined(url: str, location: str) -> str:
    """Raises CrawlError kind "bad_url"."""
    try:
        onward = urljoin(url, location)
        urlsplit(onward)
    except ValueError as error:
        raise CrawlError(f"a redirect to {location[:200]!r}", kind="bad_url", where=url) from error
    return onward
