"""One account's night: find it, page through it, look again at what the listing did not show, move the
mark."""

import asyncio
from collections import Counter
from collections.abc import Collection, Generator, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from crawler.asking import Asking
from crawler.checking import Checks, in_turn
from crawler.earlier import FINAL, REFUSED, as_before
from crawler.failures import failure_of
from crawler.found import Found
from crawler.pages import Answer, Ask, Gone, Listed, Located, Page, Unmapped
from crawler.plan import CrawlEvent
from crawler.sight import EVER, LOOKED_AT, Sight, changed_meaning
from crawler.validating import remember, validators_in
from storage.crawled import AccountState, Capture, KnownPost, Validators
from storage.errors import CrawlError, StoreError
from storage.records import Account, Failure, PostVersion, Saved
from storage.store import Store
from storage.text import clean

if TYPE_CHECKING:
    from crawler.spider import PlatformSpider
from crawler.wild_json import strange_bytes

POSTS_AT_ONCE = 16  # posts of one page in the pipelines together
SAVED_TOGETHER = 25  # posts in one transaction: it costs as much as saving three posts
OLDER_AT_END = 5  # posts in a row: one or two may claim a date older than their place (pinned, imported)
# Asking the directory again would not help.
OF_THE_NIGHT = frozenset({"rate_limited", "budget_used_up", "token_missing", "token_unreadable"}) | frozenset(
    {"token_elsewhere", "token_refused", "token_expired"}
)
NOT_MOVED = OF_THE_NIGHT | {"address_refused"}
OF_IMPORTS = frozenset({"not_fetched", "url_expired"})  # nothing failed: an import may bring years of posts
MOST_EMPTY = 500  # pages in a row without a post: that many boosts in a row are no retailer's


