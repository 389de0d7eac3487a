"""Whether whoever is to be told of a night could be: each channel of twinwatch.toml, as far as can be seen
without sending anything or asking anybody."""

from collections.abc import Iterator
from importlib import import_module

from desk.additions import rulebook_of
from desk.alerts.channel import AT_ONCE, Channel
from desk.config import Config
from desk.jobs.diagnosis import Health, State
from storage.errors import TwinwatchError

MEND = "mend its [[alert]] in twinwatch.toml, or the file that is named there (docs/guides/alerts.md)"


def alerts_health(config: Config) -> Iterator[Health]:
    if not config.channels:
        yield Health("alerts", State.OK, "there is no [[alert]]: nobody is told of a night")
    for channel in config.channels:
        yield _one(config, channel)


def alert_intents(config: Config) -> Iterator[str]:
    """What a night would do with each, in sentences."""
    for channel in config.channels:
        health = _one(config, channel)
        if health.state is State.OK:
            yield f"alert {channel.name}: would be told: {health.found}."
        else:
            yield f"alert {channel.name}: would not be told as it should: {health.found}; {health.mend}."


def wrong(config: Config, channel: Channel) -> str:
    """Why nothing could be sent to it; "" where nothing speaks against it."""
    try:
        import_module(f"desk.alerts.{channel.kind}").ready(channel, config.alerts.allow_hosts)
    except TwinwatchError as error:
        return str(error)
    return ""


def _one(config: Config, channel: Channel) -> Health:
    name = f"alert {channel.name}"
    if why := wrong(config, channel):
        return Health(name, State.FAIL, why, MEND)
    rule = channel.filters.get("rule", "")
    if rule and rule not in {one.id for one in rulebook_of(config).rules}:
        return Health(name, State.WARN, f"no rule is called {rule!r}: it is told of nothing", MEND)
    when = "one message a finding" if channel.send == AT_ONCE else "one message a night"
    kind = "a signed webhook" if channel.kind == "webhook" else "a message"
    filters = ", ".join(f"{key}: {value}" for key, value in channel.filters.items()) or "everything"
    if channel.kind == "webhook" and channel.shown().startswith("http://"):
        mend = "give it an https address, unless it stands on this machine or network"
        return Health(name, State.WARN, f"{kind} to {channel.shown()}, which is not encrypted", mend)
    found = f"{kind} to {channel.shown()}, {when}, {filters}"
    return Health(name, State.OK, found)
