"""Who is told of a night: list the channels, send what is owed, try one.

Channels are [[alert]] tables of twinwatch.toml: `url` for people (e-mail, Slack, Teams, Matrix … by Apprise),
`webhook` for programs (signed after Standard Webhooks). Every night sends by itself; `send` tries again what
was not taken, from a timer of yours for example.

\b
Examples:
  twinwatch alerts list
  twinwatch alerts test newsroom
  twinwatch alerts send --dry-run
"""

from typing import Annotated

import typer

from desk.contract_desk import channel_json
from desk.options import ConfigOption, JsonOption, configured, opened, opened_if_there
from desk.output import emit, say, write

app = typer.Typer(rich_markup_mode=None)
LAST = 20


@app.callback()
def options(config: ConfigOption = None) -> None:
    """Who is told of a night."""


@app.command("list")
def list_channels(config: ConfigOption = None, json: JsonOption = False) -> None:
    """The channels, and what they are owed. No address is shown that may be a secret.

    \b
    Examples:
      twinwatch alerts list
      twinwatch alerts list --json
    """
    settings = configured(config)
    with opened_if_there(settings) as store:
        notices = store.notices.latest(1000) if store else ()
    for channel in settings.channels:
        own = [one for one in notices if one.channel == channel.name]
        owed = [one for one in own if one.state.value == "owed"]
        last = next(iter(own), None)
        if json:
            emit(
                {
                    **channel_json(channel),
                    "owed": len(owed),
                    "last": {"at": last.made_at, "state": last.state.value, "error": last.error}
                    if last
                    else None,
                }
            )
            continue
        filters = ", ".join(f"{name}: {value}" for name, value in channel.filters.items()) or "everything"
        cells = (channel.name, channel.kind, channel.shown(), channel.send, filters, f"{len(owed)} owed")
        write(" | ".join(cells))
        if last and last.error:
            write(f"  last: {last.state.value}: {last.error}")
    if not settings.channels:
        say("There is no [[alert]] in twinwatch.toml: nobody is told (docs/guides/alerts.md).")


@app.command("test")
def try_out(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="Default: all of them.")] = "",
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Send a test message, now. It says that it is one, and names no finding.

    \b
    Examples:
      twinwatch alerts test
      twinwatch alerts test newsroom --json
    """
    from desk.jobs import alerting  # noqa: PLC0415 - the detector: --help does without

    settings = configured(config)
    failed = 0
    channels = alerting.chosen(settings, name)
    for channel in channels:
        outcome = alerting.try_out(settings, channel)
        failed += bool(outcome.error)
        if json:
            emit({"channel": channel.name, "kind": "test", "error": outcome.error or None})
        else:
            write(f"{channel.name}: {outcome.error or 'sent'}")
    if failed:
        raise typer.Exit(1 if failed == len(channels) else 3)


@app.command()
def send(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what is owed; send nothing.")] = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Send what is owed and due: what was not taken before is tried again, later each time.

    \b
    Examples:
      twinwatch alerts send
      twinwatch alerts send --dry-run
    """
    from datetime import UTC, datetime  # noqa: PLC0415 - with the rest

    from desk.jobs import alerting  # noqa: PLC0415 - the detector: --help does without
    from storage.notices import NoticeState  # noqa: PLC0415 - likewise

    settings = configured(config)
    with opened(settings, create=False) as store:
        if dry_run:
            done = [alerting.Sent(one, one.state, one.error) for one in store.notices.due(datetime.now(UTC))]
        else:
            done = alerting.send_owed(settings, store)
    for one in done:
        if json:
            emit({**one.json(), "dry_run": dry_run})
        else:
            about = ", ".join(f"#{number}" for number in one.notice.findings) or one.notice.kind.replace(
                "_", " "
            )
            write(f"{one.notice.channel}: {one.state.value}: {about}{f' ({one.error})' if one.error else ''}")
    say(f"{len(done)} {'due' if dry_run else 'tried'}")
    failed = [one for one in done if one.state in (NoticeState.OWED, NoticeState.GIVEN_UP) and not dry_run]
    if failed:
        raise typer.Exit(3)
