"""An Instagram medium, as Business Discovery shows it, as a post version.

A carousel's children are its media, in order; the label stands on the carousel alone. Media addresses are
signed and run out within days, so what is known of a picture is its own id, never the address. `media_url` is
left out for videos with licensed sound and for reels whose owner has turned off downloads: the still is then
what is collected, and the video is a named failure.

Source: developers.facebook.com/docs/instagram-platform/reference/instagram-media,
/instagram-graph-api/reference/ig-user/business_discovery, changelog of June 22, 2026 (read 2026-11).
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from crawler.addresses import is_web
from crawler.moments import read_moment
from crawler.pages import Listed
from crawler.wild_json import at, list_at, text_at
from storage.errors import CrawlError
from storage.records import Account, Failure, MediaItem, MediaKind, PlatformTag, PostVersion, ReadingState

PLATFORM = "instagram"
LABEL = "is_ai_generated"
SOURCE = "business_discovery.media"
NATIVE = re.compile(r"[0-9]{5,40}")
PERMALINK = re.compile(
    r"https://(www\.)?instagram\.com/([\w.]+/)?(p|reel|reels|tv)/(?P<code>[A-Za-z0-9_-]{1,64})/?($|[?#])"
)
# What is asked of each medium; the two that may be refused are asked while they are not.
FIELDS = (
    "id",
    "caption",
    "media_type",
    "media_product_type",
    "media_url",
    "thumbnail_url",
    "permalink",
    "timestamp",
)
DOUBTFUL = (LABEL, "alt_text")
CHILDREN = ("id", "media_type", "media_url", "thumbnail_url")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which of the doubtful fields a request asked for: what was not asked cannot be read as absent."""

    label: bool = True
    alt: bool = True


def read_media(raw: object, account: Account, asked: Asked, now: datetime) -> Listed:
    """Raises CrawlError kind "malformed_media"."""
    native, permalink = text_at(raw, "id"), text_at(raw, "permalink")
    if not NATIVE.fullmatch(native) or not isinstance(raw, dict):
        raise CrawlError("a medium without an id", kind="malformed_media", where=native[:200])
    problems = [
        Failure("wrong_type", f"{name} is a {type(raw[name]).__name__}", native)
        for name in ("caption", "permalink", "timestamp")
        if name in raw and raw[name] is not None and not isinstance(raw[name], str)
    ]
    posted_at, doubt = read_moment(zoned(text_at(raw, "timestamp")), now)
    tag = label(raw, asked)
    media, odd = media_of(raw, native, asked)
    text = text_at(raw, "caption")
    post = PostVersion(
        platform=PLATFORM,
        handle=account.handle,
        post_id=code_of(permalink) or native,
        url=permalink if is_web(permalink) else "",
        posted_at=posted_at,
        text=text,
        platform_tag=tag,
        media=media,
        revision=digest(text, tag, media),
        problems=(*problems, *odd, *([doubt] if doubt else [])),
    )
    return Listed(post, posted_at)


def code_of(permalink: str) -> str:
    """The shortcode: the one name of a post that the web, the Graph API and every tool have, so that a post
    which was imported is not stored twice. "" where the address holds none."""
    found = PERMALINK.match(permalink)
    return found["code"] if found else ""


def label(raw: object, asked: Asked) -> PlatformTag:
    """Who set it is not said: people disclose, and Instagram adds the label by itself as well."""
    if not asked.label:
        reason = "not exposed: Business Discovery refused the field"
        return PlatformTag(ReadingState.UNREADABLE, SOURCE, LABEL, reason=reason)
    value = at(raw, LABEL)
    if isinstance(value, bool):
        state = ReadingState.PRESENT if value else ReadingState.ABSENT
        return PlatformTag(state, SOURCE, LABEL, "true" if value else "false")
    if value is None:
        reason = "not given: asked for, and left out of the answer"
        return PlatformTag(ReadingState.UNREADABLE, SOURCE, LABEL, reason=reason)
    reason = f"a {type(value).__name__} where true or false was expected"
    return PlatformTag(ReadingState.UNREADABLE, SOURCE, LABEL, repr(value)[:200], reason=reason)


def media_of(raw: object, native: str, asked: Asked) -> tuple[tuple[MediaItem, ...], list[Failure]]:
    """One item for each child in its order; of a single medium itself."""
    odd: list[Failure] = []
    if text_at(raw, "media_type") != "CAROUSEL_ALBUM":
        return tuple(items_of(raw, native, 0, alt_of(raw, asked))), odd
    items: list[MediaItem] = []
    seen = {native}  # a carousel that holds itself
    for child in list_at(raw, "children", "data"):
        one = text_at(child, "id")
        if one in seen or not NATIVE.fullmatch(one):
            odd.append(Failure("malformed_child", f"a child called {one[:60]!r}", native))
            continue
        seen.add(one)
        items += items_of(child, one, len(items), None)
    if not items:
        odd.append(Failure("no_children", "a carousel without children", native))
        items += items_of(raw, native, 0, alt_of(raw, asked)) if text_at(raw, "media_url") else []
    return tuple(items), odd


def items_of(raw: object, native: str, position: int, alt: str | None) -> Iterator[MediaItem]:
    """The picture; of a video the video, and its still beside it where the video may not be had."""
    url, still = text_at(raw, "media_url"), text_at(raw, "thumbnail_url")
    if text_at(raw, "media_type") != "VIDEO":
        yield item(position, MediaKind.PICTURE, url, native, alt)
        return
    yield item(position, MediaKind.VIDEO, url, native, alt)
    if not url and still:
        yield item(position + 1, MediaKind.PICTURE, still, f"{native}-still", alt)


def item(position: int, kind: MediaKind, url: str, native: str, alt: str | None) -> MediaItem:
    if url:
        return MediaItem(position, kind, url, native, alt)
    why = Failure(
        "no_media_url", "Instagram names no file: licensed sound, or downloads are turned off", native
    )
    return MediaItem(position, kind, "", native, alt, failure=why)


def alt_of(raw: object, asked: Asked) -> str | None:
    """None where this source shows no alt texts; of a carousel's children it never does."""
    return text_at(raw, "alt_text") if asked.alt else None


def digest(text: str, tag: PlatformTag, media: tuple[MediaItem, ...]) -> str:
    """Without the addresses, which are signed anew for every answer."""
    items = [(one.kind.value, one.native_id, one.alt, bool(one.url)) for one in media]
    said = repr((text, tag.state.value, tag.raw, items))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def zoned(timestamp: str) -> str:
    """Meta writes +0000, which Python 3.11 reads and earlier ones did not; anything else is left as it is."""
    return re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", timestamp)
