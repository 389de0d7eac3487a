"""Content warning: the text in front of a post, where the platform has one."""

from detector import wording
from storage.records import MediaItem, PostVersion, Reading, ReadingState, Surface

SURFACE = Surface.CONTENT_WARNING
VERSION = "1"


def read(post: PostVersion, item: MediaItem) -> Reading:
    """It covers every picture of the post, unless it names a slide."""
    if post.content_warning is None:
        return Reading(SURFACE, ReadingState.NOT_OFFERED, field="content_warning")
    found = wording.read(post.content_warning)
    scoped = wording.for_slide(found, item.position, len(post.media))
    return wording.as_reading(scoped, SURFACE, field="content_warning")
