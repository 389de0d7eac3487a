"""Would read an icon or a brand mark on the picture. Nothing reads it yet, and it says so: a label may well
stand there."""

from detector.wording.lexicon import BUILT_IN, Lexicon
from storage.records import MediaItem, PostVersion, Reading, ReadingState, Surface

SURFACE = Surface.IMAGE_MARK
VERSION = "0"


def read(post: PostVersion, item: MediaItem, lexicon: Lexicon = BUILT_IN) -> Reading:
    """Always `unreadable: no reader yet`."""
    return Reading(SURFACE, ReadingState.UNREADABLE, reason="no reader yet", reader=f"{SURFACE}/{VERSION}")
