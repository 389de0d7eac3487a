"""What YouTube says when it does not answer: the reason of the error by name, and which of them is a limit.

Errors are Google's common form, {"error": {"code", "message", "errors": [{"domain", "reason", "message"}]}};
the reason is what tells them apart. Daily quota begins anew at midnight Pacific time.

Source: developers.google.com/youtube/v3/docs/errors, /determine_quota_cost, /getting-started#quota (read
2026-11).
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crawler.pages import Answer, Limit
from crawler.wild_json import at, list_at, read_json, text_at
from storage.errors import CrawlError

A_DAY = frozenset({"quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"})
A_MINUTE = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"})
REFUSED = frozenset(
    {"keyInvalid", "keyExpired", "API_KEY_INVALID", "API_KEY_SERVICE_BLOCKED", "accessNotConfigured"}
) | frozenset({"SERVICE_DISABLED", "ipRefererBlocked", "API_KEY_IP_ADDRESS_BLOCKED"})
ABSENT = frozenset({"playlistNotFound", "channelNotFound", "videoNotFound", "notFound"})
CLOSED = frozenset({"channelClosed", "channelSuspended", "playlistItemsNotAccessible"})
MINUTE = 65.0  # seconds: a window of a minute, and a little


def reasons(answer: Answer) -> tuple[str, ...]:
    """The reasons of the answer's error, also those of Google's newer `details`; () where it has none."""
    try:
        error = at(read_json(answer.body, answer.url), "error")
    except CrawlError:
        return ()
    named = [text_at(one, "reason") for one in (*list_at(error, "errors"), *list_at(error, "details"))]
    return tuple(name for name in named if name)


def limit_in(answer: Answer) -> Limit | None:
    """A used-up quota is answered 403, and no header says until when it is."""
    named = set(reasons(answer)) if answer.status in (403, 429) else set()
    if named & A_DAY:
        seconds = until_midnight_pacific(answer.at)
        message = (
            f"the day's quota of this API key is used up ({', '.join(sorted(named))}); it begins anew in"
        )
        return Limit(seconds, f"{message} {seconds / 3600:.1f} hours, at midnight Pacific time")
    if named & A_MINUTE:
        return Limit(MINUTE, f"asked too often within a minute ({', '.join(sorted(named))})")
    return None


def until_midnight_pacific(now: datetime) -> float:
    """Seconds."""
    try:
        there = now.astimezone(ZoneInfo("America/Los_Angeles"))
    except ZoneInfoNotFoundError:  # no time zones on this machine: their winter time, an hour late at most
        there = (now - timedelta(hours=8)).replace(tzinfo=None)
    midnight = (there + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight - there).total_seconds()


def raise_for(answer: Answer, where: str) -> None:
    """Raises CrawlError for anything but HTTP 200. Limits are told earlier (`limit_in`)."""
    if answer.status == 200:
        return
    named = reasons(answer)
    message = f"HTTP {answer.status} from YouTube: {', '.join(named) or 'no reason given'}"
    raise CrawlError(message, kind=_kind(answer.status, frozenset(named)), where=where)


def _kind(status: int, named: frozenset[str]) -> str:
    for names, kind in ((REFUSED, "token_refused"), (CLOSED, "account_closed"), (ABSENT, "not_found")):
        if named & names:
            return kind
    return {400: "bad_request", 401: "token_refused", 403: "forbidden", 404: "not_found"}.get(
        status, "http_status"
    )
