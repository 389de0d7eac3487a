"""LinkedIn's web objects ("Voyager"), with what they refer to already put in by Zeeschuimer.

Source: Zeeschuimer's modules/linkedin.js (its last version, before it was taken out) and 4CAT's
datasources/linkedin (read 2026-11). Posts carry no time, only "3w": the id does. An activity's number holds
milliseconds since 1970 above its low 22 bits, which dates the post to the second.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from crawler.webobjects.mapped import Mapped, NoPost, Notes, as_object, item, needed, unreadable
from crawler.wild_json import at, list_at, text_at
from storage.records import MediaItem, MediaKind, PostVersion

PLATFORM = "linkedin"
SOURCE = "linkedin web object"
ACTIVITY = re.compile(r"urn:li:activity:([0-9]{1,25})")
AUTHOR = re.compile(r"linkedin\.com/((?:company|in|school|showcase)/[^/?#]{1,200})")
LOW_BITS = 22


def is_one(raw: object) -> bool:
    return isinstance(raw, dict) and isinstance(raw.get("actor"), dict) and bool(_activity(raw))


def read(raw: object, now: datetime) -> Mapped | NoPost:
    """Raises CrawlError kind "wrong_shape", "no_id" or "no_author"."""
    one = as_object(raw)
    if not one.get("actor"):
        return NoPost("no_post", "an object that is no post: it has no actor")
    number = needed(_activity(one), "an activity's number")
    notes = Notes(f"urn:li:activity:{number}", now)
    found = AUTHOR.search(text_at(one, "actor", "navigationContext", "actionTarget"))
    handle = needed(found[1] if found else "", "an author's address", notes.where)
    when = text_at(one, "actor", "subDescription", "text")
    if when and not re.search(r"\d", when):
        return NoPost("advertisement", "a promoted post that was shown between posts")
    post = PostVersion(
        platform=PLATFORM,
        handle=handle,
        post_id=notes.where,
        url=f"https://www.linkedin.com/feed/update/{notes.where}",
        posted_at=notes.moment((int(number) >> LOW_BITS) / 1000),
        text=notes.text(one, "commentary", "text", "text"),
        platform_tag=unreadable(
            SOURCE, "", "not exposed: Content Credentials show in the picture's own bytes"
        ),
        media=tuple(_media(at(one, "content"), notes)),
    )
    counted = at(one, "*socialDetail", "*totalSocialActivityCounts")
    counts = {name: value for name in ("numLikes", "numComments") if (value := at(counted, name)) is not None}
    return Mapped(replace(post, problems=tuple(notes.problems)), counts)


def _activity(one: object) -> str:
    named = (
        at(one, "updateMetadata", "urn"),
        at(one, "preDashEntityUrn"),
        at(one, "entityUrn"),
        at(one, "id"),
    )
    found = (ACTIVITY.search(name) for name in named if isinstance(name, str))
    return next((match[1] for match in found if match), "")


def _media(content: object, notes: Notes) -> Iterator[MediaItem]:
    pictures = [*list_at(content, "images"), *list_at(content, "imageComponent", "images")]
    article = at(content, "articleComponent", "largeImage")
    for position, picture in enumerate(pictures or ([article] if article else [])):
        alt = at(picture, "accessibilityText")
        alt = alt if isinstance(alt, str) else None
        yield item(position, MediaKind.PICTURE, _picture(picture), notes, alt=alt)
    if not pictures and not article and (video := _video(content)):
        yield item(0, MediaKind.VIDEO, video, notes)


def _picture(picture: object) -> str:
    """The widest version of a vector image."""
    first = at(picture, "attributes", 0)
    vector = at(first, "vectorImage") or at(first, "detailData", "vectorImage")
    best, width = "", -1
    for one in list_at(vector, "artifacts"):
        wide = at(one, "width")
        wide = wide if isinstance(wide, int) else 0
        if wide > width:
            best, width = text_at(one, "fileIdentifyingUrlPathSegment"), wide
    plain = text_at(first, "imageUrl", "url") or text_at(first, "detailData", "imageUrl", "url")
    return text_at(vector, "rootUrl") + best if best else plain


def _video(content: object) -> str:
    """The file of the highest bit rate."""
    played = at(content, "linkedInVideoComponent", "*videoPlayMetadata") or at(content, "*videoPlayMetadata")
    best, rate = "", -1
    for one in list_at(played, "progressiveStreams"):
        bits = at(one, "bitRate")
        bits = bits if isinstance(bits, int) else 0
        url = text_at(one, "streamingLocations", 0, "url")
        if url and bits > rate:
            best, rate = url, bits
    return best
