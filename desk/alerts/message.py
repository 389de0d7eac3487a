"""Messages for people through Apprise: e-mail, Slack, Teams, Matrix and a hundred others, an address each.

Where they go goes through the address guard like webhooks: a mail server in one's own network is named in
`[alerts] allow_hosts`.
"""

import logging
import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, unquote, urlsplit

from crawler.addresses import Guard
from desk.alerts.channel import Channel
from desk.alerts.guarded import guarded, written_down
from desk.alerts.outcome import TAKEN, Outcome
from desk.alerts.telling import title, words
from storage.errors import ConfigError
from storage.notices import Notice

SECONDS = 20.0  # for one message
LONGEST = 300  # characters that are told
SHORTEST = 4  # characters of a part of an address that may be a secret
# Of an address in such words the host alone: a service may put a token of its own into the rest.
_ADDRESS = re.compile(r"(with url: |https?://[^/\s]*)\S*")
REASON = "Socket Exception: "  # what Apprise says before a server's own words, as of 2.2
_one_at_a_time = threading.Lock()


def send(channel: Channel, notice: Notice, allow_hosts: tuple[str, ...]) -> Outcome:
    try:
        address = channel.where()
    except ConfigError as error:
        return Outcome(str(error))
    subject, text = title(notice.kind, notice.body), words(notice.kind, notice.body, notice.message)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of Apprise's plugins, for their authors
        with guarded(allow_hosts) as watch:
            outcome = _sent(address, subject, text)
    return Outcome(watch.refused) if watch.refused and outcome.error else outcome


def ready(channel: Channel, allow_hosts: tuple[str, ...]) -> None:
    """Sends nothing, and asks for no name. Raises ConfigError for an address that is none, AddressRefused."""
    address = channel.where()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import apprise  # noqa: PLC0415 - see below

        with apprise.LogCapture(level=logging.WARNING, fmt="%(message)s"):  # type: ignore[no-untyped-call]
            known = apprise.Apprise.instantiate(address)
    if known is None:
        raise ConfigError(f"alert {channel.name}: {unknown(address)}", kind="no_address", where=channel.name)
    for host in {str(known.host or ""), str(getattr(known, "smtp_host", "") or "")}:
        if written_down(host):
            port = known.port or (443 if known.secure else 80)
            Guard(allow_hosts).check(host, int(port))


def unknown(address: str) -> str:
    return f"{address.partition(':')[0][:20]}: … is no address that Apprise knows"


def _sent(address: str, subject: str, text: str) -> Outcome:
    import apprise  # noqa: PLC0415 - half a second, which nights without alerts do without

    asset = apprise.AppriseAsset(
        app_id="Twinwatch",
        app_desc="Twinwatch",
        app_url="",
        image_url_mask="",  # no picture from anywhere
        image_url_logo="",
        async_mode=False,
        allow_templates=False,
        secure_logging=True,
        service_timeout=SECONDS,
    )
    with _heard() as said:
        sender = apprise.Apprise(asset=asset)
        if not sender.add(address):
            return Outcome(unknown(address))
        done = sender.notify(body=text, title=subject, body_format=apprise.NotifyFormat.TEXT)
        why = hidden(" ".join(said), address)
    return TAKEN if done else Outcome(why or "it was not taken, and nothing was said about it")


class _Kept(logging.Handler):
    """Warnings, and why a server said no: that Apprise tells beside what it sends, which is not for us."""

    def __init__(self, said: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._said = said

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.levelno >= logging.WARNING or text.startswith(REASON):
            self._said.append(_ADDRESS.sub(r"\1…", text.removeprefix(REASON)))


@contextmanager
def _heard() -> Iterator[list[str]]:
    """What Apprise says of the moment, to us and to nobody else: addresses may be in it."""
    logger, said = logging.getLogger("apprise"), list[str]()
    kept = _Kept(said)
    with _one_at_a_time:
        before = logger.level, logger.propagate
        logger.addHandler(kept)
        logger.setLevel(logging.DEBUG)
        logger.propagate = False
        try:
            yield said
        finally:
            logger.removeHandler(kept)
            logger.level, logger.propagate = before


def hidden(said: str, address: str) -> str:
    """The last of what was said, without any part of the address but the names of schemes and hosts."""
    parts = urlsplit(address)
    within = re.split(r"[/?&=:@]+", f"{parts.path}?{parts.query}")
    pieces = [*within, parts.username or "", parts.password or ""]
    plain = [unquote(one) for one in pieces]
    flat = " ".join(said.split())
    for piece in sorted({*pieces, *plain, *(quote(one, safe="") for one in plain)}, key=len, reverse=True):
        if len(piece) >= SHORTEST:
            flat = flat.replace(piece, "…")
    return flat[-LONGEST:]  # cut at last: half a secret would be known again by nothing
