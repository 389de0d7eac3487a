"""How every account is doing: when it was last read whole, how much it publishes, how often it failed lately,
and of how many of its posts the platform's own label could be read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from crawler.platforms import spiders
from desk.jobs.plausible import WEEKS, suspicion
from storage.crawled import Collected
from storage.records import Account, Failure
from storage.store import RunRecord, Store
from storage.verification import UNKNOWN, Standing

NIGHTS = 10  # the last ones that failures are counted over
LOOKED_AT = 100  # runs: imports may lie between nights
NO_NIGHT = "import-"  # what such a run is called
ANEW = timedelta(hours=1)
MONTH = 4  # weeks over which posts a week are counted
LATE = timedelta(days=2)  # without success: it is not only tonight's
OVERDUE = timedelta(hours=2)  # after the next night was due


@dataclass(frozen=True, slots=True)
class AccountHealth:
    """`collected` None: nothing was ever stored of it. `failed`: the last `nights` in which it failed,
    `latest` the newest failure of them."""

    account: Account
    watched: bool
    crawled: bool  # its platform has a spider
    collected: Collected | None
    failed: int
    nights: int
    latest: Failure | None
    expect: str  # posts a week, as the watchlist states them: "1..40 a week", or ""
    now: datetime
    standing: Standing = UNKNOWN  # whether it is the retailer's
    tonight: Failure | None = None  # why it failed in the newest night; None where it did not
    due: datetime | None = None  # when the next night begins, if it comes as the last ones did

    @property
    def next_look(self) -> datetime | None:
        """When it is looked at next; None where no night does that, or nobody knows when one comes."""
        return self.due if self.watched and self.crawled else None

    @property
    def overdue(self) -> bool:
        """The next night should have begun, and has not."""
        return self.next_look is not None and self.next_look < self.now - OVERDUE

    @property
    def posts_a_week(self) -> float:
        return sum(self.collected.weeks[:MONTH]) / MONTH if self.collected else 0.0

    @property
    def label_read(self) -> float | None:
        """Share of the posts of which the platform's own label could be read; None without posts."""
        if self.collected is None or not (self.collected.label_read + self.collected.label_unread):
            return None
        return self.collected.label_read / (self.collected.label_read + self.collected.label_unread)

    @property
    def state(self) -> str:
        """In words; "fine" where nothing asks for a person."""
        success = self.collected.last_success if self.collected else None
        if not self.watched:
            return "on no watchlist"
        if not self.crawled:
            return "by import only"
        if success is None:
            return "never read whole" if self.failed else "not read yet"
        if self.failed and self.now - success > LATE:
            return f"failing, last read {(self.now - success).days} days ago"
        if self.collected is None:
            return "not read yet"
        if doubt := doubt_of(self.collected, self.expect):
            return doubt
        if self.collected.posts and self.collected.gone == self.collected.posts:
            return "all its posts are gone"
        if self.collected.posts and not any(self.collected.weeks[:MONTH]):
            return f"nothing new for {MONTH} weeks"
        return f"fine, last night failed: {self.tonight.message}" if self.tonight else "fine"


def health_of(
    store: Store | None, watchlist: Sequence[Account], expected: Mapping[str, str], now: datetime
) -> list[AccountHealth]:
    """Of every account on the watchlist or in the store, by name; `expected` posts a week by account."""
    stored = {_key(one.account): one for one in (store.collected(now, WEEKS) if store else ())}
    watched = {_key(account): account for account in watchlist}
    runs = nights(store.runs(LOOKED_AT) if store else ())
    failures = [_failures(run.summary) for run in runs]
    newest = next(iter(failures), {})
    due = next_night(runs)
    standings = store.accounts.standings(now) if store else {}
    crawled = spiders()
    made = []
    for key in sorted({*stored, *watched}):
        known = stored.get(key)
        account = watched.get(key) or (known.account if known else None)
        if account is None:
            continue
        told = [of_run[account.name] for of_run in failures if account.name in of_run]
        made.append(
            AccountHealth(
                account=account,
                watched=key in watched,
                crawled=account.platform in crawled,
                collected=known,
                failed=len(told),
                nights=len(runs),
                latest=told[0] if told else None,
                expect=expected.get(account.name, ""),
                now=now,
                standing=standings.get(key, UNKNOWN),
                tonight=newest.get(account.name),
                due=due,
            )
        )
    return made


def nights(runs: Sequence[RunRecord]) -> Sequence[RunRecord]:
    """The newest of them, without imports and what takes these back."""
    return [one for one in runs if not one.run.startswith(NO_NIGHT)][:NIGHTS]


def next_night(newest_first: Sequence[RunRecord]) -> datetime | None:
    """Nobody tells the program when it is started: as long after the last night as nights usually follow each
    other (the median; those within an hour are one that was begun again). None before there are two."""
    starts = [one.started for one in newest_first]
    gaps = sorted(later - earlier for later, earlier in pairwise(starts) if later - earlier > ANEW)
    return starts[0] + gaps[len(gaps) // 2] if gaps else None


def suspects(
    store: Store, read: Collection[str], expected: Mapping[str, str], now: datetime
) -> Mapping[str, str]:
    """Of the accounts that were read tonight (by name), those that are suspect, and why."""
    told = {
        one.account.name: doubt_of(one, expected.get(one.account.name, ""))
        for one in store.collected(now, WEEKS)
        if one.account.name in read
    }
    return {name: why for name, why in told.items() if why}


def doubt_of(stored: Collected, expect: str) -> str:
    """Why an account is suspect: of what its last whole look saw, else of how much it publishes a week; ""
    where it is not."""
    return f"suspect: {stored.doubt}" if stored.doubt else suspicion(stored.weeks, expect)


def _key(account: Account) -> tuple[str, str]:
    return account.platform, account.handle


def _failures(summary: Mapping[str, object]) -> dict[str, Failure]:
    """By account, the first of each; what an older version wrote otherwise is left out."""
    errors = summary.get("errors")
    found: dict[str, Failure] = {}
    for one in errors if isinstance(errors, list) else []:
        if isinstance(one, dict):
            kind, message, where = (str(one.get(name, "")) for name in ("kind", "message", "where"))
            found.setdefault(where, Failure(kind, message, where))
    return found
