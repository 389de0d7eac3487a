"""Accounts, statuses and activities of a server of the fediverse, built from docs.joinmastodon.org and
w3.org/TR/activitypub, not recorded."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.pages import Answer, Located, Page
from crawler.spiders.mastodon import MastodonSpider
from storage.crawled import AccountState
from storage.errors import CrawlError
from storage.records import Account

NOW = datetime(2026, 11, 23, tzinfo=UTC)
HOST = "https://m.example"
LOOKUP = f"{HOST}/api/v1/accounts/lookup?acct=hm"
FINGER = f"{HOST}/.well-known/webfinger?resource=acct%3Ahm%40m.example"
ACTOR = f"{HOST}/users/hm"
OUTBOX = f"{ACTOR}/outbox"
ACCOUNT = Account("mastodon", "@hm@m.example")
API, AP, FEED = Located("42", HOST), Located(ACTOR, OUTBOX), Located("acct:hm@m.example", f"{HOST}/@hm.rss")
FOUND = {"id": "42", "username": "hm", "acct": "hm", "url": f"{HOST}/@hm"}
JRD = {
    "subject": "acct:hm@m.example",
    "links": [{"rel": "self", "type": "application/activity+json", "href": ACTOR}],
}
PERSON = {"id": ACTOR, "type": "Person", "preferredUsername": "HM", "outbox": OUTBOX}
UNKNOWN = AccountState()
TOKEN = (401, {"error": "This API requires an authenticated user"})


def answer(body: Any, status: int = 200, url: str = f"{HOST}/x", **headers: str) -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(url, status, headers, raw, NOW)


def kind_of(call: Any) -> str:
    with pytest.raises(CrawlError) as error:
        call()
    return error.value.kind


def status(native: str = "7", **more: Any) -> dict[str, Any]:
    return {
        "id": native,
        "created_at": "2026-11-20T09:30:00.000Z",
        "content": "<p>Hello</p>",
        "visibility": "public",
        "url": f"{HOST}/@hm/{native}",
        "account": FOUND,
        "media_attachments": [],
    } | more


def page_of(*statuses: Any, url: str = f"{HOST}/api/v1/accounts/42/statuses", **headers: str) -> Page:
    return MastodonSpider().read_page(ACCOUNT, API, answer(list(statuses), 200, url, **headers))


def note(uri: str = f"{HOST}/users/hm/statuses/7", **more: Any) -> dict[str, Any]:
    return {
        "id": uri,
        "type": "Note",
        "attributedTo": ACTOR,
        "to": "https://www.w3.org/ns/activitystreams#Public",
        "published": "2026-11-20T09:30:00Z",
        "content": "<p>Hello</p>",
    } | more


def create(made: Any, **more: Any) -> dict[str, Any]:
    return {"type": "Create", "actor": ACTOR, "object": made} | more
