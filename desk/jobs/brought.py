"""What an import says it did: the lines of `twinwatch import --json`, and a run's summary."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from crawler.intake.entries import Importer
from crawler.intake.mixed import Found
from crawler.intake.outcome import Outcome
from desk.contract import Json, failure_json
from desk.jobs.wish import Wish
from storage.errors import IntakeError
from storage.records import Saved


def outcome_json(outcome: Outcome, wish: Wish) -> Json:
    """The last line of `twinwatch import --json`, to the letter of the contract, and more.

    `read` = new + changed + known + skipped + not understood. `line` counts from 1: lines of a text file,
    records of an archive; `name` is the file within a folder or archive.
    """
    saved = outcome.saved
    return {
        "format": outcome.format,
        "read": outcome.read,
        "new": saved[Saved.NEW],
        "changed": saved[Saved.CHANGED],
        "known": saved[Saved.KNOWN],
        "without_media": outcome.without_media,
        "not_understood": [
            {
                "line": place.line,
                "why": f"{why.kind}: {why.message}",
                "kind": why.kind,
                "name": place.name or None,
            }
            for place, why in outcome.not_understood
        ],
        "errors": [failure_json(failure) for failure in outcome.errors],
        "skipped": dict(outcome.skipped),
        "suspect": [
            {
                "platform": one.platform,
                "account": f"{one.platform}:{one.handle}" if one.handle else None,
                "field": one.field,
                "value": one.value,
                "posts": one.posts,
                "of": one.of,
                "others_same": one.others_same,
                "others": one.others,
                "first_line": one.first,
                "last_line": one.last,
                "sentence": one.sentence,
            }
            for one in outcome.suspects
        ],
        "media": dict(outcome.media),
        "problems": dict(outcome.problems),
        "not_watched": {
            "posts": sum(outcome.strangers.values()) + outcome.other_strangers,
            "accounts": dict(outcome.strangers),
        },
        "renamed": dict(outcome.renamed),
        "not_understood_count": outcome.not_understood_count,
        "errors_count": outcome.errors_count,
        "raw_sha256": outcome.raw_sha256 or None,
        "run": outcome.run or None,
        "dry_run": wish.dry_run,
        "exit_status": outcome.exit_status,
    }


def refused(importer: Importer, error: IntakeError) -> Outcome:
    """A part of a folder that could not be read as a whole: an error by name."""
    outcome = Outcome(importer.__name__.rpartition(".")[2])
    outcome.error(error.failure())
    return outcome


SUMMED = ("read", "new", "changed", "known", "without_media", "not_understood_count", "errors_count")
LISTED = ("not_understood", "errors", "suspect")
COUNTED = ("skipped", "media", "problems")


def together(told: Sequence[dict[str, Any]], found: Found) -> dict[str, Any]:
    """The last line: of several imports their sums, format "mixed" and each one's path and numbers; and what
    was left aside, in any case."""
    left = {"left_aside": list(found.left), "left_aside_count": found.left_count}
    if len(told) == 1:
        return {**told[0], **left}
    states = {one["exit_status"] for one in told}
    counters = {name: sum((Counter(one[name]) for one in told), Counter[str]()) for name in COUNTED}
    return {
        "format": "mixed",
        **{name: sum(one[name] for one in told) for name in SUMMED},
        **{name: [each for one in told for each in one[name]] for name in LISTED},
        **{name: dict(counter) for name, counter in counters.items()},
        "parts": [
            {name: one[name] for name in ("path", "run", "format", *SUMMED, "exit_status")} for one in told
        ],
        **left,
        "dry_run": told[0]["dry_run"],
        "exit_status": states.pop() if len(states) == 1 else 3,
    }
