"""YouTube: youtube.com/@handle and /channel/UC…. The Data API shows a channel's description; the list of
links beside it is shown to people alone. `/user/…` and `/c/…` are older names of another kind, and no handle.

Source: developers.google.com/youtube/v3/docs/channels (snippet.customUrl, snippet.description; read 2026-11).
"""

from crawler.pages import Ask, Located
from crawler.verifying.links import in_text
from crawler.verifying.profile import Profile, Said, Steps
from crawler.verifying.web import Address, lower
from crawler.wild_json import list_at, read_json, text_at
from crawler.youtube.errors import raise_for
from crawler.youtube.names import HANDLE, Way, channels_url, is_channel, read_handle, way_of
from storage.errors import CrawlError
from storage.records import Account

PLATFORM = "youtube"
TABS = frozenset({"about", "community", "featured", "playlists", "releases", "shorts", "streams", "videos"})
PARTLY = "the API shows the description, and not the list of links beside it"


def names(account: Account) -> frozenset[str]:
    handle = account.handle.removeprefix("@")
    return frozenset({handle if is_channel(handle) else f"@{lower(handle)}"})


def named(address: Address) -> str:
    parts = address.parts
    if address.bare != "youtube.com" or not 1 <= len(parts) <= 3:
        return ""
    if parts[0] == "channel" and len(parts) in (2, 3) and not set(parts[2:]) - TABS:
        return parts[1] if is_channel(parts[1]) else ""
    handle = parts[0].removeprefix("@")
    is_handle = parts[0].startswith("@") and HANDLE.fullmatch(handle) and not set(parts[1:]) - TABS
    return f"@{lower(handle)}" if is_handle else ""


def host(account: Account) -> str:
    return ""


def profile(account: Account, located: Located) -> Steps:
    """Raises CrawlError kind "not_exposed" without a key, "no_account", and what YouTube's errors are
    called."""
    if way_of(located) is Way.FEED:
        raise CrawlError("a channel's feed says nothing of its website", kind="not_exposed")
    asked = channels_url(account, located.stable_id or read_handle(account))
    url = asked.replace("part=id,contentDetails", "part=id,snippet")
    answer = yield Ask(url, robots=False, token=True)
    raise_for(answer, account.name)
    found = list_at(read_json(answer.body, account.name), "items")
    if not found or not is_channel(text_at(found[0], "id")):
        raise CrawlError("YouTube knows no such channel", kind="no_account", where=account.name)
    channel, custom = text_at(found[0], "id"), text_at(found[0], "snippet", "customUrl")
    said = [
        Said(url, f"description: {url}", field=False)
        for url in in_text(text_at(found[0], "snippet", "description"))
    ]
    called = {channel} | ({f"@{lower(custom.removeprefix('@'))}"} if custom.startswith("@") else set())
    return Profile((channel,), tuple(said), frozenset(called), f"channels.list of {channel}", partial=PARTLY)
