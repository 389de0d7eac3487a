"""Is an imported post what the store has already? "Could not look" is never a change.

What one tool sees and another does not (an alt text, the label field, another CDN's address) would make a
version of every import; so a post whose words and media are the same is taken for the stored one. See
docs/decisions/imports.md.
"""

from collections.abc import Sequence

from storage.records import TEXT_NOT_GIVEN, MediaItem, PostVersion, ReadingState
from storage.replacing import replace
from storage.text import clean


def emptied(post: PostVersion, stored: PostVersion) -> bool:
    """The caption came empty where one is stored: not believed, but counted (suspects.py)."""
    return bool(stored.text) and not post.text and not _without_text(post)


def as_stored(post: PostVersion, stored: PostVersion) -> PostVersion | None:
    """The stored post as seen by this import, with its media and label; None where the import says something
    else."""
    partial = _without_text(post) or emptied(post, stored)
    if not (partial or _same_words(post, stored)) or not _same_label(post, stored):
        return None
    if not (partial and len(post.media) < len(stored.media)) and not _same_media(post.media, stored.media):
        return None
    return replace(
        stored,
        posted_at=post.posted_at or stored.posted_at,
        url=stored.url or post.url,
        seen_at=post.seen_at,
        raw_sha256=post.raw_sha256,
    )


def _without_text(post: PostVersion) -> bool:
    return any(problem.kind == TEXT_NOT_GIVEN for problem in post.problems)


def _same_words(post: PostVersion, stored: PostVersion) -> bool:
    warned = post.content_warning is None or post.content_warning == stored.content_warning
    tagged = not post.hashtags or post.hashtags == stored.hashtags
    return clean(post.text) == stored.text and warned and tagged


def _same_label(post: PostVersion, stored: PostVersion) -> bool:
    tag, kept = post.platform_tag, stored.platform_tag
    if tag.state in (ReadingState.UNREADABLE, ReadingState.NOT_OFFERED):
        return True
    # Another interface says the same in other words: "NONE" on the web is "false" in the Graph API.
    same_field = (clean(tag.source), clean(tag.field)) == (kept.source, kept.field)
    return tag.state is kept.state and (not same_field or clean(tag.raw) == kept.raw)


def _same_media(media: Sequence[MediaItem], stored: Sequence[MediaItem]) -> bool:
    return len(media) == len(stored) and all(map(same_medium, media, stored))


def same_medium(item: MediaItem, stored: MediaItem) -> bool:
    """By the platform's id of it where both have one. Else by its kind alone: none of the platforms that come
    by import lets a published picture be exchanged, and their addresses change by the hour. An alt text is
    none of what tells them apart: platforms write it themselves, in the language of whoever looks."""
    if item.native_id and stored.native_id:
        return clean(item.native_id) == stored.native_id
    return item.kind is stored.kind
