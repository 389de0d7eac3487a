"""The answers of a real Mastodon 4.6, recorded by the tests of github.com/halcy/Mastodon.py (MIT), replayed
with their headers: `make test-recorded DATA=dir`. They are not part of this repository; without them nothing
runs.

Recorded were an account's statuses, page by page, single statuses and one that is missing; what was not
(lookup, a listing of everything) is answered in the shape of what was.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.pages import Answer, Gone, Listed, Located
from crawler.spiders.mastodon import MastodonSpider
from storage.crawled import KnownPost
from storage.records import Account
from tests.crawler.night import Night
from tests.crawler.site import PNG, Reply, Site

FOLDER = Path(os.environ.get("TWINWATCH_TEST_DATA") or "nowhere") / "mastodon"
SERVER = "http://localhost:3000"
HOP = {"content-length", "transfer-encoding", "connection", "content-encoding"}
pytestmark = [
    pytest.mark.skipif(not FOLDER.is_dir(), reason="no recorded answers: make test-recorded DATA=dir"),
    pytest.mark.timeout(300),
]


@dataclass(frozen=True)
class Recorded:
    method: str
    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def answer(self) -> Answer:
        return Answer(self.url, self.status, self.headers, self.body, datetime(2026, 11, 23, tzinfo=UTC))


def recorded(name: str) -> list[Recorded]:
    yaml = pytest.importorskip("yaml")
    found = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))["interactions"]
    return [
        Recorded(
            one["request"]["method"],
            one["request"]["uri"],
            one["response"]["status"]["code"],
            {key.lower(): ", ".join(values) for key, values in one["response"]["headers"].items()},
            one["response"]["body"]["string"].encode(),
        )
        for one in found
    ]


def owner(of: list[Recorded]) -> tuple[Account, Located]:
    """The account whose statuses the recording holds."""
    mine = next(one.json["account"] for one in of if one.method == "POST" and "account" in one.json)
    return Account("mastodon", mine["username"], service=SERVER), Located(mine["id"], SERVER)


def test_recorded_pages_lead_to_each_other() -> None:
    answers = recorded("test_fetch_next_previous")
    account, located = owner(answers)
    pages = [one for one in answers if f"/accounts/{located.stable_id}/statuses" in one.url]
    assert len(pages) >= 2
    spider = MastodonSpider()
    for one in pages:
        page = spider.read_page(account, located, one.answer())
        assert page.problems == ()
        assert [listed.post.post_id for listed in page.posts] == [status["id"] for status in one.json]
        for listed, status in zip(page.posts, one.json, strict=True):
            assert listed.order == listed.post.posted_at == datetime.fromisoformat(status["created_at"])
            assert listed.post.text.replace("!", "") in status["content"]
            assert listed.post.url == status["url"]
    first = spider.read_page(account, located, pages[0].answer())
    assert first.next
    assert first.next.url == pages[1].url


@pytest.mark.parametrize(
    "name",
    [
        "test_fetch_next_previous",
        "test_fetch_remaining",
        "test_pagination_iterator",
        "test_media_post_multiple",
    ],
)
def test_every_recorded_status_is_a_post(name: str) -> None:
    answers = recorded(name)
    account, located = owner(answers)
    spider = MastodonSpider()
    statuses = {
        one.json["id"]: one
        for one in answers
        if one.method == "POST" and one.url.endswith("/api/v1/statuses")
    }
    assert statuses
    for native, one in statuses.items():
        listed = spider.read_one(account, located, KnownPost(native, "", None, ""), one.answer())
        assert isinstance(listed, Listed)
        assert (listed.post.post_id, listed.post.problems) == (native, ())
        attachments = one.json["media_attachments"]
        assert [item.url for item in listed.post.media] == [each["url"] for each in attachments]
        assert [item.alt for item in listed.post.media] == [each["description"] or "" for each in attachments]


def test_the_recorded_missing_status_is_gone() -> None:
    (one,) = recorded("test_status_missing")
    known = KnownPost("0", "", None, "")
    located = Located("117020565966271181", SERVER)
    assert MastodonSpider().read_one(
        Account("mastodon", "x", service=SERVER), located, known, one.answer()
    ) == Gone("HTTP 404: Not Found")


@pytest.mark.parametrize("name", ["test_fetch_next_previous", "test_media_post_multiple"])
def test_a_night_over_recorded_answers(night: Night, site: Site, name: str) -> None:
    """Statuses with the bodies and headers that were recorded, rate limits (whose resets are over by now)
    included; each asked for once, then one of them goes missing as it did on the real server."""
    answers = recorded(name)
    account, located = owner(answers)
    posted = {
        one.json["id"]: one
        for one in answers
        if one.method == "POST" and one.url.endswith("/api/v1/statuses")
    }
    pages = [one for one in answers if f"/accounts/{located.stable_id}/statuses" in one.url]
    first = pages[0] if pages else next(iter(posted.values()))
    gone: set[str] = set()

    def listing(query: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        for page in pages:
            if query.get("max_id") == parse_qs(urlsplit(page.url).query).get("max_id", [None])[0]:
                left = [status for status in page.json if status["id"] not in gone]
                return reply(page, site, json.dumps(left).encode())
        older = [posted[one].json for one in sorted(posted, reverse=True) if one < query.get("max_id", "~")]
        link = {"link": f'<{SERVER}{urlsplit(first.url).path}>; rel="prev"'}
        return reply(first, site, json.dumps([one for one in older if one["id"] not in gone]).encode(), link)

    site.routes["/api/v1/accounts/lookup"] = lambda *_: reply(
        first, site, json.dumps(next(iter(posted.values())).json["account"]).encode()
    )
    site.routes[f"/api/v1/accounts/{located.stable_id}/statuses"] = listing
    shown = {status["id"]: status for page in pages for status in page.json} or {
        n: one.json for n, one in posted.items()
    }
    files = [each["url"] for status in shown.values() for each in status["media_attachments"]]
    assert bool(files) == (name == "test_media_post_multiple")
    for url in files:
        site.routes[urlsplit(url).path] = Reply(PNG + url.encode())
    watched = Account("mastodon", account.handle, service=site.url)
    outcome = night.crawl(watched)
    assert (outcome.ok, outcome.errors) == ((watched.name,), ())
    assert {one.post.post_id for one in night.versions()} == set(shown)
    kept = [item for one in night.versions() for item in one.post.media]
    assert sorted(urlsplit(item.url).path for item in kept) == sorted(urlsplit(url).path for url in files)
    assert all(item.sha256 for item in kept)

    (missing,) = recorded("test_status_missing")
    lost = max(shown)
    gone.add(lost)
    site.routes[f"/api/v1/statuses/{lost}"] = reply(missing, site)
    site.forget()
    outcome = night.crawl(watched, since=datetime(2026, 1, 1, tzinfo=UTC))
    assert (outcome.posts_new, outcome.posts_changed, outcome.posts_gone) == (0, 0, 1)
    assert site.count("/system/") == site.count("/lookup") == 0


def reply(
    one: Recorded, site: Site, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Reply:
    """As recorded, with the recorded server's address made ours."""
    said = {key: value for key, value in {**one.headers, **(headers or {})}.items() if key not in HOP}
    moved = {key: value.replace(SERVER, site.url) for key, value in said.items()}
    return Reply(
        (one.body if body is None else body).replace(SERVER.encode(), site.url.encode()), one.status, moved
    )


def test_nothing_recorded_names_a_label_field() -> None:
    """The platform's tag is "not offered" because no such field is there: this fails when one appears."""
    names = {key for one in recorded("test_media_post_multiple") if one.method == "POST" for key in one.json}
    assert not {
        name for name in names if "generated" in name or name.startswith("ai_") or "synthetic" in name
    }
