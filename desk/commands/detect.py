"""Detect over everything stored that is stale: new bytes, a new twin, a newer reader or rule. Crawls nothing.

\b
Examples:
  twinwatch detect
  twinwatch detect --compare          what a newer version would change, changing nothing
  twinwatch detect --compare --json
"""

from typing import Annotated

import typer

from desk.commands.nightly import report
from desk.contract import finding_json
from desk.jobs.detect import Change, compare
from desk.jobs.nightly import LOCK, LOCK_SECONDS, Request, stage_alone
from desk.options import ConfigOption, JsonOption, configured, opened
from desk.output import emit, say, write
from desk.progress import watched

CompareOption = Annotated[
    bool, typer.Option("--compare", help="List the verdicts that would change; change none.")
]


def run(to_compare: CompareOption = False, config: ConfigOption = None, json: JsonOption = False) -> None:
    settings = configured(config)
    with opened(settings, create=not to_compare) as store:
        if to_compare:
            with watched() as watcher, store.lock(LOCK, wait_seconds=LOCK_SECONDS):
                changes = list(compare(store, tell=watcher.detected))
            _list(changes, json=json)
            return
        with watched() as watcher:
            summary = stage_alone(settings, store, "detect", Request(), watcher)
        report(store, summary, json=json)
    raise typer.Exit(summary.exit_status)


def _list(changes: list[Change], *, json: bool) -> None:
    for change in changes:
        if json:
            emit({"id": change.number, "old": change.old_json(), "new": finding_json(change.finding)})
        else:
            write(change.sentence())
    say(f"{len(changes)} verdicts would change; none was changed.")
