"""The web desk: where journalists and agencies look, decide and hand on; and who may use it.

Without a user it starts on this machine alone, makes an administrator and prints a link that works once.
Anywhere else it wants users first. Behind a proxy name it with --name, let the proxy speak https, and say its
address with --proxy: else all failed logins seem to come from one place, and shut the door for everybody.

\b
Examples:
  twinwatch desk
  twinwatch desk --port 9000
  twinwatch desk --host 0.0.0.0 --name desk.example.org
  twinwatch desk user add ann --role reviewer
  twinwatch desk user add nordlys --role agency --whose "Nordlys Models"
  twinwatch desk token add newsroom --user ann --scope findings:read
"""

import errno
import ipaddress
import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from desk import token_command
from desk.contract_desk import user_json
from desk.departed import COMMAND_LINE
from desk.options import ConfigOption, JsonOption, configured, opened, usage
from desk.output import clean, emit, say, write
from desk.user_names import good_name
from storage.errors import DeskError
from storage.people import Role, User

if TYPE_CHECKING:
    from storage.store import Store

app = typer.Typer(rich_markup_mode=None, invoke_without_command=True)
user_app = typer.Typer(rich_markup_mode=None)
app.add_typer(user_app, name="user", no_args_is_help=True)
app.add_typer(token_command.app, name="token", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(metavar="NAME")]
FIRST = "administrator"


@app.callback()
def desk(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="An address of this machine.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8420,
    name: Annotated[
        list[str] | None,
        typer.Option("--name", metavar="HOST[:PORT]", help="Under which it is reached; may be repeated."),
    ] = None,
    processes: Annotated[
        int, typer.Option(min=1, max=64, help="That answer side by side; each takes some 200 MB.")
    ] = 2,
    proxy: Annotated[
        list[str] | None,
        typer.Option(metavar="ADDRESS", help="Of a proxy that says who asks (X-Forwarded-For); repeatable."),
    ] = None,
    config: ConfigOption = None,
) -> None:
    """The web desk."""
    if context.invoked_subcommand:
        return
    settings = configured(config)
    alone = _loopback(host)
    with opened(settings, create=True) as store:
        users = store.people.every()
        if not users and not alone:
            raise DeskError(
                f"nobody may use this desk yet, and {host} can be reached from elsewhere: add a user first "
                "(`twinwatch desk user add NAME --role administrator`)",
                kind="no_users",
                where="--host",
            )
        if not alone and not name:
            raise usage("say under which name it is reached: --name desk.example.org", where="--name")
        _free(host, port)
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        if not any(one.has_password and one.disabled_at is None for one in users):
            _tell_first(store, address)
        store.inbox.catch_up()  # once, before several processes show it
        store.inbox.take_statistics()
        store.figures.catch_up()
    from desk.web.serve import serve  # noqa: PLC0415 - the server and all that it shows: --help does without

    hosts, proxies = _hosts(host, port, name or []), [_address(one) for one in proxy or []]
    say(f"In a few seconds the desk answers on {', '.join(sorted(hosts))}. Ctrl+C ends it.")
    serve(
        config,
        hosts,
        host=host,
        port=port,
        secure=not alone or bool(proxies),
        processes=processes,
        proxies=proxies,
    )


