"""Instagram's accounts by Meta's Business Discovery: pages by cursors that the asking side puts into the
field expansion, addresses that are signed anew for every night, one token for all."""

import re
from dataclasses import dataclass

from benchmarks.nights.said import Said, as_json, native, stamp
from benchmarks.nights.world import Edition, Post, Publisher

OWN = "17841405309211844"
TOKEN = "EAABnotARealTokenOfTheNights0123456789"
PAGE = 25
EXPANSION = re.compile(r"business_discovery\.username\(([^)]*)\)\{(.*)\}$")
CURSOR = re.compile(r"\.after\(([^)]*)\)")


@dataclass(frozen=True, slots=True)
class Asked:
    name: str
    media: bool
    after: str


def asked(fields: str) -> Asked | None:
    found = EXPANSION.match(fields)
    if not found:
        return None
    cursor = CURSOR.search(found[2])
    return Asked(found[1], "media" in found[2], cursor[1] if cursor else "")


def own() -> Said:
    return as_json({"data": [{"id": "1", "instagram_business_account": {"id": OWN}}]}, -1, "lookup")


def discovered(one: Publisher, asked: Asked, night: int, base: str) -> Said:
    user: dict[str, object] = {"id": str(17_841_400_000_000_000 + one.number), "username": asked.name}
    if asked.media:
        shown = [(medium(one, post), post, edition) for post, edition in one.visible(night)]
        place = next((n for n, found in enumerate(shown, 1) if found[0] == asked.after), 0)
        page = shown[place : place + PAGE]
        cursors = {"cursors": {"after": page[-1][0]}} if page and len(shown) > place + PAGE else {}
        data = [_media(one, post, edition, night, base) for _, post, edition in page]
        user |= {"media_count": len(shown), "media": {"data": data, "paging": cursors}}
    return as_json(
        {"business_discovery": user, "id": OWN}, one.number, "listing" if asked.media else "lookup"
    )


def medium(one: Publisher, post: Post) -> str:
    return str(17_850_000_000_000_000 + one.number * 1000 + post.number)


def _media(one: Publisher, post: Post, edition: Edition, night: int, base: str) -> dict[str, object]:
    addresses = [f"{base}/v/{number}.jpg?oh=signed{night}" for number in edition.pictures]
    said: dict[str, object] = {
        "id": medium(one, post),
        "caption": edition.text,
        "media_type": "CAROUSEL_ALBUM" if len(addresses) > 1 else "IMAGE",
        "media_product_type": "FEED",
        "permalink": f"https://www.instagram.com/p/{native(one, post)}/",
        "timestamp": stamp(int(post.at)).replace(".000Z", "+0000"),
        "is_ai_generated": False,
        "alt_text": "",
    }
    if len(addresses) == 1:
        return {**said, "media_url": addresses[0]}
    children = [
        {"id": f"{medium(one, post)}{place}", "media_type": "IMAGE", "media_url": address}
        for place, address in enumerate(addresses)
    ]
    return {**said, "children": {"data": children}}
