"""Mastodon and its compatibles: server/@name. Profiles have fields, some of which the server itself checked
(`verified_at`: the page that the field names links back with rel=me).

The server's word is told and is not proof: whoever runs the server writes it. So the brand's website is asked
by us all the same.

Source: docs.joinmastodon.org/entities/Account (fields, note, url, uri), /spec/activitypub (PropertyValue);
read 2026-11.
"""

import re

from crawler.fediverse.errors import raise_for
from crawler.fediverse.identity import find_actor
from crawler.fediverse.names import Way, host_of, origin, read_address, way_of
from crawler.fediverse.objects import ACCEPT
from crawler.pages import Ask, Located
from crawler.verifying.links import in_text, read_links
from crawler.verifying.profile import Profile, Said, Steps
from crawler.verifying.web import Address, lower
from crawler.verifying.web import read_address as read_web_address
from crawler.wild_json import list_at, read_json, text_at
from storage.errors import CrawlError
from storage.records import Account

PLATFORM = "mastodon"
MOST_FIELDS = 50
NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")


def names(account: Account) -> frozenset[str]:
    address = read_address(account)
    hosts = {address.host, host_of(address.base)}
    return frozenset(f"{host}/@{lower(address.user)}" for host in hosts)


def named(address: Address) -> str:
    """`server/@name`, of /@name and /users/name."""
    parts = address.parts
    if len(parts) == 1 and parts[0].startswith("@"):
        name = parts[0][1:]
    elif len(parts) == 2 and parts[0] == "users":
        name = parts[1]
    else:
        return ""
    return f"{address.host}/@{lower(name)}" if NAME.fullmatch(name) else ""


def host(account: Account) -> str:
    return read_address(account).host


def profile(account: Account, located: Located) -> Steps:
    """Raises CrawlError kind "not_exposed" where only the feed is open, and by the server's answers."""
    way = way_of(located)
    if way is Way.FEED:
        raise CrawlError("the account's feed says nothing of its website", kind="not_exposed")
    if way is Way.API:
        url = f"{located.endpoint}/api/v1/accounts/{located.stable_id}"
        answer = yield Ask(url, robots=False)
        listed, note = "fields", "note"
    else:
        url = yield from find_actor(read_address(account))
        answer = yield Ask(url, accept=ACCEPT)
        listed, note = "attachment", "summary"
    raise_for(answer, account.name, way, origin(url))
    found = read_json(answer.body, account.name)
    said = [one for field in list_at(found, listed)[:MOST_FIELDS] for one in _field(field, answer.url)]
    said += [Said(url, f"{note}: {url}", field=False) for url in _urls(text_at(found, note), answer.url)]
    own = [text_at(found, "url"), text_at(found, "uri"), text_at(found, "id")]
    at_home = [one for one in own if origin(one) == origin(url)]  # a server speaks for its own names
    called = {named(one) for one in map(read_web_address, at_home) if one} - {""}
    ids = dict.fromkeys([located.stable_id, *(one for one in own[1:] if one in at_home)])
    return Profile(tuple(ids), tuple(said), frozenset(called), url)


def _field(field: object, base: str) -> list[Said]:
    value, checked = text_at(field, "value"), text_at(field, "verified_at")
    mark = f" (its server saw the link back on {checked[:10]})" if checked else ""
    name = text_at(field, "name")[:60]
    return [Said(url, f"{name}: {url}{mark}", field=True) for url in _urls(value, base)]


def _urls(markup: str, base: str) -> list[str]:
    linked = [link.url for link in read_links(markup, base).found]
    return linked or list(in_text(markup))
