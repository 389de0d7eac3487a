"""Delete what is kept longer than its term ([retention] in twinwatch.toml); look with --dry-run first.

Never what a registered picture, a finding, a legal hold or an open review needs. Of pictures the bytes go
first and the fingerprints later: a twin that is registered in between is still found in them, by fingerprints
alone. Findings, posts and captures stay; that bytes were purged, when, and under which term is kept.

\b
Examples:
  twinwatch purge --dry-run
  twinwatch purge
  twinwatch purge --dry-run --json

Exit status: 0 done (what a hold or an open review keeps is told), 3 a file could not be deleted, 75 a night
is running.
"""

import typer

from desk.options import ConfigOption, DryRunOption, JsonOption, configured, opened_if_there
from desk.output import emit, say, write


def run(dry_run: DryRunOption = False, config: ConfigOption = None, json: JsonOption = False) -> None:
    # the whole detector: a second that others do without
    from desk.jobs.nightly import LOCK, LOCK_SECONDS  # noqa: PLC0415
    from desk.jobs.purge import purge  # noqa: PLC0415

    settings = configured(config)
    with opened_if_there(settings) as store:
        if store is None:
            say("No store yet: there is nothing to purge.")
            return
        with store.lock(LOCK, wait_seconds=LOCK_SECONDS):
            done = purge(store, settings.cache, settings.retention.terms(), dry_run=dry_run, tell=say)
    if json:
        emit({**done.json(), "dry_run": dry_run})
    else:
        for sentence in done.sentences():
            write(sentence)
        if dry_run:
            write("Nothing was deleted (--dry-run).")
    for failure in done.failures:
        say(f"twinwatch: {failure.where}: {failure.message}")
    raise typer.Exit(done.exit_status)
