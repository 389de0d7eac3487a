"""The night: crawl, detect, say what was found. The command line calls it now, a queue may later.

Safe to kill at any moment and to run again: posts and answers are saved one by one, the high-water mark
moves last, and what an unfinished night found without telling is told by the next.
"""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

from crawler.launch import crawl
from crawler.plan import CrawlEvent, CrawlOutcome, CrawlPlan
from desk.additions import lexicon_of, rulebook_of
from desk.alerts.heartbeat import Heartbeat
from desk.config import Config
from desk.contract import counted
from desk.jobs.accounts import suspects
from desk.jobs.alerting import owe, send_owed
from desk.jobs.delivered import register_delivered, untold
from desk.jobs.detect import Detection, detect
from desk.jobs.flood import Brake
from desk.jobs.purge import purge
from desk.jobs.stages.carried import Progress, Settings
from desk.jobs.summary import Summary
from desk.jobs.trust import trust_in
from desk.jobs.watchlist import Choice, choose
from desk.output import json_line, several
from detector.alarm import news, settled
from storage.errors import TwinwatchError
from storage.keeping import Kept
from storage.records import Account, Failure
from storage.store import RunRecord, Store

LOCK = "nightly"
MOST_WARNINGS = 20  # about deliveries: a list of thousands may have as many
LOCK_SECONDS = 5.0  # a run that is just ending is waited for
FINDING_DAYS = 30  # posts are looked at again while they, or their finding, are this young (issue 4, point 5)


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line."""

    accounts: tuple[str, ...] = ()
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Watcher:
    """Whoever looks on: a progress bar, plain lines, or nobody."""

    crawled: Callable[[CrawlEvent], None]
    detected: Callable[[Progress], None]
    said: Callable[[str], None]


def nightly(config: Config, store: Store, request: Request, watcher: Watcher) -> Summary:
    """The whole night. Raises TryAgainLater when another one holds the lock (nothing is pinged then),
    ConfigError for an account that is not watched or a mistake in a user's own words or rules. What goes
    wrong in between is in the summary; a signal is recorded and raised again."""
    choice, settings = choose(config.accounts, request.accounts), settings_of(config)
    with store.lock(LOCK, wait_seconds=LOCK_SECONDS):
        summary = begin("nightly")
        with _recorded(config, store, summary, watcher):
            _remark(config, store, choice, summary, watcher)
            crawl_stage(config, store, choice, request, summary, watcher)
            deliver_stage(config, settings, store, summary, watcher)
            detect_stage(settings, store, summary, watcher)
            purge_stage(config, store, summary, watcher)
            summary.alerts = _untold(store, summary)
            summary.touched = tuple(dict.fromkeys([*summary.alerts, *summary.touched]))
            tell_stage(config, store, summary, watcher)
    return summary


def begin(kind: str) -> Summary:
    now = datetime.now(UTC)
    return Summary(run=f"{kind}-{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}", started=now, kind=kind)


def stage_alone(config: Config, store: Store, kind: str, request: Request, watcher: Watcher) -> Summary:
    """`twinwatch crawl` or `twinwatch detect`: one half of the night, under the same lock, without pings
    or alerts."""
    choice, settings = choose(config.accounts, request.accounts), settings_of(config)
    with store.lock(LOCK, wait_seconds=LOCK_SECONDS):
        summary = begin(kind)
        store.start_run(summary.run, summary.started)
        try:
            if kind == "crawl":
                crawl_stage(config, store, choice, request, summary, watcher)
            else:
                detect_stage(settings, store, summary, watcher)
        except BaseException as error:
            summary.interrupted = True
            _say_broken_off(error, summary, watcher)
            raise
        finally:
            _end(store, summary)
    return summary


def crawl_stage(
    config: Config, store: Store, choice: Choice, request: Request, summary: Summary, watcher: Watcher
) -> None:
    summary.skipped = tuple(account.name for account in choice.import_only)
    if not choice.crawled:
        return
    outcome = crawl(plan(config, choice.crawled, request, summary.run), watcher.crawled)
    _add_crawl(summary, outcome)
    for name, why in suspects(store, set(outcome.ok), config.expected, datetime.now(UTC)).items():
        _warn(summary, watcher, f"{name}: {why}")


def plan(config: Config, accounts: Sequence[Account], request: Request, run: str) -> CrawlPlan:
    return CrawlPlan(
        run=run,
        accounts=tuple(accounts),
        database=config.database,
        media=config.media,
        contact=config.crawl.contact,
        overlap_days=config.crawl.overlap_days,
        finding_days=FINDING_DAYS,
        allow_hosts=config.crawl.allow_hosts,
        plc_directory=config.crawl.plc_directory,
        since=request.since,
        requests_a_night=config.crawl.requests_a_night,
        token_files=config.token_files,
    )


def deliver_stage(
    config: Config, settings: Settings, store: Store, summary: Summary, watcher: Watcher
) -> None:
    """What the watched folder holds; whatever is wrong with it, the night goes on. What cannot be taken is an
    error of the night that sees it first."""
    if config.watch is None:
        return
    try:
        done = register_delivered(
            config, store, settings.trust, lambda at, of: watcher.detected(Progress("register", at, of))
        )
    except TwinwatchError as error:
        summary.not_delivered = 1
        summary.errors.append(error.failure())
        store.record_problem(summary.run, error.failure())
        return
    fresh = untold(done.untaken, [run for run in store.runs(limit=200) if run.run != summary.run])
    for one in fresh:
        failure = Failure("not_registered", one.why, one.path)
        summary.errors.append(failure)
        store.record_problem(summary.run, failure)
    summary.registry = done
    summary.not_delivered = len(fresh)
    for warning in done.warnings[:MOST_WARNINGS]:
        _warn(summary, watcher, warning)
    if (more := len(done.warnings) - MOST_WARNINGS) > 0:
        _warn(summary, watcher, f"{several(more, 'more warning')} about what was delivered")
    if old := len(done.untaken) - len(fresh):
        again = f"{several(old, 'delivery', 'deliveries')} that an earlier night named still cannot be taken"
        _warn(summary, watcher, f"{again} (`twinwatch nightly --dry-run` names them)")


def detect_stage(settings: Settings, store: Store, summary: Summary, watcher: Watcher) -> None:
    found = detect(store, summary.run, tell=watcher.detected, settings=settings)
    _add_detection(summary, found, store)
    for doubt in found.quarantined:
        _warn(
            summary,
            watcher,
            f"the registered picture {doubt.reference[:12]} is not believed from now on (`twinwatch "
            f"quarantine list`): {doubt.reason}",
        )
    if found.look_left_ai:
        left = several(found.look_left_ai, "picture")
        said = f"the time for looking at pictures ran out before {left} of which something says AI"
        _warn(summary, watcher, f"{said}: they come first the next time ([labels] seconds)")
    store.inbox.catch_up()
    store.inbox.take_statistics()  # the desk asks its list in many ways


def purge_stage(config: Config, store: Store, summary: Summary, watcher: Watcher) -> None:
    """Only where [retention] says so: what is deleted at night nobody sees go. But notices that are over,
    which rest on nothing and on which nothing rests, go every night."""
    terms = config.retention.terms()
    if not config.retention.nightly:
        purge(store, config.cache, terms, dry_run=False, only=(Kept.NOTICES,))
        return
    done = purge(store, config.cache, terms, dry_run=False)
    summary.purged, summary.purge_failed = done.json(), len(done.failures)
    summary.errors.extend(done.failures)
    for sentence in done.sentences():
        watcher.said(f"purged: {sentence}")


def tell_stage(config: Config, store: Store, summary: Summary, watcher: Watcher) -> None:
    """What could not be sent is an error of the night in words, and no failure of it: it is tried again."""
    if not config.channels and not store.notices.due(datetime.now(UTC)):
        return
    try:
        owe(config, store, summary.run, summary.alerts, _last_told(store, summary))
        sent = send_owed(config, store)
    except Exception as error:
        summary.errors.append(_failure(error, summary.run))
        return
    summary.sent = tuple(one.json() for one in sent)
    for one in sent:
        if one.error:
            summary.errors.append(Failure("alert_not_sent", one.error, one.notice.channel))
            watcher.said(f"warning: the alert {one.notice.channel} is {one.state.value}: {one.error}")


def settings_of(config: Config) -> Settings:
    """Raises ConfigError for a mistake in a user's own words or rules: before the night begins."""
    matching = config.matching
    brake = Brake(pictures=matching.flood_pictures, accounts=matching.flood_accounts)
    return Settings(
        cache=config.cache,
        brake=brake,
        lexicon=lexicon_of(config),
        rulebook=rulebook_of(config),
        trust=trust_in(config.trust),
        look_seconds=config.look_seconds,
    )


