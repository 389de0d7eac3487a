"""What a Mastodon instance answers about one account, on a `Site`: the API, ActivityPub and the feed. Built
from docs.joinmastodon.org; what a real one sent is replayed by `make test-recorded`."""

import html
from collections.abc import Callable, Mapping
from typing import Any

from tests.crawler.site import PNG, Reply, Site, as_json, stamp

ID = "109302441234567890"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
NOT_FOUND = as_json({"error": "Record not found"}, 404)
TOKEN = as_json({"error": "This API requires an authenticated user"}, 401)
UNSIGNED = as_json({"error": "Request not signed"}, 401)

Early = Callable[[Mapping[str, str], Mapping[str, str]], Reply | None]


class Instance:
    """Statuses are kept by id, shown newest first. `closed` names ways that refuse: "api", "activitypub"."""

    def __init__(self, site: Site, page: int = 40, *, link: bool = True) -> None:
        self.site, self.size, self.link = site, page, link
        self.statuses: dict[str, dict[str, Any]] = {}
        self.closed: dict[str, Reply] = {}
        self.ignores_max_id = False
        self.actor = f"{site.url}/users/hm"
        self.before: Callable[[Mapping[str, str], Mapping[str, str]], Reply | None] | None = (
            None  # may answer the listing instead
        )
        site.routes |= {
            "/api/v1/accounts/lookup": lambda query, _: self.closed.get("api") or self._lookup(query),
            f"/api/v1/accounts/{ID}/statuses": self._listed,
            "/.well-known/webfinger": lambda query, _: self._webfinger(query),
            "/users/hm": lambda *_: self.closed.get("activitypub") or as_json(self._actor()),
            "/users/hm/outbox": self._outbox,
            "/@hm.rss": lambda *_: self._feed(),
        }

    def post(self, number: int, text: str, *pictures: str, days: float = 1, **more: Any) -> str:
        """Publish, or edit: the id is the number's."""
        native = str(115_000_000_000_000_000 + number)
        media = [self._attachment(name) for name in pictures]
        created = self.statuses.get(native, {}).get("created_at", stamp(days))
        self.statuses[native] = {
            "id": native,
            "created_at": created,
            "edited_at": None,
            "sensitive": False,
            "spoiler_text": "",
            "visibility": "public",
            "uri": f"{self.actor}/statuses/{native}",
            "url": f"{self.site.url}/@hm/{native}",
            "content": f"<p>{html.escape(text)}</p>",
            "reblog": None,
            "account": self.account(),
            "media_attachments": media,
            "tags": [],
        } | more
        self.site.routes |= {
            f"/api/v1/statuses/{native}": lambda *_: self._one(native),
            f"/@hm/{native}": lambda *_: self._object_reply(native),
            f"/users/hm/statuses/{native}": lambda *_: self._object_reply(native),
        }
        return native

    def account(self) -> dict[str, Any]:
        return {"id": ID, "username": "hm", "acct": "hm", "url": f"{self.site.url}/@hm"}

    def _attachment(self, name: str) -> dict[str, Any]:
        path = f"/files/original/{name}.png"
        self.site.routes[path] = Reply(PNG + name.encode())
        self.site.routes[f"/files/small/{name}.png"] = Reply(PNG + b"a smaller one")
        return {
            "id": name,
            "type": "image",
            "url": self.site.url + path,
            "preview_url": f"{self.site.url}/files/small/{name}.png",
            "remote_url": None,
            "description": f"alt {name}",
        }

    def _lookup(self, query: Mapping[str, str]) -> Reply:
        return as_json(self.account()) if query.get("acct") == "hm" else NOT_FOUND

    def _listed(self, query: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        early = self.before(query, headers) if self.before else None
        if early or (early := self.closed.get("api")):
            return early
        limit = min(self.size, int(query.get("limit", "20")))
        ids = sorted(self.statuses, reverse=True)
        if not self.ignores_max_id:
            ids = [one for one in ids if one < query.get("max_id", "~")]
        shown = ids[:limit]
        more = {}
        if self.link and shown:
            older = f"{self.site.url}/api/v1/accounts/{ID}/statuses?limit={limit}&max_id={shown[-1]}"
            following = f'<{older}>; rel="next", ' if len(ids) > limit else ""
            more["Link"] = f'{following}<{older}&min_id={shown[0]}>; rel="prev"'
        return as_json([self.statuses[one] for one in shown], headers=more)

    def _one(self, native: str) -> Reply:
        status = self.statuses.get(native)
        return self.closed.get("api") or (as_json(status) if status else NOT_FOUND)

    # --- ActivityPub ----------------------------------------------------------------------------------------

    def _webfinger(self, query: Mapping[str, str]) -> Reply:
        link = {"rel": "self", "type": "application/activity+json", "href": self.actor}
        return as_json({"subject": query["resource"], "links": [{"rel": "other"}, link]})

    def _actor(self) -> dict[str, Any]:
        outbox = f"{self.actor}/outbox"
        return {"id": self.actor, "type": "Person", "preferredUsername": "hm", "outbox": outbox}

    def _outbox(self, query: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        assert "application/activity+json" in headers["accept"]
        if refused := self.closed.get("activitypub"):
            return refused
        outbox = f"{self.actor}/outbox"
        if "page" not in query:
            count = len(self.statuses)
            first = f"{outbox}?page=true"
            return as_json({"id": outbox, "type": "OrderedCollection", "totalItems": count, "first": first})
        ids = [one for one in sorted(self.statuses, reverse=True) if one < query.get("max_id", "~")]
        shown = ids[: self.size]
        body: dict[str, Any] = {
            "type": "OrderedCollectionPage",
            "orderedItems": list(map(self._create, shown)),
        }
        if shown:
            body["next"] = f"{outbox}?max_id={shown[-1]}&page=true"
        return as_json(body)

    def _create(self, native: str) -> dict[str, Any]:
        return {"type": "Create", "actor": self.actor, "object": self.object(native)}

    def object(self, native: str) -> dict[str, Any]:
        status = self.statuses[native]
        return {
            "id": status["uri"],
            "type": "Note",
            "url": status["url"],
            "attributedTo": self.actor,
            "to": [PUBLIC],
            "published": status["created_at"],
            "updated": status["edited_at"],
            "summary": status["spoiler_text"] or None,
            "content": status["content"],
            "tag": [{"type": "Hashtag", "name": f"#{tag['name']}"} for tag in status["tags"]],
            "attachment": [
                {"type": "Document", "mediaType": "image/png", "url": one["url"], "name": one["description"]}
                for one in status["media_attachments"]
            ],
        }

    def _object_reply(self, native: str) -> Reply:
        if native not in self.statuses:
            return as_json({"error": "Not Found"}, 404)
        return self.closed.get("activitypub") or as_json(self.object(native))

    # --- the feed -------------------------------------------------------------------------------------------

    def _feed(self) -> Reply:
        if "feed" in self.closed:
            return self.closed["feed"]
        items = "".join(self._item(self.statuses[one]) for one in sorted(self.statuses, reverse=True)[:20])
        return Reply(
            (
                '<?xml version="1.0"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>'
                f"<title>hm</title><link>{self.site.url}/@hm</link>{items}</channel></rss>"
            ).encode(),
            headers={"Content-Type": "application/rss+xml", "ETag": f'"{hash(items)}"'},
        )

    def _item(self, status: Mapping[str, Any]) -> str:
        warned = status["spoiler_text"]
        warning = f"<p><strong>Content warning:</strong> {warned}</p><hr>" if warned else ""
        media = "".join(
            f'<media:content url="{one["url"]}" type="image/png" medium="image">'
            f'<media:description type="plain">{one["description"]}</media:description></media:content>'
            for one in status["media_attachments"]
        )
        tags = "".join(f"<category>{tag['name']}</category>" for tag in status["tags"])
        published = status["created_at"].replace("Z", "+00:00")
        return (
            f'<item><guid isPermaLink="true">{status["url"]}</guid><link>{status["url"]}</link>'
            f"<pubDate>{published}</pubDate>"
            f"<description>{html.escape(warning + status['content'])}</description>{media}{tags}</item>"
        )
