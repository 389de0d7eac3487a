"""The base of every platform's spider.

How to add a platform:
1. Write crawler/spiders/<platform>.py with one class that inherits `PlatformSpider` and says `platform` and
   `version`.
2. `locate` (a generator: yields an `Ask`, is sent the `Answer`) finds the account's server; leave it out if
   there is none.
3. `first_page` says what to ask first; `read_page` turns an answer into a `Page` or raises a CrawlError by
   name.
4. If the platform can say that one post is gone, write `one_post` and `read_one`; and `order_of` if its ids
   are times; `another_way`, if a second public interface shows the same account.
5. Where a token is wanted: say `wants`, and ask with `Ask(…, token=True)`; `limit_said`, if limits are told
   in bodies.
6. Put a response and the expected page under tests/crawler/cases/<platform>/, and a test beside the others.
7. Nothing else: paging, the window, looking again, failures, pictures and the high-water mark are done for
   you.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable, Generator
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from scrapy import Spider

from crawler.account import AccountNight
from crawler.addresses import Guard
from crawler.agent import program_version
from crawler.pace import Pace
from crawler.pages import Answer, Ask, Gone, Limit, Listed, Located, Page
from crawler.plan import CrawlEvent, CrawlPlan
from crawler.storing import StoreThread
from crawler.tokens import Token, WantedToken, read_token
from storage.crawled import AccountState, KnownPost
from storage.errors import CrawlError
from storage.records import Account, Failure

AT_ONCE = 4  # accounts crawled side by side; the limits per host hold all the same


class PlatformSpider(Spider):
    """One platform's accounts, each its own sequence of requests. The methods below are all that a platform
    writes.

    Constructed by Scrapy with a plan and a store; a test may construct it without either to read recorded
    bodies.
    """

    platform: ClassVar[str] = ""
    version: ClassVar[str] = "1"  # raise it when the same response would give other posts
    page_bytes: ClassVar[int] = 32 * 1024 * 1024  # a longer page is refused
    conditional_media: ClassVar[bool] = False  # pictures have no content id: ask with ETag / Last-Modified
    wants: ClassVar[WantedToken | None] = None  # the token that an `Ask(…, token=True)` shows

    plan: CrawlPlan
    store: StoreThread
    guard: Guard
    pace: Pace
    report: Callable[[CrawlEvent], None]
    ids_of_server: ClassVar[bool] = False  # stable ids are one server's own: two servers have the same ones
    claimed: dict[tuple[str, str], str]  # stable id and server → the account that has it this night
    counted: set[str]  # SHA-256 of this run's new media
    paid: int  # requests that went out with the token this night

    def __init__(
        self,
        plan: CrawlPlan | None = None,
        store: StoreThread | None = None,
        report: Callable[[CrawlEvent], None] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=self.platform, **kwargs)
        if plan and store and report:
            self.plan, self.store, self.report = plan, store, report
            self.guard = Guard(plan.allow_hosts)
            self.pace = Pace(plan.wait_seconds, budget=plan.requests_a_night)
            self.counted = set()
            self.claimed = {}
            self.paid = 0

    @property
    def signature(self) -> str:
        """Name and version, as every Capture carries it."""
        return f"{self.platform}/{self.version} twinwatch/{program_version()}"

    @cached_property
    def token(self) -> Token | None:
        """The token that was given for this platform. Raises CrawlError kind "token_unreadable"."""
        return read_token(self.wants, os.environ, self.plan.token_files) if self.wants else None

    def advised(self, failure: Failure) -> Failure:
        """A token that was refused, or is over: with the variable that holds it and the way to a new one."""
        if self.wants is None or failure.kind not in ("token_refused", "token_expired"):
            return failure
        return replace(failure, message=f"{failure.message.rstrip('. ')}. {self.wants.renewed}")

    async def start(self) -> AsyncIterator[Any]:
        """Every account in turn, some side by side. Nothing is handed to Scrapy's scheduler: an account is
        one sequence, and its next page is asked for only when the posts of this one are stored, which bounds
        memory."""
        turn = asyncio.Semaphore(AT_ONCE)

        async def one(account: Account) -> None:
            async with turn:
                await AccountNight(self, account).run()

        await asyncio.gather(
            *(one(account) for account in self.plan.accounts if account.platform == self.platform)
        )
        nothing: tuple[Any, ...] = ()
        for one_more in nothing:
            yield one_more

    def claim(self, account: Account, located: Located) -> str:
        """The name of the account that has this id: the first that was found. An account without an id has
        itself."""
        if not located.stable_id:
            return account.name
        key = (located.stable_id, located.endpoint if self.ids_of_server else "")
        return self.claimed.setdefault(key, account.name)

    # --- what a platform writes -----------------------------------------------------------------------------

    def locate(self, account: Account, state: AccountState) -> Generator[Ask, Answer, Located]:
        """Where the account is, from what earlier nights learned (`state`) or by asking. Raises
        CrawlError."""
        yield from ()
        return Located(state.stable_id, state.endpoint)

    def another_way(
        self, account: Account, located: Located, error: CrawlError
    ) -> Generator[Ask, Answer, Located] | None:
        """Another public interface to the same account, when the listing failed with `error`; None where
        there is none, or where the error says nothing about the way."""
        return None

    def first_page(self, account: Account, located: Located) -> Ask:
        raise NotImplementedError

    def read_page(self, account: Account, located: Located, answer: Answer) -> Page:
        """Pure. Raises CrawlError (and nothing else, whatever the body) when the page as a whole means
        nothing."""
        raise NotImplementedError

    def limit_said(self, answer: Answer) -> Limit | None:
        """Pure. Whether the body says that a limit is reached; headers are understood for all platforms."""
        return None

    def order_of(self, known: KnownPost) -> datetime | None:
        """Pure. The time by which the platform sorts a stored post, where its id tells; None where only
        posted_at does."""
        return None

    def one_post(self, account: Account, located: Located, known: KnownPost) -> Ask | None:
        """How to ask for one post; None where the platform cannot say that a post is gone."""
        return None

    def read_one(self, account: Account, located: Located, known: KnownPost, answer: Answer) -> Listed | Gone:
        """Pure. Raises CrawlError when the answer says neither."""
        raise CrawlError("this platform has no single posts", kind="not_offered")


def as_raw(item: object) -> bytes:
    """An item as it stood in the response, near enough to be looked at by a person: JSON, or repr."""
    try:
        return json.dumps(item, ensure_ascii=True, default=repr).encode()
    except (ValueError, RecursionError):
        return repr(type(item)).encode()
