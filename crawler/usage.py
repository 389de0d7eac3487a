"""Meta's usage headers: how much of a limit is used, in percent, and what to do before it is all of it.

`X-App-Usage` is one object, `X-Ad-Account-Usage` another, `X-Business-Use-Case-Usage` lists of objects by
business id. Each counts a rolling hour; at 100 percent requests are refused, and
`estimated_time_to_regain_access` says for how many minutes.

Source: developers.facebook.com/docs/graph-api/overview/rate-limiting, "Headers" (read 2026-11).
"""

import json
import math
from collections.abc import Iterator, Mapping

HEADERS = ("x-app-usage", "x-business-use-case-usage", "x-ad-account-usage")
PERCENTAGES = ("call_count", "total_time", "total_cputime", "acc_id_util_pct")
MINUTES = "estimated_time_to_regain_access"
LONGEST = 20_000  # characters of a header that are read
SLOWER_FROM = 75.0  # percent; ours to choose: the rest is for whoever shares the app
STOP_FROM = 95.0
SLOWEST = 20.0  # seconds between two requests just below STOP_FROM
PAUSE = 600.0  # seconds at STOP_FROM and above: a sixth of the hour that is counted falls away


def usage_wait(said: Mapping[str, str]) -> float:
    """Seconds to wait before the next request; 0.0 where there is no such header, or no need. Header names in
    lower case; what is no JSON or holds nonsense says nothing."""
    wait = 0.0
    for one in _objects(said):
        minutes = _number(one.get(MINUTES))
        used = max((_number(one.get(name)) for name in PERCENTAGES), default=0.0)
        wait = max(wait, minutes * 60.0, _by_percent(used))
    return wait


def _by_percent(used: float) -> float:
    if used >= STOP_FROM:
        return PAUSE
    return max(0.0, (used - SLOWER_FROM) / (STOP_FROM - SLOWER_FROM) * SLOWEST)


def _objects(said: Mapping[str, str]) -> Iterator[Mapping[str, object]]:
    for name in HEADERS:
        try:
            value = json.loads(said.get(name, "")[:LONGEST])
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            yield value
            for inner in value.values():
                yield from (one for one in inner if isinstance(one, dict)) if isinstance(inner, list) else ()


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    number = float(value) if abs(value) < 1e9 else 0.0
    return number if math.isfinite(number) and number > 0 else 0.0
