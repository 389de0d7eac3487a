"""TikTok's web objects: videos and photo posts.

Source: Zeeschuimer's modules/tiktok.js and 4CAT's datasources/tiktok for the fields (read 2026-11).
`aigcLabelType` "1": the creator declared it; `moderationAigcLabelType`: TikTok put it there. Other values of
`aigcLabelType` are seen and not documented: present, declared by nobody we know. Objects of posts without a
label often leave both out, so missing says nothing; `IsAigc` is false on labelled posts too.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

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
from storage.records import (
    TEXT_NOT_GIVEN,
    Declarer,
    MediaItem,
    MediaKind,
    PlatformTag,
    PostVersion,
    ReadingState,
)

PLATFORM = "tiktok"
SOURCE = "tiktok web object"
FIELDS = (("aigcLabelType", Declarer.ACCOUNT), ("moderationAigcLabelType", Declarer.PLATFORM))
MOST_PICTURES = 100  # TikTok takes 35


def is_one(raw: object) -> bool:
    return (
        isinstance(raw, dict)
        and {"id", "desc", "createTime"} <= raw.keys()
        and ("video" in raw or "imagePost" in raw)
    )


def read(raw: object, now: datetime) -> Mapped | NoPost:
    """Raises CrawlError kind "wrong_shape", "no_id" or "no_author"."""
    one = as_object(raw)
    if one.get("isAd") is True:
        return NoPost("advertisement", "an advertisement that was shown between posts")
    if "liveRoomInfo" in one:
        return NoPost("live", "a live stream, which is no post")
    post_id = needed(native(one.get("id")), "an id")
    notes = Notes(post_id, now)
    author = one.get("author")
    handle = author if isinstance(author, str) else text_at(author, "uniqueId")
    handle = needed(handle.strip().lstrip("@"), "an author's name", post_id)
    photos = list(_photos(one, notes))
    if "desc" not in one:
        notes.note(TEXT_NOT_GIVEN, "the capture has no description")
    text = "\n\n".join(
        part for part in (notes.text(one, "imagePost", "title"), notes.text(one, "desc")) if part
    )
    kind = "photo" if photos else "video"
    post = PostVersion(
        platform=PLATFORM,
        handle=handle,
        post_id=post_id,
        url=f"https://www.tiktok.com/@{handle}/{kind}/{post_id}",
        posted_at=notes.moment(one.get("createTime")),
        text=text,
        platform_tag=_label(one),
        media=tuple(photos or _video(one, notes)),
    )
    stats = {"diggCount": at(one, "stats", "diggCount"), "commentCount": at(one, "stats", "commentCount")}
    counts = {name: value for name, value in stats.items() if value is not None}
    owner = owner_in(one, ("author", "id"), ("authorId",))
    return Mapped(replace(post, problems=tuple(notes.problems)), counts, owner)


def _photos(one: object, notes: Notes) -> Iterator[MediaItem]:
    for position, photo in enumerate(list_at(one, "imagePost", "images")[:MOST_PICTURES]):
        url = text_at(photo, "imageURL", "urlList", 0)
        yield item(position, MediaKind.PICTURE, url, notes)


def _video(one: object, notes: Notes) -> Iterator[MediaItem]:
    """The video, then its cover: the video's address seldom works outside the browser, the cover's does for a
    while."""
    video = at(one, "video")
    if not isinstance(video, dict):
        notes.note("wrong_type", f"video is a {type(video).__name__}")
        return
    url = text_at(video, "playAddr") or text_at(video, "downloadAddr")
    yield item(0, MediaKind.VIDEO, url, notes)
    cover = text_at(video, "originCover") or text_at(video, "cover")
    if cover:
        yield item(1, MediaKind.PICTURE, cover, notes)


def _label(one: object) -> PlatformTag:
    """The first of the two fields that carries a label; absent only where one was given and carries none."""
    given = [(name, who, native(at(one, name))) for name, who in FIELDS if at(one, name) is not None]
    for name, who, value in given:
        if value not in ("", "0"):
            certain = who is Declarer.PLATFORM or value == "1"
            said = who if certain else Declarer.UNKNOWN
            return PlatformTag(ReadingState.PRESENT, SOURCE, name, value[:80], said)
    if not given:
        reason = "not given: this capture's object has neither of the two fields"
        return unreadable(SOURCE, " ".join(name for name, _ in FIELDS), reason)
    name, _, value = given[0]
    if value == "":
        shown = str(at(one, name))[:80]
        return PlatformTag(ReadingState.AMBIGUOUS, SOURCE, name, shown, reason="a value that we do not know")
    return PlatformTag(ReadingState.ABSENT, SOURCE, name, value)