# --- around the night ---------------------------------------------------------------------------------------


@contextmanager
def _recorded(config: Config, store: Store, summary: Summary, watcher: Watcher) -> Iterator[None]:
    """The run's row and the pings, however the night ends."""
    heartbeat = Heartbeat(config.alerts.heartbeat)
    store.start_run(summary.run, summary.started)
    _warn(summary, watcher, heartbeat.start())
    try:
        yield
    except Exception as error:
        summary.broken = True
        summary.errors.append(_failure(error, summary.run))
    except BaseException as error:  # a signal: SIGTERM and SIGINT unwind through here
        summary.interrupted = True
        summary.errors.append(
            Failure("interrupted", f"the night was interrupted ({type(error).__name__})", summary.run)
        )
        _say_broken_off(error, summary, watcher)
        raise
    finally:
        summary.ended = datetime.now(UTC)
        _warn(summary, watcher, _last_ping(heartbeat, summary))
        _end(store, summary)


def _say_broken_off(error: BaseException, summary: Summary, watcher: Watcher) -> None:
    """To whoever ended it, or reads the log of what did."""
    if isinstance(error, KeyboardInterrupt | SystemExit):
        done = f"what was stored until now stays, and `twinwatch {summary.kind}` goes on from there"
        watcher.said(f"{summary.kind} was interrupted ({summary.run}): {done}")


