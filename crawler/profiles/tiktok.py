"""TikTok: tiktok.com/@name. Profiles are shown to no program: posts come by import."""

import re

from crawler.pages import Located
from crawler.verifying.profile import Steps
from crawler.verifying.web import Address, lower
from storage.errors import CrawlError
from storage.records import Account

PLATFORM = "tiktok"
NAME = re.compile(r"[A-Za-z0-9._]{1,50}")


def names(account: Account) -> frozenset[str]:
    return frozenset({lower(account.handle.removeprefix("@"))})


def named(address: Address) -> str:
    if address.bare != "tiktok.com" or len(address.parts) != 1 or not address.parts[0].startswith("@"):
        return ""
    name = address.parts[0][1:]
    return lower(name) if NAME.fullmatch(name) else ""


def host(account: Account) -> str:
    return ""


def profile(account: Account, located: Located) -> Steps:
    yield from ()
    raise CrawlError("TikTok shows profiles to no program", kind="not_exposed", where=account.name)
