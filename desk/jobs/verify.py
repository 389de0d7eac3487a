"""`accounts verify`: looks whether accounts are their retailers', or writes down that a person says so.

Looking goes some accounts at a time; what was looked at is kept as evidence, answers and their bytes.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.plan import CrawlPlan
from crawler.verifying.looking import Looked, Looker, name_bound
from crawler.verifying.polite import Polite
from desk.config import Config
from desk.jobs.nightly import Request, plan
from desk.jobs.watchlist import choose
from storage.crawled import AccountState
from storage.errors import StoreError
from storage.records import Account
from storage.store import Store
from storage.verification import Outcome, Standing, Verification, standing_of, words_standing

AT_ONCE = 4  # accounts side by side; one request at a time to a host


@dataclass(frozen=True, slots=True)
class Verified:
    """One look or word, and what holds of the account after it."""

    account: Account
    given: Verification
    standing: Standing


def wanted(config: Config, names: Sequence[str]) -> tuple[Account, ...]:
    """Those named, or all; import-only ones too. Raises ConfigError for one that is on no watchlist."""
    choice = choose(config.accounts, names)
    return (*choice.crawled, *choice.import_only)


def look(
    config: Config,
    store: Store | None,
    accounts: Sequence[Account],
    done: Callable[[], None],
    *,
    dry_run: bool,
) -> Iterator[Verified]:
    """In the order of `accounts`. `store` None: nothing was ever stored, and nothing will be. `dry_run`:
    look, and keep nothing."""
    polite = Polite(config.crawl.contact, config.crawl.allow_hosts)
    looker = Looker(polite, _plan(config, accounts))
    looker.prepare([account.platform for account in accounts])
    states = {account: store.account_state(account) if store else AccountState() for account in accounts}
    pool = ThreadPoolExecutor(AT_ONCE, "verify")
    try:
        looks = pool.map(
            lambda account: looker.look(account, config.websites.get(account.name, ()), states[account]),
            accounts,
        )
        for looked in looks:
            if store and not dry_run:
                _keep(store, looked)
            yield _written(store, looked.account, looked.verification, dry_run=dry_run)
            done()
    finally:
        pool.shutdown(cancel_futures=True)
        polite.close()


def decide(
    config: Config,
    store: Store | None,
    account: Account,
    decision: Outcome,
    by: str,
    note: str,
    *,
    dry_run: bool,
) -> Verified:
    """A person's word, bound to the account's stable id where one is known or can be looked up. Raises
    StoreError(kind="nothing_to_undo")."""
    ids = _ids(config, store, account) if decision is not Outcome.UNDO else ()
    website = next(iter(config.websites.get(account.name, ())), "")
    words = {
        Outcome.CONFIRMED: f"{by} says that it is the retailer's",
        Outcome.REJECTED: f"{by} says that it is not the retailer's",
    }
    reason = words.get(decision, f"{by} takes the last word back")
    given = Verification(decision, datetime.now(UTC), ids, by, note, reason, website)
    return _written(store, account, given, dry_run=dry_run)


def _plan(config: Config, accounts: Sequence[Account]) -> CrawlPlan:
    return plan(config, accounts, Request(), "verify")


def _keep(store: Store, looked: Looked) -> None:
    """Evidence first: a look must not name bytes that are not there."""
    for one in looked.kept:
        store.media.put(one.body)
        store.save_capture(one.capture)


def _written(store: Store | None, account: Account, given: Verification, *, dry_run: bool) -> Verified:
    earlier = store.accounts.verifications(account) if store else ()
    if given.outcome is Outcome.UNDO and not words_standing(earlier):
        raise nothing_to_undo(account)
    stable_id = store.account_state(account).stable_id if store else ""
    if store and not dry_run:
        store.accounts.verify(account, given)
    return Verified(account, given, standing_of([*earlier, given], stable_id, datetime.now(UTC)))


def nothing_to_undo(account: Account) -> StoreError:
    message = "nobody's word stands that could be taken back"
    return StoreError(message, kind="nothing_to_undo", where=account.name)


def _ids(config: Config, store: Store | None, account: Account) -> tuple[str, ...]:
    """As the crawl knows it, as the last look did, or as it can be looked up now; () where nobody can say."""
    stored = store.account_state(account).stable_id if store else ""
    earlier = store.accounts.verifications(account) if store else ()
    for one in reversed(earlier):
        if one.ids and (not stored or stored in one.ids or name_bound(stored)):
            return one.ids
    if stored:
        return () if name_bound(stored) else (stored,)
    polite = Polite(config.crawl.contact, config.crawl.allow_hosts)
    try:
        looker = Looker(polite, _plan(config, [account]))
        looker.prepare([account.platform])
        return looker.look(account, (), AccountState()).verification.ids
    finally:
        polite.close()
