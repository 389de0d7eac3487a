"""How the platforms of the world show it: Mastodon's API and a Bluesky PDS here, feeds (newsrooms, YouTube,
Pinterest) in feeds.py, Instagram's Business Discovery in graph.py. Pure."""

import html
import json
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs, urlsplit

from benchmarks.nights import feeds, graph
from benchmarks.nights.said import (
    COLLECTION,
    NOTHING,
    Said,
    alt,
    as_json,
    cid,
    did,
    handle,
    native,
    shot,
    stamp,
)
from benchmarks.nights.world import Edition, Post, Publisher, World, picture

MASTODON_PAGE, BLUESKY_PAGE = 40, 100


class Voice:
    """One host: its accounts, under its own address `base`."""

    def __init__(self, world: World, platform: str, host: int, base: str) -> None:
        self.world, self.platform, self.base = world, platform, base
        self.mine = [one for one in world.publishers if (one.platform, one.host) == (platform, host)]
        self.by_id = {str(one.number): one for one in self.mine}
        self.by_did = {did(one): one for one in self.mine}
        self.blobs: dict[str, int] = {}
        self.speak: Callable[[str, Mapping[str, str], int], Said] = {
            "mastodon": self._mastodon,
            "bluesky": self._bluesky,
            "instagram": self._graph,
        }.get(platform, self._fed)

    def answer(self, target: str, night: int) -> Said:
        parts = urlsplit(target)
        if parts.path == "/robots.txt":
            return Said(b"User-agent: *\nAllow: /\n", kind="robots")
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        return self.speak(parts.path, query, night)

    # --- Mastodon -------------------------------------------------------------------------------------------

    def _mastodon(self, path: str, query: Mapping[str, str], night: int) -> Said:
        match path.strip("/").split("/"):
            case ["media", file]:
                return self._picture(int(file.partition(".")[0]))
            case ["api", "v1", "accounts", "lookup"]:
                found = next((one for one in self.mine if handle(one, night) == query.get("acct")), None)
                return as_json(self._account(found, night), found.number, "lookup") if found else NOTHING
            case ["api", "v1", "accounts", number, "statuses"]:
                return self._statuses(self.by_id[number], query, night)
            case ["api", "v1", "statuses", post_id]:
                for one in self.mine:
                    for post, edition in one.visible(night):
                        if native(one, post) == post_id:
                            return as_json(self._status(one, post, edition, night), one.number, "single")
                return NOTHING
        return NOTHING

    def _statuses(self, one: Publisher, query: Mapping[str, str], night: int) -> Said:
        shown = [(native(one, post), post, edition) for post, edition in one.visible(night)]
        below = int(query.get("max_id", "0"))
        page = [found for found in shown if not below or int(found[0]) < below]
        more = len(page) > MASTODON_PAGE
        page = page[:MASTODON_PAGE]
        listed = [self._status(one, post, edition, night) for _, post, edition in page]
        if not below:  # some compatibles show what is pinned first, and in its place again
            pinned = [self._status(one, post, edition, night) for _, post, edition in shown if post.pinned]
            listed = [*pinned, *listed]
        url = f"{self.base}/api/v1/accounts/{one.number}/statuses?exclude_reblogs=true&limit=40"
        link = f'<{url}&max_id={page[-1][0]}>; rel="next", ' if more else ""
        return as_json(listed, one.number, "listing", link=f'{link}<{url}&min_id=1>; rel="prev"')

    def _account(self, one: Publisher, night: int) -> dict[str, object]:
        name = handle(one, night)
        return {"id": str(one.number), "username": name, "acct": name, "url": f"{self.base}/@{name}"}

    def _status(self, one: Publisher, post: Post, edition: Edition, night: int) -> dict[str, object]:
        post_id = native(one, post)
        edited = edition.night > post.editions[0].night
        return {
            "id": post_id,
            "created_at": stamp(post.at),
            "edited_at": stamp(self.world.start - (4 - edition.night) * 3600) if edited else None,
            "visibility": "public",
            "spoiler_text": "",
            "uri": f"{self.base}/users/{one.number}/statuses/{post_id}",
            "url": f"{self.base}/@{one.name}/{post_id}",
            "content": f"<p>{html.escape(edition.text)}</p>",
            "reblog": None,
            "account": self._account(one, night),
            "tags": [],
            "media_attachments": [
                {
                    "id": str(number),
                    "type": "image",
                    "url": f"{self.base}/media/{number}.jpg",
                    "description": alt(number),
                }
                for number in edition.pictures
            ],
        }

    def _picture(self, number: int) -> Said:
        return shot(number)

    # --- Bluesky --------------------------------------------------------------------------------------------

    def _bluesky(self, path: str, query: Mapping[str, str], night: int) -> Said:
        method = path.rpartition("/")[2]
        if method == "com.atproto.identity.resolveHandle":
            found = next((one for one in self.mine if handle(one, night) == query.get("handle")), None)
            return as_json({"did": did(found)}, found.number, "lookup") if found else NOTHING
        one = self.by_did.get(query.get("repo", query.get("did", "")))
        if one and method == "com.atproto.repo.listRecords":
            records = [self._record(one, *found) for found in one.visible(night)]
            before = query.get("cursor", "~")
            page = [record for record in records if str(record["uri"]).rpartition("/")[2] < before]
            page = page[:BLUESKY_PAGE]
            more = {"cursor": str(page[-1]["uri"]).rpartition("/")[2]} if page else {}
            return as_json({"records": page, **more}, one.number, "listing")
        if one and method == "com.atproto.repo.getRecord":
            for record in (self._record(one, *found) for found in one.visible(night)):
                if str(record["uri"]).endswith(f"/{query.get('rkey')}"):
                    return as_json(record, one.number, "single")
            return as_json({"error": "RecordNotFound", "message": "no"}, one.number, "single", 400)
        if one and method == "com.atproto.sync.getBlob":
            return self._picture(self._blobs_of(one)[query["cid"]])
        return NOTHING

    def _record(self, one: Publisher, post: Post, edition: Edition) -> dict[str, object]:
        images = [
            {
                "alt": alt(number),
                "image": {
                    "$type": "blob",
                    "ref": {"$link": cid(0x55, picture(number))},
                    "mimeType": "image/jpeg",
                    "size": len(picture(number)),
                },
            }
            for number in edition.pictures
        ]
        value: dict[str, object] = {"$type": COLLECTION, "text": edition.text, "createdAt": stamp(post.at)}
        if images:
            value["embed"] = {"$type": "app.bsky.embed.images", "images": images}
        return {"uri": native(one, post), "cid": cid(0x71, json.dumps(value).encode()), "value": value}

    def _blobs_of(self, one: Publisher) -> Mapping[str, int]:
        if did(one) not in self.blobs:
            numbers = {n for post in one.posts for edition in post.editions for n in edition.pictures}
            self.blobs |= {cid(0x55, picture(number)): number for number in numbers}
            self.blobs[did(one)] = 0
        return self.blobs

    # --- feeds, and Meta ------------------------------------------------------------------------------------

    def _fed(self, path: str, query: Mapping[str, str], night: int) -> Said:
        match path.strip("/").split("/"):
            case ["feed", number]:
                return feeds.feed(self.by_id[number], night, self.base)
            case ["feeds", "videos.xml"]:
                return feeds.feed(self.by_id[str(int(query["channel_id"][2:]))], night, self.base)
            case [name, "feed.rss"]:
                return feeds.feed(self.by_id[name.removeprefix("shop")], night, self.base)
            case ["press", number, post_number, place]:
                return feeds.shown(self.by_id[number], int(post_number), int(place.partition(".")[0]), night)
        return NOTHING

    def _graph(self, path: str, query: Mapping[str, str], night: int) -> Said:
        match path.strip("/").split("/"):
            case ["v", file]:
                return self._picture(int(file.partition(".")[0]))
            case [_, "me", "accounts"]:
                return graph.own()
            case [_, graph.OWN]:
                asked = graph.asked(query.get("fields", ""))
                found = next((one for one in self.mine if asked and handle(one) == asked.name), None)
                return graph.discovered(found, asked, night, self.base) if found and asked else NOTHING
        return NOTHING
