"""Dates that publishers write, read with suspicion. All results are UTC."""

from datetime import UTC, datetime, timedelta

from storage.records import Failure

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # no platform we read is older
AHEAD = timedelta(days=1)  # a clock may be wrong by hours, not by days


def believable(moment: datetime, now: datetime) -> bool:
    return EARLIEST <= moment <= now + AHEAD


def read_moment(text: str, now: datetime) -> tuple[datetime | None, Failure | None]:
    """An ISO-8601 time: (moment, problem). No moment where it cannot be read or believed; without a zone it
    is UTC."""
    try:
        moment = datetime.fromisoformat(text.strip())
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None, Failure("bad_date", f"cannot be read as a time: {text[:80]!r}")
    if not believable(moment, now):
        return None, unbelievable(moment)
    return moment, None


def unbelievable(moment: datetime) -> Failure:
    return Failure("unbelievable_date", f"says {moment.isoformat()}, which is before 2000 or in the future")
