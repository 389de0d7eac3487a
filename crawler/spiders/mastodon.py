"""Mastodon and what speaks its API: public posts from the account's own server, without a login.

Three public ways, in this order (docs/decisions/fediverse-ways.md):
1. the REST API: accounts/lookup, accounts/:id/statuses, statuses/:id;
2. ActivityPub, where the instance wants a token for the API: webfinger, actor, outbox;
3. the account's RSS feed, where ActivityPub wants a signature.
A wall before the instance (403 without its own reason), a limit or a server error opens no other way.

robots.txt: the API and webfinger exist for other programs, under the limits that their answers announce; it
is not consulted for them, as on Bluesky. ActivityPub's documents often have the addresses of pages for
people, and come after a refusal: for them, the feed and the media robots.txt is obeyed. (snac says
"Disallow: /": such an account ends as `robots_forbidden`, by that name.)

Source: docs.joinmastodon.org/methods/accounts, /methods/statuses, /api/rate-limits (read 2026-11).
"""

from collections.abc import Generator
from typing import Any

from crawler.fediverse.errors import ABSENT, CLOSED, gone, raise_for
from crawler.fediverse.feed import read_feed
from crawler.fediverse.identity import by_activitypub, by_feed, find_actor, find_outbox, look_up
from crawler.fediverse.names import Address, Way, origin, read_address, served, way_of
from crawler.fediverse.objects import ACCEPT, read_object, read_outbox
from crawler.fediverse.status import id_in, read_status, read_statuses, status_url, statuses_url
from crawler.making import Passed
from crawler.pages import Answer, Ask, Gone, Listed, Located, Page
from crawler.spider import PlatformSpider
from crawler.wild_json import read_json, text_at
from storage.crawled import AccountState, KnownPost
from storage.errors import CrawlError
from storage.records import Account

SHUT = frozenset({"token_wanted"})  # refused to everybody without a token, not for this account alone


class MastodonSpider(PlatformSpider):
    platform = "mastodon"
    version = "1"
    ids_of_server = True
    page_bytes = 8 * 1024 * 1024  # forty statuses of Mastodon are under 200 kB; a feed is parsed slowly
    custom_settings: dict[str, Any] | None = {"ROBOTSTXT_OBEY": True}  # noqa: RUF012 (Scrapy reads it)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shut: set[str] = set()  # origins whose API wanted a token this night

    def locate(self, account: Account, state: AccountState) -> Generator[Ask, Answer, Located]:
        """What an earlier night found is kept, but for a feed: the better ways are tried again each night."""
        address = read_address(account)
        known = Located(state.stable_id, state.endpoint)
        base = origin(state.endpoint)
        if state.stable_id and base and (not account.service or base == address.base):
            way = way_of(known)
            if way is Way.ACTIVITYPUB or (way is Way.API and base not in self.shut):
                return known
        return (yield from self._by_any(address))

    def _by_any(self, address: Address) -> Generator[Ask, Answer, Located]:
        if address.base not in self.shut:
            try:
                return (yield from look_up(address))
            except CrawlError as error:
                self._heard(address.base, error)
                if error.kind not in CLOSED | ABSENT:
                    raise
        try:
            actor = yield from find_actor(address)
        except CrawlError as error:
            if error.kind not in CLOSED | ABSENT:
                raise
            return by_feed(address)
        return (yield from self._at_home(address, actor))

    def _at_home(self, address: Address, actor: str) -> Generator[Ask, Answer, Located]:
        """hm@hm.example may live on social.hm.example: webfinger says so, and the API is asked there."""
        home = origin(actor)
        if home != address.base:
            address = Address(address.user, address.host, home)
            if home not in self.shut:
                try:
                    return (yield from look_up(address, home))
                except CrawlError as error:
                    self._heard(home, error)
                    if error.kind not in CLOSED | ABSENT:
                        raise
        try:
            return (yield from find_outbox(address, actor))
        except CrawlError as error:
            if error.kind not in CLOSED | ABSENT:
                raise
            return by_feed(address)

    def _heard(self, base: str, error: CrawlError) -> None:
        if error.kind in SHUT:
            self.shut.add(base)

    def another_way(
        self, account: Account, located: Located, error: CrawlError
    ) -> Generator[Ask, Answer, Located] | None:
        """Only where the interface itself is closed to us."""
        address = at_home(account, located)
        way = way_of(located)
        if way is Way.API and error.kind in CLOSED:
            self._heard(located.endpoint, error)
            return by_activitypub(address)
        if way is Way.ACTIVITYPUB and error.kind in CLOSED | ABSENT:
            return _nothing_asked(by_feed(address))
        return None

    def first_page(self, account: Account, located: Located) -> Ask:
        way = way_of(located)
        if way is Way.API:
            return Ask(statuses_url(located), robots=False)
        if way is Way.FEED:
            return Ask(located.endpoint, conditional=True)
        return Ask(located.endpoint, accept=ACCEPT)

    def read_page(self, account: Account, located: Located, answer: Answer) -> Page:
        way, server = way_of(located), origin(located.endpoint)
        if way is Way.FEED and answer.status == 200 and origin(answer.url) == server:
            return read_feed(account, at_home(account, located), answer)
        raise_for(answer, account.name, way, server)
        return (read_statuses if way is Way.API else read_outbox)(account, located, answer)

    def one_post(self, account: Account, located: Located, known: KnownPost) -> Ask | None:
        """None where the post's own server is another, or a feed is all there is."""
        way = way_of(located)
        if way is Way.API and not origin(known.post_id):
            return Ask(status_url(located, known.post_id), robots=False)
        uri = known.post_id if origin(known.post_id) else known.url
        if way is Way.FEED or not served(uri, origin(located.endpoint)):
            return None
        return Ask(uri, accept=ACCEPT) if way is Way.ACTIVITYPUB else None

    def read_one(self, account: Account, located: Located, known: KnownPost, answer: Answer) -> Listed | Gone:
        """Raises CrawlError for a wall, an error of the server, or another post."""
        way, server = way_of(located), origin(located.endpoint)
        missing = gone(answer, known.post_id)
        if missing and origin(answer.url) == server:
            return missing
        raise_for(answer, known.post_id, way, server)
        raw = read_json(answer.body, known.post_id)
        read = read_status if way is Way.API else read_object
        one = read(raw, account, located, answer.at)
        if isinstance(one, Passed):
            kind = "not_public" if one.private else "wrong_shape"
            raise CrawlError("it is no public post any more", kind=kind, where=known.post_id)
        if one.post.post_id != known.post_id:
            named = id_in(raw) or text_at(raw, "id")[:200]
            raise CrawlError(f"asked for one post, got {named}", kind="another_post", where=known.post_id)
        return one


def at_home(account: Account, located: Located) -> Address:
    """The account's address with the server on which it was found."""
    address = read_address(account)
    return Address(address.user, address.host, origin(located.endpoint) or address.base)


def _nothing_asked(located: Located) -> Generator[Ask, Answer, Located]:
    yield from ()
    return located
