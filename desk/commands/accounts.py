"""How every account is doing: last success, posts a week, failures, how far its AI label can be read.

\b
Examples:
  twinwatch accounts
  twinwatch accounts --troubled          only those that want a person
  twinwatch accounts --json
"""

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from desk.contract import Json, failure_json
from desk.jobs.accounts import AccountHealth, health_of
from desk.options import ConfigOption, JsonOption, configured, opened_if_there
from desk.output import clean, emit, say

QUIET = ("fine", "on no watchlist", "by import only")
COLUMNS = ("account", "last read", "newest post", "posts", "a week", "failed", "label read", "state")
PIPED = 200  # columns wide where nobody looks at a terminal
TroubledOption = Annotated[
    bool, typer.Option("--troubled", help="Only accounts that fail, are silent, or were never read.")
]


def run(troubled: TroubledOption = False, config: ConfigOption = None, json: JsonOption = False) -> None:
    settings = configured(config)
    with opened_if_there(settings) as store:
        found = health_of(store, settings.accounts, settings.expected, datetime.now(UTC))
    shown = [one for one in found if not troubled or one.state not in QUIET]
    if json:
        for one in shown:
            emit(_line(one))
        return
    if not shown:
        say("Every account is fine." if found else "No account is watched yet: see twinwatch.toml.")
        return
    table = Table()
    for column in COLUMNS:
        table.add_column(column, no_wrap=column == "account")
    for one in shown:
        table.add_row(*(Text(clean(cell)) for cell in _cells(one)))
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else PIPED).print(table)
    for one in shown:
        if one.latest:
            say(f"{one.account.name}: {one.latest.message} ({one.latest.kind})")


def _cells(one: AccountHealth) -> tuple[str, ...]:
    stored = one.collected
    read = one.label_read
    return (
        one.account.name,
        _day(stored.last_success if stored else None),
        _day(stored.newest if stored else None),
        str(stored.posts if stored else 0),
        f"{one.posts_a_week:.1f}",
        f"{one.failed} of {one.nights}" if one.failed else "",
        "" if read is None else f"{read:.0%}",
        one.state,
    )


def _line(one: AccountHealth) -> Json:
    stored = one.collected
    return {
        "account": one.account.name,
        "platform": one.account.platform,
        "handle": one.account.handle,
        "retailer": one.account.retailer,
        "country": one.account.country,
        "watched": one.watched,
        "state": one.state,
        "last_success": stored.last_success if stored else None,
        "newest_post": stored.newest if stored else None,
        "posts": stored.posts if stored else 0,
        "gone": stored.gone if stored else 0,
        "posts_a_week": one.posts_a_week,
        "failed_runs": one.failed,
        "runs": one.nights,
        "label_read": stored.label_read if stored else 0,
        "label_unread": stored.label_unread if stored else 0,
        "error": failure_json(one.latest),
    }


def _day(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d}" if at else ""
