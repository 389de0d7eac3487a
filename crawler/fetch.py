"""One guarded download to disk, outside Scrapy: for videos, and for `twinwatch check URL`.

Every redirect is a new connection through the guard, and the connection goes to the address that was checked.
"""

import hashlib
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar
from urllib.parse import urljoin, urlsplit

from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, IncompleteRead, NewConnectionError, ReadTimeoutError, SSLError

from crawler.addresses import Guard
from crawler.agent import user_agent
from crawler.deadline import Deadline
from crawler.pages import PRIVATE
from crawler.tls import in_plain_words
from storage.errors import CrawlError

CHUNK = 64 * 1024
REDIRECTS = 5
CONNECT_SECONDS = 10.0  # for each address
IDLE_SECONDS = 30.0  # without a byte
MOVED = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Fetched:
    """A download that came through. Nothing is written unless the status is 200, or all was to be kept."""

    url_final: str
    status: int
    headers: tuple[tuple[str, str], ...]  # lower-case names, no cookies
    sha256: str
    size: int
    at: datetime


def fetch(
    url: str, to: Path, *, allow_hosts: Iterable[str], contact: str, limit_bytes: int, seconds: float
) -> Fetched:
    """Download `url` into the file `to`.

    Raises AddressRefused, or CrawlError by kind: bad_url, name_not_resolved, connection_failed, timeout,
    too_large, cut_body, too_many_redirects, http_status (anything but 200), empty_body.
    """
    fetched = retrieve(
        url, to, allow_hosts=allow_hosts, contact=contact, limit_bytes=limit_bytes, seconds=seconds
    )
    if fetched.status != 200:
        raise CrawlError(f"HTTP {fetched.status}", kind="http_status", where=url)
    if not fetched.size:
        raise CrawlError("no bytes came", kind="empty_body", where=url)
    return fetched


def retrieve(
    url: str,
    to: Path,
    *,
    allow_hosts: Iterable[str],
    contact: str,
    limit_bytes: int,
    seconds: float,
    headers: Mapping[str, str] | None = None,
    guard: Guard | None = None,
    follow: bool = True,
    keep_all: bool = False,
) -> Fetched:
    """Like `fetch`, with any status as the answer. `follow` False: a redirect is the answer; `keep_all`: the
    body is written whatever the status."""
    sent = {
        "User-Agent": user_agent(contact),
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        **(headers or {}),
    }
    with Deadline(seconds) as deadline:
        try:
            job = _Job(url, to, guard or Guard(allow_hosts), sent, limit_bytes, deadline, follow, keep_all)
            return job.run()
        except (HTTPError, OSError) as error:
            if deadline.over:  # a connection that was shut down fails in many ways
                raise _late(url) from error
            raise _named(error, url) from error


def _late(url: str) -> CrawlError:
    return CrawlError("took longer than the time allowed", kind="timeout", where=url)


def _named(error: Exception, url: str) -> CrawlError:
    if isinstance(error, NewConnectionError):
        return CrawlError(str(error), kind="connection_failed", where=url)
    if isinstance(error, ReadTimeoutError | TimeoutError):
        return CrawlError("no more bytes came", kind="timeout", where=url)
    if isinstance(error, IncompleteRead) or (
        "IncompleteRead" in str(error) and not isinstance(error, SSLError)
    ):
        return CrawlError(f"the body was cut: {error}", kind="cut_body", where=url)
    if isinstance(error, SSLError):
        return CrawlError(in_plain_words(f"SSL {error}"), kind="tls", where=url)
    return CrawlError(str(error), kind="connection_failed", where=url)


