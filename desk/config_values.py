"""What tables of twinwatch.toml have in common: their base, and values that several of them check."""

import re
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict


class Table(BaseModel):
    """A table of the file: a key that we do not know is an error, never ignored. Descriptions are shown in
    errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def http_url(url: str) -> str:
    """Raises ValueError."""
    parts = urlsplit(url)  # raises ValueError itself for a broken address
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"[\s\x00-\x1f\x7f]", url):
        raise ValueError
    return url


def host(named: str) -> str:
    """ "host" or "host:port", in lower case. Raises ValueError."""
    parts = urlsplit(f"//{named}")
    if not parts.hostname or parts.path or parts.query or "@" in named or re.search(r"\s", named):
        raise ValueError
    _ = parts.port  # raises ValueError when it is no port
    return named.lower()
