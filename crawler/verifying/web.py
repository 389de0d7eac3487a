"""Web addresses as people write them into pages, compared as servers understand them.

Source: RFC 3986, sections 3 and 6.2; the public suffix list in tldextract's snapshot (nothing is fetched).
"""

from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote, urlsplit

from tldextract import TLDExtract

LONGEST = 2_000  # characters of an address that is looked at
PORTS = {"http": 80, "https": 443}
_UPPER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


@dataclass(frozen=True, slots=True)
class Address:
    """Host in lower case and punycode, with its port where that is not the scheme's; the path's parts
    percent-decoded once. Query and fragment are left out: they carry tracking, and no profile's name."""

    host: str
    parts: tuple[str, ...]

    @property
    def bare(self) -> str:
        """The host without `www.`, `m.` or `mobile.`."""
        for prefix in ("www.", "m.", "mobile."):
            if self.host.startswith(prefix):
                return self.host.removeprefix(prefix)
        return self.host


def read_address(url: str) -> Address | None:
    """None for what is no http or https address. What stands before an "@" is no host."""
    if len(url) > LONGEST:
        return None
    try:
        split = urlsplit(url.strip())
        host, port = (split.hostname or "").rstrip("."), split.port
        host = host if host.isascii() else host.encode("idna").decode("ascii")
        path = unquote(split.path, errors="strict")
    except ValueError:  # UnicodeError is one
        return None
    if split.scheme not in PORTS or not host:
        return None
    named = f"{host}:{port}" if port not in (None, PORTS[split.scheme]) else host
    return Address(named.lower(), tuple(part for part in path.split("/") if part))


def lower(name: str) -> str:
    """Lower case of A to Z alone: Unicode's own would make the Kelvin sign a k."""
    return name.translate(_UPPER)


@cache
def _suffixes() -> TLDExtract:
    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def site_of(host: str) -> str:
    """What one owner has: the domain under the public suffix (`hm.com` of `www2.hm.com`); the host itself,
    with its port, where there is none (an address, `shop.github.io`)."""
    bare = host.partition(":")[0]
    found = _suffixes()(bare)
    if not found.suffix and not found.ipv4 and bare.count("."):
        return bare.split(".", bare.count(".") - 1)[-1]  # no rule matches: the list's own rule is "*"
    return found.top_domain_under_public_suffix or host


def same_site(one: str, other: str) -> bool:
    """Of two hosts."""
    return bool(one) and bool(other) and site_of(one) == site_of(other)
