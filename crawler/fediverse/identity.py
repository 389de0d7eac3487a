"""From a handle to the account, by whichever public interface answers. Pure: asks are yielded.

Source: docs.joinmastodon.org/methods/accounts#lookup, /entities/Account (`moved`, `suspended`),
/spec/webfinger; RFC 7033; w3.org/TR/activitypub section 4.1 (actor) (read 2026-11).
"""

from collections.abc import Generator
from urllib.parse import quote

from crawler.fediverse.errors import ABSENT, CLOSED, raise_for
from crawler.fediverse.names import Address, Way, host_of, origin, served
from crawler.fediverse.objects import ACCEPT
from crawler.fediverse.status import id_in
from crawler.pages import Answer, Ask, Located
from crawler.wild_json import at, list_at, read_json, text_at
from storage.errors import CrawlError

ACTOR_TYPES = ("application/activity+json", "application/ld+json")


def look_up(address: Address, base: str = "") -> Generator[Ask, Answer, Located]:
    """By the API's lookup at `base`, the address's own by default. Raises CrawlError."""
    base = base or address.base
    name = address.lookup if base == address.base else address.acct
    answer = yield Ask(f"{base}/api/v1/accounts/lookup?acct={quote(name, safe='@')}", robots=False)
    if origin(answer.url) != base:
        raise CrawlError(f"led to {answer.url[:200]}", kind="not_found", where=address.acct)
    raise_for(answer, address.acct)
    found = read_json(answer.body, address.acct)
    native = id_in(found)
    if not native or not _is(found, address, base):
        raise CrawlError(
            f"asked for {address.acct}, the server answers with {text_at(found, 'acct')[:100]!r} at "
            f"{text_at(found, 'url')[:200]!r}",
            kind="account_mismatch",
            where=address.acct,
        )
    _raise_if_left(address, text_at(found, "moved", "acct"), suspended=at(found, "suspended") is True)
    return Located(native, base)


def _is(found: object, address: Address, base: str) -> bool:
    """The name, the server in the name where one stands there, and the server in the address agree."""
    user, _, host = text_at(found, "acct").partition("@")
    hosts = {address.host, host_of(base)}
    named = text_at(found, "username") or user
    url = text_at(found, "url")
    return (
        named.lower() == user.lower() == address.user.lower()
        and (not host or host.lower() in hosts)
        and (not url or host_of(url) in hosts)
    )


def _raise_if_left(address: Address, moved: str, *, suspended: bool) -> None:
    if moved:
        raise CrawlError(
            f"{address.acct} moved to {moved[:200]}: watch that account, if it is the right one",
            kind="account_moved",
            where=address.acct,
        )
    if suspended:
        raise CrawlError(f"{address.acct} is suspended", kind="account_suspended", where=address.acct)


def find_actor(address: Address) -> Generator[Ask, Answer, str]:
    """The actor's id by webfinger, a protocol for programs. Raises CrawlError, kind "account_not_found" where
    the server knows nobody of this name."""
    answer = yield Ask(address.webfinger, robots=False, accept="application/jrd+json, application/json")
    if answer.status in (404, 410):
        raise CrawlError(f"nobody is called {address.acct}", kind="account_not_found", where=address.acct)
    raise_for(answer, address.acct)
    found = read_json(answer.body, address.acct)
    subject = text_at(found, "subject").removeprefix("acct:")
    if subject.partition("@")[0].lower() != address.user.lower():
        raise CrawlError(
            f"webfinger speaks of {subject[:200]!r}", kind="account_mismatch", where=address.acct
        )
    for link in list_at(found, "links"):
        mime, href = text_at(link, "type").partition(";")[0].strip(), text_at(link, "href")
        if text_at(link, "rel") == "self" and mime in ACTOR_TYPES and served(href, origin(href)):
            return href
    raise CrawlError("webfinger names no actor", kind="no_actor", where=address.acct)


def find_outbox(address: Address, actor: str) -> Generator[Ask, Answer, Located]:
    """The first page of the actor's outbox. Raises CrawlError."""
    answer = yield Ask(actor, accept=ACCEPT)
    raise_for(answer, address.acct, Way.ACTIVITYPUB)
    found = read_json(answer.body, address.acct)
    outbox, name = text_at(found, "outbox"), text_at(found, "preferredUsername")
    if text_at(found, "id") != actor or name.lower() != address.user.lower():
        raise CrawlError(
            f"{actor[:200]} answers as {text_at(found, 'id')[:200]!r}, {name[:100]!r}",
            kind="account_mismatch",
            where=address.acct,
        )
    _raise_if_left(address, text_at(found, "movedTo"), suspended=at(found, "suspended") is True)
    if not served(outbox, origin(actor)):
        raise CrawlError(
            f"an outbox elsewhere: {outbox[:200]!r}", kind="account_mismatch", where=address.acct
        )
    answer = yield Ask(outbox, accept=ACCEPT)
    raise_for(answer, address.acct, Way.ACTIVITYPUB)
    first = text_at(read_json(answer.body, address.acct), "first")
    return Located(actor, first if served(first, origin(actor)) else outbox)


def by_activitypub(address: Address) -> Generator[Ask, Answer, Located]:
    """By ActivityPub, or where that is closed as well by the account's feed."""
    try:
        actor = yield from find_actor(address)
        return (yield from find_outbox(address, actor))
    except CrawlError as error:
        if error.kind not in CLOSED | ABSENT:
            raise
        return by_feed(address)


def by_feed(address: Address) -> Located:
    return Located(f"acct:{address.acct}", address.feed)
