"""X's web objects: GraphQL tweets, and the older ones that Zeeschuimer put together ("adaptive").

Source: Zeeschuimer's modules/twitter.js and 4CAT's datasources/twitter-import (read 2026-11).
`made_with_ai` is documented for writing alone (platforms.md): where an object carries it, it is read.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

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
from storage.records import Declarer, MediaItem, MediaKind, PlatformTag, PostVersion, ReadingState

PLATFORM = "x"
SOURCE = "x web object"
AUTHOR_IN_URL = re.compile(r"https?://(?:x|twitter)\.com/([^/?#]{1,50})/status/")
CREATED = "%a %b %d %H:%M:%S %z %Y"


def is_one(raw: object) -> bool:
    return isinstance(raw, dict) and "rest_id" in raw and isinstance(at(raw, "legacy", "full_text"), str)


def read(raw: object, now: datetime) -> Mapped | NoPost:
    """Raises CrawlError kind "wrong_shape", "no_id" or "no_author"."""
    one = as_object(raw)
    inner = one.get("tweet")
    if isinstance(inner, dict) and "legacy" not in one:
        one = inner
    if one.get("promoted") is True:
        return NoPost("advertisement", "a promoted post that was shown between posts")
    legacy = as_object(one.get("legacy"))
    if legacy.get("retweeted_status_result") or legacy.get("retweeted_status_id_str"):
        return NoPost("repost", "somebody else's post, passed on")
    post_id = needed(native(one.get("rest_id")) or native(legacy.get("id_str")), "an id")
    notes = Notes(post_id, now)
    handle = needed(_author(one, legacy), "an author's name", post_id)
    note = text_at(one, "note_tweet", "note_tweet_results", "result", "text")
    post = PostVersion(
        platform=PLATFORM,
        handle=handle,
        post_id=post_id,
        url=f"https://x.com/{handle}/status/{post_id}",
        posted_at=_posted(legacy, notes),
        text=note or notes.text(legacy, "full_text"),
        platform_tag=_label(one, legacy),
        media=tuple(_media(legacy, notes)),
    )
    counts = {
        name: legacy[name] for name in ("favorite_count", "reply_count") if legacy.get(name) is not None
    }
    result = ("core", "user_results", "result")
    owner = owner_in(one, (*result, "rest_id"), ("legacy", "user_id_str"), ("user", "id_str"))
    return Mapped(replace(post, problems=tuple(notes.problems)), counts, owner)


def _author(one: object, legacy: object) -> str:
    user = at(one, "core", "user_results", "result")
    named = [text_at(user, "core", "screen_name"), text_at(user, "legacy", "screen_name")]
    named.append(text_at(one, "user", "screen_name"))
    for medium in [*list_at(legacy, "extended_entities", "media"), *list_at(legacy, "entities", "media")]:
        found = AUTHOR_IN_URL.match(text_at(medium, "expanded_url"))
        named.append(found[1] if found and found[1] != "i" else "")
    return next((name for name in named if name), "")


def _posted(legacy: object, notes: Notes) -> datetime | None:
    said = notes.text(legacy, "created_at")
    if not said:
        return None
    try:
        return notes.believed(datetime.strptime(said, CREATED).astimezone(UTC))
    except (ValueError, OverflowError):
        notes.note("bad_date", f"cannot be read as a time: {said[:80]!r}")
        return None


def _media(legacy: object, notes: Notes) -> Iterator[MediaItem]:
    entries = list_at(legacy, "extended_entities", "media") or list_at(legacy, "entities", "media")
    for position, medium in enumerate(entries):
        alt = at(medium, "ext_alt_text")
        moving = text_at(medium, "type") in ("video", "animated_gif")
        url = _variant(medium) if moving else _original(text_at(medium, "media_url_https"))
        kind = MediaKind.VIDEO if moving else MediaKind.PICTURE
        name = native(at(medium, "id_str"))
        yield item(position, kind, url, notes, native_id=name, alt=alt if isinstance(alt, str) else "")


def _variant(medium: object) -> str:
    """The file with the highest bit rate; playlists are no files."""
    best, rate = "", -1
    for one in list_at(medium, "video_info", "variants"):
        bits = at(one, "bitrate")
        bits = bits if isinstance(bits, int) else 0
        if text_at(one, "content_type").startswith("video/") and bits > rate:
            best, rate = text_at(one, "url"), bits
    return best


def _original(url: str) -> str:
    """pbs.twimg.com serves the uploaded size under name=orig."""
    plain = url.startswith("https://pbs.twimg.com/media/") and "?" not in url
    return f"{url}?name=orig" if plain else url


def _label(one: object, legacy: object) -> PlatformTag:
    for place, value in (
        ("made_with_ai", at(one, "made_with_ai")),
        ("legacy.made_with_ai", at(legacy, "made_with_ai")),
    ):
        if isinstance(value, bool):
            state = ReadingState.PRESENT if value else ReadingState.ABSENT
            who = Declarer.ACCOUNT if value else Declarer.UNKNOWN
            return PlatformTag(state, SOURCE, place, str(value).lower(), who)
    return unreadable(SOURCE, "made_with_ai", "not exposed: no field for it is known in what the page shows")
