"""The platform's own AI label, as its endpoint showed it: the crawl has read it, this hands it on."""

from detector.wording.lexicon import BUILT_IN, Lexicon
from storage.records import MediaItem, PostVersion, Reading, Surface

SURFACE = Surface.PLATFORM_TAG
VERSION = "1"


def read(post: PostVersion, item: MediaItem, lexicon: Lexicon = BUILT_IN) -> Reading:
    """Its state, who declared it, and the field; `field` names the endpoint as well."""
    tag = post.platform_tag
    return Reading(
        surface=SURFACE,
        state=tag.state,
        quote=tag.raw,
        field=" ".join(part for part in (tag.source, tag.field) if part),
        declared_by=tag.declared_by,
        reason=tag.reason,
        reader=f"{SURFACE}/{VERSION}",
    )
