"""Threads' web objects: Instagram's item list with a text of its own.

Source: Zeeschuimer's modules/threads.js and 4CAT's datasources/threads (read 2026-11).
"""

from dataclasses import replace
from datetime import datetime

from crawler.webobjects import instagram
from crawler.webobjects.mapped import Mapped, NoPost, as_object
from crawler.wild_json import at
from storage.records import PlatformTag

PLATFORM = "threads"
SOURCE = "threads web object"


def is_one(raw: object) -> bool:
    return isinstance(raw, dict) and {"code", "user", "text_post_app_info"} <= raw.keys()


def read(raw: object, now: datetime) -> Mapped | NoPost:
    """Raises CrawlError kind "wrong_shape", "no_id" or "no_author"."""
    one = as_object(raw)
    if at(one, "text_post_app_info", "share_info", "reposted_post"):
        return NoPost("repost", "somebody else's post, passed on")
    found = instagram.read({**one, "media_type": _type(one)}, now)
    if isinstance(found, NoPost):
        return found
    post = found.post
    url = f"https://www.threads.com/@{post.handle}/post/{post.post_id}"
    media = tuple(one for one in post.media if one.url or one.native_id) if post.media else ()
    tag: PlatformTag = replace(post.platform_tag, source=SOURCE)
    if not _has_media(one):
        media = ()
    said = replace(post, platform=PLATFORM, url=url, media=media, platform_tag=tag)
    return Mapped(said, found.counts, found.owner_id)


def _has_media(one: object) -> bool:
    """A thread of words alone carries an empty list of candidates."""
    shown = (at(one, "carousel_media"), at(one, "video_versions"), at(one, "image_versions2", "candidates"))
    return any(isinstance(part, list) and part for part in shown)


def _type(one: object) -> object:
    """19 is a text; what has slides is a carousel."""
    return instagram.CAROUSEL if at(one, "carousel_media") else at(one, "media_type")
