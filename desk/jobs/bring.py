"""Importing what others captured: the command line calls it now, the web and a queue may later."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from traceback import clear_frames

import orjson

from crawler.intake.ahead import Entries
from crawler.intake.outcome import Outcome
from crawler.intake.run import Intake, Plan
from desk.config import Config
from desk.jobs.brought import outcome_json
from desk.jobs.wish import Wish
from desk.output import json_line, say, several
from storage.store import Store


def bring(
    config: Config, store: Store | None, entries: Entries, wish: Wish, tell: Callable[[int], None]
) -> Outcome:
    """Raises IntakeError, StoreError. With a dry run the store is only read, and may be None. A run is
    recorded with its problems, as a night's is."""
    now = datetime.now(UTC)
    run = f"import-{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    plan = Plan(
        run=run,
        watchlist=config.accounts,
        contact=config.crawl.contact,
        allow_hosts=config.crawl.allow_hosts,
        fetch=wish.asks_servers,
        only_watched=wish.only_watched,
        dry_run=wish.dry_run,
    )
    intake = Intake(entries, plan, store, tell)
    if store is None or wish.dry_run:
        return intake.run()
    store.start_run(run, now)
    interrupted = False
    try:
        return intake.run()
    except (KeyboardInterrupt, SystemExit) as error:  # SIGINT; SIGTERM unwinds as the other (desk/cli.py)
        interrupted = True
        # A statement that the signal broke off would keep its transaction, and the database locked, for as
        # long as the frames live that hold it: the end of the run could not be written.
        told_of: BaseException | None = error
        while told_of is not None:
            clear_frames(told_of.__traceback__)
            told_of = told_of.__context__
        say(in_words(intake.outcome))
        raise
    finally:
        ended = datetime.now(UTC)
        told = outcome_json(intake.outcome, wish)
        said = {"kind": "import", "path": str(wish.path), "source": intake.outcome.source, **told}
        said |= {"interrupted": True} if interrupted else {}
        summary: dict[str, object] = orjson.loads(json_line(said))
        store.end_run(run, ended, summary)


def in_words(outcome: Outcome) -> str:
    """Of an import that a signal ended: what is stored, and how to go on."""
    read, stored = several(outcome.read, "entry", "entries"), several(sum(outcome.saved.values()), "post")
    return (
        f"The import was interrupted after {read}: {stored} stored, which stay. Run the same "
        "command again to go on: nothing is stored twice. "
        f"To take back what came: twinwatch import --undo {outcome.run}"
    )
