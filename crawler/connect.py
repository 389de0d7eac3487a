"""Scrapy's way out: a download handler that connects only where the guard says, and only when the pace
allows.

Both sit here and not in a middleware, because this is the last place before the wire: a redirect, a retry and
robots.txt all end up here, and a request that waited in a queue while a limit was announced is still held.
"""

from collections.abc import Callable, Generator, Mapping
from functools import partial
from typing import Any, cast

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, _ScrapyAgent
from scrapy.http import Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred, inlineCallbacks
from twisted.internet.endpoints import TCP4ClientEndpoint, TCP6ClientEndpoint, wrapClientTLS
from twisted.internet.error import ConnectError
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.internet.threads import deferToThread
from twisted.web.client import URI, Agent
from twisted.web.error import SchemeNotSupported
from twisted.web.iweb import IAgentEndpointFactory
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.addresses import CheckedAddress, Guard
from crawler.found import OWN_HOSTS, patience


@implementer(IStreamClientEndpoint)
class GuardedEndpoint:
    """Resolves through the guard, then connects to the numeric address that was checked."""

    def __init__(self, reactor: Any, guard: Guard, host: str, port: int, timeout: float) -> None:
        self._reactor, self._guard, self._timeout = reactor, guard, timeout
        self._host, self._port = host, port

    @inlineCallbacks
    def connect(self, protocolFactory: Any) -> Generator[Deferred[Any], Any, Any]:  # noqa: N803 (Twisted's interface)
        """Tries the addresses in the resolver's order. Raises AddressRefused, CrawlError or the last
        ConnectError."""
        addresses: tuple[CheckedAddress, ...] = yield deferToThread(self._guard.check, self._host, self._port)
        for left, one in zip(range(len(addresses) - 1, -1, -1), addresses, strict=True):
            kind = TCP6ClientEndpoint if one.v6 else TCP4ClientEndpoint
            try:
                return (
                    yield kind(self._reactor, one.address, one.port, self._timeout).connect(protocolFactory)
                )
            except ConnectError:
                if not left:
                    raise
        raise AssertionError("the guard never answers without an address")


@implementer(IAgentEndpointFactory)
class GuardedEndpoints:
    """What Twisted's Agent asks for a connection to a new host."""

    def __init__(self, reactor: Any, guard: Guard, tls: Any, timeout: float) -> None:
        self._reactor, self._guard, self._tls, self._timeout = reactor, guard, tls, timeout

    def endpointForURI(self, uri: URI) -> Any:  # noqa: N802 (Twisted's interface)
        endpoint: Any = GuardedEndpoint(
            self._reactor, self._guard, uri.host.decode("ascii"), uri.port, self._timeout
        )
        if uri.scheme == b"http":
            return endpoint
        if uri.scheme == b"https":
            return wrapClientTLS(self._tls.creatorForNetloc(uri.host, uri.port), endpoint)
        raise SchemeNotSupported(f"Unsupported scheme: {uri.scheme!r}")


class _GuardedAgent(_ScrapyAgent):
    """Scrapy's agent with our endpoints. Proxies are not used: through one, nobody could check the
    address."""

    guard: Guard
    heard: Callable[[int, Mapping[str, str]], None]

    def _cb_bodyready(self, txresponse: Any, request: Request) -> Any:
        """Headers are here, the body is not yet: others may be about to ask the same host."""
        self.heard(
            txresponse.code,
            {
                name.decode("latin-1"): values[-1].decode("latin-1")
                for name, values in txresponse.headers.getAllRawHeaders()
                if values
            },
        )
        return super()._cb_bodyready(txresponse, request)

    def _get_agent(self, request: Request, timeout: float) -> Agent:
        from twisted.internet import reactor  # noqa: PLC0415 (importing it installs it)

        endpoints = GuardedEndpoints(reactor, self.guard, self._contextFactory, timeout)
        return cast("Agent", Agent.usingEndpointFactory(reactor, endpoints, pool=self._pool))  # type: ignore[no-untyped-call]


class GuardedDownloadHandler(HTTP11DownloadHandler):
    """http and https. Needs a spider with `guard` and `pace`."""

    async def download_request(self, request: Request) -> Response:
        spider: Any = self._crawler.spider
        host = urlparse_cached(request).netloc
        async with spider.pace.turn(host, patience(host, request.meta.get(OWN_HOSTS))):
            return await self._send(request, spider.guard, partial(spider.pace.heard, host))

    async def _send(
        self, request: Request, guard: Guard, heard: Callable[[int, Mapping[str, str]], None]
    ) -> Response:
        agent = _GuardedAgent(
            contextFactory=self._contextFactory,
            pool=self._pool,
            maxsize=self._default_maxsize,
            warnsize=self._default_warnsize,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
        )
        agent.guard, agent.heard = guard, heard
        with wrap_twisted_exceptions():
            return await maybe_deferred_to_future(agent.download_request(request))
