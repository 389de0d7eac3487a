"""Crawl the watched accounts, without detecting.

\b
Examples:
  twinwatch crawl
  twinwatch crawl --account rss:https://news.example/feed.xml
"""

import typer

from desk.commands.nightly import AccountOption, SinceOption, asked, report
from desk.jobs.nightly import stage_alone
from desk.options import ConfigOption, JsonOption, configured, opened
from desk.progress import watched


def run(
    account: AccountOption = None,
    since: SinceOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    settings = configured(config)
    request = asked(settings, account, since)
    with opened(settings, create=True) as store:
        with watched() as watcher:
            summary = stage_alone(settings, store, "crawl", request, watcher)
        report(store, summary, json=json)
    raise typer.Exit(summary.exit_status)
