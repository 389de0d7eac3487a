"""The Mastodon API's statuses as post versions.

Source: docs.joinmastodon.org/entities/Status, /entities/MediaAttachment, /methods/accounts#statuses, and
/api/guidelines#pagination (read 2026-11); what compatibles do otherwise: snac names its ids in hex, gives no
Link header and ignores parameters.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qs, quote, urlsplit

from crawler.addresses import urljoined
from crawler.fediverse.names import NATIVE, read_address, served
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
from crawler.wild_json import at, list_at, read_value, text_at
from storage.errors import CrawlError
from storage.records import Account, Failure, MediaItem, MediaKind, PostVersion

LIMIT = 40  # the most that accounts/:id/statuses gives
PUBLIC = ("public", "unlisted")  # "unlisted" is shown to everybody on the account's own page
KINDS = {"image": MediaKind.PICTURE, "gifv": MediaKind.VIDEO, "video": MediaKind.VIDEO}
# RFC 8288, section 3: <URI>; parameters, with or without quotes.
LINK = re.compile(
    r"<([^<>]{1,2000})>((?:\s*;\s*[A-Za-z*]{1,20}\s*=\s*(?:\"[^\"]{0,200}\"|[^\",;\s]{0,200}))*)"
)
NEXT = re.compile(r";\s*rel\s*=\s*(?:\"(?:[^\"]*\s)?next(?:\s[^\"]*)?\"|next\b)", re.IGNORECASE)
LONGEST_LINK = 10_000  # characters of a Link header that are looked at


def statuses_url(located: Located) -> str:
    """All but boosts. Posts without media too: what one says may be about the pictures of another, and a
    picture that an edit took away must not look like a deletion."""
    return (
        f"{located.endpoint}/api/v1/accounts/{quote(located.stable_id, safe='')}/statuses"
        f"?exclude_reblogs=true&limit={LIMIT}"
    )


def status_url(located: Located, post_id: str) -> str:
    return f"{located.endpoint}/api/v1/statuses/{quote(post_id, safe='')}"


def read_statuses(account: Account, located: Located, answer: Answer) -> Page:
    """Raises CrawlError kind "not_json" or "wrong_shape"."""
    statuses = read_value(answer.body, account.name)
    if not isinstance(statuses, list):
        raise CrawlError(
            f"a list of statuses was expected, not {type(statuses).__name__}",
            kind="wrong_shape",
            where=account.name,
        )
    page = PageInMaking(account)
    asked = parse_qs(urlsplit(answer.url).query).get("max_id", [""])[-1]
    ids = [id_in(one) for one in statuses]
    ignored = bool(asked) and asked in ids
    if ignored:  # the id is exclusive: a server that lists it again pages by nothing that we say
        page.note("paging_ignored", f"the server ignores max_id: it shows its newest {len(ids)} posts only")
        statuses = statuses[ids.index(asked) + 1 :]
    page.add(statuses, lambda status: read_status(status, account, located, answer.at))
    _owner(page, statuses, account, located)
    if ignored and not statuses:
        return page.page(None)
    return page.page(_next(page, located, answer, ids))


def read_status(raw: object, account: Account, located: Located, now: datetime) -> Listed | Passed:
    """Raises CrawlError kind "malformed_status" or "foreign_status"."""
    native = id_in(raw)
    posted_at, problem = read_moment(text_at(raw, "created_at"), now)
    if isinstance(at(raw, "reblog"), dict):
        return Passed(posted_at)
    if not native:
        raise CrawlError("a status without a usable id", kind="malformed_status", where=account.name)
    if (owner := id_in(at(raw, "account"))) != located.stable_id:
        raise CrawlError(
            f"a status of account {owner!r}, not of {located.stable_id}", kind="foreign_status", where=native
        )
    if at(raw, "visibility") not in (None, *PUBLIC):
        return Passed(posted_at, private=True)
    problems = [problem] if problem else []
    post = PostVersion(
        platform=PLATFORM,
        handle=account.handle,
        post_id=native,
        url=text_at(raw, "url") or text_at(raw, "uri"),
        posted_at=posted_at,
        text=read_markup(string_at(raw, "content", problems, native))[0],
        platform_tag=not_offered("/api/v1/statuses"),
        media=tuple(_media(raw, native, problems)),
        hashtags=hashtags(raw),
        content_warning=string_at(raw, "spoiler_text", problems, native),
    )
    post = replace(
        post, revision=revision(text_at(raw, "edited_at"), said_by(post)), problems=tuple(problems)
    )
    return Listed(post, posted_at)


def id_in(raw: object) -> str:
    """An entity's id; some servers give it as a number. "" where it is none."""
    value = at(raw, "id")
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**30:
        value = str(value)
    return value if isinstance(value, str) and NATIVE.fullmatch(value) and value.strip(".") else ""


def hashtags(raw: object) -> tuple[str, ...]:
    names = (text_at(tag, "name").removeprefix("#") for tag in list_at(raw, "tags"))
    return tuple(dict.fromkeys(name for name in names if name))


def _media(raw: object, where: str, problems: list[Failure]) -> Iterator[MediaItem]:
    """In the post's order. Sound is no picture; `url` holds the original bytes, `preview_url` does not."""
    entries = at(raw, "media_attachments")
    if entries is not None and not isinstance(entries, list):
        problems.append(Failure("wrong_type", "media_attachments is no list", where))
    position = 0
    for entry in list_at(raw, "media_attachments"):
        url = text_at(entry, "url") or text_at(entry, "remote_url")
        said = text_at(entry, "type")
        kind = KINDS.get(said) or kind_by_name(url)
        if said == "audio" or kind is None:
            continue
        if not isinstance(entry, dict):
            problems.append(Failure("wrong_type", f"a media attachment is a {type(entry).__name__}", where))
        alt = text_at(entry, "description")
        yield MediaItem(position, kind, url, alt=alt) if url else no_address(position, kind, alt, where)
        position += 1


def _owner(page: PageInMaking, statuses: list[object], account: Account, located: Located) -> None:
    """What a status says of the account by now: that it moved, or is called otherwise."""
    owners = (at(status, "account") for status in statuses if not at(status, "reblog"))
    owner = next((one for one in owners if id_in(one) == located.stable_id), None)
    name = text_at(owner, "username")
    if name and name.lower() != read_address(account).user.lower():
        page.note("handle_changed", f"the account {located.stable_id} is now called {name[:100]!r}")
    if isinstance(at(owner, "moved"), dict):
        new = text_at(owner, "moved", "acct") or text_at(owner, "moved", "url")
        page.note("account_moved", f"the account says it moved to {new[:200]!r}, which is not followed")


def _next(page: PageInMaking, located: Located, answer: Answer, ids: list[str]) -> Ask | None:
    """What `Link` says, where it is sent; else what is older than the last status."""
    header = answer.headers.get("link", "")[:LONGEST_LINK]
    if header:
        links = list(LINK.finditer(header))
        linked = [urljoined(answer.url, one[1]) for one in links if NEXT.search(one[2])]
        if links and not linked:
            return None  # the last page
        own = urlsplit(statuses_url(located)).path
        if linked and served(linked[0], located.endpoint) and urlsplit(linked[0]).path == own:
            return Ask(linked[0], robots=False)
        page.note("bad_link", f"the next page is said to be at {''.join(linked)[:200]!r}: not followed")
    oldest = next((one for one in reversed(ids) if one), "")
    return Ask(f"{statuses_url(located)}&max_id={quote(oldest, safe='')}", robots=False) if oldest else None
