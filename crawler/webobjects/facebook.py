"""Facebook's web objects: a "Story" as pages carry it in their scripts and get it from /api/graphql/.

What is said lies apart from when: `comet_sections.content.story` has the text, the actor and the attachments,
`comet_sections.context_layout` the time, as one of several strategies that Facebook renames now and then (so
any that calls itself a timestamp's will do). The id is `post_id`, the number in /posts/ addresses.

Source: 4CAT's datasources/facebook/search_facebook.py, map_item (Zeeschuimer had a module for it);
attachments as public code reads them: `styles.attachment.media` for one, `all_subattachments.nodes` for
several, `viewer_image` the largest (read 2026-11; no object was recorded for this). No field of these
objects is known to hold Meta's AI label; the one that Instagram's have is read where it is there.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.webobjects.mapped import Mapped, NoPost, Notes, as_object, item, native, needed, owner_in
from crawler.webobjects.meta_label import read_label
from crawler.wild_json import at, list_at, text_at
from storage.records import TEXT_NOT_GIVEN, MediaItem, MediaKind, PostVersion

PLATFORM = "facebook"
SOURCE = "facebook web object"
HOME = "https://www.facebook.com"
CONTENT = ("comet_sections", "content", "story")
METADATA = ("comet_sections", "context_layout", "story", "comet_sections", "metadata")
AT_ONCE = ("five", "four", "three", "two")  # as many as fit on the page
SEVERAL = ("all_subattachments", *(f"{word}_photos_subattachments" for word in AT_ONCE))
PICTURES = ("viewer_image", "photo_image", "image", "large_share_image", "flexible_height_share_image")
VIDEOS = ("browser_native_hd_url", "playable_url_quality_hd", "browser_native_sd_url", "playable_url")
RESULT = ("videoDeliveryResponseFragment", "videoDeliveryResponseResult", "progressive_urls")
OF_THE_PAGE = ("story_fbid", "id", "fbid", "v", "set")  # of an address: the rest follows whoever looked
MOST_MEDIA = 200  # albums are longer; a page shows a handful
# First parts of a path that are nobody's name: facebook.com/groups/100…, /photo/?fbid=…
NO_NAMES = frozenset({"groups", "photo", "photo.php", "watch", "permalink.php", "story.php", "p"})
NAME = re.compile(r"[A-Za-z0-9.\-]{2,75}")
NUMBER = re.compile(r"[0-9]{5,30}")


def is_one(raw: object) -> bool:
    return isinstance(raw, dict) and "comet_sections" in raw and isinstance(at(raw, *CONTENT), dict)


def read(raw: object, now: datetime) -> Mapped | NoPost:
    """Raises CrawlError kind "wrong_shape", "no_id" or "no_author"."""
    one = as_object(raw)
    story = as_object(at(one, *CONTENT))
    if at(one, "sponsored_data") or at(story, "sponsored_data"):
        return NoPost("advertisement", "an advertisement that was shown between posts")
    post_id = native(one.get("post_id")) or native(story.get("post_id"))
    notes = Notes(needed(post_id, "an id"), now)
    actor = at(story, "actors", 0)
    owner_id = owner_in(actor, ("id",))
    handle = needed(named_at(text_at(actor, "url")) or owner_id, "an author's name", post_id)
    attachments = notes.items(story, "attachments")
    text = _text(story, notes)
    if _shares(one, story) and not text and not attachments:
        return NoPost("repost", "somebody else's post, passed on")
    media = list(_all_media(attachments, notes))
    post = PostVersion(
        platform=PLATFORM,
        handle=handle,
        post_id=post_id,
        url=_address(text_at(story, "wwwURL")) or f"{HOME}/{handle}/posts/{post_id}",
        posted_at=_posted(one, story, notes),
        text=text,
        platform_tag=read_label(one, [shown for shown, _ in media], SOURCE),
        media=tuple(made for _, made in media),
        problems=tuple(notes.problems),
    )
    return Mapped(post, {}, owner_id)


def named_at(url: str) -> str:
    """The name, or the number, of the page or person whose address this is; "" where it has none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    path = [part for part in parts.path.split("/") if part]
    if path[:1] == ["profile.php"]:
        number = dict(parse_qsl(parts.query)).get("id", "")
        return number if NUMBER.fullmatch(number) else ""
    if path[:1] in (["people"], ["pages"]):
        return path[-1] if NUMBER.fullmatch(path[-1]) else ""
    return path[0] if path and path[0] not in NO_NAMES and NAME.fullmatch(path[0]) else ""


