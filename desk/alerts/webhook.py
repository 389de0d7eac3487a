"""Webhooks, signed after Standard Webhooks 1.0.0 (https://www.standardwebhooks.com): the same id for every
attempt, the time of the attempt, one signature a secret.

The address goes through the address guard, and the connection to the address that was checked; a redirect is
not followed, since it could lead anywhere.
"""

import contextlib
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from standardwebhooks.webhooks import Webhook
from urllib3.exceptions import HTTPError

from crawler.addresses import Guard
from crawler.deadline import Deadline
from crawler.fetch import guarded_pool, target_of
from desk.alerts.channel import Channel
from desk.alerts.outcome import TAKEN, Outcome
from desk.alerts.telling import payload
from desk.config_values import http_url
from storage.errors import AddressRefused, ConfigError, CrawlError
from storage.notices import Notice

SECONDS = 20.0  # Standard Webhooks: 15 to 30 seconds
GONE = 410  # "the endpoint is gone for good": tried no more
LONGEST_WAIT = 86_400.0  # seconds that a Retry-After is believed


def send(channel: Channel, notice: Notice, allow_hosts: tuple[str, ...]) -> Outcome:
    try:
        url, secrets = channel.where(), channel.signing()
        data = payload(notice.kind, notice.body, notice.made_at)
        headers = {"User-Agent": "Twinwatch", "Content-Type": "application/json"}
        return _posted(url, data, {**headers, **signed(notice.message, data, secrets)}, allow_hosts)
    except (ConfigError, AddressRefused) as error:
        return Outcome(str(error))


def ready(channel: Channel, allow_hosts: tuple[str, ...]) -> None:
    """Sends nothing, and asks for no name. Raises ConfigError, AddressRefused."""
    try:
        url = http_url(channel.where())
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        message = f"alert {channel.name}: its address is no http or https URL"
        raise ConfigError(message, kind="no_address", where=channel.name) from None
    signed("msg_none", "", channel.signing())
    host = parts.hostname or ""
    with contextlib.suppress(ValueError):
        ip_address(host)  # a name is asked for when something is sent
        Guard(allow_hosts).check(host, port)


def signed(message: str, data: str, secrets: tuple[str, ...]) -> dict[str, str]:
    """The three headers. Raises ConfigError for a secret that is none."""
    now = datetime.now(UTC)
    try:
        signatures = [Webhook(secret).sign(message, now, data) for secret in secrets]
    except Exception as error:  # base64, or nothing in it: the library has a class for one of them
        kind = type(error).__name__
        raise ConfigError(
            f"a secret is not whsec_… with base64 behind it ({kind})", kind="no_secret"
        ) from None
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _posted(url: str, data: str, headers: dict[str, str], allow_hosts: tuple[str, ...]) -> Outcome:
    host = urlsplit(url).hostname or ""
    with Deadline(SECONDS) as deadline:
        try:
            with guarded_pool(url, Guard(allow_hosts), deadline) as pool:
                answer = pool.urlopen(
                    "POST",
                    target_of(url),
                    body=data.encode(),
                    headers=headers,
                    redirect=False,
                    retries=False,
                    preload_content=False,
                )
                answer.close()
        except AddressRefused:
            raise
        except (
            CrawlError,
            HTTPError,
            OSError,
        ) as error:  # its words may hold the path, which may be a secret
            kind = error.kind if isinstance(error, CrawlError) else type(error).__name__
            return Outcome(f"{host} was not reached ({'timeout' if deadline.over else kind})")
    if 200 <= answer.status < 300:
        return TAKEN
    return Outcome(
        f"{host} answered {answer.status}",
        wait=_wait(answer.headers.get("retry-after", "")),
        final=answer.status == GONE,
    )


def _wait(said: str) -> float | None:
    """Retry-After: seconds, or a date (RFC 9110, section 10.2.3)."""
    seconds = None
    if said.isascii() and said.isdigit():
        seconds = float(said[:9])
    else:
        with contextlib.suppress(ValueError, TypeError):
            moment = parsedate_to_datetime(said)
            if moment.tzinfo is not None:
                seconds = (moment - datetime.now(UTC)).total_seconds()
    return None if seconds is None else min(max(seconds, 0.0), LONGEST_WAIT)
