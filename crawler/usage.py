"""Meta's usage headers: how much of a limit is used, in percent, and what to do before it is all of it.

`X-App-Usage` is one object, `X-Ad-Account-Usage` another, `X-Business-Use-Case-Usage` lists of objects by
business id. Each counts a rolling hour; at 100 percent requests are refused, and
`estimated_time_to_regain_access` says for how many minutes. Numbers come as strings now and then.

Source: developers.facebook.com/docs/graph-api/overview/rate-limiting, "Headers" (read 2026-11).
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from crawler.announced import shown

HEADERS = ("x-app-usage", "x-business-use-case-usage", "x-ad-account-usage")
PERCENTAGES = ("call_count", "total_time", "total_cputime", "acc_id_util_pct")
MINUTES = "estimated_time_to_regain_access"
LONGEST = 20_000  # characters of a header that are read
HIGHEST = 1e9  # above it, and below 0, it is no percentage and no number of minutes
WRITTEN = re.compile(r"\s*(\d{1,9}(?:\.\d{0,9})?)\s*%?\s*", re.ASCII)  # "95", "95.3", "95 %"
SLOWER_FROM = 75.0  # percent; ours to choose: the rest is for whoever shares the app
STOP_FROM = 95.0
SLOWEST = 20.0  # seconds between two requests just below STOP_FROM
PAUSE = 600.0  # seconds at STOP_FROM and above: a sixth of the hour that is counted falls away


@dataclass(frozen=True, slots=True)
class Usage:
    wait: float  # seconds before the next request; 0.0 where there is no such header, or no need
    strange: Mapping[str, str]  # by header: what was not understood of it, as it can be shown


def usage(said: Mapping[str, str]) -> Usage:
    """Header names in lower case. What is no JSON or holds no number says nothing, and is named."""
    wait = 0.0
    strange: dict[str, str] = {}
    for header in HEADERS:
        for one in _objects(said.get(header, ""), header, strange):
            minutes = _number(one, MINUTES, header, strange)
            used = max(_number(one, name, header, strange) for name in PERCENTAGES)
            wait = max(wait, minutes * 60.0, _by_percent(used))
    return Usage(wait, strange)


def usage_wait(said: Mapping[str, str]) -> float:
    return usage(said).wait


def _by_percent(used: float) -> float:
    if used >= STOP_FROM:
        return PAUSE
    return max(0.0, (used - SLOWER_FROM) / (STOP_FROM - SLOWER_FROM) * SLOWEST)


def _objects(text: str, header: str, strange: dict[str, str]) -> Iterator[Mapping[str, object]]:
    if not text.strip():
        return
    try:
        value = json.loads(text[:LONGEST])
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        strange[header] = shown(text)
        return
    yield value
    for inner in value.values():
        for one in inner if isinstance(inner, list) else (inner,):
            if isinstance(one, dict):
                yield one


def _number(one: Mapping[str, object], name: str, header: str, strange: dict[str, str]) -> float:
    """0.0 for what is not said, and for what is no such number, which is named."""
    value = one.get(name)
    if value is None:
        return 0.0
    if isinstance(value, str) and (written := WRITTEN.fullmatch(value)):
        value = float(written[1])
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < HIGHEST:
        strange[header] = shown(f"{name} = {value if isinstance(value, str | float) else ascii(value)[:99]}")
        return 0.0
    return float(value)