def _text(story: Mapping[str, object], notes: Notes) -> str:
    shown = ("comet_sections", "message", "story")
    said = story if "message" in story else at(story, *shown)
    if not isinstance(said, dict) or "message" not in said:
        notes.note(TEXT_NOT_GIVEN, "the capture has no message, which is not an empty one")
        return ""
    return notes.text(said["message"], "text") if said["message"] else ""


def _shares(one: object, story: object) -> bool:
    return bool(at(story, "attached_story") or at(one, "attached_story"))


def _posted(one: object, story: object, notes: Notes) -> datetime | None:
    """Never that of a story within this one: a share is as old as the sharing."""
    told = [*list_at(one, *METADATA), *list_at(story, *METADATA)]
    dated = [each for each in told if "Timestamp" in text_at(each, "__typename")]
    times = [at(each, "story", "creation_time") for each in dated]
    times += [at(story, "creation_time"), at(one, "creation_time")]
    return notes.moment(next((when for when in times if when is not None), None))


def _address(url: str) -> str:
    """A post's address without what follows whoever looked at it; "" for another host's."""
    try:
        parts = urlsplit(url)
        kept = [pair for pair in parse_qsl(parts.query) if pair[0] in OF_THE_PAGE]
    except ValueError:
        return ""
    host = parts.hostname or ""
    ours = parts.scheme == "https" and (host == "facebook.com" or host.endswith(".facebook.com"))
    return urlunsplit(("https", "www.facebook.com", parts.path, urlencode(kept), "")) if ours else ""


# --- pictures and videos ------------------------------------------------------------------------------------


def _all_media(attachments: list[object], notes: Notes) -> Iterator[tuple[object, MediaItem]]:
    """Each with the object that it was read from; one that is named twice is taken once."""
    seen: set[str] = set()
    position = 0
    for shown in (one for attachment in attachments for one in _shown(attachment, notes)):
        name = native(at(shown, "id"))
        if name and name in seen:
            continue
        if position >= MOST_MEDIA:
            notes.note("too_many_media", f"only the first {MOST_MEDIA} pictures were taken")
            return
        seen.add(name)
        yield shown, _medium(shown, position, notes)
        position += 1


def _shown(attachment: object, notes: Notes) -> Iterator[object]:
    inner = at(attachment, "styles", "attachment")
    whole = inner if isinstance(inner, dict) else attachment
    for several in SEVERAL:
        nodes = [at(node, "media") for node in list_at(whole, several, "nodes")]
        nodes = [one for one in nodes if isinstance(one, dict)]
        if nodes:
            count = at(whole, several, "count")
            if isinstance(count, int) and count > len(nodes):
                notes.note("some_media_missing", f"the capture has {len(nodes)} of {count} pictures")
            yield from nodes
            return
    media = at(whole, "media")
    if isinstance(media, dict):
        yield media
    elif at(attachment, "target", "__typename") in ("Photo", "Video"):
        yield at(attachment, "target")  # named alone: told as a picture without a file


def _medium(shown: object, position: int, notes: Notes) -> MediaItem:
    alt = at(shown, "accessibility_caption")
    alt = alt if isinstance(alt, str) else None
    name = text_at(shown, "__typename") or text_at(shown, "__isMedia")
    if name == "Video" or any(at(shown, one) for one in VIDEOS):
        return item(position, MediaKind.VIDEO, _film(shown), notes, alt=alt)
    sizes = [at(shown, one) for one in PICTURES]
    return item(position, MediaKind.PICTURE, _largest(sizes), notes, alt=alt)


def _film(shown: object) -> str:
    inner = at(shown, "video_grid_renderer", "video")
    for one in (shown, inner):
        for place in (one, at(one, "videoDeliveryLegacyFields")):
            if found := next((url for name in VIDEOS if (url := text_at(place, name))), ""):
                return found
        films = list_at(one, *RESULT)
        best = [film for film in films if text_at(film, "metadata", "quality") == "HD"] or films
        if best and (url := text_at(best[0], "progressive_url")):
            return url
    return ""


def _largest(sizes: list[object]) -> str:
    """The address of the size with most pixels; the first where none says its own."""
    best, most = "", -1
    for one in sizes:
        width, height = at(one, "width"), at(one, "height")
        pixels = width * height if type(width) is int is type(height) else 0
        if (url := text_at(one, "uri")) and pixels > most:
            best, most = url, pixels
    return best
