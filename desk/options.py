"""Options that many commands share, and what they open: the configuration and the store."""

import getpass
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storage.errors import ConfigError, StoreError

if TYPE_CHECKING:
    from desk.config import Config
    from storage.store import Store

_KEY = "twinwatch.config"


def _inherit(context: typer.Context, value: Path | None) -> Path | None:
    """`--config` is taken before or after the command; the one nearest to the arguments wins."""
    if value is not None:
        context.meta[_KEY] = value
    found = context.meta.get(_KEY)
    return found if isinstance(found, Path) else None


ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="FILE", callback=_inherit, help="Default: ./twinwatch.toml, if there is one."
    ),
]
WALKED = "Files, or folders to walk (hidden files and links to folders are left out)."
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line on standard output.")]

ByOption = Annotated[str, typer.Option("--by", metavar="WHO", help="Who says so. Default: your login name.")]
NoteOption = Annotated[str, typer.Option("--note", metavar="TEXT", help="Why; kept with the decision.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Say what would change; change nothing.")]


GroupOption = Annotated[
    list[str] | None, typer.Option("--group", metavar="GROUP", help="Only accounts of this group.")
]
TagOption = Annotated[
    list[str] | None, typer.Option("--tag", metavar="TAG", help="Only accounts with this tag.")
]
CountryOption = Annotated[
    list[str] | None, typer.Option("--country", metavar="CODE", help="Only accounts of this country.")
]

# The inbox's filters.
StatusOption = Annotated[str, typer.Option("--status", metavar="STATUS", help="new, confirmed …, or all.")]
LabellingOption = Annotated[
    str, typer.Option("--labelling", metavar="VERDICT", help="unlabelled, labelled, cannot_say …")
]
ConsentOption = Annotated[str, typer.Option("--consent", metavar="VERDICT", help="out_of_scope, expired …")]
RetailerOption = Annotated[str, typer.Option("--retailer", metavar="NAME", help="Only of this retailer.")]
PlatformOption = Annotated[str, typer.Option("--platform", metavar="NAME", help="Only on this platform.")]
TwinOption = Annotated[str, typer.Option("--twin", metavar="NAME", help="Only what shows this twin.")]
RuleOption = Annotated[str, typer.Option("--rule", metavar="ID", help="Only what touches this rule.")]
PostedSinceOption = Annotated[
    str, typer.Option("--since", metavar="DATE", help="Posted on this day or later.")
]
PostedUntilOption = Annotated[
    str, typer.Option("--until", metavar="DATE", help="Posted on this day or before.")
]


def person(by: str) -> str:
    """Who decides: as given, or the login name. Raises ConfigError where the system knows none."""
    if by.strip():
        return by.strip()
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise usage("your login name is not known here: say who decides", where="--by") from None


def configured(path: Path | None) -> "Config":
    from desk.config import load  # noqa: PLC0415 - pydantic: 0.2 s that --help does without

    return load(path)


@contextmanager
def opened(config: "Config", *, create: bool) -> Iterator["Store"]:
    """The store, closed afterwards. Raises StoreError, kind "no_database" too, when `create` is False."""
    from storage.store import Store  # noqa: PLC0415 - SQLAlchemy: half a second that --help does without

    store = Store.open(config.database, config.media, create=create)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def opened_if_there(config: "Config") -> Iterator["Store | None"]:
    """The store, or None where nothing was ever stored."""
    with ExitStack() as stack:
        try:
            store = stack.enter_context(opened(config, create=False))
        except StoreError as error:
            if error.kind != "no_database":
                raise
            store = None
        yield store


@contextmanager
def changed(config: "Config", *, dry_run: bool) -> Iterator["Store"]:
    """The store of a command that changes something in it, or with `dry_run` the same in one transaction
    that is rolled back. Raises StoreError, kind "no_database" too."""
    with opened(config, create=False) as store:
        if not dry_run:
            yield store
            return
        with store.rehearsal() as rehearsed:
            yield rehearsed


@contextmanager
def rehearsed_or_opened(config: "Config", *, dry_run: bool) -> Iterator["Store"]:
    """The store, made where there is none; with `dry_run` none is made: then an empty one that is gone
    afterwards."""
    with ExitStack() as stack:
        store = stack.enter_context(opened_if_there(config)) if dry_run else None
        if store is None and dry_run:
            store = stack.enter_context(empty_store())
        yield store or stack.enter_context(opened(config, create=True))


@contextmanager
def empty_store() -> Iterator["Store"]:
    """One that is gone afterwards."""
    from storage.store import Store  # noqa: PLC0415 - as in `opened`

    with tempfile.TemporaryDirectory(prefix="twinwatch-dry-") as name:
        store = Store.open(f"sqlite:///{Path(name, 'empty.db')}", Path(name, "media"), create=True)
        try:
            yield store
        finally:
            store.close()


def nothing_stored(config: "Config") -> bool:
    """There is no database yet: what is refused must not leave an empty one behind."""
    with opened_if_there(config) as store:
        return store is None


def usage(message: str, *, where: str = "") -> ConfigError:
    """Wrong usage of a command: exit 2."""
    return ConfigError(message, kind="usage", where=where)


def day(words: str, where: str) -> date:
    """A day as ISO 8601 writes it. Raises ConfigError, kind "usage"."""
    try:
        if len(words) == 10:
            return date.fromisoformat(words)
    except ValueError:
        pass
    raise usage(f"{where} {words!r}: expected a day as 2026-06-30", where=where)
