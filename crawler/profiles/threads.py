"""Threads: threads.net/@name and threads.com/@name. Profiles are shown to no program here: posts come by
import."""

import re

from crawler.pages import Located
from crawler.verifying.profile import Steps
from crawler.verifying.web import Address, lower
from storage.errors import CrawlError
from storage.records import Account

PLATFORM = "threads"
HOSTS = frozenset({"threads.net", "threads.com"})
NAME = re.compile(r"[A-Za-z0-9._]{1,30}")


def names(account: Account) -> frozenset[str]:
    return frozenset({lower(account.handle.removeprefix("@"))})


def named(address: Address) -> str:
    if address.bare not in HOSTS or len(address.parts) != 1 or not address.parts[0].startswith("@"):
        return ""
    name = address.parts[0][1:]
    return lower(name) if NAME.fullmatch(name) else ""


def host(account: Account) -> str:
    return ""


def profile(account: Account, located: Located) -> Steps:
    yield from ()
    raise CrawlError("there is no spider for Threads: profiles are not asked", kind="not_exposed")
