"""The media of an app.bsky.feed.post record, in order: images, gallery, video, record-with-media.

Source: lexicons app.bsky.embed.{images,gallery,video,recordWithMedia,external,record}. The picture of an
external card is the linked page's, and a quoted record's media are another post's: neither is this post's
own.
"""

from collections.abc import Iterator
from urllib.parse import quote

from crawler.wild_json import at, text_at
from storage.records import Failure, MediaItem, MediaKind

WITHOUT_MEDIA = frozenset({"app.bsky.embed.external", "app.bsky.embed.record"})


def read_embed(embed: object, server: str, did: str) -> tuple[tuple[MediaItem, ...], tuple[Failure, ...]]:
    """(media, problems). Positions count from 0. An item whose blob makes no sense is kept with its
    failure."""
    items: list[MediaItem] = []
    problems: list[Failure] = []
    for kind, entry, blob in _blobs(embed, problems, 0):
        items.append(_item(len(items), kind, entry, blob, server, did))
    return tuple(items), tuple(problems)


def _blobs(embed: object, problems: list[Failure], depth: int) -> Iterator[tuple[MediaKind, object, object]]:
    kind = text_at(embed, "$type")
    if kind == "app.bsky.embed.images":
        yield from _pictures(at(embed, "images"), kind, problems)
    elif kind == "app.bsky.embed.gallery":
        entries = at(embed, "items")
        yield from _pictures(entries if entries is not None else at(embed, "media"), kind, problems)
    elif kind == "app.bsky.embed.video":
        yield MediaKind.VIDEO, embed, at(embed, "video")
    elif kind == "app.bsky.embed.recordWithMedia" and depth == 0:
        yield from _blobs(at(embed, "media"), problems, 1)
    elif embed is not None and kind not in WITHOUT_MEDIA:
        problems.append(Failure("unknown_embed", f"an embed of type {kind[:100]!r} was not read"))


def _pictures(
    entries: object, kind: str, problems: list[Failure]
) -> Iterator[tuple[MediaKind, object, object]]:
    if not isinstance(entries, list):
        problems.append(Failure("wrong_type", f"the pictures of {kind} are no list"))
        return
    for entry in entries:
        blob = at(entry, "image")
        if blob is None and at(entry, "video") is not None:
            yield MediaKind.VIDEO, entry, at(entry, "video")
        else:
            yield MediaKind.PICTURE, entry, blob


def _item(position: int, kind: MediaKind, entry: object, blob: object, server: str, did: str) -> MediaItem:
    cid = text_at(blob, "ref", "$link") or text_at(blob, "cid")  # the second: blobs of before 2023
    named = quote(cid, safe="", errors="surrogatepass")  # JSON may hold half a pair, anywhere
    url = f"{server}/xrpc/com.atproto.sync.getBlob?did={quote(did, safe=':')}&cid={named}"
    missing = (
        None if cid else Failure("no_blob", "the record names no blob for this item", f"{did} #{position}")
    )
    return MediaItem(
        position=position,
        kind=kind,
        url=url if cid else "",
        native_id=cid,
        alt=text_at(entry, "alt"),
        claimed_type=text_at(blob, "mimeType"),
        failure=missing,
    )
