"""Pinterest: pinterest.com/user, under the hosts and top-level domains of many countries. The feeds carry no
website of the user, and the API shows it to the user's own token alone.

The list of domains is Pinterest's own countries, not a pattern: anybody could register another.
Source: the hosts that www.pinterest.com's alternate links name (read 2026-11).
"""

import re

from crawler.pages import Located
from crawler.verifying.profile import Steps
from crawler.verifying.web import Address, lower
from storage.errors import CrawlError
from storage.records import Account

PLATFORM = "pinterest"
ENDINGS = (
    "com at ca ch cl co.kr co.uk com.au com.mx de dk es fr ie info it jp nz ph pt se"  # pinterest.ENDING
)
HOST = re.compile(rf"(?:[a-z]{{2}}\.)?pinterest\.(?:{'|'.join(re.escape(one) for one in ENDINGS.split())})")
NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")
TABS = frozenset({"_created", "_saved", "_shop", "boards", "pins"})


def names(account: Account) -> frozenset[str]:
    """Of a board its user: a website links to the user."""
    return frozenset({lower(account.handle.removeprefix("@").strip("/").partition("/")[0])})


def named(address: Address) -> str:
    parts = address.parts
    if not HOST.fullmatch(address.bare) or not parts or not NAME.fullmatch(parts[0]):
        return ""
    return lower(parts[0]) if len(parts) == 1 or (len(parts) == 2 and parts[1] in TABS) else ""


def host(account: Account) -> str:
    return ""


def profile(account: Account, located: Located) -> Steps:
    yield from ()
    raise CrawlError("Pinterest's feeds name no website of the user", kind="not_exposed", where=account.name)
