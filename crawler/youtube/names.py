"""Names on YouTube, and the two ways to read a channel, told by its endpoint."""

import re
from enum import StrEnum
from urllib.parse import quote, urlsplit

from crawler.pages import Located
from storage.errors import CrawlError
from storage.records import Account

API = "https://youtube.googleapis.com"  # rootUrl of the discovery document
SITE = "https://www.youtube.com"
CHANNEL = re.compile(r"UC[A-Za-z0-9_-]{22}")
VIDEO = re.compile(r"[A-Za-z0-9_-]{11}")
PLAYLIST = re.compile(r"[A-Za-z0-9_-]{12,64}")
HANDLE = re.compile(r"[^\s/?#&=<>\"']{1,60}")  # up to 30 letters of many scripts, some encoded
FEED = "/feeds/videos.xml"
LISTING = "/youtube/v3/playlistItems"


class Way(StrEnum):
    API = "api"
    FEED = "feed"


def way_of(located: Located) -> Way:
    return Way.FEED if urlsplit(located.endpoint).path == FEED else Way.API


def is_channel(handle: str) -> bool:
    return bool(CHANNEL.fullmatch(handle))


def read_handle(account: Account) -> str:
    """A channel id, or a handle without "@". Raises CrawlError kind "bad_handle"."""
    handle = account.handle.removeprefix("@")
    if not is_channel(handle) and not HANDLE.fullmatch(handle):
        message = f"{account.handle[:100]!r} is neither a channel id (UC…, 24 characters) nor a handle"
        raise CrawlError(message, kind="bad_handle", where=account.name)
    return handle


def channels_url(account: Account, handle: str) -> str:
    who = f"id={handle}" if is_channel(handle) else f"forHandle={quote('@' + handle, safe='')}"
    return f"{account.service or API}/youtube/v3/channels?part=id,contentDetails&{who}"


def listing(account: Account, uploads: str) -> str:
    """The endpoint of the API's way: the playlist of everything that the channel has uploaded."""
    return f"{account.service or API}{LISTING}?part=contentDetails&maxResults=50&playlistId={uploads}"


def feed(account: Account, channel: str) -> str:
    return f"{account.service or SITE}{FEED}?channel_id={channel}"


def videos_url(endpoint: str, ids: list[str]) -> str:
    parts = urlsplit(endpoint)
    listed = ",".join(ids)
    return f"{parts.scheme}://{parts.netloc}/youtube/v3/videos?part=snippet,status&maxResults=50&id={listed}"
