"""Scrapy's connections go to the address that was checked, whatever the name answers the second time."""

import socket
from typing import Any

import pytest
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import ConnectError
from twisted.internet.protocol import Factory
from twisted.internet.testing import MemoryReactorClock
from twisted.python.failure import Failure
from twisted.web.client import URI
from twisted.web.error import SchemeNotSupported

from crawler import connect
from crawler.addresses import Guard
from crawler.connect import GuardedEndpoint, GuardedEndpoints
from storage.errors import AddressRefused


class Rebinding:
    """A resolver that is public once and loopback ever after."""

    def __init__(self, *first: str) -> None:
        self.answers = [list(first)]
        self.asked = 0

    def __call__(self, host: str, port: int, *_: object) -> list[tuple[Any, ...]]:
        self.asked += 1
        answer = self.answers.pop(0) if self.answers else ["127.0.0.1"]
        family = [socket.AF_INET6 if ":" in one else socket.AF_INET for one in answer]
        return [(kind, 1, 6, "", (one, port)) for kind, one in zip(family, answer, strict=True)]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads would need a running reactor: the look-up happens here and now."""

    def now(function: Any, *args: Any) -> Deferred[Any]:
        try:
            return succeed(function(*args))
        except Exception:
            return fail()

    monkeypatch.setattr(connect, "deferToThread", now)


def reactor_double() -> Any:
    return MemoryReactorClock()  # type: ignore[no-untyped-call]


def failed(error: Exception) -> Failure:
    return Failure(error)  # type: ignore[no-untyped-call]


def uri(url: bytes) -> URI:
    parsed: URI = URI.fromBytes(url)  # type: ignore[no-untyped-call]
    return parsed


def connected(reactor: Any) -> list[tuple[str, int]]:
    return [(one[0], one[1]) for one in reactor.tcpClients]


def test_the_checked_address_is_connected_and_the_name_asked_once() -> None:
    reactor, resolver = reactor_double(), Rebinding("93.184.216.34")
    endpoint = GuardedEndpoint(reactor, Guard(resolve=resolver), "rebind.example", 80, 5)
    endpoint.connect(Factory())
    assert connected(reactor) == [("93.184.216.34", 80)]
    assert resolver.asked == 1


def test_the_second_connection_is_checked_anew() -> None:
    reactor, resolver = reactor_double(), Rebinding("93.184.216.34")
    endpoint = GuardedEndpoint(reactor, Guard(resolve=resolver), "rebind.example", 80, 5)
    endpoint.connect(Factory())
    refused: list[Failure] = []
    endpoint.connect(Factory()).addErrback(refused.append)
    assert isinstance(refused[0].value, AddressRefused)
    assert len(reactor.tcpClients) == 1


def test_the_next_address_is_tried_when_one_refuses() -> None:
    reactor, resolver = reactor_double(), Rebinding("2606:4700:4700::1111", "93.184.216.34")
    GuardedEndpoint(reactor, Guard(resolve=resolver), "two.example", 443, 5).connect(Factory())
    factory: Any = reactor.tcpClients[0][2]
    factory.clientConnectionFailed(None, failed(ConnectError()))  # type: ignore[no-untyped-call]
    assert connected(reactor) == [("2606:4700:4700::1111", 443), ("93.184.216.34", 443)]
    assert resolver.asked == 1


@pytest.mark.parametrize("url", [b"ftp://x.example/", b"file://x.example/", b"gopher://x.example/"])
def test_only_http_and_https(url: bytes) -> None:
    with pytest.raises(SchemeNotSupported):
        GuardedEndpoints(reactor_double(), Guard(), None, 5).endpointForURI(uri(url))


@pytest.mark.parametrize(
    ("url", "host"),
    [
        (b"http://user:pass@127.0.0.1/", None),
        (b"http://example.com@127.0.0.1:80/", None),
        (b"http://[::1]:80/", "::1"),
        (b"http://[::ffff:7f00:1]/", "::ffff:7f00:1"),
    ],
)
def test_tricks_in_the_host_end_at_the_guard(url: bytes, host: str | None) -> None:
    """Whatever host Twisted makes of the URL is the one that is checked."""
    reactor = reactor_double()
    endpoint = GuardedEndpoints(reactor, Guard(), None, 5).endpointForURI(uri(url))
    refused: list[Failure] = []
    endpoint.connect(Factory()).addErrback(refused.append)
    assert refused
    assert not reactor.tcpClients
