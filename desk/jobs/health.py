"""Is everything there that a night needs? Each check answers ok, warn or fail, and how to mend it. Changes
nothing."""

import os
import platform
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from desk.additions import lexicon_of, rulebook_of
from desk.config import Config
from desk.jobs.diagnosis import Health, State
from desk.jobs.health_alerts import alerts_health
from desk.jobs.health_deliveries import deliveries_health
from desk.jobs.health_looks import looks_health, readers_health
from desk.jobs.health_matching import matching_health
from desk.jobs.health_taken_out import taken_out_health
from desk.jobs.health_tokens import tokens_health
from desk.jobs.health_trust import trust_health
from desk.jobs.nightly import LOCK
from desk.jobs.old_packs import packs_health
from desk.jobs.selftest import pdq_of_drawn_picture, workers_answer
from desk.jobs.watchlist import choose
from detector.rulebook import shipped_ids
from storage.errors import StoreError, TryAgainLater, TwinwatchError
from storage.handed import Handed
from storage.records import ReferenceKind
from storage.store import Store
from storage.verification import UNKNOWN

LIBRARIES = ("scrapy", "opencv-python-headless", "pillow", "numpy", "c2pa-python", "sqlalchemy", "imagehash")
FREE_FAIL = 512 * 1024**2  # bytes: one video of the largest size would not fit
FREE_WARN = 5 * 1024**3  # bytes
GOOD_NIGHT = timedelta(hours=36)  # a night was missed


def examine_health(config: Config, open_store: Callable[[], Store]) -> Iterator[Health]:
    """All checks in a fixed order; one that breaks is itself a failure, and the others go on."""
    yield _config(config)
    yield _versions()
    yield from _guarded("watchlist", lambda: _watchlist(config))
    yield from _guarded("tokens", lambda: tokens_health(config, os.environ))
    yield _contact(config)
    yield _heartbeat(config)
    yield from _guarded("alerts", lambda: alerts_health(config))
    yield from _guarded("words and rules", lambda: [_words_and_rules(config)])
    if (watch := config.watch) is not None:
        yield from _guarded("deliveries", lambda: [deliveries_health(watch, config)])
    yield from _guarded("media", lambda: [_media(config.media)])
    yield from _guarded("database", lambda: _database(config, open_store))
    yield from _guarded("trust", lambda: [trust_health(config.trust)])
    yield from _guarded("hash", lambda: [_hash()])
    yield from _guarded("workers", lambda: [_workers()])
    yield from _guarded("readers", lambda: [readers_health()])


def _guarded(name: str, look: Callable[[], "Iterator[Health] | list[Health]"]) -> Iterator[Health]:
    try:
        yield from look()
    except TwinwatchError as error:
        yield Health(name, State.FAIL, str(error), "see the message")
    except Exception as error:
        yield Health(name, State.FAIL, f"{type(error).__name__}: {error}", "please report it")


def _config(config: Config) -> Health:
    if config.file is None:
        return Health(
            "config", State.WARN, "there is no twinwatch.toml here; the defaults hold", "twinwatch init"
        )
    return Health("config", State.OK, str(config.file))


def _versions() -> Health:
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    own = f"twinwatch {version('twinwatch')}, Python {platform.python_version()}"
    found = f"{own}, {libraries}, SQLite {sqlite3.sqlite_version}"
    return Health("versions", State.OK, found)


def _watchlist(config: Config) -> Iterator[Health]:
    if not config.accounts:
        mend = "add an [[account]] to twinwatch.toml (`twinwatch init` shows how)"
        yield Health("watchlist", State.WARN, "no account is watched", mend)
        return
    choice = choose(config.accounts, ())
    only = ", ".join(account.name for account in choice.import_only)
    found = f"{len(choice.crawled)} accounts are crawled" + (f"; by import only: {only}" if only else "")
    yield Health("watchlist", State.OK, found)
    without = [account.name for account in config.accounts if not account.country]
    if without:
        names = ", ".join(without)
        yield Health(
            "countries",
            State.WARN,
            f"no country for {names}",
            'country = "SE": rules and territories need it',
        )


def _contact(config: Config) -> Health:
    if config.crawl.contact:
        return Health("contact", State.OK, config.crawl.contact)
    found = "no contact: sites cannot reach you, and your references are attested by nobody (level 2 at most)"
    return Health("contact", State.WARN, found, '[crawl] contact = "you@example.org"')


def _heartbeat(config: Config) -> Health:
    if config.alerts.heartbeat:
        return Health("heartbeat", State.OK, "set")
    mend = "[alerts] heartbeat = a URL of a listener such as healthchecks.io"
    return Health("heartbeat", State.WARN, "not set: a dead job would look like a quiet night", mend)


def _words_and_rules(config: Config) -> Health:
    """A mistake in a user's own files is told by the guard, with the file and the key."""
    added = len(lexicon_of(config).added)
    rules = [rule.id for rule in rulebook_of(config).rules]
    own = sorted(set(rules) - shipped_ids())
    found = f"{len(rules)} rules in force" + (f", of them your own: {', '.join(own)}" if own else "")
    return Health(
        "words and rules", State.OK, found + (f"; words from {added} files of yours" if added else "")
    )


