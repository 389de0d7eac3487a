"""What Meta's Graph API answers about Instagram accounts, on a `Site`. Built from the documentation of
Business Discovery, IG Media, error handling and rate limits on developers.facebook.com, not recorded."""

import json
import re
from collections.abc import Mapping
from typing import Any

from tests.crawler.site import PNG, Reply, Site, as_json, stamp

OWN = "17841405309211844"
USER = "17841401441775531"
SECRET = "EAABwzLixnjYBOnotARealToken0123456789ZDZD"
EXPANSION = re.compile(r"business_discovery\.username\(([^)]*)\)\{(.*)\}$")
CURSOR = re.compile(r"\.after\(([^)]*)\)")


def error(code: int, message: str = "no", subcode: int = 0, status: int = 400, **headers: str) -> Reply:
    said: dict[str, Any] = {"message": f"(#{code}) {message}", "type": "OAuthException", "code": code}
    said |= {"fbtrace_id": "AbC"} | ({"error_subcode": subcode} if subcode else {})
    return as_json({"error": said}, status, headers)


class Graph:
    """One account, its media newest first. `refuses`: fields that do not exist here."""

    def __init__(self, site: Site, page: int = 25) -> None:
        self.site, self.page = site, page
        self.media: dict[str, dict[str, Any]] = {}
        self.refuses: set[str] = set()
        self.broken: set[str] = set()  # media of which the server fails to send the bytes
        self.unnamed = False  # the refusal does not say which field
        self.early: Reply | None = None
        self.early_calls = -1  # so many are answered so, then no more; below 0: all
        self.usage: dict[str, str] = {}
        self.user = USER
        self.asked: list[str] = []  # the fields of each call
        self.signed = 0
        site.routes |= {
            "/v25.0/me/accounts": lambda _, headers: self._call(headers) or self._pages(),
            f"/v25.0/{OWN}": lambda query, headers: self._call(headers) or self._discover(query),
        }

    def post(self, number: int, caption: str, *children: str, days: float = 1, **more: Any) -> str:
        """Publish, or edit."""
        native = str(17_855_060_160_000_000 + number)
        known = self.media.get(native)
        said: dict[str, Any] = {
            "id": native,
            "caption": caption,
            "media_type": "CAROUSEL_ALBUM" if children else "IMAGE",
            "media_product_type": "FEED",
            "permalink": f"https://www.instagram.com/p/C{number}/",
            "timestamp": known["timestamp"] if known else stamp(days).replace("Z", "+0000"),
            "is_ai_generated": False,
            "alt_text": "",
        }
        if children:
            ids = [str(17_900_000_000_000_000 + number * 100 + n) for n in range(len(children))]
            said["children"] = {"data": [{"id": one, "media_type": "IMAGE"} for one in ids]}
        self.media[native] = said | more
        return native

    def _call(self, headers: Mapping[str, str]) -> Reply | None:
        if headers.get("authorization") != f"Bearer {SECRET}":
            return error(190, "Invalid OAuth access token.", status=401)
        if self.early and self.early_calls:
            self.early_calls -= 1
            return self.early
        return None

    def _pages(self) -> Reply:
        return as_json({"data": [{"id": "1"}, {"id": "2", "instagram_business_account": {"id": OWN}}]})

    def _discover(self, query: Mapping[str, str]) -> Reply:
        fields = query.get("fields", "")
        self.asked.append(fields)
        found = EXPANSION.match(fields)
        if not found or found[1] != "hm":
            return error(110, "Invalid user id", 2207013)
        for field in sorted(self.refuses):
            if field in found[2] and self.unnamed:
                return error(10, "Application does not have permission for this action")
            if field in found[2]:
                return error(100, f"Tried accessing nonexistent field ({field}) on node type (IGMedia)")
        user: dict[str, Any] = {"id": self.user, "username": "hm"}
        if "media." in found[2]:
            user |= {"media_count": len(self.media), "media": self._page(found[2])}
        return as_json({"business_discovery": user, "id": OWN}, headers=self.usage)

    def _page(self, fields: str) -> dict[str, Any]:
        cursor = CURSOR.search(fields)
        ids = [one for one in sorted(self.media, reverse=True) if not cursor or one < cursor[1]][: self.page]
        shown = [self._signed(self.media[one], fields) for one in ids]
        return {"data": shown, "paging": {"cursors": {"after": ids[-1]}} if ids else {}}

    def _signed(self, media: Mapping[str, Any], fields: str) -> dict[str, Any]:
        """Addresses are signed anew for every answer; what was not asked for is not shown."""
        one: dict[str, Any] = json.loads(
            json.dumps({key: value for key, value in media.items() if key in fields})
        )
        children = one.get("children", {}).get("data", [])
        for item in children or [one]:
            self.signed += 1
            path = f"/v/{item['id']}-{self.signed}.png"
            fails = item["id"] in self.broken
            self.site.routes[path] = Reply(b"", 404) if fails else Reply(PNG + item["id"].encode())
            item["media_url"] = self.site.url + path
        return one
