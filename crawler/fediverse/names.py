"""Names of the fediverse: handles, hosts, and the three ways to read an account, told by its endpoint.

Source: docs.joinmastodon.org/spec/webfinger ("acct:" names), swicg.github.io/activitypub-webfinger (read
2026-11).
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, urlsplit

from crawler.addresses import is_web
from crawler.pages import Located
from storage.errors import CrawlError
from storage.records import Account

USER = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,98}[A-Za-z0-9_])?")
HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?(?::[0-9]{1,5})?")
NATIVE = re.compile(r"[A-Za-z0-9_.~-]{1,200}")  # the API's ids are opaque strings, mostly digits
STATUS_URI = re.compile(r"/(?:statuses|@[^/]{1,200})/([0-9A-Za-z]{1,64})/?")


class Way(StrEnum):
    API = "api"
    ACTIVITYPUB = "activitypub"
    FEED = "feed"


@dataclass(frozen=True, slots=True)
class Address:
    """user@host, and the origin that is asked first."""

    user: str
    host: str
    base: str

    @property
    def acct(self) -> str:
        return f"{self.user}@{self.host}"

    @property
    def lookup(self) -> str:
        """As the account's own server calls it."""
        return self.user if host_of(self.base) == self.host else self.acct

    @property
    def webfinger(self) -> str:
        resource = quote(f"acct:{self.acct}", safe="")
        return f"{self.base}/.well-known/webfinger?resource={resource}"

    @property
    def feed(self) -> str:
        return f"{self.base}/@{quote(self.user)}.rss"


def read_address(account: Account) -> Address:
    """`@hm@mastodon.social`, `hm@mastodon.social`, or `hm` with a `service`. Raises CrawlError kind
    "bad_handle"."""
    user, at, host = account.handle.removeprefix("@").partition("@")
    service = origin(account.service)
    if account.service and not service:
        raise CrawlError(f"no web address: {account.service[:100]!r}", kind="bad_handle", where=account.name)
    host = ascii_host(host) if at else host_of(service)
    if not USER.fullmatch(user) or not HOST.fullmatch(host):
        raise CrawlError(
            f"{account.handle[:100]!r} is no name@server, and no name beside a service",
            kind="bad_handle",
            where=account.name,
        )
    return Address(user, host, service or f"https://{host}")


def ascii_host(host: str) -> str:
    """Lower case, punycode; "" for what is no host."""
    try:
        return host.encode("ascii" if host.isascii() else "idna").decode("ascii").lower()
    except UnicodeError:
        return ""


def origin(url: str) -> str:
    """Scheme, host and port of a web address in lower case; "" for anything else."""
    if not is_web(url):
        return ""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"


def served(url: str, server: str) -> bool:
    """Whether this can be asked for and is at this origin: nothing that a server writes leads elsewhere."""
    return url.isascii() and url.isprintable() and bool(server) and origin(url) == server


def host_of(url: str) -> str:
    return origin(url).partition("://")[2]


def way_of(located: Located) -> Way:
    """An origin alone is the API; a feed ends in .rss; anything else is an outbox."""
    if located.endpoint.endswith(".rss"):
        return Way.FEED
    return Way.API if located.endpoint == origin(located.endpoint) else Way.ACTIVITYPUB


def id_of(uri: str) -> str:
    """The id by which the API knows the post behind an ActivityPub id or a permalink, where the path tells
    (Mastodon, GoToSocial: …/statuses/ID, /@name/ID); else the URI itself."""
    found = STATUS_URI.search(urlsplit(uri).path) if is_web(uri) else None
    return found[1] if found and urlsplit(uri).path.endswith(found[0]) else uri
