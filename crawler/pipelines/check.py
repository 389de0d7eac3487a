"""First pipeline: a post that storage can hold and a person can trust, whatever the platform sent."""

import operator
import re
from collections.abc import Iterator

from crawler.addresses import is_web
from crawler.found import Found
from storage.errors import CrawlError
from storage.records import Failure, MediaItem, PostVersion
from storage.replacing import replace

LONGEST_ID = 2048  # characters: an at:// URI is under 300, a feed's guid is often a URL
MOST_MEDIA = 100  # items in one post: Bluesky's gallery holds 10, newsroom pages some dozens
# NUL and lone surrogates: no database takes them.
FORBIDDEN = re.compile("[\0\ud800-\udfff]")


class CheckPipeline:
    def process_item(self, item: Found) -> Found:
        """Raises CrawlError kind "malformed_post" where nothing could be stored under the id."""
        post = cleaned(item.post)
        if not post.post_id or len(post.post_id) > LONGEST_ID:
            raise CrawlError("a post without a usable id", kind="malformed_post", where=post.post_id[:200])
        if post.url and not is_web(post.url):
            problem = Failure("bad_url", f"not a web address: {post.url[:200]!r}", post.post_id)
            post = replace(post, url="", problems=(*post.problems, problem))
        media = tuple(checked(item, position) for position, item in enumerate(post.media))
        if post is item.post and all(map(operator.is_, media, post.media)):
            return item
        return replace(item, post=replace(post, media=media))


def cleaned(post: PostVersion) -> PostVersion:
    """Without characters that no database takes. The raw response keeps what stood there."""
    texts = "".join(_texts(post))
    if (texts.isascii() and "\0" not in texts) or not FORBIDDEN.search(texts):
        return post  # nearly always, and a tenth of the price
    tag = post.platform_tag
    clean = replace(
        post,
        post_id=fit(post.post_id),
        url=fit(post.url),
        text=fit(post.text),
        hashtags=tuple(fit(one) for one in post.hashtags),
        content_warning=None if post.content_warning is None else fit(post.content_warning),
        revision=fit(post.revision),
        platform_tag=replace(tag, raw=fit(tag.raw), field=fit(tag.field), reason=fit(tag.reason)),
        media=tuple(cleaned_item(item) for item in post.media),
        problems=tuple(cleaned_failure(one) for one in post.problems),
    )
    if clean == post:
        return post
    problem = Failure("bad_characters", "NUL or half surrogate pairs were replaced", clean.post_id)
    return replace(clean, problems=(*clean.problems, problem))


def _texts(post: PostVersion) -> Iterator[str]:
    tag = post.platform_tag
    yield from (post.post_id, post.url, post.text, post.content_warning or "", post.revision, *post.hashtags)
    yield from (tag.raw, tag.field, tag.reason)
    for item in post.media:
        yield from (item.url, item.native_id, item.alt or "", item.claimed_type)
    for failure in (*post.problems, *(item.failure for item in post.media)):
        if failure:
            yield from (failure.message, failure.where)


def cleaned_item(item: MediaItem) -> MediaItem:
    return replace(
        item,
        url=fit(item.url),
        native_id=fit(item.native_id),
        alt=None if item.alt is None else fit(item.alt),
        claimed_type=fit(item.claimed_type),
        failure=cleaned_failure(item.failure) if item.failure else None,
    )


def cleaned_failure(failure: Failure) -> Failure:
    return replace(failure, message=fit(failure.message), where=fit(failure.where))


def checked(item: MediaItem, position: int) -> MediaItem:
    if item.position != position:
        item = replace(item, position=position)
    if item.failure:
        return item
    if position >= MOST_MEDIA:
        return replace(
            item, failure=Failure("too_many_media", f"only the first {MOST_MEDIA} are fetched", item.url)
        )
    if not is_web(item.url):
        return replace(
            item, failure=Failure("bad_url", f"not a web address: {item.url[:200]!r}", item.url[:200])
        )
    return item


def fit(text: str) -> str:
    return FORBIDDEN.sub("\ufffd", text)
