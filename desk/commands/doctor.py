"""Say what is missing or misconfigured, and how to mend it. Changes nothing.

\b
Examples:
  twinwatch doctor
  twinwatch doctor --json

Exit status: 0 fine or only warnings, 1 something fails, 2 the configuration is wrong.
"""

import sys

import typer
from rich.console import Console
from rich.text import Text

from desk.jobs.diagnosis import Health, State
from desk.jobs.health import examine_health
from desk.options import ConfigOption, JsonOption, configured
from desk.output import clean, emit
from storage.store import Store

STYLES = {State.OK: "green", State.WARN: "yellow", State.FAIL: "bold red"}


def run(config: ConfigOption = None, json: JsonOption = False) -> None:
    settings = configured(config)
    console = Console(file=sys.stdout, highlight=False, soft_wrap=True)
    states = set()
    for health in examine_health(
        settings, lambda: Store.open(settings.database, settings.media, create=False)
    ):
        states.add(health.state)
        if json:
            emit(
                {
                    "check": health.check,
                    "state": health.state.value,
                    "found": health.found,
                    "mend": health.mend,
                }
            )
        else:
            console.print(_sentence(health))
    raise typer.Exit(1 if State.FAIL in states else 0)


def _sentence(health: Health) -> Text:
    text = Text.assemble(
        (f"{health.state.value:<5}", STYLES[health.state]), f"{health.check}: {clean(health.found)}"
    )
    if health.mend:
        text.append(f"\n     → {clean(health.mend)}")
    return text
