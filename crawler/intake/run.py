"""One import from end to end: entries in, posts, media and captures stored, an outcome out.

Entries are taken in batches, which bounds memory; a batch is one transaction, and where that fails its posts
are saved one by one, so that one bad post never loses the rest. Nothing is fetched that the store has. See
docs/decisions/imports.md.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from crawler.earlier import is_settled
from crawler.intake.accounts import Owners
from crawler.intake.ahead import Entries
from crawler.intake.entries import Misread, Near, Place, Skipped, Taken
from crawler.intake.known import as_stored, emptied
from crawler.intake.media import Had, MediaBringer, Wanted
from crawler.intake.namesakes import Homed, Namesakes
from crawler.intake.outcome import MOST_NAMED, Outcome
from crawler.intake.ready import UNMENDABLE, Ready
from crawler.intake.suspects import Suspicion, earlier_of
from crawler.platforms import crawled_platforms
from storage.crawled import Capture
from storage.errors import CrawlError, StoreError
from storage.fresh import Fresh
from storage.records import Account, Failure, MediaItem, PostVersion, Saved
from storage.replacing import replace
from storage.store import Store
from storage.text import clean

BATCH = 500  # posts in one transaction
UNFETCHED = 2000  # likewise, where nothing is fetched: no request is made again after a kill
BATCH_BYTES = 16 * 1024 * 1024  # of their texts and raw forms: captions of a megabyte come in many


@dataclass(frozen=True, slots=True)
class Plan:
    """How an import is to be done. `fetch`: ask servers for media; `only_watched`: leave out the posts of
    authors on no watchlist; `dry_run`: say what would come, keep and ask nothing."""

    run: str
    watchlist: tuple[Account, ...] = ()
    contact: str = ""
    allow_hosts: tuple[str, ...] = ()
    fetch: bool = True
    only_watched: bool = False
    dry_run: bool = False


@dataclass(slots=True)
class _Post:
    """A post on its way into the store."""

    account: Account
    post: PostVersion
    place: Place
    captures: list[Capture]
    wanted: list[Wanted] = field(default_factory=list)
    news: bool = True  # False: the store has it as it is, and no medium came: there is nothing to write

    def take(self, brought: Sequence[Had]) -> None:
        """What became of the media that were wanted."""
        came = {had.item.position: had.item for had in brought}
        before = {item.position: item.failure for item in self.post.media}
        told = (_says_more(item.failure, before.get(place)) for place, item in came.items())
        self.news = self.news or any(item.sha256 for item in came.values()) or any(told)
        if self.news:
            media = tuple(came.get(item.position, item) for item in self.post.media)
            self.post = replace(self.post, media=media)
        self.captures += [had.capture for had in brought if had.capture]


class Intake:
    """Runs once. `store` None: a dry run where nothing was ever stored."""

    def __init__(
        self, entries: Entries, plan: Plan, store: Store | None, tell: Callable[[int], None]
    ) -> None:
        self.entries, self.plan, self._store, self.tell = entries, plan, store, tell
        self.outcome = Outcome(
            entries.importer.__name__.rpartition(".")[2], run="" if plan.dry_run else plan.run
        )
        self.owners = Owners.of(plan.watchlist)
        self.namesakes = Namesakes(store, frozenset(plan.watchlist), plan.dry_run)
        self.suspicion = Suspicion(earlier_of(store)) if store else Suspicion()
        self._seen: set[int] = set()  # of a dry run: what it would have stored
        self._recorded = 0

    @property
    def store(self) -> Store:
        if self._store is None:
            raise StoreError("there is no store yet", kind="no_database")
        return self._store

    def run(self) -> Outcome:
        """Raises IntakeError where the file as a whole cannot be read, StoreError where nothing can be
        written."""
        try:
            if self.plan.dry_run:
                for batch in _batches(self._posts(), UNFETCHED):
                    self._would_save(batch)
                return self.outcome
            if self.entries.importer.WHOLE:  # before the first post that names it
                self.outcome.raw_sha256 = self.entries.keep_whole(self.store.media)
            self._save_all()
        finally:
            self.outcome.suspects = self.suspicion.suspects()
            self.outcome.renamed = self.namesakes.renamed
            self.outcome.strangers = self.owners.strangers
            self.outcome.other_strangers = self.owners.other_strangers
        return self.outcome

    def _save_all(self) -> None:
        who = f"import:{self.outcome.format}/{self.entries.importer.VERSION}"
        plan = self.plan
        bringer = MediaBringer(
            self.store.media, who, contact=plan.contact, allow_hosts=plan.allow_hosts, fetch=plan.fetch
        )
        try:
            for batch in _batches(self._posts(), BATCH if plan.fetch else UNFETCHED):
                self._save_batch(batch, bringer)
        finally:
            bringer.close()
        self._describe_accounts()

    # --- entries --------------------------------------------------------------------------------------------

    def _posts(self) -> Iterator[tuple[Account, Ready]]:
        """Those that are to be stored; all others are counted here."""
        for entry in self.entries.read():
            self.outcome.read += 1
            if isinstance(entry, Ready):
                if account := self._settled(entry):
                    self.suspicion.see(account.handle, entry)
                    yield account, entry
            elif isinstance(entry, Skipped):
                self.outcome.skipped[entry.why] += 1
            else:
                self._misread(entry)
            if self.outcome.read % 50 == 0:
                self.tell(entry.done)

    def _settled(self, entry: Ready) -> Account | None:
        """The account that it belongs to, whatever it was called when it was captured."""
        account, watched = self.owners.owner(entry.platform, entry.handle)
        try:
            home = self.namesakes.home(account, entry.owner_id)
        except CrawlError as error:
            self._refuse(entry, error)
            return None
        if watched or home in self.plan.watchlist:
            return home
        self.owners.stranger(home)
        if not self.plan.only_watched:
            return home
        self.outcome.skipped["not_watched"] += 1
        return None

    def _at_home(self, batch: Sequence[tuple[Account, Ready]]) -> list[Homed]:
        """Under the accounts that have these posts already."""
        found = []
        for (account, _), one in zip(batch, self.namesakes.at_home(batch), strict=True):
            if one.error:
                self._refuse(one.post, one.error)
                continue
            found.append(one)
            watched = self.plan.watchlist
            if one.account is not account and one.account in watched and account not in watched:
                self.owners.stranger(account, -1)
        return found

    def _refuse(self, entry: Ready, error: CrawlError) -> None:
        whole = entry.whole()
        self._misread(Misread(whole.place, whole.done, error.failure(), whole.raw))

    def _misread(self, entry: Misread) -> None:
        self.outcome.misread(entry)
        raw = self.outcome.raw_sha256
        if entry.raw is not None and not self.plan.dry_run:
            raw = self.store.media.put(entry.raw)
        where = f"{entry.place.name} line {entry.place.line}".strip()
        self._record(Failure(entry.why.kind, entry.why.message, where), raw)

    def _record(self, failure: Failure, raw: str = "") -> None:
        """With the run, as far as anybody reads."""
        self._recorded += 1
        if not self.plan.dry_run and self._recorded <= MOST_NAMED:
            self.store.record_problem(self.plan.run, failure, raw)

    # --- a batch --------------------------------------------------------------------------------------------

    def _save_batch(self, batch: Sequence[tuple[Account, Ready]], bringer: MediaBringer) -> None:
        homed = self._at_home(batch)
        self._save_wholes([(one.account, one.post) for one in self._but_fresh(homed)], bringer)
        self.namesakes.learn()

    def _but_fresh(self, batch: Sequence[Homed]) -> Sequence[Homed]:
        """Those that are left when new ones are saved as they were laid out; all, where that fails: which one
        it was shows then."""
        new: dict[Account, list[Fresh]] = {}
        left, saved = [], []
        for one in batch:
            if one.post.laid_out is None or one.stored or not self.store.imports.takes_fresh:
                left.append(one)
            else:
                new.setdefault(one.account, []).append(one.post.laid_out)
                saved.append(one.post)
        if not saved:
            return left
        try:
            self.store.imports.save_fresh(list(new.items()), self.outcome.raw_sha256)
        except Exception:  # which post it was, and why, shows when they are saved the usual way
            return batch
        for post in saved:
            self._saved_fresh(post)
        return left

    def _save_wholes(self, batch: Sequence[tuple[Account, Ready]], bringer: MediaBringer) -> None:
        whole = [(account, _under(account, one.whole())) for account, one in batch]
        stored = self._stored(whole)
        posts = [self._prepared(account, one, stored) for account, one in whole]
        brought = iter(bringer.bring([one for post in posts for one in post.wanted]))
        for post in posts:
            if had := list(islice(brought, len(post.wanted))):
                post.take(had)
                self._media(post, had)
        pages: dict[Account, list[_Post]] = {}
        met: dict[Account, list[str]] = {}
        for post in posts:
            if post.news:
                pages.setdefault(post.account, []).append(post)
            else:
                self._saved(post, Saved.KNOWN)
            if not post.news or (
                self.outcome.raw_sha256 and (post.account, clean(post.post.post_id)) in stored
            ):
                met.setdefault(post.account, []).append(post.post.post_id)
        self.store.imports.met(self.outcome.source, met)
        self._save_pages(pages)

    def _stored(self, batch: Sequence[tuple[Account, Taken]]) -> dict[tuple[Account, str], PostVersion]:
        """What the store has of these posts, and the files behind it."""
        asked: dict[Account, list[str]] = {}
        for account, one in batch:
            asked.setdefault(account, []).append(clean(one.post.post_id))
        return dict(self.store.current_posts_of(asked))

    def _prepared(
        self, account: Account, one: Taken, stored: dict[tuple[Account, str], PostVersion]
    ) -> _Post:
        before = stored.get((account, clean(one.post.post_id)))
        same = as_stored(one.post, before) if before else None
        urls = {item.position: item.url for item in one.post.media if not item.failure}
        wanted = list(_wanted((same or one.post).media, urls, one.near))
        news = same is None or bool(wanted)  # else the store has it all: the object is not kept again
        raw = self.outcome.raw_sha256
        if one.raw is not None:
            raw = self.store.media.put(one.raw) if news else ""
        captures = [replace(capture, sha256=capture.sha256 or raw) for capture in one.captures]
        if before and before.text:
            gone = emptied(one.post, before)
            self.suspicion.met(one.post.platform, one.place.line, emptied=gone)
        self._note(one)
        post = same if same and not wanted else replace(same or one.post, raw_sha256=raw)
        return _Post(account, post, one.place, captures, wanted, news=same is None)

    def _note(self, one: Taken) -> None:
        """What is odd about a post, and addresses that are none."""
        self.outcome.problems.update(problem.kind for problem in one.post.problems)
        for item in one.post.media:
            if item.failure and item.failure.kind in UNMENDABLE:
                self.outcome.media[item.failure.kind] += 1
            elif item.failure:
                self.outcome.media["failed"] += 1
                self._name(one.place, one.post, item)

    def _media(self, post: _Post, brought: Sequence[Had]) -> None:
        for had in brought:
            failure = had.item.failure
            if failure and failure.kind in UNMENDABLE:
                self.outcome.media["expired" if failure.kind == "url_expired" else failure.kind] += 1
                continue
            self.outcome.media[had.how] += 1
            if failure:
                self._name(post.place, post.post, had.item)

    def _name(self, place: Place, post: PostVersion, item: MediaItem) -> None:
        """A medium that could not be had, among the errors."""
        if item.failure:
            where = f"line {place.line}, {post.post_id} #{item.position + 1}"
            named = Failure(
                item.failure.kind, f"{where}: {item.failure.message}", item.failure.where or where
            )
            self.outcome.error(named)
            self._record(named)

    # --- saving ---------------------------------------------------------------------------------------------

    def _save_pages(self, pages: dict[Account, list[_Post]]) -> None:
        """All in one transaction; where that fails, one by one: it is then one post that is lost."""
        many = [(account, [(one.post, one.captures) for one in posts]) for account, posts in pages.items()]
        try:
            saved = self._save_many(many)
        except Exception:  # which post it was, and why, shows when each is saved alone
            for posts in pages.values():
                for one in posts:
                    self._save_one(one)
            return
        for posts, what in zip(pages.values(), saved, strict=True):
            for one, this in zip(posts, what, strict=True):
                self._saved(one, this)

    def _save_many(
        self, many: Sequence[tuple[Account, Sequence[tuple[PostVersion, Sequence[Capture]]]]]
    ) -> Sequence[Sequence[Saved]]:
        """Captures of a file's posts bear the file; of others' it is written down which import brought
        them."""
        if self.outcome.raw_sha256:
            return self.store.save_pages(many)
        return self.store.imports.save(many, self.outcome.source)

    def _save_one(self, one: _Post) -> None:
        try:
            if self.outcome.raw_sha256:
                saved = self.store.save_post(one.account, one.post, one.captures)
            else:
                ((saved,),) = self._save_many([(one.account, [(one.post, one.captures)])])
        except Exception as error:  # one post's surprise is recorded against that post
            kind = error.kind if isinstance(error, StoreError) else "unexpected"
            why = Failure(kind, f"could not be stored: {str(error)[:300]}", one.post.post_id[:200])
            self._misread(Misread(one.place, 0, why))
            return
        self._saved(one, saved)

    def _saved(self, one: _Post, saved: Saved) -> None:
        self.outcome.saved[saved] += 1
        self.outcome.without_media += not all(map(_is_there, one.post.media))
        self.outcome.media["kept"] += sum(map(_is_there, one.post.media))

    def _saved_fresh(self, one: Ready) -> None:
        self.outcome.problems.update(one.problems)
        self.outcome.media.update(one.missing)
        self.outcome.media["kept"] += 0
        self.outcome.saved[Saved.NEW] += 1
        self.outcome.without_media += bool(one.missing)

    def _describe_accounts(self) -> None:
        """Retailer, country and tags as the watchlist has them today. A crawl does it for its own
        accounts."""
        for account in sorted(self.owners.met, key=lambda one: one.name):
            if account.platform not in crawled_platforms():
                self.store.save_account_state(account, self.store.account_state(account))

    # --- a dry run ------------------------------------------------------------------------------------------

    def _would_save(self, batch: Sequence[tuple[Account, Ready]]) -> None:
        whole = [(one.account, one.post.whole()) for one in self._at_home(batch)]
        stored = self._stored(whole) if self._store else {}
        for account, one in whole:
            key = (account, clean(one.post.post_id))
            before = stored.get(key)
            if before is None:
                what = Saved.KNOWN if hash(key) in self._seen else Saved.NEW
                self._seen.add(hash(key))
            else:
                what = Saved.KNOWN if as_stored(one.post, before) else Saved.CHANGED
            self.outcome.saved[what] += 1
            self.outcome.problems.update(problem.kind for problem in one.post.problems)
            items = before.media if before else one.post.media
            self.outcome.without_media += any(
                not _is_there(item) and item.position not in one.near for item in items
            )


def _is_there(item: MediaItem) -> bool:
    """Its bytes are kept, and are what they should be."""
    return bool(item.sha256) and item.failure is None


def _says_more(failure: Failure | None, before: Failure | None) -> bool:
    """Why there are no bytes, where another reason is stored; not having asked tells nothing."""
    return failure is not None and failure.kind not in ("not_fetched", before.kind if before else "")


def _wanted(
    media: Sequence[MediaItem], urls: Mapping[int, str], at_hand: Mapping[int, Near]
) -> Iterator[Wanted]:
    """Those without bytes, unless nothing can mend it."""
    for item in media:
        if item.sha256 and not item.failure:
            continue
        if item.position in at_hand or not (item.failure and is_settled(item)):
            url = urls.get(item.position, "")
            if url or item.position in at_hand:
                bare = item.failure is None and not item.sha256
                fresh = item if bare else replace(item, failure=None, sha256="", format="", size=0)
                yield Wanted(fresh, url, at_hand.get(item.position))


def _under(account: Account, one: Taken) -> Taken:
    """With the name that its account has here."""
    if one.post.handle == account.handle:
        return one
    return replace(one, post=replace(one.post, handle=account.handle))


def _batches(posts: Iterable[tuple[Account, Ready]], most: int) -> Iterator[list[tuple[Account, Ready]]]:
    """A post that comes twice begins a new batch: it is compared with what was stored the first time."""
    batch: list[tuple[Account, Ready]] = []
    ids: set[tuple[str, str]] = set()
    size = 0
    for account, one in posts:
        key = (account.platform, one.post_id)  # by whatever name: it is one post
        if batch and (key in ids or len(batch) >= most or size >= BATCH_BYTES):
            yield batch
            batch, ids, size = [], set(), 0
        batch.append((account, one))
        ids.add(key)
        size += one.size
    if batch:
        yield batch
