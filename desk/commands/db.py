"""The database itself.

\b
Examples:
  twinwatch db upgrade
"""

import typer

from desk.options import ConfigOption, JsonOption, configured, opened
from desk.output import emit, write
from storage.store import upgrade

app = typer.Typer(rich_markup_mode=None)


@app.callback()
def options(config: ConfigOption = None) -> None:
    """The database itself."""


@app.command("upgrade")
def upgrade_command(config: ConfigOption = None, json: JsonOption = False) -> None:
    """Bring the database to the form that this version of the program expects. What is stored stays.

    \b
    Examples:
      twinwatch db upgrade
      twinwatch db upgrade --config /etc/twinwatch.toml --json
    """

    settings = configured(config)
    before, after = upgrade(settings.database)
    with opened(settings, create=False) as store:
        store.inbox.catch_up()  # what an older version did not list
        store.figures.catch_up()
    if json:
        emit({"before": before or None, "after": after})
    elif before == after:
        write(f"The database is at {after} already.")
    else:
        write(f"The database was at {before or 'nothing'} and is at {after} now.")
