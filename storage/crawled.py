"""What earlier nights learned, for the crawl, as records (the rest of the vocabulary is in `records`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.records import Account
from storage.text import digest


@dataclass(frozen=True, slots=True)
class AccountState:
    """What earlier nights learned about an account."""

    stable_id: str = ""  # a DID, a channel id: survives a change of handle
    endpoint: str = ""  # where the stable id is served, found out once
    high_water: datetime | None = None  # newest post of the last run that was stored whole
    last_success: datetime | None = None
    doubt: str = ""  # why what the last whole look saw is not believed


@dataclass(frozen=True, slots=True)
class KnownPost:
    """A stored post that a night should look at again: young enough, or with a young finding."""

    post_id: str
    url: str
    posted_at: datetime | None
    revision: str


@dataclass(frozen=True, slots=True)
class Fields:
    """What a post's newest version says, as far as it is watched for a change of meaning. `text`: its first
    500 characters."""

    text: str
    posted_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeptFile:
    """Bytes that are already in media."""

    sha256: str
    format: str
    size: int


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server said about one URL, for a conditional GET, and the bytes that we kept of it.
    `checked_at`: when it was last asked for; None: not known."""

    etag: str = ""
    last_modified: str = ""
    sha256: str = ""
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Capture:
    """One retrieval. `sha256` names the body kept in media; `spider` is name and version."""

    url_asked: str
    url_final: str
    at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    sha256: str
    size: int
    spider: str


def capture_digest(capture: Capture, raw_sha256: str = "") -> str:
    """Of an import (status 0) the place in the kept file counts too: a page brought many posts at once.
    `raw_sha256` stands in where the capture names no bytes itself."""
    before, after = around_the_bytes(capture)
    return digest((*before, capture.sha256 or raw_sha256, *after))


def around_the_bytes(capture: Capture) -> tuple[Sequence[str], Sequence[str]]:
    """What its digest is of, before and after the name of its bytes."""
    place = [part for pair in capture.headers for part in pair] if capture.status == 0 else []
    before = (capture.url_asked, capture.url_final, capture.at.isoformat(), str(capture.status))
    return before, (capture.spider, *place)


@dataclass(frozen=True, slots=True)
class Collected:
    """What is stored of an account. `weeks`: its posts dated in each of the weeks before the
    moment that was asked for, the latest first. `label_read` counts the posts whose newest version shows what
    the platform's own AI label says, `label_unread` all others."""

    account: Account
    last_success: datetime | None
    newest: datetime | None  # the date of its newest post
    posts: int
    gone: int
    weeks: tuple[int, ...]
    label_read: int
    label_unread: int
    doubt: str = ""  # as in AccountState
