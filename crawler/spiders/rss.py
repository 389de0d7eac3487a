"""Brand newsrooms: RSS and Atom feeds, with the pictures of their items.

robots.txt is obeyed, feed and pictures are asked for conditionally. An item that left the feed is not gone:
feeds show only their newest. A feed has no platform label and mostly no alt texts.
"""

import calendar
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import feedparser
from lxml import etree

from crawler.addresses import urljoined
from crawler.markup import read_markup
from crawler.moments import believable, unbelievable
from crawler.pages import Answer, Ask, Listed, Located, Page, Unmapped
from crawler.spider import PlatformSpider, as_raw
from storage.errors import CrawlError
from storage.records import Account, Failure, MediaItem, MediaKind, PlatformTag, PostVersion, ReadingState

NOT_OFFERED = PlatformTag(ReadingState.NOT_OFFERED, source="rss", reason="feeds carry no label of a platform")
MOVING = re.compile(r"\.(mp4|m4v|mov|webm)$", re.IGNORECASE)
STILL = re.compile(r"\.(jpe?g|png|webp|gif|avif|heic|tiff?)$", re.IGNORECASE)
MEDIA = "{http://search.yahoo.com/mrss/}"


class RssSpider(PlatformSpider):
    platform = "rss"
    version = "2"
    # feedparser takes 50 µs a tag: 8 MiB of nothing but tags is two minutes, newsrooms' feeds are under 1 MiB
    page_bytes = 8 * 1024 * 1024
    conditional_media = True
    custom_settings: dict[str, Any] | None = {"ROBOTSTXT_OBEY": True}  # noqa: RUF012 (Scrapy reads it)

    def first_page(self, account: Account, located: Located) -> Ask:
        return Ask(account.service or account.handle, conditional=True)

    def read_page(self, account: Account, located: Located, answer: Answer) -> Page:
        if answer.status != 200:
            raise CrawlError(f"HTTP {answer.status}", kind="http_status", where=account.name)
        feed = parsed(answer, account.name)
        posts: dict[str, Listed] = {}
        problems: list[Unmapped] = []
        said = descriptions(answer.body)
        for entry in feed.entries:
            try:
                listed = read_entry(entry, account, answer, said)
                if listed.post.post_id in posts:
                    raise CrawlError(
                        "the feed holds this id twice", kind="duplicate_id", where=listed.post.post_id[:200]
                    )
                posts[listed.post.post_id] = listed
            except CrawlError as error:
                problems.append(Unmapped(error.failure(), as_raw(entry)))
        if (
            feed.bozo
            and isinstance(feed.get("bozo_exception"), Exception)
            and not harmless(feed.bozo_exception)
        ):
            why = Failure("broken_feed", f"read in spite of: {feed.bozo_exception}"[:300], account.name)
            problems.append(Unmapped(why, answer.body))
        return Page(tuple(posts.values()), None, tuple(problems))


