"""Trust lists: whose Content Credentials are believed. Files that you install; nothing is ever downloaded.

Without one, an intact credential counts as one of an unknown signer (level 2). With one, a signer that stands
on it gives level 3, and the evidence names the list.

\b
Examples:
  twinwatch trust update C2PA-TRUST-LIST.pem
  twinwatch trust update C2PA-TSA-TRUST-LIST.pem --as timestamp
  twinwatch trust show
"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from desk.contract import trust_list_json
from desk.jobs import trust
from desk.options import ConfigOption, JsonOption, configured
from desk.output import clean, emit, path_text, say, several, write
from detector.trust import Purpose

app = typer.Typer(rich_markup_mode=None)

FilesArgument = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="PEM files, or folders of them.", readable=False)
]
AsOption = Annotated[
    Purpose | None,
    typer.Option("--as", help="Who stands on it: signers of content (the default) or of timestamps."),
]
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="As `twinwatch trust show` names it.")]
FOLLOWS = "Credentials are read again, and nothing else, with the next `twinwatch detect` or night."


@app.callback()
def options(config: ConfigOption = None) -> None:
    """Trust lists: whose Content Credentials are believed."""


@app.command()
def update(
    files: FilesArgument, purpose: AsOption = None, config: ConfigOption = None, json: JsonOption = False
) -> None:
    """Install trust lists. One of a name that is installed already takes its place. A file that is no list,
    or whose certificates have all expired, changes nothing.

    Where to get them: github.com/c2pa-org/conformance-public, folder trust-list (C2PA-TRUST-LIST.pem, and
    C2PA-TSA-TRUST-LIST.pem for timestamps); the older interim list is in contentauth/verify-site.

    \b
    Examples:
      twinwatch trust update C2PA-TRUST-LIST.pem
      twinwatch trust update C2PA-TSA-TRUST-LIST.pem --as timestamp
      twinwatch trust update lists/ --json
    """
    done = trust.update(configured(config).trust, files, purpose)
    for one in done:
        if json:
            emit({**trust_list_json(one.installed), "done": one.done.value})
            continue
        found = one.installed.file
        write(
            f"{found.trust.name}: {one.done.value}, {several(found.certificates, 'certificate')} for "
            f"{found.trust.purpose.value}, SHA-256 {found.trust.sha256[:16]}…"
        )
        if found.expired:
            say(f"twinwatch: warning: {found.expired} of them have expired")
    if any(one.done is not trust.Done.UNCHANGED for one in done) and not json:
        say(FOLLOWS)


@app.command()
def show(config: ConfigOption = None, json: JsonOption = False) -> None:
    """The lists that are installed: certificates, digest, since when, first and last expiry.

    \b
    Examples:
      twinwatch trust show
      twinwatch trust show --json
    """
    found = trust.installed(configured(config).trust)
    if json:
        for one in found:
            emit(trust_list_json(one))
        return
    if not found:
        say("No trust list is installed: an intact credential counts as one of an unknown signer (level 2).")
        return
    table = Table("list", "for", "certificates", "SHA-256", "installed", "first expiry", "last expiry")
    for one in found:
        file = one.file
        count = f"{file.certificates}" + (f" ({file.expired} expired)" if file.expired else "")
        days = (one.at, file.oldest_expiry, file.newest_expiry)
        cells = (file.trust.name, file.trust.purpose.value, count, f"{file.trust.sha256[:16]}…")
        table.add_row(*(Text(clean(cell)) for cell in (*cells, *(f"{day:%Y-%m-%d}" for day in days))))
    Console(file=sys.stdout, soft_wrap=True).print(table)
    say(f"As of {datetime.now(UTC):%Y-%m-%d}. They lie in {path_text(configured(config).trust)}.")


@app.command()
def remove(name: NameArgument, config: ConfigOption = None, json: JsonOption = False) -> None:
    """Take a list away.

    \b
    Examples:
      twinwatch trust remove itl_anchors
    """
    for path in trust.remove(configured(config).trust, name):
        emit({"name": name, "removed": path_text(path)}) if json else write(f"Removed {path_text(path)}.")
    if not json:
        say(FOLLOWS)
