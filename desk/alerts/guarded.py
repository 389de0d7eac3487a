"""The address guard for a library that opens its own connections: while it sends, each connection of this
thread is looked at by its numeric address, after the name was resolved and before anything goes out.

Python tells of connections before they are made (PEP 578, `socket.connect`), and what raises there is no
connection. Such a listener cannot be taken away again, so it is put there with the first message, and does
nothing while nobody is sending.
"""

import contextlib
import socket
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from functools import cache
from ipaddress import ip_address
from typing import Any

from crawler.addresses import Guard, plain_host, split_allowed
from storage.errors import AddressRefused, CrawlError

_TOLD = frozenset({"socket.connect", "socket.sendto"})


class Watch:
    """`refused`: why a connection was not made; "" while none was refused."""

    def __init__(self, allow_hosts: tuple[str, ...]) -> None:
        self._allowed = allow_hosts
        self._guard = Guard(allow_hosts)
        self.refused = ""

    def look(self, address: Any) -> None:
        """Raises ConnectionRefusedError, which libraries take for what it says."""
        if not isinstance(address, tuple) or len(address) < 2:
            return  # a socket of this machine's own, which leads nowhere else
        host, port = str(address[0]), int(address[1])
        try:
            self._guard.check(host, port)
        except AddressRefused as error:
            if not self._named(host, port):
                self.refused = str(error)
                raise ConnectionRefusedError(str(error)) from None

    def _named(self, address: str, port: int) -> bool:
        """Whether a name that is allowed leads there. Asked only where it would be refused otherwise."""
        for entry in self._allowed:
            host, at = split_allowed(entry)
            if at in (None, port):
                with contextlib.suppress(ValueError):
                    ip_address(host)
                    continue  # the guard has looked at numbers
                with contextlib.suppress(CrawlError):
                    if any(
                        one.address == address for one in Guard([entry], socket.getaddrinfo).check(host, port)
                    ):
                        return True
        return False


_watching: ContextVar[Watch | None] = ContextVar("watching", default=None)


@cache
def _listening() -> None:
    def heard(event: str, told: tuple[Any, ...]) -> None:
        if event in _TOLD and (watch := _watching.get()) is not None:
            watch.look(told[1])

    sys.addaudithook(heard)


@contextlib.contextmanager
def guarded(allow_hosts: tuple[str, ...]) -> Iterator[Watch]:
    """Connections of this thread go to public addresses, and to those that `allow_hosts` names."""
    _listening()
    watch = Watch(allow_hosts)
    before = _watching.set(watch)
    try:
        yield watch
    finally:
        _watching.reset(before)


def written_down(host: str) -> bool:
    """It says itself where it is, without a name server: a number, or this machine."""
    name = plain_host(host)
    try:
        ip_address(name)
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")
    return True
