"""`twinwatch accounts join` and `owner`: a person says that two names are one account's, or whose it is."""

import re
from datetime import UTC, datetime
from typing import Annotated

import typer

from desk.departed import COMMAND_LINE
from desk.options import ByOption, ConfigOption, DryRunOption, JsonOption, changed, configured, person, usage
from desk.output import emit, several, write
from storage.records import Account

NUMBER = re.compile(r"[0-9]{0,30}")
NameArgument = Annotated[str, typer.Argument(metavar="PLATFORM:HANDLE", show_default=False)]


def join(
    account: NameArgument,
    into: Annotated[str, typer.Argument(metavar="INTO", help="The name that stays.", show_default=False)],
    by: ByOption = "",
    dry_run: DryRunOption = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Join an account that is stored under two names: it was renamed, or a night knows it by one and an
    import by the other. Its posts and what was verified of it go on under the name that stays.

    A post that is stored under both names and says the same there is one from then on. Refused where the
    platform itself tells the two apart by their ids, and where a post says different things under the two
    names, or there is a finding of it under the name that goes.

    \b
    Examples:
      twinwatch accounts join instagram:hm_official instagram:hm --dry-run
    """
    gone, stays, who = _named(account), _named(into), person(by)
    with changed(configured(config), dry_run=dry_run) as store:
        posts = store.accounts.join(gone, stays)
        detail = {"by": who, "posts": str(posts)}
        said = f"{gone.name} into {stays.name}"
        store.audit.append(datetime.now(UTC), COMMAND_LINE, "accounts joined", said, detail)
    if json:
        emit({"joined": gone.name, "into": stays.name, "posts": posts, "dry_run": dry_run})
        return
    goes = "would go" if dry_run else "went"
    write(f"{several(posts, 'post')} of {gone.name} {goes} to {stays.name}.")


def owner(
    account: NameArgument,
    number: Annotated[
        str,
        typer.Argument(metavar="NUMBER", help='As the platform\'s pages have it; "" for: not known.'),
    ],
    by: ByOption = "",
    dry_run: DryRunOption = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Mend the owner's number by which imports know an account again: a wrong one tells its own posts apart
    as another's.

    \b
    Examples:
      twinwatch accounts owner instagram:hm 12345678 --dry-run
      twinwatch accounts owner instagram:hm ""
    """
    named, who = _named(account), person(by)
    if not NUMBER.fullmatch(number):
        raise usage(f"{number[:60]!r} is no number", where="NUMBER")
    with changed(configured(config), dry_run=dry_run) as store:
        before = store.accounts.set_owner(named, number)
        detail = {"by": who, "before": before, "after": number}
        store.audit.append(datetime.now(UTC), COMMAND_LINE, "owner mended", named.name, detail)
    if json:
        emit({"account": named.name, "before": before, "owner": number, "dry_run": dry_run})
        return
    is_now = number or "of no known owner"
    write(f"{named.name}: {'would be ' if dry_run else ''}{is_now}, was {before or 'of no known owner'}.")


def _named(name: str) -> Account:
    platform, _, handle = name.partition(":")
    if not platform or not handle:
        raise usage(f"{name[:100]!r} is no PLATFORM:HANDLE", where="PLATFORM:HANDLE")
    return Account(platform.strip(), handle.strip())
