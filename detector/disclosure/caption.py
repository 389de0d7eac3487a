"""The caption: the running text of the post. Its hashtags alone are another surface."""

from detector.wording import texts
from detector.wording.lexicon import BUILT_IN, Lexicon
from storage.records import MediaItem, PostVersion, Reading, ReadingState, Surface

SURFACE = Surface.CAPTION
VERSION = "3"

# What stands before "more": (characters, lines). Instagram: "only the first three lines", "a caption of 125
# characters or fewer" is shown whole (help.instagram.com/1643471055915254, read 2026-11-23 and 2026-11-27).
# Of other platforms no figure of their own was found, and those who measured differ: Facebook 110 (phone) to
# 480 (desktop), LinkedIn 140 to 210, YouTube's description 80 to 219, Threads 250 or none (guides for
# marketers, read 2026-11-27). A label is not called hidden on such figures: only its offset is told.
FOLD = {"instagram": (125, 3)}


def read(post: PostVersion, item: MediaItem, lexicon: Lexicon = BUILT_IN) -> Reading:
    """What the text says of this picture: a sentence on "slide 3" is about the third one alone."""
    slide = texts.Slide(item.position, len(post.media))
    if texts.not_given(post):
        return Reading(SURFACE, ReadingState.UNREADABLE, field="text", reason=texts.NOT_GIVEN)
    found = texts.read(post.text, hashtags=False, lexicon=lexicon, slide=slide)
    return texts.as_reading(found, SURFACE, field="text", fold=_fold(post))


def _fold(post: PostVersion) -> int | None:
    """The offset of the first character that is hidden; None where nothing is known of a fold."""
    if post.platform not in FOLD:
        return None
    characters, lines = FOLD[post.platform]
    shown = post.text[:characters].split("\n", lines)[:lines]
    return min(characters, len("\n".join(shown)))
