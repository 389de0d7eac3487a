"""A platform's own tag, as a spider hands it on."""

from detector.disclosure.platform_tag import read
from storage.records import Declarer, MediaItem, MediaKind, PlatformTag, PostVersion, ReadingState, Surface

NAME = "a platform's tag"
READS = (Surface.PLATFORM_TAG.value,)


def missed() -> str:
    item = MediaItem(0, MediaKind.PICTURE, "")
    for state in (ReadingState.PRESENT, ReadingState.ABSENT):
        tag = PlatformTag(state, "endpoint", "labels", "ai-generated", Declarer.ACCOUNT)
        post = PostVersion("", "", "", "", None, "", tag, (item,))
        if read(post, item).state is not state:
            return f"a tag that is {state} is not read so"
    return ""
