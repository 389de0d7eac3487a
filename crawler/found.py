"""The Scrapy item: a post on its way through the pipelines."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.pace import FOREIGN_SECONDS
from storage.crawled import Capture, KeptFile
from storage.records import Account, Failure, PostVersion, Saved

OWN_HOSTS = "own_hosts"  # in a request's meta: the hosts that its account is listed on


@dataclass(frozen=True, slots=True)
class Found:
    """A post that is new or may have changed, with the retrievals behind it and what is in media already."""

    account: Account
    post: PostVersion
    captures: tuple[Capture, ...]  # of the page first, then of its media
    kept: Mapping[str, KeptFile] = field(default_factory=dict)  # by content id
    saved: Saved | None = None  # set when it is stored
    told: frozenset[int] = frozenset()  # positions that an earlier night settled and told of
    checked: tuple[str, ...] = ()  # URLs of kept pictures that are asked for again
    before: PostVersion | None = None  # a whole, unchanged post of which only the pictures are checked
    transferred: frozenset[str] = frozenset()  # SHA-256 of media whose bytes came this night

    @property
    def news(self) -> list[Failure]:
        """Its media's failures of this night; what cannot mend was told once."""
        return [item.failure for item in self.post.media if item.failure and item.position not in self.told]

    @property
    def own_hosts(self) -> frozenset[str]:
        """Host and port of the listing (or single post) that it was read from, before and after redirects."""
        pages = self.captures[:1]
        return frozenset(host_of(url) for page in pages for url in (page.url_asked, page.url_final))


def host_of(where: str) -> str:
    """Host and port of a URL; what is no URL is a host already."""
    try:
        return urlsplit(where).netloc if "//" in where else where
    except ValueError:
        return ""


def patience(host: str, own_hosts: Collection[str] | None) -> float | None:
    """How long a request may be held at most (seconds). The account's own host has the night's whole patience
    (None); a picture on somebody else's must not hold up the account."""
    return None if own_hosts is None or host in own_hosts else FOREIGN_SECONDS
