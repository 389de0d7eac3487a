"""Instagram: posts of business and creator accounts, by Meta's Business Discovery, with a token of an account
of one's own. No login as anybody, no page of instagram.com.

me/accounts finds the own account's id once; `business_discovery.username(NAME)` is asked through it. Pages
are followed by cursors put into the field expansion by hand (`media.after(CURSOR)`): there is no next
address. `is_ai_generated` (the label, since June 22, 2026) and `alt_text` are asked for. Whether Business
Discovery shows them is not documented: where Meta refuses one, the page is asked for again without it, no
further request of the night asks for it, and the label is *not exposed*. The next night tries once more.

A post that is no longer listed may be deleted, archived or hidden: Business Discovery cannot be asked for one
post, so nothing becomes a tombstone here.

robots.txt: an interface for programs under terms of its own, and media addresses that it hands out signed;
it is not consulted.
"""

import re
from collections.abc import Collection, Generator
from typing import Any
from urllib.parse import quote

from crawler.making import PageInMaking
from crawler.meta.errors import limit_in, raise_for
from crawler.meta.media import CHILDREN, DOUBTFUL, FIELDS, LABEL, NATIVE, Asked, read_media
from crawler.pages import Answer, Ask, Limit, Located, Page
from crawler.spider import PlatformSpider
from crawler.tokens import WantedToken
from crawler.wild_json import at, list_at, read_json, text_at
from storage.crawled import AccountState
from storage.errors import CrawlError
from storage.records import Account

GRAPH = "https://graph.facebook.com"
VERSION = "v25.0"
PAGE = 25  # media of a page: with children and captions some 60 kB
NAME = re.compile(r"[A-Za-z0-9._]{1,30}")
CURSOR = re.compile(r"[A-Za-z0-9_=+/-]{1,1000}")
WITHOUT = "#without="  # in an endpoint: fields that were refused this night; a fragment is never sent
TOKEN = WantedToken(
    name="instagram",
    what="a user access token of an own Instagram business account (Instagram API with Facebook Login)",
    how="Make a Meta app, link the account to a Facebook Page, and grant instagram_basic, "
    "instagram_manage_insights and pages_read_engagement at developers.facebook.com/tools/explorer; exchange "
    "it for a long-lived one (60 days), and set TWINWATCH_TOKENS__INSTAGRAM_EXPIRES to its last day.",
    header="Authorization",
    scheme="Bearer",
    hosts=frozenset({"graph.facebook.com"}),
    lasts="60 days",
)


class InstagramSpider(PlatformSpider):
    platform = "instagram"
    version = "1"
    page_bytes = 8 * 1024 * 1024
    wants = TOKEN
    custom_settings: dict[str, Any] | None = {"ROBOTSTXT_OBEY": False}  # noqa: RUF012 (Scrapy reads it)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refused: set[str] = set()  # fields that Meta refused this night
        self.dead: CrawlError | None = None  # Meta does not take the token: it is not shown again this night
        self.own = ""  # endpoint of the own account

    def locate(self, account: Account, state: AccountState) -> Generator[Ask, Answer, Located]:
        """Raises CrawlError kind "token_missing", "bad_handle", "no_own_account", "no_business_account" and
        what Meta's errors are called."""
        name = read_name(account)
        if not self.token:
            raise CrawlError(TOKEN.missing, kind="token_missing", where=account.name)
        if self.dead:
            raise CrawlError(str(self.dead), kind=self.dead.kind, where=account.name)
        own = state.endpoint.partition("#")[0] or self.own
        try:
            if not own:
                base = account.service or GRAPH
                pages = yield Ask(own_url(base), robots=False, token=True)
                own = self.own = own_account(pages, base, account.name)
            stable = state.stable_id
            if not stable:
                found = yield Ask(discovery(own, name, "id,username"), robots=False, token=True)
                stable = discovered(found, account, "")[0]
        except CrawlError as error:
            self._heard(error)
            raise
        return Located(stable, endpoint(own, self.refused))

    def another_way(
        self, account: Account, located: Located, error: CrawlError
    ) -> Generator[Ask, Answer, Located] | None:
        """Without the fields that were just refused. Meta does not always name the field ("(#10) Application
        does not have permission for this action"): then without one after the other, for this account."""
        self._heard(error)
        left_out = without(located)
        open_to_doubt = [field for field in DOUBTFUL if field not in left_out]
        refused = {field for field in open_to_doubt if field in str(error)}
        if error.kind == "field_refused":
            self.refused |= refused
        elif error.kind in ("bad_request", "permission_missing"):
            refused = set(open_to_doubt[:1])
        else:
            return None
        own = located.endpoint.partition("#")[0]
        more = left_out | refused | self.refused
        return _nothing_asked(Located(located.stable_id, endpoint(own, more))) if refused else None

    def first_page(self, account: Account, located: Located) -> Ask:
        return page_ask(account, located, "")

    def read_page(self, account: Account, located: Located, answer: Answer) -> Page:
        left_out = without(located)
        asked = tuple(field for field in DOUBTFUL if field not in left_out)
        user = discovered(answer, account, located.stable_id, asked)[1]
        media = at(user, "media", "data")
        if not isinstance(media, list):
            if at(user, "media") is None and at(user, "media_count") == 0:
                return Page(())
            raise CrawlError("an account without its media", kind="wrong_shape", where=account.name)
        page = PageInMaking(account)
        means = Asked(label=LABEL in asked, alt="alt_text" in asked)
        page.add(media, lambda raw: read_media(raw, account, means, answer.at))
        cursor = text_at(user, "media", "paging", "cursors", "after")
        if cursor and not CURSOR.fullmatch(cursor):
            page.note("bad_cursor", "the listing ends here: its cursor is none", cursor)
            cursor = ""
        return page.page(page_ask(account, located, cursor) if cursor and media else None)

    def limit_said(self, answer: Answer) -> Limit | None:
        return limit_in(answer)

    def _heard(self, error: CrawlError) -> None:
        if error.kind in ("token_refused", "token_expired"):
            self.dead = error


