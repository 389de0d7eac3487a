"""LinkedIn: linkedin.com/company/name, under the hosts of many countries (de.linkedin.com). No interface
shows other people's pages: posts come by import."""

import re

from crawler.pages import Located
from crawler.verifying.profile import Steps
from crawler.verifying.web import Address, lower
from storage.errors import CrawlError
from storage.records import Account

PLATFORM = "linkedin"
HOST = re.compile(r"(?:[a-z]{2,3}\.)?linkedin\.com")
OF_COMPANIES = ("company", "showcase", "school")
TABS = frozenset({"about", "posts", "jobs", "life", "mycompany", "people"})


def names(account: Account) -> frozenset[str]:
    """Without a kind of page the name of a company, a showcase or a school; never of a person."""
    kind, slash, name = account.handle.strip("/").partition("/")
    if slash:
        return frozenset({f"{lower(kind)}/{lower(name)}"})
    return frozenset(f"{one}/{lower(kind)}" for one in OF_COMPANIES)


def named(address: Address) -> str:
    parts = address.parts
    if not HOST.fullmatch(address.bare) or len(parts) not in (2, 3) or set(parts[2:]) - TABS:
        return ""
    kind = lower(parts[0])
    return f"{kind}/{lower(parts[1])}" if kind in (*OF_COMPANIES, "in") else ""


def host(account: Account) -> str:
    return ""


def profile(account: Account, located: Located) -> Steps:
    yield from ()
    raise CrawlError("LinkedIn shows company pages to no program", kind="not_exposed", where=account.name)
