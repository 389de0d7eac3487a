"""The address guard: which hosts a crawl may connect to. Everything that goes out passes here, Scrapy and
urllib3 alike.

A retailer's feed, a redirect or a DNS answer must not lead us into the network of the machine we run on.
Every address that a name resolves to is checked, and the connection goes to the checked address, not to the
name again (a name may answer differently the second time: DNS rebinding). `ipaddress.is_global` is not
enough: on Python 3.11 it is true for 64:ff9b::7f00:1, 2002:7f00:1::, 192.0.0.8 and 224.0.0.1, so the list is
our own, from the IANA special-purpose address registries (RFC 6890 and successors).
"""

import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any
from urllib.parse import urljoin, urlsplit

from storage.errors import AddressRefused, CrawlError

REFUSED: tuple[tuple[IPv4Network | IPv6Network, str], ...] = tuple(
    (ip_network(network), name)
    for network, name in (
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared address space"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "cloud metadata"),  # Azure's host channel, a public address that is always local
        ("169.254.0.0/16", "link-local"),  # 169.254.169.254 is the metadata service of most clouds
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("255.255.255.255/32", "broadcast"),
        ("240.0.0.0/4", "reserved"),
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::ffff:0:0/96", "IPv4-mapped"),
        ("::/96", "IPv4-compatible"),
        ("64:ff9b::/96", "NAT64"),
        ("64:ff9b:1::/48", "NAT64"),
        ("100::/64", "discard-only"),
        ("2001::/32", "Teredo"),
        ("2001:2::/48", "benchmarking"),
        ("2001::/23", "protocol assignments"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
        ("5f00::/16", "segment routing"),
        ("fc00::/7", "unique local"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
GLOBAL_UNICAST_V6 = IPv6Network("2000::/3")  # RFC 4291: nothing else is handed out

Resolve = Callable[..., Iterable[tuple[Any, ...]]]  # the shape of socket.getaddrinfo


@dataclass(frozen=True, slots=True)
class CheckedAddress:
    """A numeric address that passed. Connect to this, never to the name."""

    address: str
    port: int
    v6: bool


def why_refused(address: str) -> str | None:
    """Why a numeric address is out of bounds, in words; None for a public one. Raises ValueError for a
    name."""
    ip = ip_address(address.partition("%")[0])
    for network, name in REFUSED:
        if ip.version == network.version and ip in network:
            return name
    if isinstance(ip, IPv6Address) and ip not in GLOBAL_UNICAST_V6:
        return "not global unicast"
    return None


def urljoined(base: str, url: str) -> str:
    """Absolute where that is possible; as written where the two make no URL."""
    try:
        return urljoin(base, url.strip()) if url.strip() else ""
    except ValueError:
        return url


# What needs no parser to be seen to be one: the import of a large file asks for hundred thousands.
_PLAIN_WEB = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?:[/?#]|$)")


def is_web(url: str) -> bool:
    """An absolute http or https URL with a host. Says nothing about where the host is."""
    if _PLAIN_WEB.match(url):
        return True
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def plain_host(host: str) -> str:
    """A host as we compare it: lower case, no brackets, no trailing dot."""
    return host.strip("[]").rstrip(".").lower()


def split_allowed(entry: str) -> tuple[str, int | None]:
    """An `allow_hosts` entry, "host:port" or a host alone (any port): (host, port). Raises ValueError."""
    entry = entry.strip()
    bare_v6 = entry.count(":") > 1 and not entry.startswith("[")
    host, colon, port = (entry, "", "") if bare_v6 else entry.rpartition(":")
    if entry.endswith("]") or not colon:
        host, port = entry, ""
    if not plain_host(host) or (port and not (port.isascii() and port.isdigit() and int(port) < 65536)):
        raise ValueError(f"{entry!r} is neither a host nor host:port")
    return plain_host(host), int(port) if port else None


class Guard:
    """Resolves once and lets public addresses through, others only if `allow_hosts` names the host or the
    address."""

    def __init__(self, allow_hosts: Iterable[str] = (), resolve: Resolve = socket.getaddrinfo) -> None:
        self._allowed = frozenset(split_allowed(entry) for entry in allow_hosts)
        self._resolve = resolve

    def check(self, host: str, port: int) -> tuple[CheckedAddress, ...]:
        """Where to connect for this host. Blocks on DNS.

        Raises AddressRefused when *any* of its addresses is out of bounds (a mixed answer is an attack or a
        mistake), CrawlError kind "name_not_resolved" when it has none.
        """
        name = plain_host(host)
        try:
            answers = list(self._resolve(name, port, 0, socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            raise CrawlError(
                f"{host[:200]!r} has no address: {error}", kind="name_not_resolved", where=host[:200]
            ) from error
        checked = dict.fromkeys(
            CheckedAddress(str(answer[4][0]), port, answer[0] == socket.AF_INET6) for answer in answers
        )
        for one in checked:
            self._refuse_private(name, one)
        if not checked:
            raise CrawlError(f"{host!r} has no address", kind="name_not_resolved", where=host)
        return tuple(checked)

    def still_refuses(self, where: str) -> bool:
        """Whether the place that an AddressRefused names (`where`) is out of bounds today as well. A place
        without an address, or that nobody can read, is: there is nothing new about it. Blocks on DNS."""
        try:
            host, port = split_allowed(where)
            self.check(host, port or 443)
        except (CrawlError, ValueError):
            return True
        return False

    def _refuse_private(self, name: str, one: CheckedAddress) -> None:
        reason = why_refused(one.address)
        if reason is None or self._allows(name, one.port) or self._allows(one.address, one.port):
            return
        raise AddressRefused(
            f"{name}:{one.port} is {one.address} ({reason}); only allow_hosts can permit it",
            where=f"{name}:{one.port}",
        )

    def _allows(self, host: str, port: int) -> bool:
        return (host, port) in self._allowed or (host, None) in self._allowed
