"""What YouTube answers about one channel, on a `Site`: the Data API and the feed. Built from the discovery
document of youtube v3 (revision 20261104) and developers.google.com/youtube/v3/docs/errors, not recorded."""

import html
from collections.abc import Mapping
from typing import Any

from tests.crawler.site import PNG, Reply, Route, Site, as_json, stamp

CHANNEL = "UCabcdefghijklmnopqrstuv"
UPLOADS = "UUabcdefghijklmnopqrstuv"
SECRET = "AIzaSyNotARealKey-0123456789abcdef"
ENTRY = (
    "<entry><id>yt:video:{id}</id><yt:videoId>{id}</yt:videoId><yt:channelId>{channel}</yt:channelId>"
    "<title>{title}</title><link rel='alternate' href='https://www.youtube.com/watch?v={id}'/>"
    "<published>{published}</published><updated>{published}</updated><media:group><media:title>{title}"
    "</media:title><media:content url='https://www.youtube.com/v/{id}?version=3' "
    "type='application/x-shockwave-flash' width='640' height='390'/><media:thumbnail url='{thumbnail}' "
    "width='480' height='360'/><media:description>{description}</media:description></media:group></entry>"
)
FEED = (
    '<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns="http://www.w3.org/2005/Atom"><yt:channelId>{channel}</yt:channelId><title>H&amp;M</title>{entries}'
    "</feed>"
)


def error(status: int, reason: str, message: str = "no") -> Reply:
    inner = {"domain": "youtube.quota", "reason": reason, "message": message}
    return as_json({"error": {"code": status, "message": message, "errors": [inner]}}, status)


class Channel:
    """Videos by id, newest first as they were published. `early` may answer any call of the API instead."""

    def __init__(self, site: Site, page: int = 50) -> None:
        self.site, self.page = site, page
        self.videos: dict[str, dict[str, Any]] = {}
        self.early: Reply | None = None
        self.keys: set[str] = set()  # that came with a call
        self.calls = 0
        self.wants_key = True
        site.routes |= {
            "/youtube/v3/channels": lambda query, headers: self._call(headers) or self._channels(query),
            "/youtube/v3/playlistItems": lambda query, headers: self._call(headers) or self._ids(query),
            "/youtube/v3/videos": lambda query, headers: self._call(headers) or self._videos(query),
            "/feeds/videos.xml": lambda query, _: self._feed(query),
        }

    def post(self, number: int, title: str, days: float = 1, **status: Any) -> str:
        """Publish, or edit."""
        video = f"video{number:06d}"
        path = f"/vi/{video}/maxresdefault.jpg"
        self.site.routes[path] = picture(PNG + video.encode(), f'"{number}"')
        known = self.videos.get(video)
        published = known["snippet"]["publishedAt"] if known else stamp(days)
        self.videos[video] = {
            "kind": "youtube#video",
            "etag": "an etag",
            "id": video,
            "snippet": {
                "publishedAt": published,
                "channelId": CHANNEL,
                "title": title,
                "description": f"About {title}.",
                "thumbnails": {
                    "default": {"url": f"{self.site.url}/vi/{video}/default.jpg", "width": 120, "height": 90},
                    "maxres": {"url": self.site.url + path, "width": 1280, "height": 720},
                },
                "channelTitle": "H&M",
                "liveBroadcastContent": "none",
            },
            "status": {"uploadStatus": "processed", "privacyStatus": "public", "embeddable": True} | status,
        }
        return video

    def _call(self, headers: Mapping[str, str]) -> Reply | None:
        self.calls += 1
        key = headers.get("x-goog-api-key", "")
        self.keys.add(key)
        if self.wants_key and key != SECRET:
            return error(403, "accessNotConfigured")
        return self.early

    def _channels(self, query: Mapping[str, str]) -> Reply:
        mine = query.get("id") == CHANNEL or query.get("forHandle") == "@hm"
        playlists = {"relatedPlaylists": {"likes": "", "uploads": UPLOADS}}
        channel = {"kind": "youtube#channel", "etag": "e", "id": CHANNEL, "contentDetails": playlists}
        body = {"kind": "youtube#channelListResponse", "etag": "e", "pageInfo": info(int(mine), 5)}
        return as_json(body | ({"items": [channel]} if mine else {}))

    def _ids(self, query: Mapping[str, str]) -> Reply:
        if query["playlistId"] != UPLOADS:
            return error(404, "playlistNotFound")
        ids = sorted(self.videos, reverse=True)
        first = int(query.get("pageToken", "T0")[1:])
        items = [
            {
                "kind": "youtube#playlistItem",
                "etag": "e",
                "id": f"UExr{video}",
                "contentDetails": {
                    "videoId": video,
                    "videoPublishedAt": self.videos[video]["snippet"]["publishedAt"],
                },
            }
            for video in ids[first : first + self.page]
        ]
        body = {"kind": "youtube#playlistItemListResponse", "etag": "e", "items": items}
        more = {"nextPageToken": f"T{first + self.page}"} if first + self.page < len(ids) else {}
        return as_json(body | more | {"pageInfo": info(len(ids), self.page)})

    def _videos(self, query: Mapping[str, str]) -> Reply:
        items = [self.videos[one] for one in query["id"].split(",") if one in self.videos]
        body = {"kind": "youtube#videoListResponse", "etag": "e", "items": items}
        return as_json(body | {"pageInfo": info(len(items), len(items))})

    def _feed(self, query: Mapping[str, str]) -> Reply:
        if query.get("channel_id") != CHANNEL:
            return Reply(b"<html>404", 404)
        newest = [self.videos[video] for video in sorted(self.videos, reverse=True)[:15]]
        entries = "".join(
            ENTRY.format(
                id=one["id"],
                channel=CHANNEL,
                title=html.escape(one["snippet"]["title"]),
                description=html.escape(one["snippet"]["description"]),
                published=one["snippet"]["publishedAt"],
                thumbnail=one["snippet"]["thumbnails"]["maxres"]["url"],
            )
            for one in newest
        )
        return Reply(
            FEED.format(channel=CHANNEL, entries=entries).encode(), headers={"Content-Type": "text/xml"}
        )


def picture(data: bytes, etag: str) -> Route:
    """As i.ytimg.com: with an ETag, and 304 for whoever has it."""

    def answer(query: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        if headers.get("if-none-match") == etag:
            return Reply(status=304, headers={"ETag": etag})
        return Reply(data, headers={"ETag": etag})

    return answer


def info(total: int, page: int) -> dict[str, int]:
    return {"totalResults": total, "resultsPerPage": page}
