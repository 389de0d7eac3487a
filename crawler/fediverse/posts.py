"""What the API's statuses and ActivityPub's objects have in common: kinds of media, tag, revision, and a page
in the making.

No platform label is offered by Mastodon or its compatibles: people are told in the text, by a tag or by a
content warning, and those are kept.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlsplit

from crawler.addresses import is_web
from crawler.pages import Ask, Listed, Page, Unmapped
from crawler.spider import as_raw
from crawler.wild_json import at
from storage.errors import CrawlError
from storage.records import Account, Failure, MediaItem, MediaKind, PlatformTag, PostVersion, ReadingState

PLATFORM = "mastodon"
Item = TypeVar("Item")
MOVING = re.compile(r"\.(mp4|m4v|mov|webm)$", re.IGNORECASE)
SOUND = re.compile(r"\.(mp3|ogg|oga|wav|flac|m4a|opus|aac)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Passed:
    """An item that is no post to keep: a boost, or one that is not public."""

    order: datetime | None
    private: bool = False


def not_offered(source: str) -> PlatformTag:
    return PlatformTag(ReadingState.NOT_OFFERED, source=source, reason="Mastodon has no AI label")


def kind_by_name(url: str) -> MediaKind | None:
    """By the file's extension, a picture where that says nothing; None for sound."""
    path = urlsplit(url).path if is_web(url) else ""
    if SOUND.search(path):
        return None
    return MediaKind.VIDEO if MOVING.search(path) else MediaKind.PICTURE


def revision(edited: str, said: object) -> str:
    """The time of the edit, and a digest of all that was read: not every server says when a post was edited,
    and a video's address comes later than its post."""
    digest = hashlib.sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{edited[:40]} {digest}".strip()


def said_by(post: PostVersion) -> object:
    """What people see of a post, and where its media are."""
    media = [(one.kind.value, one.url, one.alt) for one in post.media]
    return post.text, post.content_warning, post.hashtags, media, post.posted_at


def string_at(raw: object, name: str, problems: list[Failure], where: str) -> str:
    """ "" for what is no string, which becomes a problem of the post."""
    value = at(raw, name)
    if value is not None and not isinstance(value, str):
        problems.append(Failure("wrong_type", f"{name} is a {type(value).__name__}", where))
    return value if isinstance(value, str) else ""


def no_address(position: int, kind: MediaKind, alt: str, where: str) -> MediaItem:
    """A media item that the server names no file for: it is being processed, or nobody fetched it."""
    why = Failure("no_media_url", "the server names no file for this item", f"{where} #{position}")
    return MediaItem(position, kind, "", alt=alt, failure=why)


@dataclass(slots=True)
class PageInMaking:
    """Posts, what was passed over, what could not be understood; nothing is lost on the way."""

    account: Account
    posts: dict[str, Listed] = field(default_factory=dict)
    problems: list[Unmapped] = field(default_factory=list)
    passed: list[datetime] = field(default_factory=list)
    private: int = 0

    def add(self, items: Iterable[Item], read: Callable[[Item], Listed | Passed]) -> None:
        for raw in items:
            try:
                self._take(read(raw))
            except CrawlError as error:
                self.problems.append(Unmapped(error.failure(), as_raw(raw)))

    def _take(self, one: Listed | Passed) -> None:
        if isinstance(one, Passed):
            self.private += one.private
            self.passed += [one.order] if one.order else []
            return
        known = self.posts.setdefault(one.post.post_id, one)
        if known != one:  # the same again is a pinned post, which some servers list twice
            raise CrawlError("listed twice on one page", kind="duplicate_id", where=one.post.post_id[:200])

    def note(self, kind: str, message: str, raw: object = None) -> None:
        why = Failure(kind, message, self.account.name)
        self.problems.append(Unmapped(why, b"" if raw is None else as_raw(raw)))

    def page(self, following: Ask | None) -> Page:
        if self.private:
            self.note("not_public", f"{self.private} posts are not public and were not kept")
        return Page(tuple(self.posts.values()), following, tuple(self.problems), tuple(self.passed))
