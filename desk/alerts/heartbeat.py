"""Pings to an outside listener (healthchecks.io's convention: URL/start, URL, URL/fail): a dead job looks
like a quiet night."""

import urllib3

SECONDS = 10.0
BODY_LIMIT = 10_000  # bytes; what such listeners keep


class Heartbeat:
    """Knows one URL, or none. A ping that fails is told in words and never fails the night."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def start(self) -> str:
        """ "" when it went well or no URL is set, else what went wrong; so do the other two."""
        return self._ping("GET", "/start", b"")

    def success(self) -> str:
        return self._ping("GET", "", b"")

    def fail(self, body: bytes) -> str:
        return self._ping("POST", "/fail", body[:BODY_LIMIT])

    def _ping(self, method: str, suffix: str, body: bytes) -> str:
        if not self.url:
            return ""
        address = f"{self.url}{suffix}"
        timeout = urllib3.Timeout(total=SECONDS)
        try:
            with urllib3.PoolManager(retries=urllib3.Retry(1, redirect=3), timeout=timeout) as pool:
                answer = pool.request(method, address, body=body or None, preload_content=False)
                answer.close()
        except urllib3.exceptions.HTTPError as error:
            return f"the heartbeat {address} was not reached: {error}"
        return "" if answer.status < 400 else f"the heartbeat {address} answered {answer.status}"
