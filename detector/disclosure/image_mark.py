"""An icon or a brand mark on the picture. The post's words say nothing of it: the pixels are looked at where
it can matter (detector/onimage), and what is found there takes the place of this."""

from detector.wording.lexicon import BUILT_IN, Lexicon
from storage.records import MediaItem, PostVersion, Reading, ReadingState, Surface

SURFACE = Surface.IMAGE_MARK
VERSION = "1"


def read(post: PostVersion, item: MediaItem, lexicon: Lexicon = BUILT_IN) -> Reading:
    """Always `unreadable: not looked at`."""
    return Reading(SURFACE, ReadingState.UNREADABLE, reason="not looked at", reader=f"{SURFACE}/{VERSION}")
