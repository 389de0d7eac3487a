"""Facebook as gallery-dl writes it: an object a photo or video, with what its page says of it.

Photos of one post share a set that is called after it ("pcb.<post>"); in an album each photo is a post of its
own. `username` is what the page shows, no name in an address: the account is named by `user_id`. `caption` is
empty where the extractor found none, and it finds none where Facebook changed its page: that is no post
without words. A post that comes in this way and in a web archive may have two ids, a photo's and a post's.

Source: gallery-dl's extractor/facebook.py and test/results/facebook.py (read 2026-11, no code was taken: it
is under the GPL).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from crawler.webobjects.mapped import Mapped, NoPost, Notes, item, native, needed, owner_in, unreadable
from crawler.wild_json import at, text_at
from storage.records import TEXT_NOT_GIVEN, MediaItem, MediaKind, PostVersion

PLATFORM = "facebook"
OF_A_POST = "pcb."
PORTRAITS = ("avatar", "cover")
HOME = "https://www.facebook.com"


def post_id(one: object) -> str:
    """Of the post that a photo belongs to; "" where nothing says so."""
    belongs = text_at(one, "set_id")
    return belongs.removeprefix(OF_A_POST) if belongs.startswith(OF_A_POST) else native(at(one, "id"))


def read(objects: Sequence[object], posted_at: datetime | None, notes: Notes) -> Mapped | NoPost:
    """Raises CrawlError kind "no_id" or "no_author"."""
    first = objects[0]
    if text_at(first, "type") in PORTRAITS or text_at(first, "subcategory") in PORTRAITS:
        return NoPost("profile_picture", "a portrait or a title picture, no post")
    name = needed(notes.where, "an id")
    owner = needed(owner_in(first, ("user_id",)), "an author's number", name)
    captions = dict.fromkeys(caption for one in objects if (caption := notes.text(one, "caption")))
    if not captions:
        notes.note(TEXT_NOT_GIVEN, "gallery-dl gives no caption, which is not an empty one")
    media = tuple(_media(objects, notes))
    post = PostVersion(
        platform=PLATFORM,
        handle=owner,
        post_id=name,
        url=_address(first, owner, name),
        posted_at=posted_at,
        text="\n\n".join(captions),
        platform_tag=unreadable("gallery-dl", "", "not exposed: gallery-dl keeps no label field"),
        media=media,
    )
    return Mapped(replace(post, problems=tuple(notes.problems)), {}, owner)


def _address(first: object, owner: str, name: str) -> str:
    if name != native(at(first, "id")):
        return f"{HOME}/{owner}/posts/{name}"
    return f"{HOME}/watch/?v={name}" if text_at(first, "type") == "video" else f"{HOME}/photo/?fbid={name}"


def _media(objects: Sequence[object], notes: Notes) -> Iterator[MediaItem]:
    """The sound of a video is a file of its own, and no picture."""
    shown = [one for one in objects if text_at(one, "type") != "audio"]
    for position, one in enumerate(shown):
        kind = MediaKind.VIDEO if text_at(one, "type") == "video" else MediaKind.PICTURE
        yield item(position, kind, text_at(one, "url"), notes)