@dataclass(slots=True)
class _Job:
    url: str
    to: Path
    guard: Guard
    sent: Mapping[str, str]
    limit: int
    deadline: Deadline
    follow: bool = True
    keep_all: bool = False

    def run(self) -> Fetched:
        url = self.url
        for _ in range(REDIRECTS + 1):
            self._in_time()
            with guarded_pool(url, self.guard, self.deadline) as pool:
                response = pool.urlopen(
                    "GET",
                    target_of(url),
                    headers=dict(self.sent),
                    redirect=False,
                    retries=False,
                    preload_content=False,
                    decode_content=False,
                )
                try:
                    onward = response.headers.get("location") if response.status in MOVED else None
                    if not onward or not self.follow:
                        return self._body(url, response)
                    url = urljoin(url, onward)
                finally:
                    response.close()
        raise CrawlError(f"more than {REDIRECTS} redirects", kind="too_many_redirects", where=self.url)

    def _body(self, url: str, response: BaseHTTPResponse) -> Fetched:
        digest, size = hashlib.sha256(), 0
        if response.status == 200 or self.keep_all:
            announced = response.headers.get("content-length", "")
            if announced.isdecimal() and announced.isascii() and int(announced[:20]) > self.limit:
                raise self._too_large()
            with self.to.open("wb") as file:
                while chunk := response.read1(CHUNK):
                    self._in_time()
                    size += len(chunk)
                    if size > self.limit:
                        raise self._too_large()
                    digest.update(chunk)
                    file.write(chunk)
            self._in_time()  # a body without a length ends as well where the connection was shut down
        headers = tuple(
            (name.lower(), value) for name, value in response.headers.items() if name.lower() not in PRIVATE
        )
        return Fetched(
            url, response.status, headers, digest.hexdigest() if size else "", size, datetime.now(UTC)
        )

    def _in_time(self) -> None:
        if self.deadline.over:
            raise _late(self.url)

    def _too_large(self) -> CrawlError:
        return CrawlError(f"more than {self.limit} bytes", kind="too_large", where=self.url)


class _GuardedConnection(HTTPConnection):
    guard: ClassVar[Guard]
    deadline: ClassVar[Deadline]

    def _new_conn(self) -> socket.socket:
        return connect_checked(self.guard, self.deadline, self)


class _GuardedTLSConnection(HTTPSConnection):
    guard: ClassVar[Guard]
    deadline: ClassVar[Deadline]

    def _new_conn(self) -> socket.socket:
        return connect_checked(self.guard, self.deadline, self)


def connect_checked(guard: Guard, deadline: Deadline, connection: HTTPConnection) -> socket.socket:
    """A socket to the first address that answers, among those the guard let through."""
    last: OSError | None = None
    for one in guard.check(connection.host, connection.port or connection.default_port):
        sock = socket.socket(socket.AF_INET6 if one.v6 else socket.AF_INET, socket.SOCK_STREAM)
        try:
            sock.settimeout(max(0.001, min(CONNECT_SECONDS, deadline.left)))
            sock.connect((one.address, one.port))
            deadline.watch(sock)
        except OSError as error:
            sock.close()
            last = error
        else:
            return sock
    raise NewConnectionError(connection, f"no connection to {connection.host}: {last}")


def guarded_pool(url: str, guard: Guard, deadline: Deadline) -> HTTPConnectionPool:
    """A pool of one connection that goes through the guard. Made anew for each hop, so that nothing is reused
    unchecked. Raises CrawlError(kind="bad_url")."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise CrawlError(f"not a web address: {url[:200]!r}", kind="bad_url", where=url[:200]) from error
    if parts.scheme not in ("http", "https") or not host:
        raise CrawlError(f"only http and https: {url[:200]!r}", kind="bad_url", where=url[:200])
    # Without a port the standard library takes the last group of an IPv6 literal for one.
    port = port or (443 if parts.scheme == "https" else 80)
    timeout = Timeout(connect=CONNECT_SECONDS, read=IDLE_SECONDS)
    bound = {"guard": guard, "deadline": deadline}
    pool: HTTPConnectionPool
    if parts.scheme == "https":
        pool = HTTPSConnectionPool(host, port, timeout=timeout, maxsize=1)
        pool.ConnectionCls = type("Guarded", (_GuardedTLSConnection,), bound)
    else:
        pool = HTTPConnectionPool(host, port, timeout=timeout, maxsize=1)
        pool.ConnectionCls = type("Guarded", (_GuardedConnection,), bound)
    return pool


def target_of(url: str) -> str:
    """What a request line asks for."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
