"""What earlier nights know of a post whose revision has not changed: which of its media are not asked for."""

from collections.abc import Callable
from dataclasses import replace

from crawler.found import Found
from storage.records import MediaItem, PostVersion
from storage.text import clean

# Failures that the post itself is to blame for: while it stays as it is, asking again cannot mend them.
FINAL = frozenset({"bad_url", "no_blob", "no_media_url", "too_many_media"})


# The address guard's: while the address is the same and leads where we may not go, asking again is no use.
REFUSED = "address_refused"


def carried(
    post: PostVersion, stored: PostVersion | None, still_refused: Callable[[str], bool] = lambda where: True
) -> tuple[PostVersion, frozenset[int]]:
    """The post with the media that are settled, and their positions. None where the revision is another.
    `still_refused`: whether the guard says the same today of the place that it refused (crawler.addresses):
    the user may have permitted it since."""
    if stored is None or not post.revision or stored.revision != clean(post.revision):
        return post, frozenset()
    before = {item.position: item for item in stored.media}
    settled = {
        position: replace(item, sha256=old.sha256, format=old.format, size=old.size, failure=old.failure)
        for position, item in enumerate(post.media)
        if (old := before.get(position))
        and is_same(item, old)
        and (is_settled(old) or is_refused(item, old, still_refused))
    }
    media = tuple(settled.get(position, item) for position, item in enumerate(post.media))
    return replace(post, media=media), frozenset(settled)


def is_whole(post: PostVersion, settled: frozenset[int]) -> bool:
    return bool(settled) and len(settled) == len(post.media)


def asking_again(found: Found, post: PostVersion, settled: frozenset[int], checked: frozenset[int]) -> Found:
    """The post with the media that are settled; those of them that are checked are asked for."""
    media = tuple(
        found.post.media[position] if position in checked else item
        for position, item in enumerate(post.media)
    )
    return replace(
        found,
        post=replace(post, media=media),
        told=settled - checked,
        checked=tuple(media[position].url for position in sorted(checked)),
        before=post if is_whole(post, settled) else None,
    )


def is_settled(item: MediaItem) -> bool:
    """Kept, or lost for good. Bytes of the wrong type are lost for good only under an id of their content."""
    if item.failure is None:
        return bool(item.sha256)
    named = bool(item.native_id and item.sha256)
    return item.failure.kind in FINAL or (named and item.failure.kind == "not_the_claimed_type")


def is_refused(item: MediaItem, old: MediaItem, still_refused: Callable[[str], bool]) -> bool:
    """The same address led to a place that we may not connect to, and would again."""
    refused = old.failure is not None and old.failure.kind == REFUSED and clean(item.url) == old.url
    return refused and old.failure is not None and still_refused(old.failure.where)


def is_same(item: MediaItem, old: MediaItem) -> bool:
    if item.native_id or old.native_id:
        return clean(item.native_id) == old.native_id
    return clean(item.url) == old.url


def as_before(post: PostVersion, before: PostVersion) -> bool:
    """Whether asking again brought the same bytes and no failure that is not known."""
    pairs = zip(post.media, before.media, strict=True)
    return all((new.sha256, new.failure) == (old.sha256, old.failure) for new, old in pairs)
