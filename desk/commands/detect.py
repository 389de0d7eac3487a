"""Detect over everything stored that is stale: new bytes, a new twin, a newer reader or rule. Crawls nothing.

What was registered or withdrawn since the last time is looked for in everything that was collected before, by
the stored fingerprints; a picture's bytes are opened only where it comes into question.

\b
Examples:
  twinwatch detect
  twinwatch detect --retro            the same; says so where there was nothing to look back for
  twinwatch detect --compare          what a newer version would change, changing nothing
  twinwatch detect --compare --json
"""

from typing import Annotated

import typer

from desk.commands.nightly import report
from desk.contract import finding_json
from desk.digest import looked_back
from desk.jobs.compare import Change, compare
from desk.jobs.nightly import LOCK, LOCK_SECONDS, Request, settings_of, stage_alone
from desk.options import ConfigOption, JsonOption, configured, opened, usage
from desk.output import emit, say, several, write
from desk.progress import watched

CompareOption = Annotated[
    bool, typer.Option("--compare", help="List the verdicts that would change; change none.")
]
RetroOption = Annotated[
    bool, typer.Option("--retro", help="Look back for what was registered since, and say so if nothing was.")
]


def run(
    to_compare: CompareOption = False,
    retro: RetroOption = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    if to_compare and retro:
        raise usage("--compare changes nothing, and --retro does: give one of them", where="--compare")
    settings = configured(config)
    with opened(settings, create=not to_compare) as store:
        if to_compare:
            with watched() as watcher, store.lock(LOCK, wait_seconds=LOCK_SECONDS):
                changes = list(compare(store, tell=watcher.detected, settings=settings_of(settings)))
            _list(changes, json=json)
            return
        with watched() as watcher:
            summary = stage_alone(settings, store, "detect", Request(), watcher)
        report(store, summary, json=json)
    if retro and summary.retro.anew:
        anew = several(summary.retro.anew, "picture")
        say(f"The matcher is another one: {anew} matched anew, with all that is registered.")
    elif retro and not looked_back(summary.retro):
        say("Nothing was registered or withdrawn since the last time: there was nothing to look back for.")
    raise typer.Exit(summary.exit_status)


def _list(changes: list[Change], *, json: bool) -> None:
    for change in changes:
        if json:
            emit({"id": change.number, "old": change.old_json(), "new": finding_json(change.finding)})
        else:
            write(change.sentence())
    say(f"{len(changes)} verdicts would change; none was changed.")
