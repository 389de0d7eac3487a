"""What the API's statuses and ActivityPub's objects have in common: kinds of media, tag, revision.

No platform label is offered by Mastodon or its compatibles: people are told in the text, by a tag or by a
content warning, and those are kept.
"""

import hashlib
import re
from urllib.parse import urlsplit

from crawler.addresses import is_web
from crawler.wild_json import at
from storage.records import Failure, MediaItem, MediaKind, PlatformTag, PostVersion, ReadingState

PLATFORM = "mastodon"
MOVING = re.compile(r"\.(mp4|m4v|mov|webm)$", re.IGNORECASE)
SOUND = re.compile(r"\.(mp3|ogg|oga|wav|flac|m4a|opus|aac)$", re.IGNORECASE)


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
