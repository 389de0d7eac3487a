"""Pinterest's web objects: pins as JSON, and the little that Zeeschuimer reads from HTML.

Source: Zeeschuimer's modules/pinterest.js and 4CAT's datasources/pinterest (read 2026-11). `auto_alt_text` is
Pinterest's own description, no words of the account: it is not kept as alt text.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from crawler.webobjects.mapped import (
    Mapped,
    NoPost,
    Notes,
    as_object,
    item,
    native,
    needed,
    owner_in,
    unreadable,
)
from crawler.wild_json import at, list_at, text_at
from storage.records import MediaItem, MediaKind, PostVersion

PLATFORM = "pinterest"
SOURCE = "pinterest web object"


def is_one(raw: object) -> bool:
    if not isinstance(raw, dict) or not isinstance(raw.get("pinner"), dict):
        return False
    named = raw.get("type") == "pin" or raw.get("__typename") == "Pin" or raw.get("__isNode") == "Pin"
    return named and ("images" in raw or "imageSpec_orig" in raw)


def read(raw: object, now: datetime) -> Mapped | NoPost:
    """Raises CrawlError kind "wrong_shape", "no_id" or "no_author"."""
    one = as_object(raw)
    if one.get("is_promoted") is True or one.get("isPromoted") is True:
        return NoPost("advertisement", "a promoted pin that was shown between pins")
    post_id = needed(native(one.get("entityId")) or native(one.get("id")), "an id")
    notes = Notes(post_id, now)
    handle = needed(text_at(one, "pinner", "username"), "an author's name", post_id)
    title = notes.text(one, "title") or text_at(one, "grid_title")
    words = notes.text(one, "description") or notes.text(one, "body")
    post = PostVersion(
        platform=PLATFORM,
        handle=handle,
        post_id=post_id,
        url=f"https://www.pinterest.com/pin/{post_id}/",
        posted_at=_posted(one, notes),
        text="\n\n".join(dict.fromkeys(part for part in (title.strip(), words.strip()) if part)),
        platform_tag=unreadable(SOURCE, "", "not exposed: no field for it is known in what the page shows"),
        media=tuple(_media(one, notes)),
    )
    counts = {name: one[name] for name in ("repin_count", "comment_count") if one.get(name) is not None}
    owner = owner_in(one, ("pinner", "id"))
    return Mapped(replace(post, problems=tuple(notes.problems)), counts, owner)


def _posted(one: object, notes: Notes) -> datetime | None:
    said = notes.text(one, "created_at") or notes.text(one, "createdAt")
    if not said:
        return None
    try:
        moment = parsedate_to_datetime(said)
        return notes.believed((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC))
    except (ValueError, TypeError, OverflowError):
        notes.note("bad_date", f"cannot be read as a time: {said[:80]!r}")
        return None


def _media(one: object, notes: Notes) -> Iterator[MediaItem]:
    slides = list_at(one, "carousel_data", "carousel_slots")
    alt = at(one, "alt_text")
    alt = alt if isinstance(alt, str) else None
    video = _video(at(one, "videos", "video_list"))
    if video:
        yield item(0, MediaKind.VIDEO, video, notes, alt=alt)
        return
    for position, shown in enumerate(slides or [one]):
        yield item(position, MediaKind.PICTURE, _picture(shown), notes, alt=alt)


def _picture(one: object) -> str:
    named = (
        text_at(one, "imageSpec_orig", "url"),
        text_at(one, "images", "orig", "url"),
        text_at(one, "images", "url"),
        text_at(one, "image"),
    )
    sizes = at(one, "images")
    others = [text_at(size, "url") for size in sizes.values()] if isinstance(sizes, dict) else []
    return next((url for url in (*named, *reversed(others)) if url), "")


def _video(versions: object) -> str:
    urls = [text_at(one, "url") for one in versions.values()] if isinstance(versions, dict) else []
    return next((url for url in urls if url.partition("?")[0].endswith(".mp4")), "")
