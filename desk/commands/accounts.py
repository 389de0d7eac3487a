"""How every account is doing, whether it is the retailer's own, and watchlists that come with the program.

\b
Examples:
  twinwatch accounts
  twinwatch accounts --troubled          only those that want a person
  twinwatch accounts --unverified --country SE
  twinwatch accounts --json
  twinwatch accounts verify
  twinwatch accounts join instagram:hm_official instagram:hm --dry-run
  twinwatch accounts watchlist fashion --add
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from desk.bars import bar
from desk.commands.nightly import only
from desk.config import Config
from desk.contract import verified_json
from desk.contract_accounts import account_json
from desk.jobs import watchlists
from desk.jobs.accounts import AccountHealth, health_of
from desk.jobs.verify import Verified, decide, look, wanted
from desk.jobs.watchlist import part
from desk.options import (
    ConfigOption,
    CountryOption,
    DryRunOption,
    GroupOption,
    JsonOption,
    NoteOption,
    TagOption,
    configured,
    opened,
    opened_if_there,
    usage,
)
from desk.output import clean, emit, path_text, say, several, write
from desk.same_accounts import join, owner
from storage.verification import Outcome

app = typer.Typer(rich_markup_mode=None, invoke_without_command=True)

QUIET = ("fine", "on no watchlist", "by import only")
COLUMNS = (
    "account", "group", "last read", "next look", "newest post", "posts", "a week", "failed", "label read",
    "state", "verified",
)  # fmt: skip
PIPED = 200  # columns wide where nobody looks at a terminal
TroubledOption = Annotated[
    bool,
    typer.Option(
        "--troubled", help="Only accounts that failed for two days, are silent, or were never read."
    ),
]
UnverifiedOption = Annotated[
    bool, typer.Option("--unverified", help="Only accounts that nobody has verified as the retailer's.")
]
AccountsArgument = Annotated[
    list[str] | None, typer.Argument(metavar="[PLATFORM:HANDLE]…", help="Default: the whole watchlist.")
]


class Said(StrEnum):
    """What a person may say of an account."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    UNDO = "undo"


@app.callback()
def accounts(
    context: typer.Context,
    troubled: TroubledOption = False,
    unverified: UnverifiedOption = False,
    group: GroupOption = None,
    tag: TagOption = None,
    country: CountryOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """How every account is doing."""
    if context.invoked_subcommand:
        return
    settings = configured(config)
    asked = only(group, tag, country)
    with opened_if_there(settings) as store:
        found = health_of(store, settings.accounts, settings.expected, datetime.now(UTC))
    if asked:
        taken = {one.name for one in part(settings.accounts, settings.groups, asked)}
        found = [one for one in found if one.account.name in taken]
    shown = [
        one
        for one in found
        if (not troubled or not one.state.startswith(QUIET)) and (not unverified or not one.standing.verified)
    ]
    if json:
        for one in shown:
            emit(account_json(one, settings.groups))
        return
    if not shown:
        fine = "Every account is verified." if unverified else "Every account is fine."
        say(fine if found else "No account is watched yet: see twinwatch.toml.")
        return
    _print(shown, settings)


def _print(shown: list[AccountHealth], settings: Config) -> None:
    table = Table()
    for column in COLUMNS:
        table.add_column(column, no_wrap=column == "account")
    for one in shown:
        table.add_row(*(Text(clean(cell)) for cell in _cells(one, settings)))
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else PIPED).print(table)
    for one in shown:
        if one.latest:
            say(f"{one.account.name}: {one.latest.message} ({one.latest.kind})")


def _cells(one: AccountHealth, settings: Config) -> tuple[str, ...]:
    stored = one.collected
    read = one.label_read
    return (
        one.account.name,
        settings.groups.get(one.account.name, ""),
        _day(stored.last_success if stored else None),
        _next_look(one),
        _day(stored.newest if stored else None),
        str(stored.posts if stored else 0),
        f"{one.posts_a_week:.1f}",
        f"{one.failed} of {one.nights}" if one.failed else "",
        "" if read is None else f"{read:.0%}",
        one.state,
        ("yes, long ago" if one.standing.old else "yes") if one.standing.verified else "no",
    )


def _next_look(one: AccountHealth) -> str:
    """UTC. It is not known before there were two nights."""
    if not one.watched or not one.crawled:
        return ""
    if one.next_look is None:
        return "next night"
    return f"{one.next_look:%Y-%m-%d %H:%M}{' (overdue)' if one.overdue else ''}"


def _day(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d}" if at else ""


# --- verify -------------------------------------------------------------------------------------------------