def _last_ping(heartbeat: Heartbeat, summary: Summary) -> str:
    """A failure when the night broke off, an account failed or a reader is blind. A single picture that a
    server no longer has does not turn the listener red for the two weeks that it is asked for again: the
    summary names it. Nothing when every account asked us to wait: that is neither a success nor a failure of
    ours."""
    if summary.exit_status == 75:
        return ""
    blind = any(summary.controls.values())
    if summary.exit_status == 0 or not (
        summary.broken or summary.interrupted or summary.accounts_failed or blind
    ):
        return heartbeat.success()
    return heartbeat.fail(json_line({"run": summary.run, "errors": summary.json()["errors"]}).encode())


def _end(store: Store, summary: Summary) -> None:
    summary.ended = summary.ended or datetime.now(UTC)
    plain: dict[str, object] = orjson.loads(json_line(summary.json()))
    store.end_run(summary.run, summary.ended, plain)


def _failure(error: Exception, run: str) -> Failure:
    if isinstance(error, TwinwatchError):
        return error.failure()
    return Failure("unexpected", f"{type(error).__name__}: {error}", run)


def _warn(summary: Summary, watcher: Watcher, sentence: str) -> None:
    if sentence:
        summary.warnings.append(sentence)
        watcher.said(f"warning: {sentence}")


def _remark(config: Config, store: Store, choice: Choice, summary: Summary, watcher: Watcher) -> None:
    if not config.crawl.contact:
        _warn(
            summary,
            watcher,
            "no [crawl] contact is set: sites cannot reach you, and references are not attested",
        )
    if not choice.crawled:
        _warn(summary, watcher, "no account to crawl is on the watchlist ([[account]] in twinwatch.toml)")
    for account in choice.import_only:
        watcher.said(f"{account.name}: skipped; {account.platform} comes by import only")
    for run in store.runs():
        if run.ended is not None:
            break
        if run.run != summary.run:
            _warn(
                summary,
                watcher,
                f"an earlier run did not come to its end: {run.run}, started {run.started:%F %T} UTC",
            )


# --- sums ---------------------------------------------------------------------------------------------------


def _add_crawl(summary: Summary, outcome: CrawlOutcome) -> None:
    summary.accounts_ok = len(outcome.ok)
    summary.accounts_failed = len(outcome.failed)
    summary.failed_names = tuple(sorted(outcome.failed))
    summary.rate_limited = len(outcome.rate_limited & outcome.failed.keys())
    summary.posts_new = outcome.posts_new
    summary.posts_changed = outcome.posts_changed
    summary.posts_gone = outcome.posts_gone
    summary.media_new = outcome.media_new
    summary.media_failed = outcome.media_failed
    named = [Failure(failure.kind, failure.message, name) for name, failure in outcome.failed.items()]
    summary.errors.extend([*named, *outcome.errors])


def _add_detection(summary: Summary, detection: Detection, store: Store) -> None:
    summary.examined = detection.examined
    summary.examined_failed = len(detection.failures)
    summary.no_reader_yet = detection.no_reader_yet
    summary.videos_cut = detection.videos_cut
    summary.damaged = detection.damaged
    summary.errors.extend(detection.failures)
    summary.findings_new = len(detection.new)
    summary.findings_changed = len(detection.changed)
    findings = [store.finding(number) for number in detection.new]
    summary.by_verdict = counted(finding.answer.verdict.labelling.value for finding in findings if finding)
    summary.alerts = detection.alerts
    summary.noted = detection.noted
    summary.touched = (*detection.new, *detection.changed, *detection.noted)
    summary.retro = detection.retro
    summary.quarantined = detection.quarantined
    summary.looked = detection.looked
    summary.look_left = detection.look_left
    summary.look_left_ai = detection.look_left_ai
    summary.controls = detection.controls


def _untold(store: Store, summary: Summary) -> tuple[int, ...]:
    """Alerts of this run and of everything judged since the last night that came to its end: an alert is
    told once for an answer, also when the night that found it was killed before it could tell."""
    earlier = [run for run in store.runs(limit=1000) if run.run != summary.run]
    if not earlier or _told(earlier[0]):
        return summary.alerts
    last = _last_told(store, summary)
    settlements = store.uses.settlements()
    return tuple(
        finding.id
        for finding in store.findings()
        if finding.judged_at > last
        and news(
            finding.answer,
            store.answer_before(finding.id, last),
            settled(finding.answer, finding.account, finding.posted_at, settlements),
        )
    )


def _last_told(store: Store, summary: Summary) -> datetime:
    """When the last night before this one came to telling."""
    earlier = [run for run in store.runs(limit=1000) if run.run != summary.run]
    nights = [run.ended for run in earlier if _told(run)]
    return next((ended for ended in nights if ended), datetime.min.replace(tzinfo=UTC))


def _told(run: RunRecord) -> bool:
    """A night that came to telling: not one that was killed, interrupted or broken off (exit status 1)."""
    return run.run.startswith("nightly-") and run.ended is not None and run.summary.get("exit_status") != 1