def read_name(account: Account) -> str:
    """Raises CrawlError kind "bad_handle": what is no name must not get into a field expansion."""
    name = account.handle.removeprefix("@")
    if not NAME.fullmatch(name):
        raise CrawlError(f"{name[:60]!r} is no name on Instagram", kind="bad_handle", where=account.name)
    return name


def without(located: Located) -> frozenset[str]:
    return frozenset(located.endpoint.partition(WITHOUT)[2].split(",")) - {""}


def endpoint(own: str, left_out: Collection[str]) -> str:
    return own + (WITHOUT + ",".join(sorted(left_out)) if left_out else "")


def own_url(base: str) -> str:
    return f"{base}/{VERSION}/me/accounts?limit=100&fields={quote('instagram_business_account{id}', safe='')}"


def discovery(own: str, name: str, fields: str) -> str:
    """`own` is the endpoint of the own account."""
    return f"{own}?fields={quote(f'business_discovery.username({name}){{{fields}}}', safe='')}"


def page_ask(account: Account, located: Located, cursor: str) -> Ask:
    own, left_out = located.endpoint.partition("#")[0], without(located)
    fields = [*FIELDS, *(field for field in DOUBTFUL if field not in left_out)]
    expanded = ",".join([*fields, f"children{{{','.join(CHILDREN)}}}"])
    after = f".after({cursor})" if cursor else ""
    inner = f"id,username,media_count,media{after}.limit({PAGE}){{{expanded}}}"
    return Ask(discovery(own, read_name(account), inner), robots=False, token=True)


def own_account(answer: Answer, base: str, where: str) -> str:
    """The endpoint of the first Page that has an Instagram account. Raises CrawlError kind
    "no_own_account"."""
    raise_for(answer, where)
    for one in list_at(read_json(answer.body, where), "data"):
        found = text_at(one, "instagram_business_account", "id")
        if NATIVE.fullmatch(found):
            return f"{base}/{VERSION}/{found}"
    message = (
        "none of the token's Pages is linked to an Instagram business account, or pages_show_list is missing"
    )
    raise CrawlError(message, kind="no_own_account", where=where)


def discovered(
    answer: Answer, account: Account, stable_id: str, asked: tuple[str, ...] = ()
) -> tuple[str, object]:
    """(id, what was discovered). Raises CrawlError kind "wrong_shape", or "account_mismatch" where the name
    now belongs to somebody else."""
    raise_for(answer, account.name, asked)
    user = at(read_json(answer.body, account.name), "business_discovery")
    found = text_at(user, "id")
    if not NATIVE.fullmatch(found):
        raise CrawlError("no account was discovered", kind="wrong_shape", where=account.name)
    if stable_id and found != stable_id:
        message = (
            f"@{read_name(account)} was account {stable_id} and is {found} now: a renamed or another account"
        )
        raise CrawlError(message, kind="account_mismatch", where=account.name)
    return found, user


def _nothing_asked(located: Located) -> Generator[Ask, Answer, Located]:
    yield from ()
    return located
