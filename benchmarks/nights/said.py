"""What a platform answers, and the names by which it knows posts and accounts."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from benchmarks.nights.world import Post, Publisher, picture

COLLECTION = "app.bsky.feed.post"
SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Said:
    """An answer. `account` is whose it is (-1: the host's own), `kind` what was asked for, `picture` its
    number; `shows`: whose picture it is, where its address says it."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    account: int = -1
    kind: str = "other"
    picture: int = 0
    shows: int = -1


NOTHING = Said(b'{"error":"Record not found"}', 404, {"Content-Type": "application/json"})


def native(one: Publisher, post: Post) -> str:
    """The id by which the platform, and so the store, knows a post."""
    if one.platform == "mastodon":
        return str((int(post.place * 1000) << 16) | (one.number * 200 + post.number) % 65536)
    if one.platform == "bluesky":
        number = (int(post.place * 1_000_000) + post.number) << 10 | one.number % 1024
        key = "".join(SORTABLE[(number >> shift) & 31] for shift in range(60, -1, -5))
        return f"at://{did(one)}/{COLLECTION}/{key}"
    names = {
        "youtube": f"v{one.number:05d}{post.number:05d}",
        "pinterest": str(28_428_979_520_000_000 + one.number * 1000 + post.number),
        "instagram": f"D{one.number:05d}-{post.number:04d}",
    }
    return names.get(one.platform, f"post-{one.number}-{post.number}")


def did(one: Publisher) -> str:
    digest = base64.b32encode(hashlib.sha256(str(one.number).encode()).digest())
    return f"did:plc:{digest.decode().lower()[:24]}"


def handle(one: Publisher, night: int = 1) -> str:
    """As the account is called in a night."""
    if one.platform == "youtube":
        return f"UC{one.number:022d}"
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


def shot(number: int, etag: str = "", shows: int = -1) -> Said:
    headers = {"Content-Type": "image/jpeg", **({"ETag": etag} if etag else {})}
    return Said(picture(number), headers=headers, kind="picture", picture=number, shows=shows)


def alt(number: int) -> str:
    return f"look {number}"
