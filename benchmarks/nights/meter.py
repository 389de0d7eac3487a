"""What Meta counts of the calls to its Graph API: so many in a window are all that an app gets, and every
answer says how much of that is used.

The real window is an hour; a minute here, so that a night comes into it. Headers as in Meta's documentation
(graph-api/overview/rate-limiting): `X-App-Usage`, and `X-Business-Use-Case-Usage` by business id.
"""

import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

WINDOW = 60.0  # seconds
CALLS = 80  # in a window: 100 percent
MINUTES = 1  # the shortest time that `estimated_time_to_regain_access` can name
BUSINESS = "17841400000000000"
REFUSAL = {
    "error": {
        "message": "There have been too many calls from this ig-business-account",
        "type": "OAuthException",
        "code": 80002,
        "fbtrace_id": "A",
    }
}


@dataclass(slots=True)
class Meter:
    """Of one night. `most`: percent."""

    calls: int = 0
    most: float = 0.0
    _recent: deque[float] = field(default_factory=deque)

    def call(self, now: float) -> float:
        """Percent that are used with this one."""
        while self._recent and self._recent[0] <= now - WINDOW:
            self._recent.popleft()
        self._recent.append(now)
        self.calls += 1
        used = 100 * len(self._recent) / CALLS
        self.most = max(self.most, used)
        return used


def headers(used: float, minutes: int = 0) -> Mapping[str, str]:
    """`minutes`: until calls are answered again."""
    percent = {"call_count": int(used), "total_cputime": 1, "total_time": int(used / 2)}
    told = [{"type": "instagram", **percent, "estimated_time_to_regain_access": minutes}]
    return {
        "X-App-Usage": json.dumps(percent),
        "X-Business-Use-Case-Usage": json.dumps({BUSINESS: told}),
    }
