"""Instagram: instagram.com/name. Business Discovery shows the profile's website field and its biography.

Source: developers.facebook.com/docs/instagram-platform, IG User business_discovery (fields of a discovered
user: biography, id, name, username, website; read 2026-11).
"""

import re

from crawler.pages import Ask, Located
from crawler.spiders.instagram import discovered, discovery, read_name
from crawler.verifying.links import in_text
from crawler.verifying.profile import Profile, Said, Steps
from crawler.verifying.web import Address, lower
from crawler.wild_json import text_at
from storage.records import Account

PLATFORM = "instagram"
NAME = re.compile(r"[A-Za-z0-9._]{1,30}")
TABS = frozenset({"reels", "tagged", "channel"})


def names(account: Account) -> frozenset[str]:
    return frozenset({lower(account.handle.removeprefix("@"))})


def named(address: Address) -> str:
    parts = address.parts[1:] if address.parts[:1] == ("_u",) else address.parts
    if address.bare != "instagram.com" or not parts or not NAME.fullmatch(parts[0]):
        return ""
    return lower(parts[0]) if len(parts) == 1 or (len(parts) == 2 and parts[1] in TABS) else ""


def host(account: Account) -> str:
    return ""


def profile(account: Account, located: Located) -> Steps:
    """Raises CrawlError by what Meta's errors are called."""
    own = located.endpoint.partition("#")[0]
    url = discovery(own, read_name(account), "id,username,name,biography,website")
    answer = yield Ask(url, robots=False, token=True)
    found, user = discovered(answer, account, located.stable_id)
    website, biography = text_at(user, "website"), text_at(user, "biography")
    said = [Said(website, f"website: {website}", field=True)] if website else []
    said += [Said(url, f"biography: {url}", field=False) for url in in_text(biography)]
    return Profile((found,), tuple(said), where=f"business_discovery of {read_name(account)}")
