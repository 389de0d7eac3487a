"""Alt text: what screen readers say. People who look at the picture do not see it."""

from detector.wording import texts
from detector.wording.lexicon import BUILT_IN, Lexicon
from storage.records import MediaItem, PostVersion, Reading, ReadingState, Surface

SURFACE = Surface.ALT_TEXT
VERSION = "1"


def read(post: PostVersion, item: MediaItem, lexicon: Lexicon = BUILT_IN) -> Reading:
    """`not_offered` where the source has no alt texts; an empty one was read, and says nothing."""
    if item.alt is None:
        return Reading(SURFACE, ReadingState.NOT_OFFERED, field="alt")
    return texts.as_reading(texts.read(item.alt, lexicon=lexicon), SURFACE, field="alt")
