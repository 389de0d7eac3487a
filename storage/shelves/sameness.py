"""When is a post still the same version? By what people see: caption, label, warning and media, in order.

"Could not look" is never a change: a picture that failed tonight is compared by what is known of it, and
where tonight's source has no alt texts (None), those that were read stay.
"""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from storage.records import MediaItem, PostVersion
from storage.text import clean, digest

if TYPE_CHECKING:  # the rest of this is done without a database too (storage/fresh.py)
    from storage.tables.base import AnyRow


def content(post: PostVersion) -> str:
    """The digest of everything but the media. A tag counts by state and raw value: its field may be
    renamed."""
    return digest(
        (
            post.text,
            str(len(post.hashtags)),
            *post.hashtags,
            "none" if post.content_warning is None else f"warning:{post.content_warning}",
            post.platform_tag.state.value,
            post.platform_tag.raw,
        )
    )


def same_media(kept: "AnyRow", item: MediaItem) -> bool:
    """The same picture: by the platform's id of the content, else by the bytes, else by the URL."""
    if kept.native_id and item.native_id:
        return bool(kept.native_id == clean(item.native_id))
    if kept.sha256 and item.sha256:
        return bool(kept.sha256 == item.sha256)
    return _same_url(kept.url, clean(item.url))


def _same_url(one: str, other: str) -> bool:
    """Signed URLs change every night, so the query of a file's URL does not count; that of a script's URL
    does."""
    if one == other:
        return True
    try:
        left, right = urlsplit(one), urlsplit(other)
    except ValueError:
        return False
    names_a_file = "." in left.path.rpartition("/")[2]
    return names_a_file and (left.netloc, left.path) == (right.netloc, right.path)


def same_items(kept: "list[AnyRow]", post: PostVersion) -> bool:
    if len(kept) != len(post.media):
        return False
    return all(
        same_media(row, item) and (item.alt is None or row.alt == clean(item.alt))
        for row, item in zip(kept, in_order(post), strict=True)
    )


def in_order(post: PostVersion) -> list[MediaItem]:
    return sorted(post.media, key=lambda item: item.position)
