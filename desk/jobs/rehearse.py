"""`nightly --dry-run`: what would be done for each account. It sends nothing and writes nothing."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.platforms import spiders
from crawler.tokens import WantedToken, read_token
from desk.additions import lexicon_of
from desk.config import Config
from desk.contract import Json
from desk.jobs.looking import waiting_looks
from desk.jobs.nightly import Request, plan
from desk.jobs.watchlist import choose
from storage.crawled import AccountState
from storage.errors import CrawlError
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Intent:
    account: str
    would: str  # "crawl" or "skip"
    since: datetime | None  # posts from here on are looked at; None: all that the platform shows
    last_success: datetime | None
    why: str = ""

    def json(self) -> Json:
        return {
            "account": self.account,
            "would": self.would,
            "since": self.since,
            "last_success": self.last_success,
            "why": self.why,
            "dry_run": True,
        }

    def sentence(self) -> str:
        if self.would == "skip":
            return f"{self.account}: would be skipped: {self.why}"
        window = f"posts since {self.since:%Y-%m-%d %H:%M} UTC" if self.since else "all posts"
        last = (
            f"last success {self.last_success:%Y-%m-%d %H:%M} UTC"
            if self.last_success
            else "never crawled before"
        )
        but = f"; {self.why}" if self.why else ""
        return f"{self.account}: would be crawled: {window}; {last}{but}"


def look_intent(config: Config, store: Store | None) -> str:
    """What is known already to be looked at for labels; what the night finds comes on top."""
    waiting = len(waiting_looks(store, lexicon_of(config))) if store else 0
    return (
        f"Pictures that wait to be looked at for labels: {waiting}; the night has {config.look_seconds} s "
        f"for these and for what it finds ([labels] seconds)."
    )


def _tokenless(config: Config, platform: str) -> str:
    """What the platform's missing token does to it, "" where none is wanted or one is there."""
    wanted: WantedToken | None = getattr(spiders().get(platform), "wants", None)
    if wanted is None:
        return ""
    try:
        if read_token(wanted, os.environ, config.token_files):
            return ""
    except CrawlError as error:
        return str(error)
    read = f"read without it: {wanted.without}" if wanted.without else "it would fail: token_missing"
    return f"without a token. {read}. {wanted.missing}"


def rehearse(config: Config, store: Store | None, request: Request) -> Iterator[Intent]:
    """One intent an account. `store` is None where nothing was ever stored."""
    choice = choose(config.accounts, request.accounts)
    night = plan(config, choice.crawled, request, "rehearsal")
    for account in choice.crawled:
        state = store.account_state(account) if store else AccountState()
        since = night.window(state.high_water, datetime.now(UTC))
        yield Intent(account.name, "crawl", since, state.last_success, _tokenless(config, account.platform))
    for account in choice.import_only:
        yield Intent(account.name, "skip", None, None, f"{account.platform} comes by import only")
