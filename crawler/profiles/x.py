"""X: x.com/name and twitter.com/name. Profiles want a paid token: posts come by import."""

import re

from crawler.pages import Located
from crawler.verifying.profile import Steps
from crawler.verifying.web import Address, lower
from storage.errors import CrawlError
from storage.records import Account

PLATFORM = "x"
HOSTS = frozenset({"x.com", "twitter.com"})
NAME = re.compile(r"[A-Za-z0-9_]{1,15}")


def names(account: Account) -> frozenset[str]:
    return frozenset({lower(account.handle.removeprefix("@"))})


def named(address: Address) -> str:
    if address.bare not in HOSTS or len(address.parts) != 1:
        return ""
    name = address.parts[0].removeprefix("@")
    return lower(name) if NAME.fullmatch(name) else ""


def host(account: Account) -> str:
    return ""


def profile(account: Account, located: Located) -> Steps:
    yield from ()
    raise CrawlError("X shows profiles to paid tokens alone", kind="not_exposed", where=account.name)