def _media(media: Path) -> Health:
    """The folder, or the nearest one above it that is there: doctor makes nothing."""
    there = next(folder for folder in (media, *media.parents) if folder.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return Health(
            "media", State.FAIL, f"{there} cannot be written", "make it writable, or set [storage] media"
        )
    free = shutil.disk_usage(there).free
    found = f"{media}, {free / 1024**3:.1f} GiB free"
    if free < FREE_FAIL:
        return Health("media", State.FAIL, found, "free some disk space: one video would not fit")
    if free < FREE_WARN:
        return Health("media", State.WARN, found, "free some disk space soon")
    return Health("media", State.OK, found)


def _database(config: Config, open_store: Callable[[], Store]) -> Iterator[Health]:
    try:
        store = open_store()
    except StoreError as error:
        yield _no_database(error)
        return
    try:
        counts = ", ".join(f"{count} {name}" for name, count in store.counts().items())
        yield Health("database", State.OK, f"at this program's revision; {counts}")
        yield _lock(store)
        yield _nights(store)
        if config.accounts:
            yield _verified(config, store)
        yield _references(store)
        yield from packs_health(store)
        yield from matching_health(store, config.cache)
        yield looks_health(store, lexicon_of(config))
        yield from taken_out_health(store)
    finally:
        store.close()


def _no_database(error: StoreError) -> Health:
    if error.kind == "no_database":
        mend = "the first `twinwatch nightly` or `twinwatch twins add` makes it"
        return Health("database", State.WARN, "there is none yet", mend)
    mend = "twinwatch db upgrade" if error.kind == "old_database" else "see the message"
    return Health("database", State.FAIL, f"{error} ({error.kind})", mend)


def _lock(store: Store) -> Health:
    try:
        with store.lock(LOCK):
            return Health("lock", State.OK, "free")
    except TryAgainLater as error:
        return Health(
            "lock", State.WARN, f"held: {error}", "a night is running; nothing to do unless it hangs"
        )


def _nights(store: Store) -> Health:
    nights = [run for run in store.runs(limit=200) if run.run.startswith("nightly-")]
    good = next((run for run in nights if run.ended and _good(run.summary)), None)
    if good is None or good.ended is None:
        found = "no night has come to a good end yet" + (f" ({len(nights)} were begun)" if nights else "")
        return Health("last night", State.WARN, found, "twinwatch nightly; deploy/ has a timer")
    found = f"last good night ended {good.ended:%Y-%m-%d %H:%M} UTC"
    if datetime.now(UTC) - good.ended > GOOD_NIGHT:
        return Health(
            "last night", State.WARN, found, "look at the timer, and at the nights' summaries since"
        )
    return Health("last night", State.OK, found)


def _verified(config: Config, store: Store) -> Health:
    """Of the watched accounts alone."""
    standings = store.accounts.standings(datetime.now(UTC))
    watched = [standings.get((one.platform, one.handle), UNKNOWN) for one in config.accounts]
    without = sum(not standing.verified for standing in watched)
    if not without:
        return Health("verified", State.OK, f"all {len(watched)} watched accounts")
    found = f"{without} of {len(watched)} watched accounts are not verified: their findings say so"
    return Health("verified", State.WARN, found, "twinwatch accounts verify")


def _good(summary: Mapping[str, object]) -> bool:
    """Every account was crawled; single files may have failed."""
    accounts = summary.get("accounts")
    whole = isinstance(accounts, dict) and not accounts.get("failed")
    return whole and summary.get("exit_status") in (0, 3)


def _references(store: Store) -> Health:
    references = [one for one in store.references() if one.withdrawn_at is None]
    without = sorted(
        {
            one.twin
            for one in references
            if not one.attested_by and one.kind is not ReferenceKind.HUMAN_ORIGINAL
        }
    )
    if not references:
        return Health(
            "references", State.WARN, "no twin is registered", "twinwatch twins add NAME IMAGE… --basis TEXT"
        )
    if without:
        mend = "add them again with --attested-by, or set [crawl] contact first"
        return Health("references", State.WARN, f"attested by nobody: {', '.join(without)}", mend)
    alone = sum(one.handed is Handed.FINGERPRINTS for one in references)
    only = f" ({alone} of them by fingerprints alone)" if alone else ""
    return Health("references", State.OK, f"{len(references)} pictures{only}, all attested")


def _hash() -> Health:
    wrong = pdq_of_drawn_picture()
    if wrong:
        return Health("hash", State.FAIL, wrong, "reinstall with the locked versions: make install")
    return Health("hash", State.OK, "PDQ of a drawn picture is what it was when this program was made")


def _workers() -> Health:
    wrong = workers_answer()
    if wrong:
        return Health(
            "workers", State.FAIL, wrong, "worker processes must be able to start: memory, limits, /tmp"
        )
    return Health("workers", State.OK, "a worker process started and examined a picture")
