"""What a server's headers say about its limit, whatever the house style: moments, seconds, counts.

Retry-After (seconds or a date, RFC 9110 section 10.2.3), ratelimit-reset (epoch seconds on a Bluesky PDS; the
IETF draft means seconds to wait), X-RateLimit-Reset (ISO-8601 on Mastodon, epoch seconds on X), and how many
requests remain. Epochs in milliseconds and microseconds are taken for what they are. What is none of this is
named, so that nobody takes a header that was not understood for one that was not there.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

RETRY_AFTER = "retry-after"
RESETS = ("ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset")
REMAINING = ("ratelimit-remaining", "x-ratelimit-remaining", "x-rate-limit-remaining")
LIMITS = ("ratelimit-limit", "x-ratelimit-limit", "x-rate-limit-limit")
JUST_OVER = 0.5  # seconds: servers name whole ones, so a moment that is over by less is the next one
EPOCH = 1_000_000_000  # a number above this is a moment (after September 2001), below it seconds to wait
FINER = ((1e14, 1e6), (1e11, 1e3))  # from there on micro- and milliseconds: as seconds it were the year 5138
LATEST = 1e17
SHOWN = 60  # characters of a value that is named
COUNT = re.compile(r"(\d{1,11})(?:\.\d+)?\s*(?:[,;].*)?", re.ASCII)  # the draft writes "100, 100;w=60" too


@dataclass(frozen=True, slots=True)
class Announced:
    """Moments in epoch seconds by our clock, each None where no header names one that is still to come."""

    retry_after: float | None
    reset: float | None
    remaining: int | None  # requests left until `reset`
    limit: int | None  # requests of a window
    strange: Mapping[str, str]  # by header: what was not understood of it, as it can be shown


def announced(said: Mapping[str, str], now: float) -> Announced:
    """`said`: header names in lower case. `now`: epoch seconds by our clock; the server's own Date tells how
    far the two are apart."""
    strange: dict[str, str] = {}
    date = _moment(said.get("date", ""), now)
    skew = now - date if date else 0.0
    return Announced(
        _ahead(said, (RETRY_AFTER,), now, skew, strange),
        _ahead(said, RESETS, now, skew, strange),
        _count(said, REMAINING, strange),
        _count(said, LIMITS, strange),
        strange,
    )


def shown(value: str) -> str:
    """A header's value as it may stand in a log: one line, of some length."""
    return repr(value[:SHOWN]) + ("…" if len(value) > SHOWN else "")


def _ahead(
    said: Mapping[str, str], names: Iterable[str], now: float, skew: float, strange: dict[str, str]
) -> float | None:
    """The first moment that is still to come: one that is over says nothing, and must not hide a header that
    does."""
    found: float | None = None
    for name in names:
        value = said.get(name, "").strip()
        if not value:
            continue
        seconds, moment = _seconds(value), _moment(value, now)
        if moment is None:
            strange[name] = shown(value)
            continue
        # Seconds to wait are the same by every clock; a moment is the server's.
        moment += 0.0 if seconds is not None and seconds <= EPOCH else skew
        if found is None and moment + JUST_OVER > now:
            found = moment
    return found


def _count(said: Mapping[str, str], names: Iterable[str], strange: dict[str, str]) -> int | None:
    found: int | None = None
    for name in names:
        value = said.get(name, "").strip()
        if value and not (count := COUNT.fullmatch(value)):
            strange[name] = shown(value)
        elif value and count and found is None:
            found = int(count[1])
    return found


def _seconds(value: str) -> float | None:
    """A header's number in seconds, of an epoch or to wait."""
    try:
        number = float(value)
    except ValueError:
        return None
    if not 0 <= number < LATEST:  # "nan" is neither
        return None
    return number / next((finer for above, finer in FINER if number >= above), 1.0)


def _moment(value: str, now: float) -> float | None:
    """A header's moment in epoch seconds: digits, an HTTP date or ISO-8601; None for anything else."""
    number = _seconds(value)
    if number is not None:
        return number if number > EPOCH else now + number
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = read(value.strip())
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        except (ValueError, TypeError, OverflowError):
            continue
    return None
