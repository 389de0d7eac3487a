"""The platforms whose web objects are read, by their own name and by the host of their pages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, cast
from urllib.parse import urlsplit

from crawler.webobjects import facebook, instagram, linkedin, pinterest, threads, tiktok, x
from crawler.webobjects.mapped import Mapped, NoPost


class Reader(Protocol):
    """A module of this room."""

    PLATFORM: str

    def is_one(self, raw: object) -> bool: ...

    def read(self, raw: object, now: datetime) -> Mapped | NoPost: ...


READERS: Mapping[str, Reader] = {
    module.PLATFORM: cast("Reader", module)
    for module in (facebook, instagram, linkedin, pinterest, threads, tiktok, x)
}
HOSTS = {
    "facebook.com": "facebook",
    "instagram.com": "instagram",
    "linkedin.com": "linkedin",
    "pinterest.com": "pinterest",
    "threads.net": "threads",
    "threads.com": "threads",
    "tiktok.com": "tiktok",
    "x.com": "x",
    "twitter.com": "x",
}


def platform_at(url: str) -> str:
    """The platform whose page this is, "" for another's. Pinterest has a domain for each country."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
    parts = host.split(".")
    for start in range(len(parts) - 1):
        if found := HOSTS.get(".".join(parts[start:])):
            return found
    return "pinterest" if "pinterest" in parts[:-1] else ""


def reader_for(name: str) -> Reader | None:
    """By a platform's name or by its page's host ("twitter.com", as Zeeschuimer says it)."""
    plain = name.strip().lower().removeprefix("www.")
    return READERS.get(plain) or READERS.get(HOSTS.get(plain, ""))