def parsed(answer: Answer, where: str) -> Any:
    """feedparser's result. Raises CrawlError kind "not_a_feed" for HTML, an empty body or anything without a
    feed."""
    if not answer.body.strip():
        raise CrawlError("an empty body", kind="not_a_feed", where=where)
    try:
        # Bytes in a stream: given a string or bytes, feedparser would try them as a URL or a file name first.
        feed = feedparser.parse(
            io.BytesIO(answer.body),
            response_headers={"content-type": answer.headers.get("content-type", "")},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except Exception as error:  # a library meant for well-meaning feeds, given a hostile one
        raise CrawlError(
            f"feedparser gave up: {type(error).__name__}", kind="not_a_feed", where=where
        ) from error
    if not feed.version or (feed.bozo and not feed.entries):
        raise CrawlError(
            f"no feed: {feed.get('bozo_exception', 'no known version')}"[:300], kind="not_a_feed", where=where
        )
    return feed


def harmless(error: Exception) -> bool:
    """feedparser's remarks about a content type or a declared encoding do not make a feed broken."""
    return isinstance(error, feedparser.NonXMLContentType | feedparser.CharacterEncodingOverride)


def read_entry(entry: Any, account: Account, answer: Answer, said: Mapping[str, str]) -> Listed:
    """`said`: what the feed's media are described as, by URL. Raises CrawlError kind "no_id" for an item with
    neither id nor link."""
    link = urljoined(answer.url, words(entry.get("link")))
    post_id = words(entry.get("id")) or link
    if not post_id:
        raise CrawlError("an item with neither id nor link", kind="no_id", where=account.name)
    text, pictures = body_of(entry, frozenset(said.values()))
    posted_at, problems = posted(entry, answer.at)
    title = read_markup(words(entry.get("title")))[0]
    whole = "\n\n".join(part for part in (title, text) if part)
    media = tuple(media_of(entry, pictures, answer.url, said))
    post = PostVersion(
        platform="rss",
        handle=account.handle,
        post_id=post_id,
        url=link,
        posted_at=posted_at,
        text=whole,
        platform_tag=NOT_OFFERED,
        media=media,
        revision=revision(whole, link, media, posted_at),
        problems=problems,
    )
    return Listed(post, posted_at)


def body_of(entry: Any, of_media: frozenset[str]) -> tuple[str, list[MediaItem]]:
    """The item's text, and the pictures in its HTML with URLs as absolute as the item's own base makes them.

    A summary that says what the content says as well is left out; label words may stand in either. feedparser
    counts the description of a picture as content: what is said `of_media` is their alt text.
    """
    summary = {**(entry.get("summary_detail") or {}), "value": words(entry.get("summary"))}
    texts: list[str] = []
    pictures: list[MediaItem] = []
    content = [
        part for part in many(entry.get("content")) if words(part.get("value")).strip() not in of_media
    ]
    for part in [*content, summary]:
        text, found = read_markup(words(part.get("value")))
        base = words(part.get("base"))
        pictures += [item_of(urljoined(base, one.url), MediaKind.PICTURE, one.alt) for one in found]
        if text and not any(text in other for other in texts):
            texts.append(text)
    return "\n\n".join(texts), pictures


def media_of(entry: Any, in_html: list[MediaItem], base: str, said: Mapping[str, str]) -> Iterator[MediaItem]:
    """Enclosures, media:content, pictures in the HTML, each URL once, in this order; a thumbnail if there is
    no other."""
    found: dict[str, MediaItem] = {}
    for one in [*attached(entry, said), *in_html]:
        url = urljoined(base, one.url)
        known = found.get(url)
        if known is None:
            found[url] = item_of(url, one.kind, one.alt, one.claimed_type)
        elif known.alt is None:
            found[url] = item_of(url, known.kind, one.alt, known.claimed_type)
    if not found:
        for thumbnail in many(entry.get("media_thumbnail"))[:1]:
            url = urljoined(base, words(thumbnail.get("url")))
            found = {url: item_of(url, MediaKind.PICTURE)} if url else {}
    for position, one in enumerate(found.values()):
        yield MediaItem(position, one.kind, one.url, alt=one.alt, claimed_type=one.claimed_type)


def attached(entry: Any, said: Mapping[str, str]) -> Iterator[MediaItem]:
    for one in [*many(entry.get("enclosures")), *many(entry.get("media_content"))]:
        url = (words(one.get("href")) or words(one.get("url"))).strip()
        kind = kind_of(url, words(one.get("type")), words(one.get("medium")))
        if url and kind:
            yield item_of(url, kind, said.get(url), words(one.get("type")))


def descriptions(body: bytes) -> Mapping[str, str]:
    """URL of each media:content → its media:description; feedparser drops which belongs to which."""
    parser = etree.XMLParser(recover=True, no_network=True, resolve_entities=False, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return {}
    if root is None:
        return {}
    found = {}
    for content in root.iter(f"{MEDIA}content"):
        described = content.findtext(f"{MEDIA}description")
        if described:
            found[(content.get("url") or "").strip()] = described.strip()
    return found


def kind_of(url: str, claimed: str, medium: str) -> MediaKind | None:
    """By what the feed says, else by the extension; None for sound, documents and players."""
    claimed, path = claimed.lower(), path_of(url)
    if medium == "video" or claimed.startswith("video/") or (not claimed and MOVING.search(path)):
        return MediaKind.VIDEO
    if medium == "image" or claimed.startswith("image/") or STILL.search(path):
        return MediaKind.PICTURE
    return None


def item_of(url: str, kind: MediaKind, alt: str | None = None, claimed: str = "") -> MediaItem:
    return MediaItem(0, kind, url, alt=alt, claimed_type=claimed)


def posted(entry: Any, now: datetime) -> tuple[datetime | None, tuple[Failure, ...]]:
    """When the item says it was published (or, without that, updated)."""
    for field in ("published", "updated"):
        fields = dict.get(entry, f"{field}_parsed")  # feedparser's own `get` takes one date for the other
        if fields:
            try:
                moment = datetime.fromtimestamp(calendar.timegm(fields), UTC)
            except (ValueError, OverflowError, OSError, TypeError):
                return None, (
                    Failure("bad_date", f"cannot be read as a time: {words(entry.get(field))[:80]!r}"),
                )
            return (moment, ()) if believable(moment, now) else (None, (unbelievable(moment),))
        if words(dict.get(entry, field)):
            return None, (Failure("bad_date", f"cannot be read as a time: {words(entry.get(field))[:80]!r}"),)
    return None, ()


def revision(text: str, link: str, media: tuple[MediaItem, ...], posted_at: datetime | None) -> str:
    """A feed has no version marks: ours is a digest of all that we read of the item."""
    said = repr((text, link, [(one.url, one.alt, one.kind.value) for one in media], posted_at))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def path_of(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def words(value: object) -> str:
    return value if isinstance(value, str) else ""


def many(value: object) -> list[Any]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
