"""`twinwatch desk token`: what programs show to the desk's HTTP API."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from desk.departed import COMMAND_LINE
from desk.options import ConfigOption, JsonOption, configured, opened, usage
from desk.output import emit, say, write
from storage.errors import DeskError
from storage.people import Token

app = typer.Typer(rich_markup_mode=None)

NameArgument = Annotated[str, typer.Argument(metavar="NAME")]
UserOption = Annotated[str, typer.Option("--user", metavar="USER", help="In whose place it stands.")]


@app.callback()
def options(config: ConfigOption = None) -> None:
    """What programs show to the HTTP API. A token never may more than its user.

    \b
    Examples:
      twinwatch desk token add newsroom --user ann --scope findings:read
      twinwatch desk token list
    """


@app.command()
def add(
    name: NameArgument,
    user: UserOption,
    scope: Annotated[list[str] | None, typer.Option(metavar="SCOPE", help="May be repeated.")] = None,
    days: Annotated[int, typer.Option(help="That it holds.")] = 90,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Make a token and print it, once: only its digest is kept.

    \b
    Examples:
      twinwatch desk token add newsroom --user ann --scope findings:read --scope pictures:read
      twinwatch desk token add nightly-sheet --user nordlys --scope findings:read --days 30 --json
    """
    from desk.web.tokens import make_token  # noqa: PLC0415 - Argon2 is loaded where it is wanted

    now = datetime.now(UTC)
    with opened(configured(config), create=False) as store:
        try:
            made, secret = make_token(store, user, name, scope or (), days, now)
        except DeskError as error:
            if error.kind in ("wrong_scope", "no_name", "wrong_days"):
                raise usage(str(error), where=error.where) from error
            raise
        detail = {"scopes": sorted(made.scopes), "until": made.expires_at.date().isoformat()}
        store.audit.append(now, COMMAND_LINE, f"token made for {user}", f"token {made.id}", detail)
    if json:
        emit({**token_json(made), "secret": secret})
        return
    say(f"It holds until {made.expires_at:%Y-%m-%d} and is shown once:")
    write(secret)


@app.command("list")
def list_tokens(
    user: Annotated[str, typer.Option("--user", metavar="USER", help="Of this user alone.")] = "",
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """All tokens that are not revoked; never what they are.

    \b
    Examples:
      twinwatch desk token list
      twinwatch desk token list --user ann --json
    """
    with opened(configured(config), create=False) as store:
        held = store.people.tokens(store.people.one(user).id if user else None)
    now = datetime.now(UTC)
    for one in held:
        if json:
            emit(token_json(one))
            continue
        state = f"until {one.expires_at:%Y-%m-%d}" if one.holds(now) else "holds no more"
        used = f"used {one.used_at:%Y-%m-%d %H:%M} UTC" if one.used_at else "never used"
        write(" | ".join((one.user.name, one.name, " ".join(sorted(one.scopes)), state, used)))
    if not held and not json:
        say("None (`twinwatch desk token add`).")


@app.command()
def revoke(
    name: NameArgument, user: UserOption, config: ConfigOption = None, json: JsonOption = False
) -> None:
    """A token holds no more, from now on.

    \b
    Examples:
      twinwatch desk token revoke newsroom --user ann
    """
    now = datetime.now(UTC)
    with opened(configured(config), create=False) as store:
        of_user = store.people.tokens(store.people.one(user).id)
        found = next((one for one in of_user if one.name == name), None)
        if found is None:
            raise DeskError(f"{user} has no token {name!r}", kind="no_such_token", where=name)
        store.people.revoke_token(found.id, now)
        store.audit.append(now, COMMAND_LINE, f"token revoked of {user}", f"token {found.id}")
    if json:
        emit({**token_json(found), "revoked_at": now})
        return
    write(f"{user}'s token {name} holds no more.")


def token_json(one: Token) -> dict[str, object]:
    return {
        "name": one.name,
        "user": one.user.name,
        "scopes": sorted(one.scopes),
        "made_at": one.made_at,
        "expires_at": one.expires_at,
        "used_at": one.used_at,
        "revoked_at": one.revoked_at,
    }
