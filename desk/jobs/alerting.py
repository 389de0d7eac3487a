"""Alerts: what a night owes to each channel is written down in one transaction, then sent, and tried again
until it is taken or given up. A night that is killed sends what it owes the next time, under the same id.

Nothing here fails a night: what went wrong is in words beside each notice.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib import import_module
from random import uniform
from time import sleep

from desk.alerts.channel import AT_ONCE, Channel
from desk.alerts.outcome import Outcome
from desk.alerts.telling import body, payload, without
from desk.config import Config
from desk.departed import departed
from desk.handing import ANYBODY, handed_findings
from detector.alarm import alarms, settled
from storage.errors import ConfigError
from storage.notices import Notice, NoticeState
from storage.records import Finding
from storage.store import Store

# Seconds between attempts: the schedule that Standard Webhooks 1.0.0 recommends ("Deliverability and
# reliability"), spread by a tenth so that many do not come at once.
WAITS = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
SPREAD = 0.1
OLDEST = timedelta(days=4)  # a notice that is older is no news; Standard Webhooks' schedule ends after three
HELD = timedelta(minutes=1)  # a claim; longer than any attempt takes
PATIENCE = 10.0  # seconds that a night waits for what is to be tried again soon
AT_ONCE_MOST = 20  # messages of a night to one channel; the rest goes as a digest


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a notice in one go. `error` "" where it was taken."""

    notice: Notice
    state: NoticeState
    error: str = ""

    def json(self) -> dict[str, object]:
        return {
            "channel": self.notice.channel,
            "message": self.notice.message,
            "kind": self.notice.kind,
            "findings": list(self.notice.findings),
            "state": self.state.value,
            "attempts": self.notice.attempts,
            "error": self.error or None,
        }


# --- what is owed -------------------------------------------------------------------------------------------


def owe(config: Config, store: Store, run: str, numbers: Sequence[int], since: datetime) -> list[Notice]:
    """Write down what this night owes to each channel: of these findings those that the channel asks for and
    was not told, or is not owed, since the last night that came to its end."""
    findings = {number: found for number in numbers if (found := store.finding(number))}
    made: list[Notice] = []
    for channel in config.channels:
        wanted = store.inbox.among(channel.sought, list(findings))
        before = store.notices.told(channel.name, since)
        news = dict(_news(store, [findings[number] for number in findings if number in wanted], before))
        made.extend(_notices(config, store, channel, run, findings, news))
    store.notices.owe(made)
    return made


