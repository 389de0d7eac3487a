"""How the platforms of the world show it: Mastodon's API, a Bluesky PDS, a newsroom's RSS feed. Pure."""

import base64
import hashlib
import html
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from urllib.parse import parse_qs, urlsplit

from benchmarks.nights.world import Edition, Post, Publisher, World, picture

MASTODON_PAGE, BLUESKY_PAGE, FEED_ITEMS = 40, 100, 30
COLLECTION = "app.bsky.feed.post"
SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Said:
    """An answer. `account` is whose it is (-1: the host's own), `kind` what was asked for, `picture` its
    number."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    account: int = -1
    kind: str = "other"
    picture: int = 0


NOTHING = Said(b'{"error":"Record not found"}', 404, {"Content-Type": "application/json"})


def native(one: Publisher, post: Post) -> str:
    """The id by which the platform, and so the store, knows a post."""
    if one.platform == "mastodon":
        return str((int(post.place * 1000) << 16) | (one.number * 200 + post.number) % 65536)
    if one.platform == "bluesky":
        number = (int(post.place * 1_000_000) + post.number) << 10 | one.number % 1024
        key = "".join(SORTABLE[(number >> shift) & 31] for shift in range(60, -1, -5))
        return f"at://{did(one)}/{COLLECTION}/{key}"
    return f"post-{one.number}-{post.number}"


def did(one: Publisher) -> str:
    digest = base64.b32encode(hashlib.sha256(str(one.number).encode()).digest())
    return f"did:plc:{digest.decode().lower()[:24]}"


def handle(one: Publisher, night: int = 1) -> str:
    """As the account is called in a night."""
    name = f"{one.name}_new" if one.renamed and night >= one.renamed else one.name
    return name.replace("_", "-") + ".example" if one.platform == "bluesky" else name


def cid(codec: int, data: bytes) -> str:
    raw = bytes((1, codec, 0x12, 32)) + hashlib.sha256(data).digest()
    return "b" + base64.b32encode(raw).decode().rstrip("=").lower()


def as_json(value: object, account: int, kind: str, status: int = 200, **headers: str) -> Said:
    said = {"Content-Type": "application/json", **{name.title(): text for name, text in headers.items()}}
    return Said(json.dumps(value).encode(), status, said, account, kind)


def stamp(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Voice:
    """One host: its accounts, under its own address `base`."""

    def __init__(self, world: World, platform: str, host: int, base: str) -> None:
        self.world, self.base = world, base
        self.mine = [one for one in world.publishers if (one.platform, one.host) == (platform, host)]
        self.by_id = {str(one.number): one for one in self.mine}
        self.by_did = {did(one): one for one in self.mine}
        self.blobs: dict[str, int] = {}
        self.speak: Callable[[str, Mapping[str, str], int], Said] = {
            "mastodon": self._mastodon,
            "bluesky": self._bluesky,
            "rss": self._rss,
        }[platform]

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
        return Said(picture(number), headers={"Content-Type": "image/jpeg"}, kind="picture", picture=number)

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

    # --- a newsroom's feed ----------------------------------------------------------------------------------

    def _rss(self, path: str, query: Mapping[str, str], night: int) -> Said:
        match path.strip("/").split("/"):
            case ["feed", number]:
                return self._feed(self.by_id[number], night)
            case ["press", number, post_number, place]:
                edition = self.by_id[number].posts[int(post_number)].seen(night)
                place = place.partition(".")[0]
                if edition and int(place) < len(edition.pictures):
                    said = self._picture(edition.pictures[int(place)])
                    etag = f'"{said.picture}"'
                    return Said(said.body, 200, {**said.headers, "ETag": etag}, -1, "picture", said.picture)
        return NOTHING

    def _feed(self, one: Publisher, night: int) -> Said:
        items = "".join(self._item(one, *found) for found in one.visible(night)[:FEED_ITEMS])
        body = (
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
            f'xmlns:media="http://search.yahoo.com/mrss/"><channel><title>{one.name}</title>{items}</channel></rss>'
        ).encode()
        etag = hashlib.sha256(body).hexdigest()[:16]
        return Said(
            body, 200, {"Content-Type": "application/rss+xml", "ETag": f'"{etag}"'}, one.number, "listing"
        )

    def _item(self, one: Publisher, post: Post, edition: Edition) -> str:
        media = "".join(
            f'<media:content url="{self.base}/press/{one.number}/{post.number}/{place}.jpg" '
            f'type="image/jpeg" medium="image"/>'
            for place in range(len(edition.pictures))
        )
        return (
            f'<item><guid isPermaLink="false">{native(one, post)}</guid>'
            f"<link>{self.base}/news/{one.number}/{post.number}</link>"
            f"<pubDate>{formatdate(post.at)}</pubDate><description>{edition.text}</description>{media}</item>"
        )


def alt(number: int) -> str:
    return f"look {number}"
