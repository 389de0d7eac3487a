"""Crawl the watched accounts, without detecting.

\b
Examples:
  twinwatch crawl
  twinwatch crawl --tag denim
  twinwatch crawl --account rss:https://news.example/feed.xml
"""

import typer

from desk.commands.nightly import AccountOption, SinceOption, asked, only, report
from desk.jobs.nightly import stage_alone
from desk.options import (
    ConfigOption,
    CountryOption,
    GroupOption,
    JsonOption,
    TagOption,
    configured,
    opened,
)
from desk.progress import watched


def run(
    account: AccountOption = None,
    since: SinceOption = None,
    group: GroupOption = None,
    tag: TagOption = None,
    country: CountryOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    settings = configured(config)
    request = asked(settings, account, since, only(group, tag, country))
    with opened(settings, create=True) as store:
        with watched() as watcher:
            summary = stage_alone(settings, store, "crawl", request, watcher)
        report(store, summary, json=json)
    raise typer.Exit(summary.exit_status)
