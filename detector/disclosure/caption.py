"""The caption: the running text of the post. Its hashtags alone are another surface."""

from detector.wording import texts
from detector.wording.lexicon import BUILT_IN, Lexicon
from storage.records import MediaItem, PostVersion, Reading, Surface

SURFACE = Surface.CAPTION
VERSION = "1"

# Characters shown before "more". Instagram: "we recommend adding a caption of 125 characters or fewer"
# (help.instagram.com/1643471055915254, read 2026-11-23). Other platforms: no figure of their own was found,
# or posts are shown whole, so nothing is said about a fold there.
FOLD = {"instagram": 125}


def read(post: PostVersion, item: MediaItem, lexicon: Lexicon = BUILT_IN) -> Reading:
    """What the text says of this picture: a sentence on "slide 3" is about the third one alone."""
    found = texts.read(post.text, hashtags=False, lexicon=lexicon)
    scoped = texts.for_slide(found, item.position, len(post.media))
    return texts.as_reading(scoped, SURFACE, field="text", fold=FOLD.get(post.platform))
