"""Instagram's web objects in their three shapes: the item list, the graph, and Polaris (lists, in part).

Source: Zeeschuimer's modules/instagram.js and 4CAT's datasources/instagram (which fields there are; read
2026-11); instaloader's structures.py for the graph. The id is the shortcode: all shapes, the permalink and
every tool have it, while the numbers under `id` differ between the web and the Graph API.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from crawler.webobjects.mapped import (
    Mapped,
    NoPost,
    Notes,
    as_object,
    item,
    largest,
    native,
    needed,
    owner_in,
)
from crawler.webobjects.meta_label import read_label
from crawler.wild_json import at, list_at, text_at
from storage.records import TEXT_NOT_GIVEN, MediaItem, MediaKind, PlatformTag, PostVersion

PLATFORM = "instagram"
SOURCE = "instagram web object"
ADS = "https://www.facebook.com/ads/"
CAROUSEL = 8  # media_type: 1 picture, 2 video, 8 carousel
VIDEO = 2
MOST_CHILDREN = 100  # Instagram takes twenty
OWNERS = (("user", "pk"), ("user", "id"), ("owner", "pk"), ("owner", "id"))
CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")


def is_one(raw: object) -> bool:
    """Whether this looks like a post among other objects."""
    if not isinstance(raw, dict) or not (
        isinstance(raw.get("code"), str) or isinstance(raw.get("shortcode"), str)
    ):
        return False
    whose = isinstance(raw.get("user"), dict) or isinstance(raw.get("owner"), dict)
    what = "taken_at" in raw or "taken_at_timestamp" in raw or "media_type" in raw
    polaris = str(raw.get("__typename", "")).startswith("XIGPolaris")
    return whose and (what or polaris) and "text_post_app_info" not in raw


def read(raw: object, now: datetime) -> Mapped | NoPost:
    """Raises CrawlError kind "wrong_shape", "no_id" or "no_author"."""
    one = as_object(raw)
    if one.get("product_type") == "ad" or text_at(one, "link").startswith(ADS):
        return NoPost("advertisement", "an advertisement that was shown between posts")
    code = text_at(one, "shortcode") or text_at(one, "code")
    code = needed(code if CODE.fullmatch(code) else "", "a usable shortcode")
    notes = Notes(code, now)
    handle = needed(_author(one), "an author's name", code)
    shown = _graph if _is_graph(one) else _itemlist
    text, media, tag = shown(one, notes)
    if text is None:
        notes.note(TEXT_NOT_GIVEN, "the capture has no caption: it was taken from a list that shows none")
    if coauthors := _coauthors(one.get("coauthor_producers")):
        notes.note("coauthors", f"published together with {', '.join(coauthors)[:200]}")
    posted_at = notes.moment(one.get("taken_at_timestamp", one.get("taken_at", one.get("date"))))
    post = PostVersion(
        platform=PLATFORM,
        handle=handle,
        post_id=code,
        url=f"https://www.instagram.com/p/{code}/",
        posted_at=posted_at,
        text=text or "",
        platform_tag=tag,
        media=tuple(media),
        problems=tuple(notes.problems),
    )
    return Mapped(post, _counts(one), owner_in(one, *OWNERS))


def _coauthors(users: object) -> list[str]:
    found = [text_at(user, "username") for user in users] if isinstance(users, list) else []
    return [name for name in found if name]


def _author(one: Mapping[str, object]) -> str:
    return text_at(one.get("user"), "username") or text_at(one.get("owner"), "username")


def _is_graph(one: Mapping[str, object]) -> bool:
    return one.get("shortcode") is not None or one.get("edge_media_to_caption") is not None


def _counts(one: Mapping[str, object]) -> dict[str, object]:
    likes, comments = one.get("like_count"), one.get("comment_count")
    if one.get("like_and_view_counts_disabled"):
        likes = None
    elif likes is None:
        likes = at(one, "edge_media_preview_like", "count")
    if comments is None:
        comments = at(one, "edge_media_to_comment", "count")
    found = {"like_count": likes, "comment_count": comments}
    return {name: value for name, value in found.items() if value is not None}


# --- item list, and Polaris which is cut from it ------------------------------------------------------------


def _itemlist(one: Mapping[str, object], notes: Notes) -> tuple[str | None, list[MediaItem], PlatformTag]:
    caption = one.get("caption")
    text = caption if isinstance(caption, str) else notes.text(caption, "text") if caption else ""
    if caption and not isinstance(caption, str | dict):
        notes.note("wrong_type", f"caption is a {type(caption).__name__}")
    children = list(_children(one, notes))
    whole = one.get("media_type") == CAROUSEL or children
    shown = children if whole else [one]
    media = [_picture_or_video(child, place, notes) for place, child in enumerate(shown)]
    if whole and not children:
        notes.note("no_children", "a carousel of which the capture holds no slide")
    return (text if "caption" in one else None), media, read_label(one, children, SOURCE)


def _children(one: Mapping[str, object], notes: Notes) -> Iterator[Mapping[str, object]]:
    """The slides of a carousel, each once, and never the carousel itself or another one."""
    seen = {native(at(one, "pk")), native(at(one, "id"))} - {""}
    for place, child in enumerate(notes.items(one, "carousel_media")):
        if not isinstance(child, dict):
            notes.note("wrong_type", f"slide {place + 1} is a {type(child).__name__}")
            continue
        name = native(child.get("pk")) or native(child.get("id"))
        if name in seen or (child.get("media_type") == CAROUSEL and child.get("carousel_media")):
            notes.note("carousel_in_itself", f"slide {place + 1} is the carousel itself, or one seen before")
        elif place >= MOST_CHILDREN:
            notes.note("too_many_media", f"only the first {MOST_CHILDREN} slides were taken")
            return
        else:
            seen |= {name} - {""}
            yield child


def _picture_or_video(one: Mapping[str, object], position: int, notes: Notes) -> MediaItem:
    videos = one.get("video_versions")
    alt = one.get("accessibility_caption")
    alt = alt if isinstance(alt, str) else None
    if one.get("media_type") == VIDEO or videos or "Video" in text_at(one, "__typename"):
        return item(position, MediaKind.VIDEO, largest(videos), notes, alt=alt)
    versions = one.get("image_versions2")
    url = largest(versions.get("candidates")) if isinstance(versions, dict) else ""
    url = url or text_at(one, "display_uri") or text_at(one, "display_url")
    return item(position, MediaKind.PICTURE, url, notes, alt=alt)


# --- graph --------------------------------------------------------------------------------------------------


def _graph(one: object, notes: Notes) -> tuple[str | None, list[MediaItem], PlatformTag]:
    given = isinstance(one, dict) and ("edge_media_to_caption" in one or "caption" in one)
    text = notes.text(one, "edge_media_to_caption", "edges", 0, "node", "text")
    if not text and isinstance(at(one, "caption"), str):
        text = text_at(one, "caption")
    nodes = list(_nodes(one, notes))
    shown = nodes or [one]
    media = [_node(node, place, notes) for place, node in enumerate(shown)]
    whole = at(one, "iphone_struct") or one
    return (text if given else None), media, read_label(whole, nodes, SOURCE)


def _nodes(one: object, notes: Notes) -> Iterator[object]:
    seen = {native(at(one, "id"))} - {""}
    edges = notes.items(at(one, "edge_sidecar_to_children"), "edges")
    for place, edge in enumerate(edges[:MOST_CHILDREN]):
        node = at(edge, "node")
        name = native(at(node, "id"))
        if not isinstance(node, dict):
            notes.note("wrong_type", f"slide {place + 1} is a {type(node).__name__}")
        elif name in seen or at(node, "edge_sidecar_to_children"):
            notes.note("carousel_in_itself", f"slide {place + 1} is the carousel itself, or one seen before")
        else:
            seen |= {name} - {""}
            yield node


def _node(node: object, position: int, notes: Notes) -> MediaItem:
    is_video = at(node, "is_video") is True or text_at(node, "__typename") in ("GraphVideo", "XDTGraphVideo")
    resources = [text_at(one, "src") for one in list_at(node, "display_resources")]
    shown = text_at(node, "display_url") or text_at(node, "display_src") or (resources or [""])[-1]
    url = text_at(node, "video_url") if is_video else shown
    alt = at(node, "accessibility_caption")
    kind = MediaKind.VIDEO if is_video else MediaKind.PICTURE
    return item(position, kind, url, notes, alt=alt if isinstance(alt, str) else None)
