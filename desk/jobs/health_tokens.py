"""Which tokens the watched platforms want, whether they are there, and how long they last. Asks nobody."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

from crawler.platforms import spiders, wanted_tokens
from crawler.tokens import VARIABLE, WantedToken, read_token
from desk.config import Config
from desk.jobs.diagnosis import Health, State
from storage.errors import CrawlError

WARN_DAYS = 14
DAY_LIKE = re.compile("[0-9TZ:.+-]{1,25}")


def tokens_health(config: Config, environ: Mapping[str, str]) -> Iterator[Health]:
    """One line for each watched platform that wants a token; never a character of one."""
    yield from misnamed(environ)
    for platform in sorted({account.platform for account in config.accounts}):
        wanted: WantedToken | None = getattr(spiders().get(platform), "wants", None)
        if wanted:
            yield one_token(wanted, environ, config.token_files)


def misnamed(environ: Mapping[str, str]) -> Iterator[Health]:
    """Variables that nothing reads: a platform that wants no token, or a name that is misspelt."""
    known = sorted(wanted.variable for wanted in wanted_tokens().values())
    read = {f"{variable}{ending}" for variable in known for ending in ("", "_FILE", "_EXPIRES")}
    for name in sorted(environ):
        if name.startswith(VARIABLE) and name not in read:
            mend = f"the variables that are read: {', '.join(known)}, each also with _FILE and _EXPIRES"
            yield Health("tokens", State.WARN, f"{name[:80]}: nothing reads it", mend)


def one_token(
    wanted: WantedToken, environ: Mapping[str, str], files: Mapping[str, str], today: date | None = None
) -> Health:
    name = f"token {wanted.name}"
    try:
        token = read_token(wanted, environ, files)
    except CrawlError as error:
        return Health(name, State.FAIL, str(error), f"mend {wanted.variable} or the file that it is in")
    if token is None:
        found = f"none; read without it: {wanted.without}" if wanted.without else "none: no account is read"
        return Health(name, State.WARN, found, wanted.missing)
    stated = environ.get(f"{wanted.variable}_EXPIRES", "").strip()
    if not stated and wanted.lasts:
        found = (
            f"there; its last day is not stated, and it lasts {wanted.lasts} at most: nobody will be warned"
        )
        return Health(name, State.WARN, found, _how_to_state(wanted))
    if not stated:
        return Health(name, State.OK, f"there; no last day is stated ({wanted.variable}_EXPIRES)")
    return _lasting(name, wanted, stated, today or datetime.now(UTC).date())


def _how_to_state(wanted: WantedToken) -> str:
    return f'{wanted.variable}_EXPIRES = a day such as "2027-01-20"'


def _lasting(name: str, wanted: WantedToken, stated: str, today: date) -> Health:
    try:
        left = (date.fromisoformat(stated) - today).days
    except ValueError:
        shown = repr(stated) if DAY_LIKE.fullmatch(stated) else "no day"  # it may be the token, by mistake
        return Health(name, State.WARN, f"there; its last day cannot be read: {shown}", _how_to_state(wanted))
    if left < 0:
        return Health(name, State.FAIL, f"ran out on {stated}", wanted.how)
    if left <= WARN_DAYS:
        return Health(name, State.WARN, f"runs out in {left} days, on {stated}", wanted.how)
    return Health(name, State.OK, f"there; runs out on {stated}")