def _free(host: str, port: int) -> None:
    """Now, and in words: the server's own are for those who wrote it. Raises DeskError."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(place)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            why = f"something else answers on port {port} of {host} already, perhaps another desk"
            how = "end it, or take another port with --port"
            raise DeskError(f"{why}: {how}", kind="port_taken", where="--port") from error
        why = f"the desk cannot answer on {host}, port {port}: {error.strerror or error}"
        raise DeskError(why, kind="no_address", where="--host") from error


def _address(proxy: str) -> str:
    try:
        return str(ipaddress.ip_address(proxy))
    except ValueError as error:
        raise usage(f"{clean(proxy)} is no address, such as 127.0.0.1", where="--proxy") from error


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _hosts(host: str, port: int, names: list[str]) -> frozenset[str]:
    """As browsers send them: without the port where it is the usual one."""
    if names:
        given = {one.lower() for one in names}
        return frozenset(given | {f"{one}:{port}" for one in given if ":" not in one})
    shown = f"[{host}]" if ":" in host else host
    return frozenset({f"{one}:{port}" for one in (shown, "localhost", "127.0.0.1", "[::1]")})


def _tell_first(store: "Store", address: str) -> None:
    """A link for the first administrator, who is made where there is none; but none where one that was
    handed out still holds: it would hold no more."""
    from desk.web.secrets import link_for  # noqa: PLC0415 - Argon2 is loaded where it is wanted

    now = datetime.now(UTC)
    administrators = [
        one for one in store.people.every() if one.role is Role.ADMINISTRATOR and one.disabled_at is None
    ]
    waiting = next((one.name for one in administrators if store.people.link_waits(one.id, now)), "")
    if waiting:
        say(
            f"The link that was made for {clean(waiting)} still holds. Where it is lost, "
            f"`twinwatch desk user link {clean(waiting)}` makes another."
        )
        return
    if administrators:
        secret = link_for(store, administrators[0].name, now)
    else:
        secret = link_for(store, FIRST, now, Role.ADMINISTRATOR)
    write(f"Set your password here, once, within a day:\n  {address}/link/{secret}")


# --- who may use it -----------------------------------------------------------------------------------------


@user_app.callback()
def options(config: ConfigOption = None) -> None:
    """Who may use the desk.

    \b
    Examples:
      twinwatch desk user add ann --role reviewer
      twinwatch desk user list
    """


@user_app.command()
def add(
    name: NameArgument,
    role: Annotated[Role, typer.Option(help="agency and model see their own twins and nothing else.")],
    whose: Annotated[str, typer.Option(metavar="NAME", help="The agency, or the model.")] = "",
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Add a user, and print a link that works once, for a day, to set a password.

    \b
    Examples:
      twinwatch desk user add ann --role reviewer
      twinwatch desk user add nordlys --role agency --whose "Nordlys Models"
      twinwatch desk user add vilde --role model --whose "Vilde Demo"
    """
    from desk.web.secrets import link_for  # noqa: PLC0415 - see above

    if (role in (Role.AGENCY, Role.MODEL)) != bool(whose.strip()):
        raise usage("--whose: an agency and a model need it, and nobody else", where="--whose")
    now = datetime.now(UTC)
    with opened(configured(config), create=True) as store:
        good = good_name(name, [one.name for one in store.people.every()])
        secret = link_for(store, good, now, role, whose.strip())
        store.audit.append(now, COMMAND_LINE, f"user added: {role.value}", good)
        user = store.people.one(good)
        warning = _nobodys(store, user)
    if warning:
        say(f"twinwatch: warning: {warning}")
    _tell_link(user, secret, json=json)


def _nobodys(store: "Store", user: User) -> str:
    """Where an agency or a model would see nothing, as no twin is theirs: why, and who there is; else ""."""
    from desk.web.access import scope_of  # noqa: PLC0415 - see above

    twins = store.twins()
    if scope_of(user, twins) != frozenset():
        return ""
    agency = user.role is Role.AGENCY
    known = sorted({name for one in twins if (name := one.agency if agency else one.model)})
    what = "agency" if agency else "model"
    there = f"those of twins here: {', '.join(map(repr, known))}" if known else "no twin here has one"
    return f"no twin has the {what} {user.whose!r}, and nobody's are shown to {user.name!r}; {there}"


@user_app.command()
def link(name: NameArgument, config: ConfigOption = None, json: JsonOption = False) -> None:
    """A new link to set a password. The old password works until it is used.

    \b
    Examples:
      twinwatch desk user link ann
    """
    from desk.web.secrets import link_for  # noqa: PLC0415 - see above

    now = datetime.now(UTC)
    with opened(configured(config), create=False) as store:
        secret = link_for(store, name, now)
        store.audit.append(now, COMMAND_LINE, "link made", name)
        user = store.people.one(name)
    _tell_link(user, secret, json=json)


@user_app.command("list")
def list_users(config: ConfigOption = None, json: JsonOption = False) -> None:
    """All users.

    \b
    Examples:
      twinwatch desk user list
      twinwatch desk user list --json
    """
    with opened(configured(config), create=False) as store:
        users = store.people.every()
    for one in users:
        if json:
            emit(user_json(one))
            continue
        state = "disabled" if one.disabled_at else "" if one.has_password else "no password yet"
        write(" | ".join(filter(None, (one.name, one.role.value, one.whose, state))))
    if not users and not json:
        say("Nobody yet (`twinwatch desk user add`).")


@user_app.command()
def disable(
    name: NameArgument,
    undo: Annotated[bool, typer.Option("--undo", help="Let the user log in again.")] = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """A user may no longer log in, and is logged out everywhere. What the user decided stays.

    \b
    Examples:
      twinwatch desk user disable ann
      twinwatch desk user disable ann --undo
    """
    now = datetime.now(UTC)
    with opened(configured(config), create=False) as store:
        user = store.people.disable(name, None if undo else now)
        store.audit.append(now, COMMAND_LINE, "user enabled" if undo else "user disabled", name)
    if json:
        emit(user_json(user))
    else:
        write(f"{clean(user.name)} may {'log in again' if undo else 'no longer log in'}.")


def _tell_link(user: User, secret: str, *, json: bool) -> None:
    if json:
        emit({**user_json(user), "link": f"/link/{secret}"})
        return
    write(f"{user.name} ({user.role.value}) sets a password here, once, within a day, at the desk's address:")
    write(f"  /link/{secret}")
