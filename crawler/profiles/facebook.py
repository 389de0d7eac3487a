"""Facebook: facebook.com/name, /people/Name/number and /p/Name-number, under the hosts of many languages
(de-de.facebook.com). Profiles are shown to no program here: posts come by import.

Full stops and case mean nothing in a name (facebook.com/help, "guidelines for creating a custom username";
read 2026-11).
"""

import re

from crawler.pages import Located
from crawler.verifying.profile import Steps
from crawler.verifying.web import Address, lower
from storage.errors import CrawlError
from storage.records import Account

PLATFORM = "facebook"
HOST = re.compile(r"(?:(?:[a-z]{2}-[a-z]{2}|web|business)\.)?facebook\.com|fb\.com")
NAME = re.compile(r"[A-Za-z0-9.]{5,50}|[A-Za-z0-9]{2,4}")
NUMBER = re.compile(r"(?:.*-)?([0-9]{5,30})")
WITH_NUMBER = frozenset({"people", "pages", "p"})  # before a name, which anybody may have
TABS = frozenset({"about", "photos", "videos", "posts", "reels", "followers", "community", "events"})
NO_NAMES = frozenset({"groups", "events", "watch", "marketplace", "sharer", "photo", "plugins", "help"})


def names(account: Account) -> frozenset[str]:
    return frozenset({_plain(account.handle.removeprefix("@"))})


def named(address: Address) -> str:
    parts = address.parts
    if not HOST.fullmatch(address.bare) or not parts:
        return ""
    if parts[0] in WITH_NUMBER:
        found = NUMBER.fullmatch(parts[-1]) if len(parts) in (2, 3) else None
        return found[1] if found else ""
    if len(parts) > 2 or set(parts[1:]) - TABS or parts[0] in NO_NAMES or parts[0].endswith(".php"):
        return ""
    return _plain(parts[0]) if NAME.fullmatch(parts[0]) else ""


def _plain(name: str) -> str:
    return lower(name).replace(".", "")


def host(account: Account) -> str:
    return ""


def profile(account: Account, located: Located) -> Steps:
    yield from ()
    raise CrawlError(
        "there is no spider for Facebook: profiles are not asked", kind="not_exposed", where=account.name
    )
