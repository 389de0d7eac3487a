"""How an import behaves towards the servers it asks for media: robots.txt, one request at a time to a host,
and no second one to a host that asked us to wait or only refuses.

Expired addresses are not asked at all: Instagram's carry `oe` (hex epoch), TikTok's `x-expires`.
"""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from protego import Protego

from crawler.fetch import Fetched
from crawler.pace import announces_wait
from storage.errors import CrawlError

REFUSALS = 20  # in a row: the addresses are all dead, or we are not wanted
BETWEEN = 0.05  # seconds between two requests to a host, as a browser on the page would make them
ROBOTS_BYTES = 512 * 1024  # RFC 9309, section 2.5: at least 500 KiB
NOTHING = "User-agent: *\nDisallow: /\n"  # RFC 9309, section 2.3.1.4: a server error permits nothing for now
LAST_EPOCH = 1e11


@dataclass(slots=True)
class _Host:
    turn: threading.Lock = field(default_factory=threading.Lock)
    last: float = 0.0
    refusals: int = 0
    waits: bool = False
    verdict: CrawlError | None = None  # what holds for all its addresses: no such name, or out of bounds
    robots: Protego | None = None
    asked_robots: bool = False


class Manners:
    """Shared by the threads that fetch. `robots_of` gives the text of a host's robots.txt ("" for none)."""

    def __init__(self, agent: str, robots_of: Callable[[str], str]) -> None:
        self._agent, self._robots_of = agent, robots_of
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    def ask(
        self, url: str, work: Callable[[], tuple[int, Mapping[str, str]]], *, robots: bool = True
    ) -> None:
        """Run `work` (it gives status and headers) when it is this host's turn. `robots` False: an interface
        for programs. Raises CrawlError kind "url_expired", "robots_forbidden", "host_refuses", "rate_limited"
        without asking, or what `work` raises."""
        if (until := expiry(url)) and until < datetime.now(UTC):
            raise CrawlError(f"the address expired {until:%F %T} UTC", kind="url_expired", where=url)
        host = self._host(url)
        with host.turn:
            try:
                self._ask(host, url, work, robots=robots)
            except CrawlError as error:
                if holds_for_host(error, url):
                    host.verdict = error
                raise

    def hold(self, url: str) -> None:
        """Ask this host no more: a limit was told in a body."""
        self._host(url).waits = True

    def _ask(
        self, host: _Host, url: str, work: Callable[[], tuple[int, Mapping[str, str]]], *, robots: bool
    ) -> None:
        self._may(host, url, robots=robots)
        time.sleep(max(0.0, host.last + BETWEEN - time.monotonic()))
        refused = True
        try:
            status, headers = work()
            host.waits = announces_wait(status, headers)
            refused = status >= 400
        finally:
            host.last = time.monotonic()
            host.refusals = host.refusals + 1 if refused else 0

    def _may(self, host: _Host, url: str, *, robots: bool) -> None:
        name = urlsplit(url).netloc
        if host.verdict:
            raise CrawlError(str(host.verdict), kind=host.verdict.kind, where=url)
        if host.waits:
            raise CrawlError(f"{name} asked us to wait: not asked again", kind="rate_limited", where=url)
        if host.refusals >= REFUSALS:
            message = f"{name} refused {host.refusals} times in a row: not asked again"
            raise CrawlError(message, kind="host_refuses", where=url)
        if robots and not host.asked_robots:
            host.asked_robots = True
            text = self._robots_of(f"{urlsplit(url).scheme}://{name}/robots.txt")
            host.robots = Protego.parse(text) if text else None
        if robots and host.robots and not host.robots.can_fetch(url, self._agent):
            raise CrawlError("robots.txt asks not to fetch this", kind="robots_forbidden", where=url)

    def _host(self, url: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(urlsplit(url).netloc, _Host())


def robots_text(url: str, path: Path, retrieve: Callable[[str, Path], Fetched]) -> str:
    """What a host's robots.txt says: "" where there is none, nothing permitted while its server fails.
    `retrieve` writes it to the path, which is gone afterwards. Raises what holds for the whole host: who
    cannot be reached at all fails by that name."""
    try:
        fetched = retrieve(url, path)
        if fetched.status >= 500:
            return NOTHING
        return path.read_text("utf-8", "replace") if fetched.status == 200 and fetched.size else ""
    except CrawlError as error:
        if holds_for_host(error, url):
            raise
        return ""
    finally:
        path.unlink(missing_ok=True)


def holds_for_host(error: CrawlError, url: str) -> bool:
    """Whether it would be the same for every address of this host. A redirect's end is another's matter."""
    facts = ("name_not_resolved", "address_refused")
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return error.kind in facts and error.where in (parts.hostname, f"{parts.hostname}:{port}")


def expiry(url: str) -> datetime | None:
    """When a signed address ends, where it says so."""
    try:
        query = parse_qs(urlsplit(url).query)
    except ValueError:
        return None
    for name, base in (("oe", 16), ("x-expires", 10)):
        for value in query.get(name, [])[:1]:
            with suppress(ValueError, OverflowError, OSError):
                epoch = int(value, base)
                return datetime.fromtimestamp(epoch, UTC) if 0 < epoch < LAST_EPOCH else None
    return None
