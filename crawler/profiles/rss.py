"""A newsroom's feed: its address is its name, and the channel says which site it belongs to."""

from urllib.parse import urlsplit

from crawler.pages import Ask, Located
from crawler.spiders.rss import parsed
from crawler.verifying.profile import Profile, Said, Steps
from crawler.verifying.web import Address, read_address
from storage.errors import CrawlError
from storage.records import Account

PLATFORM = "rss"


def names(account: Account) -> frozenset[str]:
    address = read_address(account.service or account.handle)
    return frozenset({named(address)} if address else ())


def named(address: Address) -> str:
    return "/".join((address.host, *address.parts))


def host(account: Account) -> str:
    address = read_address(account.service or account.handle)
    return address.host if address else ""


def profile(account: Account, located: Located) -> Steps:
    """Raises CrawlError kind "http_status" or "not_a_feed"."""
    url = account.service or account.handle
    if urlsplit(url).scheme not in ("http", "https"):
        raise CrawlError(f"no web address: {url[:200]!r}", kind="bad_handle", where=account.name)
    answer = yield Ask(url)
    if answer.status != 200:
        raise CrawlError(f"HTTP {answer.status}", kind="http_status", where=account.name)
    link = str(parsed(answer, account.name).feed.get("link") or "")
    said = (Said(link, f"the feed's own link: {link}", field=True),) if link else ()
    return Profile((), said, where=url)