def _news(
    store: Store, findings: Sequence[Finding], before: Mapping[int, frozenset[str]]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    settlements = store.uses.settlements()
    for one in findings:
        quiet = settled(one.answer, one.account, one.posted_at, settlements)
        fresh = alarms(one.answer) - quiet - before.get(one.id, frozenset())
        if fresh:
            yield one.id, tuple(sorted(fresh))


def _notices(
    config: Config,
    store: Store,
    channel: Channel,
    run: str,
    findings: Mapping[int, Finding],
    news: Mapping[int, tuple[str, ...]],
) -> Iterator[Notice]:
    now = datetime.now(UTC)
    if not news:
        if channel.nothing_new:
            yield _notice(channel, run, "nothing_new", now, {}, {"run": run})
        return
    numbers = list(news)
    alone = numbers[:AT_ONCE_MOST] if channel.send == AT_ONCE else []
    together = numbers[len(alone) :]
    for part in [*([number] for number in alone), *([together] if together else [])]:
        shown = {
            one.id: one for one in handed_findings(store, [findings[number] for number in part], ANYBODY)
        }
        told = {str(number): news[number] for number in part}
        said = body([(shown[number], news[number]) for number in part], run, config.alerts.desk)
        yield _notice(channel, run, "findings", now, told, said)


def _notice(
    channel: Channel,
    run: str,
    kind: str,
    now: datetime,
    told: Mapping[str, tuple[str, ...]],
    said: Mapping[str, object],
) -> Notice:
    return Notice(f"msg_{secrets.token_hex(16)}", channel.name, run, kind, now, told, said)


# --- sending ------------------------------------------------------------------------------------------------


def send_owed(
    config: Config, store: Store, *, patience: float = PATIENCE, rest: Callable[[float], None] = sleep
) -> list[Sent]:
    """Everything that is due, each once; and once more what is to be tried again within `patience` seconds.
    What happened last to each notice."""
    done: dict[str, Sent] = {}
    tried: set[str] = set()
    for final in (False, True):
        for one in _due(config, store, tried):
            done[one.notice.message] = one
        soon = [at for at in _again(store, done) if (at - datetime.now(UTC)).total_seconds() <= patience]
        if final or not soon:
            break
        rest(max(0.0, (max(soon) - datetime.now(UTC)).total_seconds()))
        tried = {message for message, one in done.items() if one.state is not NoticeState.OWED}
    return list(done.values())


def _again(store: Store, done: Mapping[str, Sent]) -> list[datetime]:
    owed = {message for message, one in done.items() if one.state is NoticeState.OWED}
    horizon = datetime.now(UTC) + timedelta(days=1)
    return [one.next_at for one in store.notices.due(horizon) if one.message in owed and one.next_at]


def _due(config: Config, store: Store, tried: set[str]) -> Iterator[Sent]:
    channels = {one.name: one for one in config.channels}
    while notice := store.notices.claim(datetime.now(UTC), HELD, tried):
        tried.add(notice.message)
        yield _settled(config, store, channels.get(notice.channel), notice)


def _settled(config: Config, store: Store, channel: Channel | None, notice: Notice) -> Sent:
    now = datetime.now(UTC)
    if channel is None:
        return _over(
            store, notice, NoticeState.DROPPED, f"there is no [[alert]] named {notice.channel} any more"
        )
    left = without(notice.body, _known(store))
    if notice.kind == "findings" and not left.get("findings"):
        return _over(store, notice, NoticeState.DROPPED, "what it told was erased")
    outcome = attempt(config, channel, _with(notice, left))
    if not outcome.error:
        done = _over(store, notice, NoticeState.SENT, "")
        _remember(store, channel, _with(notice, left))
        return done
    wait = outcome.wait if outcome.wait is not None else _wait(notice.attempts)
    if outcome.final or wait is None or now - notice.made_at > OLDEST:
        return _over(store, notice, NoticeState.GIVEN_UP, outcome.error)
    store.notices.failed(notice.id, now + timedelta(seconds=wait), outcome.error)
    return Sent(notice, NoticeState.OWED, outcome.error)


def attempt(config: Config, channel: Channel, notice: Notice) -> Outcome:
    """One. Whatever goes wrong in a library of others is an outcome, too."""
    sender = import_module(f"desk.alerts.{channel.kind}")
    try:
        outcome: Outcome = sender.send(channel, notice, config.alerts.allow_hosts)
    except ConfigError as error:
        return Outcome(str(error))
    except Exception as error:  # its words may hold an address, which may hold a password
        return Outcome(f"unexpected {type(error).__name__}")
    return outcome


def try_out(config: Config, channel: Channel) -> Outcome:
    """A test message, now and once."""
    return attempt(config, channel, _notice(channel, "", "test", datetime.now(UTC), {}, {"findings": []}))


def chosen(config: Config, name: str = "") -> Sequence[Channel]:
    """The channel of this name, or all. Raises ConfigError, kind "no_alert"."""
    found = [one for one in config.channels if not name or one.name == name]
    if not config.channels:
        raise ConfigError("there is no [[alert]] in twinwatch.toml: make one", kind="no_alert", where=name)
    if not found:
        known = ", ".join(one.name for one in config.channels)
        raise ConfigError(
            f"there is no alert named {name!r}; there are: {known}", kind="no_alert", where=name
        )
    return found


def _wait(attempts: int) -> float | None:
    """After so many attempts; None: no more of them."""
    if attempts > len(WAITS):
        return None
    seconds = WAITS[attempts - 1]
    return seconds * uniform(1 - SPREAD, 1 + SPREAD)  # noqa: S311 - spreading, no secret


def _over(store: Store, notice: Notice, state: NoticeState, error: str) -> Sent:
    store.notices.ended(notice.id, state, datetime.now(UTC), error)
    return Sent(notice, state, error)


def _known(store: Store) -> frozenset[str]:
    return frozenset(one.name for one in store.twins() if one.erased_at is None)


def _with(notice: Notice, said: Mapping[str, object]) -> Notice:
    return replace(notice, body=said)


def _remember(store: Store, channel: Channel, notice: Notice) -> None:
    """That these twins left the house by it: whoever is erased later is told."""
    data = payload(notice.kind, notice.body, notice.made_at).encode()
    twins = {each["twin"] for one in notice.body.get("findings", ()) for each in one["twins"]}
    departed(
        *(store, f"alert {channel.name}", channel.kind, sha256(data).digest()),
        numbers=notice.findings,
        twins=twins,
        size=len(data),
    )
