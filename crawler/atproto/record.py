"""One app.bsky.feed.post record as a post version. Replies and posts without media count: label words may
stand there."""

import re
from datetime import datetime

from crawler.atproto.embeds import read_embed
from crawler.atproto.tid import tid_moment
from crawler.moments import believable, read_moment
from crawler.pages import Listed
from crawler.wild_json import at, list_at, text_at
from storage.errors import CrawlError
from storage.records import Declarer, Failure, PlatformTag, PostVersion, ReadingState

COLLECTION = "app.bsky.feed.post"
KEY = re.compile(r"[A-Za-z0-9._:~-]{1,512}")  # atproto.com/specs/record-key (read 2026-11)
LABELS_FIELD = "value.labels.values[].val"
# Self-labels are free strings, no AI value is predefined (platforms.md, section 1): these are the ones that
# say it.
AI_LABELS = frozenset(
    {
        "ai",
        "ai-art",
        "ai-content",
        "ai-created",
        "ai-generated",
        "ai-image",
        "ai-made",
        "ai-media",
        "aiart",
        "aigc",
        "aigenerated",
        "artificial-intelligence",
        "generated-by-ai",
        "generative-ai",
        "made-by-ai",
        "made-with-ai",
        "synthetic-media",
    }
)


def read_record(record: object, did: str, handle: str, server: str, source: str, now: datetime) -> Listed:
    """Raises CrawlError kind "malformed_record" or "foreign_record" where it is no post of this account."""
    uri, value = text_at(record, "uri"), at(record, "value")
    key = _key(uri, did)
    if not isinstance(value, dict):
        raise CrawlError("a record without a value", kind="malformed_record", where=uri)
    claimed = tid_moment(key)
    made = claimed if claimed and believable(claimed, now) else None
    posted_at, problems = _posted_at(value, made, now)
    media, media_problems = read_embed(value.get("embed"), server, did)
    text = value.get("text", "")
    if not isinstance(text, str):
        problems.append(Failure("wrong_type", f"the text is a {type(text).__name__}", uri))
    post = PostVersion(
        platform="bluesky",
        handle=handle,
        post_id=uri,
        url=f"https://bsky.app/profile/{did}/post/{key}",
        posted_at=posted_at,
        text=text if isinstance(text, str) else "",
        platform_tag=read_labels(value.get("labels"), source),
        media=media,
        hashtags=read_hashtags(value),
        revision=text_at(record, "cid"),
        problems=(*problems, *media_problems),
    )
    # A key of a time to come stands first in the listing, whatever the post claims: it must not end it.
    return Listed(post, made or (None if claimed else posted_at))


def _key(uri: str, did: str) -> str:
    prefix = f"at://{did}/{COLLECTION}/"
    if not uri.startswith("at://"):
        raise CrawlError(f"a record without a URI: {uri[:100]!r}", kind="malformed_record", where=uri[:200])
    key = uri.removeprefix(prefix)
    if key == uri or not key or "/" in key:
        raise CrawlError(f"{uri[:200]} is no post of {did}", kind="foreign_record", where=uri[:200])
    if not is_key(key):  # cleaned for a database, it would be a name that the platform never gave
        raise CrawlError(f"no record key: {key[:100]!r}", kind="malformed_record", where=uri[:200])
    return key


def is_key(key: str) -> bool:
    return KEY.fullmatch(key) is not None and key not in (".", "..")


def _posted_at(value: object, made: datetime | None, now: datetime) -> tuple[datetime | None, list[Failure]]:
    """The time the record claims; where it cannot be believed, the time of its key."""
    moment, problem = read_moment(text_at(value, "createdAt"), now)
    if problem is None:
        return moment, []
    return (made if problem.kind == "unbelievable_date" else None), [problem]


def read_labels(labels: object, source: str) -> PlatformTag:
    """The account's own labels on the post. Other values than AI ones leave the tag absent, their raw values
    kept; labels in a shape that nobody can read are not the same as no label."""
    values = [at(one, "val") for one in list_at(labels, "values")]
    said = [value for value in values if isinstance(value, str)]
    understood = labels is None or (isinstance(at(labels, "values"), list) and len(said) == len(values))
    if any(value.strip().lower().replace("_", "-") in AI_LABELS for value in said):
        return _tag(ReadingState.PRESENT, source, said, declared_by=Declarer.ACCOUNT)
    if not understood:
        return _tag(
            ReadingState.UNREADABLE, source, said or [repr(labels)[:500]], reason="labels in an unknown shape"
        )
    return _tag(ReadingState.ABSENT, source, said)


def _tag(
    state: ReadingState,
    source: str,
    said: list[str],
    declared_by: Declarer = Declarer.UNKNOWN,
    reason: str = "",
) -> PlatformTag:
    return PlatformTag(state, source, LABELS_FIELD, ", ".join(said), declared_by, reason)


def read_hashtags(value: object) -> tuple[str, ...]:
    """Tags from the text's facets, then those kept outside the text, each once."""
    facets = [
        text_at(feature, "tag")
        for facet in list_at(value, "facets")
        for feature in list_at(facet, "features")
        if text_at(feature, "$type") == "app.bsky.richtext.facet#tag"
    ]
    outside = [one for one in list_at(value, "tags") if isinstance(one, str)]
    return tuple(dict.fromkeys(tag.removeprefix("#") for tag in [*facets, *outside] if tag.removeprefix("#")))