@app.command()
def verify(
    account: AccountsArgument = None,
    by: Annotated[
        str, typer.Option("--by", metavar="NAME", help="You say so, by name: nothing is looked at.")
    ] = "",
    decision: Annotated[
        Said, typer.Option(help="With --by: what you say; undo takes the last word back.")
    ] = Said.CONFIRMED,
    note: NoteOption = "",
    group: GroupOption = None,
    tag: TagOption = None,
    country: CountryOption = None,
    dry_run: DryRunOption = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Look whether accounts are their retailers' own: who has the handle today, whether the brand's website
    (`website` in the [[account]]) links to it, whether its profile names that website.

    It passes where the website links to it, or where its name is under the brand's domain. That a profile
    names the brand is not enough. What could not be looked at says nothing. Until then the account's findings
    carry "account not verified". After 180 days it is told as old.

    Exit status: 0 looked at everything, 3 something could not be looked at, 75 every server asked us to wait.

    \b
    Examples:
      twinwatch accounts verify
      twinwatch accounts verify mastodon:@hm@social.example --dry-run
      twinwatch accounts verify instagram:hm --by "Ann Example" --note "named by the press office, mail kept"
      twinwatch accounts verify instagram:hm --by "Ann Example" --decision undo
    """
    settings = configured(config)
    chosen = wanted(settings, account or ())
    if asked := only(group, tag, country):
        taken = set(part(settings.accounts, settings.groups, asked))
        chosen = tuple(one for one in chosen if one in taken)
    who = _who(by, named=bool(account), more=decision is not Said.CONFIRMED or bool(note))
    if not chosen:
        say("No account is watched yet: see twinwatch.toml.")
        return
    done: list[Verified] = []
    found: Iterator[Verified]
    reading = opened_if_there(settings) if dry_run else opened(settings, create=True)
    with reading as store, bar("verify", lambda: len(chosen)) as step:
        if who:
            outcome = Outcome(decision.value)
            found = (decide(settings, store, one, outcome, who, note, dry_run=dry_run) for one in chosen)
        else:
            found = look(settings, store, chosen, step, dry_run=dry_run)
        for one in found:
            done.append(one)
            _tell(one, json=json, dry_run=dry_run)
    raise typer.Exit(_status(done))


def _who(by: str, *, named: bool, more: bool) -> str:
    """The person, "" where nobody says anything. Never the login name: somebody stands for it by name."""
    if by.strip() and not named:
        raise usage("say which account it is: a person's word is for one that was named", where="--by")
    if not by.strip() and more:
        raise usage("--decision and --note are a person's: say who, with --by", where="--by")
    return by.strip()


def _tell(one: Verified, *, json: bool, dry_run: bool) -> None:
    if json:
        emit({**verified_json(one), "dry_run": dry_run})
        return
    given = one.given
    write(
        f"{one.account.name}: {given.outcome.value}: {given.reason}"
        + (f" ({given.note})" if given.note else "")
    )
    for glance in given.glances:
        seen = glance.quote or glance.reason
        write(f"  {glance.direction.value}: {glance.look.value} {glance.where} {seen}".rstrip())
    would = "would be " if dry_run else ""
    if one.standing.verified:
        write(f"  {would}verified: {one.standing.sentence}")
    else:
        write(f"  findings {'would ' if dry_run else ''}carry: {one.standing.caveat}")


def _status(done: list[Verified]) -> int:
    unseen = [one.given for one in done if one.given.outcome is Outcome.UNREADABLE]
    waits = [one for one in unseen if "rate_limited" in one.reason]
    if done and len(waits) == len(done):
        return 75
    return 3 if unseen else 0


app.command()(join)
app.command()(owner)

# --- watchlists ---------------------------------------------------------------------------------------------


@app.command()
def watchlist(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="Default: say which there are.")] = "",
    add: Annotated[bool, typer.Option("--add", help="Write its entries into twinwatch.toml.")] = False,
    dry_run: DryRunOption = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Watchlists that come with the program: which there are, what is in one, and how to take one over.

    Nobody has verified their entries: each says where its handle was read. Entries that are there already are
    left as they are.

    \b
    Examples:
      twinwatch accounts watchlist
      twinwatch accounts watchlist fashion
      twinwatch accounts watchlist fashion --add --dry-run
    """
    if not name:
        for one in watchlists.shipped():
            held = [entry.name for entry in watchlists.entries(one)]
            emit({"watchlist": one, "accounts": held}) if json else write(
                f"{one}: {', '.join(held) or 'to be copied'}"
            )
        return
    if not add:
        held = [entry.name for entry in watchlists.entries(name)]
        emit({"watchlist": name, "accounts": held}) if json else write(watchlists.text_of(name).rstrip())
        return
    file = configured(config).file
    if file is None:
        raise usage("there is no twinwatch.toml here: make one with `twinwatch init`", where="--add")
    new, known = watchlists.add(file, name, dry_run=dry_run)
    if json:
        line = {"file": path_text(file), "watchlist": name, "added": [one.name for one in new]}
        emit({**line, "known": [one.name for one in known], "dry_run": dry_run})
        return
    write(f"{'Would add' if dry_run else 'Added'} {several(len(new), 'account')} to {path_text(file)}.")
    for entry in new:
        write(f"  {entry.name}")
    if known:
        say(f"There already, left as they are: {', '.join(one.name for one in known)}.")
    if new and not dry_run:
        say("Nobody has verified them: `twinwatch accounts verify` looks.")
