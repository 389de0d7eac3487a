"""What Meta's Graph API says when it does not answer: its error codes by name, and which of them is a limit.

An error is {"error": {"message", "type", "code", "error_subcode", "fbtrace_id"}} with HTTP 400, 401 or 403
(and 200 now and then): the code tells what it is, not the status.

Source: developers.facebook.com/docs/graph-api/guides/error-handling, /docs/graph-api/overview/rate-limiting,
/docs/instagram-platform/instagram-graph-api/reference/error-codes (read 2026-11).
"""

from dataclasses import dataclass

from crawler.pages import Answer, Limit
from crawler.usage import usage_wait
from crawler.wild_json import at, read_json, text_at
from storage.errors import CrawlError

HOUR = 3600.0  # seconds: calls are counted over a rolling hour
# 4 the app, 17 the user, 32 the page, 613 a custom limit, 80001 to 80014 business use cases (80002:
# Instagram), 341 the app's own, 368 blocked for a while, 9 the user's calls.
LIMITS = frozenset({4, 9, 17, 32, 341, 368, 613}) | frozenset(range(80000, 80015))
TOKEN = frozenset({102, 190, 463, 467, 2500})
EXPIRED = frozenset({463, 467})  # subcodes of 190: run out; no longer valid
PERMISSION = frozenset({3, 10, 270, 294}) | frozenset(range(200, 300))
FIELD = 100  # an invalid parameter, among them a field that does not exist here
NO_SUCH_USER = 110  # subcode 2207013: no business or creator account of this name; Meta does not say which
PASSING = frozenset({1, 2})  # unknown, service: try again later


@dataclass(frozen=True, slots=True)
class GraphError:
    code: int
    subcode: int
    message: str


def error_in(answer: Answer) -> GraphError | None:
    """The error of an answer, None where it holds none."""
    try:
        error = at(read_json(answer.body, answer.url), "error")
    except CrawlError:
        return None
    if not isinstance(error, dict):
        return None
    return GraphError(
        _number(error.get("code")), _number(error.get("error_subcode")), text_at(error, "message")
    )


def limit_in(answer: Answer) -> Limit | None:
    """For how long, where the headers say so; an hour where they do not."""
    error = error_in(answer)
    if error is None or error.code not in LIMITS:
        return None
    said = {name.lower(): value for name, value in answer.headers.items()}
    seconds = usage_wait(said) or HOUR
    return Limit(seconds, f"Meta's limit {error.code} is reached: {error.message[:200]}")


def raise_for(answer: Answer, where: str, asked: tuple[str, ...] = ()) -> None:
    """Raises CrawlError for an error by its code, and for anything but HTTP 200. "field_refused" where the
    message names one of the fields that were `asked`."""
    error = error_in(answer)
    if error is None:
        if answer.status != 200:
            raise CrawlError(f"HTTP {answer.status} from Meta", kind="http_status", where=where)
        return
    subcode = f", subcode {error.subcode}" if error.subcode else ""
    message = f"Meta's error {error.code}{subcode}: {error.message[:300]}"
    raise CrawlError(message, kind=kind_of(error, answer.status, asked), where=where)


def kind_of(error: GraphError, status: int, asked: tuple[str, ...] = ()) -> str:
    if error.code in TOKEN:
        return "token_expired" if {error.code, error.subcode} & EXPIRED else "token_refused"
    if error.code == NO_SUCH_USER or error.subcode == 2207013:
        return "no_business_account"
    if any(field in error.message for field in asked) and (error.code == FIELD or error.code in PERMISSION):
        return "field_refused"
    names = {FIELD: "bad_request"} | dict.fromkeys(PERMISSION, "permission_missing")
    names |= dict.fromkeys(PASSING, "server_error") | dict.fromkeys(LIMITS, "rate_limited")
    return names.get(error.code, "server_error" if status >= 500 else "graph_error")


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
