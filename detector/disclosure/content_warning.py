"""Content warning: the text in front of a post, where the platform has one."""

from detector.wording import texts
from detector.wording.lexicon import BUILT_IN, Lexicon
from storage.records import MediaItem, PostVersion, Reading, ReadingState, Surface

SURFACE = Surface.CONTENT_WARNING
VERSION = "2"


def read(post: PostVersion, item: MediaItem, lexicon: Lexicon = BUILT_IN) -> Reading:
    """It covers every picture of the post, unless it names a slide."""
    if post.content_warning is None:
        return Reading(SURFACE, ReadingState.NOT_OFFERED, field="content_warning")
    slide = texts.Slide(item.position, len(post.media))
    found = texts.read(post.content_warning, lexicon=lexicon, slide=slide)
    return texts.as_reading(found, SURFACE, field="content_warning")
