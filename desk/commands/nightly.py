"""Crawl every watched account, detect, write findings, say what is new.

\b
Examples:
  twinwatch nightly
  twinwatch nightly --account bluesky:hm.example --since 2026-08-02
  twinwatch nightly --group nordic --country SE
  twinwatch nightly --dry-run
  twinwatch nightly --json

Exit status: 0 done, 3 some accounts or files failed (they are named), 75 another night is running, or every
account asked us to wait.
"""

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from desk.config import Config
from desk.digest import print_digest
from desk.jobs.delivered import intents
from desk.jobs.health_alerts import alert_intents
from desk.jobs.nightly import Request, nightly
from desk.jobs.rehearse import look_intent, rehearse
from desk.jobs.summary import Summary
from desk.jobs.watchlist import Only, choose, part
from desk.options import (
    ConfigOption,
    CountryOption,
    GroupOption,
    JsonOption,
    TagOption,
    configured,
    opened,
    opened_if_there,
    usage,
)
from desk.output import emit, say, write
from desk.progress import watched
from storage.store import Store

AccountOption = Annotated[
    list[str] | None,
    typer.Option("--account", metavar="PLATFORM:HANDLE", help="Only this one; may be repeated."),
]
SinceOption = Annotated[
    str | None, typer.Option(metavar="DATE", help="Look back to this day, e.g. 2026-08-02 (UTC).")
]
DryOption = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be done; send nothing, write nothing.")
]

EVERYTHING = Only()
MANY = 1000  # pairs that wait; more are not counted out


def run(
    account: AccountOption = None,
    since: SinceOption = None,
    group: GroupOption = None,
    tag: TagOption = None,
    country: CountryOption = None,
    dry_run: DryOption = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    settings = configured(config)
    request = asked(settings, account, since, only(group, tag, country))
    if dry_run:
        with opened_if_there(settings) as there:
            for intent in rehearse(settings, there, request):
                emit(intent.json()) if json else write(intent.sentence())
            for sentence in intents(settings, there):
                say(sentence)
            say(look_intent(settings, there))
        for sentence in alert_intents(settings):
            say(sentence)
        return
    with opened(settings, create=True) as store:
        with watched() as watcher:
            summary = nightly(settings, store, request, watcher)
        report(store, summary, json=json)
    raise typer.Exit(summary.exit_status)


def report(store: Store, summary: Summary, *, json: bool) -> None:
    """The digest for people, and with --json the summary as the last line of standard output."""
    findings = [found for number in summary.touched if (found := store.finding(number))]
    print_digest(summary, findings, sys.stderr if json else sys.stdout)
    if waiting := len(store.pairs.waiting(MANY)):
        number = f"{MANY} or more" if waiting == MANY else str(waiting)
        say(f"Pairs of pictures that wait for a person: {number} (`twinwatch pairs list --undecided`).")
    if json:
        emit(summary.json())


def only(groups: list[str] | None, tags: list[str] | None, countries: list[str] | None) -> Only:
    return Only(tuple(groups or ()), tuple(tags or ()), tuple(countries or ()))


def asked(
    config: Config, accounts: list[str] | None, since: str | None, wanted: Only = EVERYTHING
) -> Request:
    """Raises ConfigError before anything is opened or made, also where nothing is left to crawl."""
    names = tuple(accounts or ())
    chosen = choose(config.accounts, names)
    if wanted:
        taken = {account.name for account in part(config.accounts, config.groups, wanted)}
        both = (*chosen.crawled, *chosen.import_only)
        names = tuple(account.name for account in both if account.name in taken)
        if not names:
            raise usage("no account is all of what --account, --group, --tag and --country ask for")
    return Request(accounts=names, since=day(since))


def day(text: str | None) -> datetime | None:
    """An ISO date (or date and time) as UTC."""
    if text is None:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise usage(f"--since {text!r}: expected a date such as 2026-08-02", where="--since") from None
    moment = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    if moment > datetime.now(UTC):
        raise usage(f"--since {text}: lies in the future", where="--since")
    return moment