class AccountNight:
    """Runs once. Every failure ends in an event by name; nothing but cancellation leaves `run`."""

    def __init__(self, spider: "PlatformSpider", account: Account) -> None:
        self.spider, self.account, self.plan, self.store = spider, account, spider.plan, spider.store
        self.asking = Asking(spider)
        self.sight = Sight()
        self._strange = False  # bytes that are no UTF-8 were told of
        self._newest: datetime | None = None
        self._lost: list[Failure] = []  # posts that could not be stored: the mark must not move past them
        self._start: datetime | None = None  # of the window
        self.checks = Checks(self.store, account, self.plan, conditional=spider.conditional_media)
        self._turn = asyncio.Semaphore(POSTS_AT_ONCE)

    async def run(self) -> None:
        self._emit(CrawlEvent("started", self.account.name))
        try:
            async with asyncio.timeout(self.plan.account_seconds):
                await self._night()
        except TimeoutError:
            message = f"not done after {self.plan.account_seconds:.0f} s"
            await self._failed(Failure("account_timeout", message, self.account.name))
        except Exception as error:  # the night goes on with the other accounts, whatever this one did
            await self._failed(self.spider.advised(failure_of(error, self.account.name)))
        else:
            self._emit(CrawlEvent("done", self.account.name))

    async def _night(self) -> None:
        now = datetime.now(UTC)
        state = await self.store.call(Store.account_state, self.account)
        located = await self._locate(state)
        state = await self._the_same_as_before(state, located)
        start, self.checks.last_success = self._window(state, now), state.last_success
        self._start = start
        located = await self._listing(state, located, await self._reach(located, start, now))
        if state.high_water and state.endpoint and not self.sight.shown:
            # A suspended account lists nothing, and its server says of each post that there is none.
            await self._locate(replace(state, endpoint=""))
        window = await self._look_again(located, start, now)
        if self._lost:
            raise CrawlError(
                f"{len(self._lost)} posts not stored, first: {self._lost[0].kind}: {self._lost[0].message}",
                kind="posts_not_stored",
            )
        newest = max(filter(None, (state.high_water, self._newest)), default=None)
        mark = min(newest, now) if newest else None
        doubt = await self._doubt(window, start, state.doubt)
        new_state = AccountState(located.stable_id, located.endpoint, mark, now, doubt)
        await self.store.call(Store.save_account_state, self.account, new_state)

    async def _doubt(self, window: Sequence[KnownPost], start: datetime | None, before: str) -> str:
        """Why what was seen is not believed (sight.py). Of an account that has no mark, all that is stored is
        its window: the posts of such a feed have no dates."""
        order_of = self.spider.order_of
        if start is None and not self.sight.shown:
            window = await self.store.call(Store.posts_to_look_at, self.account, EVER, EVER, order_of)
        reasons = [self.sight.missed(window, order_of, start or EVER), self.sight.one_moment()]
        if self.sight.stored or before:
            newest = await self.store.call(lambda one: one.accounts.newest_fields(self.account, LOOKED_AT))
            reasons.append(changed_meaning(newest))
        return next(filter(None, reasons), "")

    def _window(self, state: AccountState, now: datetime) -> datetime | None:
        """How far back to list; None: to the end. Without a mark the account was never listed whole."""
        return self.plan.window(state.high_water, now)

    async def _reach(self, located: Located, start: datetime | None, now: datetime) -> datetime | None:
        """How far back to list: to where the window begins, and to older posts that lack a picture since they
        were first seen where the platform cannot be asked for one post."""
        if start is None:
            return None
        lacking = await self._lacking(now, FINAL | OF_IMPORTS)
        unasked = [one for one in lacking if self.spider.one_post(self.account, located, one) is None]
        return min([start, *(one.posted_at for one in unasked if one.posted_at)])

    async def _lacking(self, now: datetime, final: Collection[str] = FINAL) -> Sequence[KnownPost]:
        """Posts that lack a picture, but for reasons of a kind that is `final`. That the guard refused a
        place is one, unless the user permits some: it may be among these by now."""
        final = final if self.plan.allow_hosts else {*final, REFUSED}
        seen_since = now - timedelta(days=self.plan.overlap_days)
        return await self.store.call(Store.incomplete_posts, self.account, seen_since, final)

    # --- the listing ----------------------------------------------------------------------------------------

    async def _the_same_as_before(self, state: AccountState, located: Located) -> AccountState:
        """Under another name it goes on where it was: what is stored of its id is stored once. Raises
        CrawlError kind "same_account" where both names are watched, StoreError kind "account_twice"."""
        name = self.account.name
        endpoint = located.endpoint if self.spider.ids_of_server else None
        before: Account | None = None
        if located.stable_id and state.stable_id != located.stable_id:
            before = await self.store.call(
                lambda store: store.accounts.known_as(self.account, located.stable_id, endpoint)
            )
        stored = before is not None and before.name in {one.name for one in self.plan.accounts}
        first = before.name if before and stored else self.spider.claim(self.account, located)
        if first != name:
            raise CrawlError(
                f"it is the same account as {first} ({located.stable_id}), which is watched too: take one of "
                f"the two off the watchlist",
                kind="same_account",
                where=name,
            )
        if before is None:
            return state
        await self.store.call(lambda store: store.accounts.rename(self.account, located.stable_id, endpoint))
        message = f"{before.name} is called {name} now: what is stored goes on under the new name"
        await self._problem(Unmapped(Failure("account_renamed", message, name), b""))
        return await self.store.call(Store.account_state, self.account)

    async def _listing(self, state: AccountState, located: Located, start: datetime | None) -> Located:
        """Page through the account. An account that moved since the last night is looked up once more."""
        try:
            return await self._any_way(located, start)
        except CrawlError as error:
            if not state.endpoint or self.account.service or error.kind in NOT_MOVED:
                raise
            moved = await self._locate(replace(state, endpoint=""))
            if moved.endpoint == located.endpoint:
                raise
            return await self._any_way(moved, start)

    async def _any_way(self, located: Located, start: datetime | None) -> Located:
        """By another way that the platform knows, where the first is closed to us: the way that led
        through."""
        closed: dict[Located, str] = {}
        while True:
            try:
                await self._pages(located, start)
                return located
            except CrawlError as error:
                other = self.spider.another_way(self.account, located, error)
                if other is None or located in closed:
                    before = "".join(f"; before that, {why}" for why in closed.values())
                    raise CrawlError(f"{error}{before}", kind=error.kind, where=error.where) from error
                closed[located] = f"{error.kind}: {error}"
                located = await self._steps(other)

    async def _locate(self, state: AccountState) -> Located:
        return await self._steps(self.spider.locate(self.account, state))

    async def _steps(self, steps: Generator[Ask, Answer, Located]) -> Located:
        try:
            ask = next(steps)
            while True:
                answer, _ = await self.asking.get(ask)
                ask = steps.send(answer)
        except StopIteration as stop:
            located: Located = stop.value
            return located

    async def _pages(self, located: Located, start: datetime | None) -> None:
        ask: Ask | None = self.spider.first_page(self.account, located)
        asked: set[str] = set()
        shown: set[str] = set()
        empty = 0
        while ask:
            if ask.url in asked:
                raise CrawlError(f"the listing leads back to {ask.url}", kind="page_loop")
            asked.add(ask.url)
            answer, capture = await self.asking.get(ask)
            self.checks.listed += 1
            page = await asyncio.to_thread(self.spider.read_page, self.account, located, answer)
            ids = {clean(listed.post.post_id) for listed in page.posts}
            if ids and ids <= shown:
                raise CrawlError(f"the page {ask.url} repeats posts already listed", kind="page_loop")
            shown |= ids
            empty = 0 if ids else empty + 1
            if empty > MOST_EMPTY:
                raise CrawlError(f"{empty} pages in a row without a post, to {ask.url}", kind="page_loop")
            await self._store_page(page, answer.body, capture)
            if ask.conditional and not any(one.failure.kind == "broken_feed" for one in page.problems):
                await self.store.keep(answer.body)  # half a feed must not be taken for the whole again
                await remember(self.store, [capture])
            if start and is_over(page, start):
                return
            ask = page.next

    async def _store_page(self, page: Page, body: bytes, capture: Capture) -> None:
        if not self._strange and strange_bytes(body):
            self._strange = True
            said = "the server's JSON holds bytes that are no UTF-8: they were replaced, the posts kept"
            await self._problem(Unmapped(Failure("replaced_bytes", said, self.account.name), b""))
        for problem in page.problems:
            await self._problem(problem)
        # By their ids as they are stored: the store's are compared with these when it is looked again.
        listed: dict[str, Listed] = {}
        for one in page.posts:
            stored_id = clean(one.post.post_id)
            if listed.setdefault(stored_id, one) is not one:
                why = Failure("duplicate_id", "the same id as another once it can be stored", stored_id)
                await self._problem(Unmapped(why, ascii(one.post).encode()))
        fresh = [one for stored_id, one in listed.items() if stored_id not in self.sight.shown]
        self.sight.page(page)
        self.sight.shown.update(listed)
        await self._store_posts([one.post for one in fresh], body, capture)
        orders = [one.order for one in fresh if one.order]
        self._newest = max([*orders, *filter(None, [self._newest])], default=None)

    async def _store_posts(self, posts: Sequence[PostVersion], body: bytes, capture: Capture) -> None:
        """Those that are new or changed go through the pipelines; the raw response is kept for them alone."""
        known = await self.store.call(Store.known_posts, self.account, [post.post_id for post in posts])
        unchanged = {post.post_id for post in posts if _unchanged(post, known.get(post.post_id))}
        may_be_swapped = await self.checks.swappable(posts, unchanged, self._start)
        asked = [post for post in posts if post.post_id not in unchanged or post.post_id in may_be_swapped]
        stored = await self.store.call(Store.current_posts, self.account, [post.post_id for post in asked])
        contents = sorted({item.native_id for post in asked for item in post.media if item.native_id})
        kept = await self.store.call(Store.kept_media, self.account, contents)
        seen = [replace(post, raw_sha256=capture.sha256, seen_at=capture.at) for post in asked]
        found = [Found(self.account, post, (capture,), kept) for post in seen]
        todo = await self.checks.to_fetch(found, stored, may_be_swapped)
        if any(one.before is None for one in todo):
            await self.store.keep(body)
        await self._complete_and_save(todo, len(posts) - len(todo), body)

    async def _complete_and_save(self, found: Sequence[Found], same: int, body: bytes) -> None:
        """Posts are saved some together as they become complete, while the media of others still come."""
        done: list[Found] = []
        ready: list[Found] = []
        trouble: list[Exception] = []
        tasks = [asyncio.ensure_future(self._complete(one)) for one in found]
        try:
            for task in asyncio.as_completed(tasks):
                try:
                    one = await task
                    if one and one.before and as_before(one.post, one.before):
                        same += 1
                        await self._remember([one])
                    elif one:
                        await self._keep_raw(one, body)
                        ready.append(one)
                except Exception as error:  # raised below, when what was fetched is saved
                    trouble.append(error)
                if len(ready) >= SAVED_TOGETHER:
                    done += await self._save(ready)
                    ready = []
            done += await self._save(ready)
        finally:
            for unfinished in tasks:
                unfinished.cancel()
        self._stored(done, same)
        if trouble:
            raise trouble[0]
        await self.checks.remember(found)

    def _validators(self, ready: Iterable[Found]) -> dict[str, Validators]:
        """Saved with the posts, so that a night that is killed between the two does not forget them."""
        if not self.spider.conditional_media:
            return {}
        answers = ((one.url_asked, validators_in(one)) for found in ready for one in found.captures[1:])
        return {url: said for url, said in answers if said}

    async def _remember(self, stored: list[Found]) -> list[Found]:
        """How the media of stored posts can be asked about."""
        if self.spider.conditional_media:
            await remember(self.store, [one for found in stored for one in found.captures[1:]])
        return stored

    async def _keep_raw(self, one: Found, body: bytes) -> None:
        if one.before:  # kept for those posts already that are not merely checked
            await self.store.keep(body)

    async def _complete(self, found: Found) -> Found | None:
        """The post with its media, to be saved; None where it cannot be, which is recorded."""
        async with self._turn:
            try:
                # The pipelines are called here, not fed by Scrapy, so that we know when a post is complete
                # and why not.
                done: Found = await self.spider.crawler.engine.scraper.itemproc.process_item_async(found)
            except CrawlError as error:
                if error.kind == "rate_limited":
                    raise  # says nothing about the post: the whole account comes another day
                await self._not_stored(found, error)
            except Exception as error:  # one post's surprise is recorded against that post
                await self._not_stored(found, error)
            else:
                return done
        return None

    async def _save(self, ready: Sequence[Found]) -> list[Found]:
        """All in one transaction. Where that fails, one by one: it is then one post that is recorded as
        lost."""
        page = [(one.post, one.captures) for one in ready]
        try:
            saved = await self.store.call(Store.save_posts, self.account, page, self._validators(ready))
        except Exception:  # which post it was, and why, shows when each is saved alone
            each = [await self._save_one(one) for one in ready]
            return await self._remember([one for one in each if one])
        return [replace(one, saved=what) for one, what in zip(ready, saved, strict=True)]

    async def _save_one(self, one: Found) -> Found | None:
        try:
            saved = await self.store.call(Store.save_post, self.account, one.post, one.captures)
        except Exception as error:  # one post's surprise is recorded against that post
            await self._not_stored(one, error)
            return None
        return replace(one, saved=saved)

    def _stored(self, done: Sequence[Found], same: int) -> None:
        """One event for the posts of a page, and one for each picture that failed."""
        for failure in (failure for one in done for failure in one.news):
            self._emit(CrawlEvent("problem", self.account.name, media_failed=1, failure=failure))
        saved = Counter(one.saved for one in done)
        self.sight.new |= {clean(one.post.post_id) for one in done if one.saved is Saved.NEW}
        self.sight.stored += saved[Saved.NEW] + saved[Saved.CHANGED]
        self._emit(
            CrawlEvent(
                "stored",
                self.account.name,
                posts_new=saved[Saved.NEW],
                posts_changed=saved[Saved.CHANGED],
                posts_known=saved[Saved.KNOWN] + same,
                media_new=self._media_new(done),
            )
        )

    def _media_new(self, done: Sequence[Found]) -> int:
        """Contents that came this night, each counted once however many posts of the run share it."""
        came = frozenset[str]().union(*(one.transferred for one in done)) - self.spider.counted
        self.spider.counted |= came
        return len(came)

    # --- looking again --------------------------------------------------------------------------------------

    async def _look_again(
        self, located: Located, start: datetime | None, now: datetime
    ) -> Sequence[KnownPost]:
        """Posts in the window, or with a young finding, that a complete listing did not show, and older ones
        that lack a picture since they were first seen: asked for one by one. Those of the window."""
        since = start or now - timedelta(days=self.plan.overlap_days)
        findings_since = now - timedelta(days=self.plan.finding_days)
        order_of = self.spider.order_of
        posts = await self.store.call(Store.posts_to_look_at, self.account, since, findings_since, order_of)
        lacking = await self._lacking(now)
        for known in dict.fromkeys([*posts, *in_turn(lacking, now)]):
            shown = known.post_id in self.sight.shown
            ask = None if shown else self.spider.one_post(self.account, located, known)
            if ask:
                await self._look_at(located, known, ask)
        return posts

    async def _look_at(self, located: Located, known: KnownPost, ask: Ask) -> None:
        try:
            answer, capture = await self.asking.get(ask)
            seen = self.spider.read_one(self.account, located, known, answer)
        except CrawlError as error:
            if error.kind in OF_THE_NIGHT or error.kind.startswith("repo_"):
                raise  # it is the account that cannot be seen, not this post
            await self._problem(Unmapped(failure_of(error, known.post_id), b""))
            self.sight.unclear.add(known.post_id)
            return
        (self.sight.gone if isinstance(seen, Gone) else self.sight.there).add(known.post_id)
        if isinstance(seen, Gone):
            await self._gone(known, answer.body, capture)
        else:
            await self._store_posts([seen.post], answer.body, capture)

    async def _gone(self, known: KnownPost, body: bytes, capture: Capture) -> None:
        await self.store.keep(body)
        if await self.store.call(Store.mark_gone, self.account, known.post_id, capture.at, capture):
            self._emit(CrawlEvent("stored", self.account.name, posts_gone=1))

    # --- what went wrong ------------------------------------------------------------------------------------

    async def _problem(self, problem: Unmapped) -> None:
        raw = await self.store.keep(problem.raw) if problem.raw else ""
        await self.store.call(Store.record_problem, self.plan.run, problem.failure, raw)
        self._emit(CrawlEvent("problem", self.account.name, failure=problem.failure))

    async def _not_stored(self, found: Found, error: Exception) -> None:
        failure = failure_of(error, found.post.post_id or self.account.name)
        if failure.kind != "malformed_post":  # tomorrow it would be as malformed: it holds nothing back
            self._lost.append(failure)
        if isinstance(error, StoreError):
            self._emit(CrawlEvent("problem", self.account.name, failure=failure))
        else:
            await self._problem_of(failure, found.post.raw_sha256)

    async def _problem_of(self, failure: Failure, raw: str) -> None:
        await self.store.call(Store.record_problem, self.plan.run, failure, raw)
        self._emit(CrawlEvent("problem", self.account.name, failure=failure))

    async def _failed(self, failure: Failure) -> None:
        try:
            await self.store.call(Store.record_problem, self.plan.run, failure)
        except Exception as error:  # the store itself is the trouble: the event is then the only record
            self._emit(CrawlEvent("problem", self.account.name, failure=failure_of(error, self.account.name)))
        self._emit(CrawlEvent("failed", self.account.name, failure=failure))

    def _emit(self, event: CrawlEvent) -> None:
        self.spider.report(event)


def is_over(page: Page, start: datetime) -> bool:
    """Whether the window begins on this page: its last posts are older, and so is all that was passed over.
    A quiet night is then one page, not two; posts of the window that stand further down all the same are
    asked for one by one like all that the listing did not show."""
    orders = [*(one.order for one in page.posts[-OLDER_AT_END:]), *page.passed]
    return bool(orders) and all(order and order < start for order in orders)


def _unchanged(post: PostVersion, known: KnownPost | None) -> bool:
    return known is not None and bool(post.revision) and known.revision == post.revision
