"""Bluesky: bsky.app/profile/HANDLE, where the handle is a domain: who has it controls the domain's DNS or its
server, and the DID names it back. The profile record has a website and a description.

Source: atproto.com/specs/handle; lexicon app.bsky.actor.profile (description, website; read 2026-11).
"""

from urllib.parse import quote

from crawler.atproto.errors import error_name, raise_for
from crawler.atproto.identity import DID
from crawler.pages import Ask, Located
from crawler.verifying.links import in_text
from crawler.verifying.profile import Profile, Said, Steps
from crawler.verifying.web import Address, lower
from crawler.wild_json import read_json, text_at
from storage.records import Account

PLATFORM = "bluesky"
RECORD = "collection=app.bsky.actor.profile&rkey=self"


def names(account: Account) -> frozenset[str]:
    return frozenset({_plain(account.handle)})


def named(address: Address) -> str:
    parts = address.parts
    if address.bare != "bsky.app" or len(parts) != 2 or parts[0] != "profile":
        return ""
    return _plain(parts[1])


def host(account: Account) -> str:
    handle = _plain(account.handle)
    return "" if handle.startswith("did:") else handle


def profile(account: Account, located: Located) -> Steps:
    """An account without the record has an empty profile. Raises CrawlError by the server's own names."""
    repo = quote(located.stable_id, safe=":")
    url = f"{located.endpoint}/xrpc/com.atproto.repo.getRecord?repo={repo}&{RECORD}"
    answer = yield Ask(url)
    ids, names_too = (located.stable_id,), frozenset({located.stable_id})
    if answer.status == 400 and error_name(answer) == "RecordNotFound":
        return Profile(ids, names=names_too, where=url)
    raise_for(answer, account.name)
    value = read_json(answer.body, account.name).get("value")
    website = text_at(value, "website")
    said = [Said(website, f"website: {website}", field=True)] if website else []
    said += [Said(url, f"description: {url}", field=False) for url in in_text(text_at(value, "description"))]
    return Profile(ids, tuple(said), names_too, where=url)


def _plain(name: str) -> str:
    name = name.removeprefix("@")
    return name if DID.fullmatch(name) else lower(name)
