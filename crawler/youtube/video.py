"""A video as a post version: from the Data API's `video` resource, or from an entry of the channel's feed.

Of a video its thumbnail is collected, the largest that is named, and nothing else: YouTube's terms keep the
stream to its player. The thumbnail is what people see before they play, and may be another picture than any
frame.

Source: the discovery document of youtube v3 (revision 20261104): Video, VideoSnippet, VideoStatus,
ThumbnailDetails; developers.google.com/youtube/v3/revision_history, October 30, 2024 (read 2026-11).
"""

import hashlib
from datetime import datetime
from typing import Any

from crawler.moments import read_moment
from crawler.pages import Listed
from crawler.wild_json import at, text_at
from crawler.youtube.names import SITE, VIDEO
from storage.errors import CrawlError
from storage.records import (
    Account,
    Declarer,
    Failure,
    MediaItem,
    MediaKind,
    PlatformTag,
    PostVersion,
    ReadingState,
)

PLATFORM = "youtube"
FIELD = "status.containsSyntheticMedia"
SOURCE = "youtube/v3/videos"
# From the discovery document's ThumbnailDetails, in the order of their size.
SIZES = ("uhd", "qhd", "fhd", "maxres", "standard", "high", "medium", "default")
NOT_EXPOSED = PlatformTag(
    ReadingState.UNREADABLE,
    source="feeds/videos.xml",
    field=FIELD,
    reason="not exposed: the channel's feed does not carry the label; the Data API does (twinwatch doctor)",
)


def read_video(raw: object, account: Account, channel: str, now: datetime) -> Listed:
    """Raises CrawlError kind "malformed_video", "foreign_video" or "not_public"."""
    video = text_at(raw, "id")
    snippet = at(raw, "snippet")
    if not VIDEO.fullmatch(video) or not isinstance(snippet, dict):
        raise CrawlError("a video without an id or a snippet", kind="malformed_video", where=video[:200])
    owner = text_at(snippet, "channelId")
    if owner != channel:
        raise CrawlError(f"a video of {owner[:100]!r}", kind="foreign_video", where=video)
    privacy = text_at(raw, "status", "privacyStatus")
    if privacy and privacy != "public":
        raise CrawlError(f"its privacyStatus is {privacy[:40]!r}", kind="not_public", where=video)
    problems = [
        Failure("wrong_type", f"snippet.{name} is a {type(snippet[name]).__name__}", video)
        for name in ("title", "description", "publishedAt")
        if name in snippet and not isinstance(snippet[name], str)
    ]
    texts = text_at(snippet, "title"), text_at(snippet, "description")
    thumbnail = largest(snippet.get("thumbnails"))
    published = text_at(snippet, "publishedAt")
    return as_post(video, account, texts, thumbnail, published, label(at(raw, "status")), problems, now)


def read_feed_entry(entry: Any, account: Account, channel: str, now: datetime) -> Listed:
    """An entry as feedparser gives it. Raises CrawlError kind "malformed_video" or "foreign_video"."""
    video, owner = string(entry.get("yt_videoid")), string(entry.get("yt_channelid"))
    if not VIDEO.fullmatch(video):
        raise CrawlError("an entry without a video id", kind="malformed_video", where=video[:200])
    if owner and owner != channel:
        raise CrawlError(f"a video of {owner[:100]!r}", kind="foreign_video", where=video)
    thumbnails = entry.get("media_thumbnail")
    first = thumbnails[0] if isinstance(thumbnails, list) and thumbnails else {}
    texts = string(entry.get("title")), string(entry.get("summary"))
    published = string(entry.get("published"))
    return as_post(video, account, texts, text_at(first, "url"), published, NOT_EXPOSED, [], now)


def as_post(
    video: str,
    account: Account,
    texts: tuple[str, str],
    thumbnail: str,
    published: str,
    tag: PlatformTag,
    problems: list[Failure],
    now: datetime,
) -> Listed:
    posted_at, doubt = read_moment(published, now)
    text = "\n\n".join(part for part in (one.strip() for one in texts) if part)
    post = PostVersion(
        platform=PLATFORM,
        handle=account.handle,
        post_id=video,
        url=f"{SITE}/watch?v={video}",
        posted_at=posted_at,
        text=text,
        platform_tag=tag,
        media=(picture(thumbnail, video),),
        revision=digest(text, published, thumbnail, tag),
        problems=(*problems, *([doubt] if doubt else [])),
    )
    return Listed(post, posted_at)


def label(status: object) -> PlatformTag:
    """`containsSyntheticMedia` is what the channel declared: set by it in videos.insert or update, and "if
    set, … returned in the video resource". Without the status part nothing can be said."""
    if not isinstance(status, dict):
        return PlatformTag(
            ReadingState.UNREADABLE, SOURCE, FIELD, reason="not given: the answer has no status part"
        )
    value = status.get("containsSyntheticMedia")
    if value is True:
        return PlatformTag(ReadingState.PRESENT, SOURCE, FIELD, "true", Declarer.ACCOUNT)
    if value is False:
        return PlatformTag(ReadingState.ABSENT, SOURCE, FIELD, "false", Declarer.ACCOUNT)
    if value is None:
        return PlatformTag(ReadingState.ABSENT, SOURCE, FIELD, reason="not set: it is returned where it is")
    reason = f"a {type(value).__name__} where true or false was expected"
    return PlatformTag(ReadingState.UNREADABLE, SOURCE, FIELD, repr(value)[:200], reason=reason)


def largest(thumbnails: object) -> str:
    """The URL of the largest thumbnail by its name; "" where there is none."""
    named = (text_at(thumbnails, size, "url") for size in SIZES)
    return next((url for url in named if url), "")


def picture(thumbnail: str, video: str) -> MediaItem:
    if not thumbnail:
        why = Failure("no_media_url", "the answer names no thumbnail", video)
        return MediaItem(0, MediaKind.PICTURE, "", failure=why)
    return MediaItem(0, MediaKind.PICTURE, thumbnail)


def digest(text: str, published: str, thumbnail: str, tag: PlatformTag) -> str:
    """YouTube's etags change with what nobody reads here: the version mark is a digest of what is."""
    said = repr((text, published, thumbnail, tag.state.value, tag.source, tag.raw))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def string(value: object) -> str:
    return value if isinstance(value, str) else ""
