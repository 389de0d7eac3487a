"""An account's outbox, as ActivityPub gives it to everybody: Create activities with their objects in them.

Source: w3.org/TR/activitypub (sections 5.1 outbox, 5.6 public addressing, 6 client activities),
w3.org/TR/activitystreams-vocabulary (OrderedCollection, Note, Document),
docs.joinmastodon.org/spec/activitypub (`summary` is the content warning, `name` of an attachment its
description) (read 2026-11).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from crawler.fediverse.names import id_of, origin, served
from crawler.fediverse.posts import (
    PLATFORM,
    kind_by_name,
    no_address,
    not_offered,
    revision,
    said_by,
    string_at,
)
from crawler.making import PageInMaking, Passed
from crawler.markup import read_markup
from crawler.moments import read_moment
from crawler.pages import Answer, Ask, Listed, Located, Page
from crawler.wild_json import at, read_json, text_at
from storage.errors import CrawlError
from storage.records import Account, Failure, MediaItem, MediaKind, PostVersion

ACCEPT = 'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
# section 5.6; the short forms come of JSON-LD compaction and are in use.
PUBLIC = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})
NO_POSTS = frozenset(
    {"Announce", "Like", "Add", "Remove", "Follow", "Accept", "Reject", "Undo", "Block", "Flag", "Move"}
) | frozenset({"Delete", "Update", "EmojiReact", "View", "Dislike"})
OBJECTS = frozenset({"Note", "Article", "Page", "Question", "Image", "Video", "Document", "Event", "Audio"})
UNSEEN = ("PropertyValue", "Audio", "Link")  # attachments that are no picture


def read_outbox(account: Account, located: Located, answer: Answer) -> Page:
    """A page of the outbox, or the outbox itself with or without its first page. Raises CrawlError kind
    "not_json", "wrong_shape" or "outbox_hidden"."""
    body = read_json(answer.body, account.name)
    page = PageInMaking(account)
    if answer.url == located.endpoint:
        page.note("by_activitypub", "the API of this server is closed to us: read from the account's outbox")
    first = at(body, "first")
    holder = first if isinstance(first, dict) else body
    items = at(holder, "orderedItems")
    if items is None and isinstance(first, str):
        return page.page(_followed(page, first, located))
    if items is None and "Collection" not in text_at(body, "type"):
        raise CrawlError("an outbox that is no collection", kind="wrong_shape", where=account.name)
    if items is None and at(body, "totalItems") and "Page" not in text_at(body, "type"):
        raise CrawlError("the outbox counts posts and shows none", kind="outbox_hidden", where=account.name)
    if items is not None and not isinstance(items, list | dict):
        raise CrawlError("orderedItems is no list", kind="wrong_shape", where=account.name)
    some = items if isinstance(items, list) else [items] if items else []
    page.add(some, lambda item: read_activity(item, account, located, answer.at))
    following = at(holder, "next")
    if following is not None and not isinstance(following, str):
        page.note("wrong_type", "the next page is no address: the listing ends here", following)
    return page.page(_followed(page, following, located) if isinstance(following, str) else None)


def read_activity(raw: object, account: Account, located: Located, now: datetime) -> Listed | Passed:
    """Raises CrawlError by name for what is neither a post nor something known to be none."""
    kind = text_at(raw, "type")
    posted_at, _ = read_moment(text_at(raw, "published"), now)
    if kind in NO_POSTS:
        return Passed(posted_at)
    if kind in OBJECTS:
        return read_object(raw, account, located, now)
    where = text_at(raw, "id")[:200] or account.name
    if kind != "Create":
        raise CrawlError(f"an item of type {kind[:100]!r} was not read", kind="unknown_activity", where=where)
    if (actor := reference(at(raw, "actor"))) != located.stable_id:
        raise CrawlError(f"an activity of {actor[:200]!r}", kind="foreign_status", where=where)
    made = at(raw, "object")
    if isinstance(made, str):
        raise CrawlError("its post is only referred to", kind="object_by_reference", where=made[:200])
    return read_object(made, account, located, now)


def read_object(raw: object, account: Account, located: Located, now: datetime) -> Listed | Passed:
    """Raises CrawlError kind "malformed_status" or "foreign_status"."""
    uri = text_at(raw, "id")
    if not isinstance(raw, dict) or not origin(uri):
        raise CrawlError(
            f"a post without an address: {uri[:200]!r}", kind="malformed_status", where=uri[:200]
        )
    if located.stable_id not in references(raw.get("attributedTo")) or origin(uri) != origin(
        located.stable_id
    ):
        raise CrawlError(
            f"{uri[:200]} is no post of {located.stable_id}", kind="foreign_status", where=uri[:200]
        )
    posted_at, problem = read_moment(text_at(raw, "published"), now)
    if not PUBLIC & {*references(raw.get("to")), *references(raw.get("cc"))}:
        return Passed(posted_at, private=True)
    problems = [problem] if problem else []
    post = PostVersion(
        platform=PLATFORM,
        handle=account.handle,
        post_id=id_of(uri),
        url=next(addresses(raw.get("url")), uri),
        posted_at=posted_at,
        text=_text(raw, problems, uri),
        platform_tag=not_offered("activitypub outbox"),
        media=tuple(_media(raw, uri, problems)),
        hashtags=hashtags(raw),
        content_warning=string_at(raw, "summary", problems, uri[:200]),
    )
    revised = revision(text_at(raw, "updated"), said_by(post))
    return Listed(replace(post, revision=revised, problems=tuple(problems)), posted_at)


def _text(raw: object, problems: list[Failure], uri: str) -> str:
    """`name` is the title of an Article, or of a Video whose text is its `content`."""
    parts = (text_at(raw, "name").strip(), read_markup(string_at(raw, "content", problems, uri[:200]))[0])
    return "\n\n".join(part for part in parts if part)


def hashtags(raw: object) -> tuple[str, ...]:
    tags = (one for one in several(at(raw, "tag")) if text_at(one, "type") == "Hashtag")
    names = (text_at(one, "name").removeprefix("#") for one in tags)
    return tuple(dict.fromkeys(name for name in names if name))


def _media(raw: object, uri: str, problems: list[Failure]) -> Iterator[MediaItem]:
    position = 0
    for entry in several(at(raw, "attachment")):
        claimed = media_type(entry)
        url = next(addresses(at(entry, "url")), "") or text_at(entry, "href")
        kind = _kind(entry, claimed, url)
        if kind is None:
            continue
        if not isinstance(entry, dict):
            problems.append(Failure("wrong_type", f"an attachment is a {type(entry).__name__}", uri[:200]))
        alt = text_at(entry, "name") or text_at(entry, "summary")
        yield (
            MediaItem(position, kind, url, alt=alt, claimed_type=claimed)
            if url
            else no_address(position, kind, alt, uri[:200])
        )
        position += 1


def _kind(entry: object, claimed: str, url: str) -> MediaKind | None:
    said = text_at(entry, "type")
    if claimed:
        return {"image": MediaKind.PICTURE, "video": MediaKind.VIDEO}.get(claimed.lower().partition("/")[0])
    if said in UNSEEN:
        return None
    return {"Image": MediaKind.PICTURE, "Video": MediaKind.VIDEO}.get(said) or kind_by_name(url)


def media_type(entry: object) -> str:
    inner = next((one for one in several(at(entry, "url")) if isinstance(one, dict)), None)
    return text_at(entry, "mediaType") or text_at(inner, "mediaType")


def several(value: object) -> list[object]:
    """JSON-LD writes a list of one as the one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def reference(value: object) -> str:
    return value if isinstance(value, str) else text_at(value, "id")


def references(value: object) -> list[str]:
    return [reference(one) for one in several(value)]


def addresses(value: object) -> Iterator[str]:
    """A `url` is an address, a Link with an `href`, or a list of either."""
    for one in several(value):
        found = one if isinstance(one, str) else text_at(one, "href")
        if found:
            yield found


def _followed(page: PageInMaking, url: str, located: Located) -> Ask | None:
    """The next page, if the account's own server has it."""
    if served(url, origin(located.endpoint)):
        return Ask(url, accept=ACCEPT)
    page.note("bad_link", f"the next page is said to be at {url[:200]!r}: not followed")
    return None
