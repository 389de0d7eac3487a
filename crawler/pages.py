"""What travels between a platform's file and the crawl that drives it: requests and responses as plain data.

A platform's file makes no request. It says what to ask (`Ask`), is given the `Answer`, and returns a `Page`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from storage.records import Failure, PostVersion

# Headers that could identify or authorise somebody: never kept.
PRIVATE = frozenset(
    {"set-cookie", "set-cookie2", "cookie", "authorization", "proxy-authorization", "www-authenticate"}
)


@dataclass(frozen=True, slots=True)
class Ask:
    """A GET that a platform wants made. `conditional`: send the validators of last time, take 304 for the
    kept bytes. `accept`: the media types asked for (RFC 9110, section 12.5.1); "" takes whatever comes.
    `robots` False: an interface for programs, for which robots.txt is not consulted; each platform says why.
    `token`: the platform's token goes with it, in a header (see crawler.tokens). `carried`: handed back in
    the Answer, what reading it needs to know of the page before.
    """

    url: str
    conditional: bool = False
    accept: str = ""
    robots: bool = True
    token: bool = False
    carried: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `body` is decoded of any transfer compression, `at` is when (UTC), header names are
    lower case."""

    url: str  # final, after redirects
    status: int
    headers: Mapping[str, str]
    body: bytes
    at: datetime
    carried: str = ""  # of the Ask


@dataclass(frozen=True, slots=True)
class Located:
    """Where an account is: its stable id on the platform and the server that serves it."""

    stable_id: str = ""
    endpoint: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A post on a page. `order` is the time the platform sorts by; None where it does not say."""

    post: PostVersion
    order: datetime | None


@dataclass(frozen=True, slots=True)
class Unmapped:
    """An item of a page that could not be understood, with its raw form, to be kept and counted."""

    failure: Failure
    raw: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """`passed`: the times of what stood between the posts and is none (boosts), in the platform's order."""

    posts: tuple[Listed, ...]
    next: Ask | None = None
    problems: tuple[Unmapped, ...] = ()
    passed: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Gone:
    """The platform said that a post is no longer there."""

    reason: str


@dataclass(frozen=True, slots=True)
class Limit:
    """The body of an answer, and no header, says that a limit is reached: nothing is asked for `seconds`."""

    seconds: float
    message: str
