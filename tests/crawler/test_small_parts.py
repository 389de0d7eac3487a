"""Tables for the small readers: content ids, record keys, dates, plans, platforms, srcset."""

import hashlib
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest

from crawler import platforms
from crawler.agent import user_agent
from crawler.atproto.record import read_record
from crawler.atproto.tid import tid_moment
from crawler.cid import cid_digest
from crawler.moments import read_moment
from crawler.pages import Answer, Located
from crawler.plan import CrawlEvent, CrawlPlan
from crawler.settings import crawl_settings
from crawler.spiders.bluesky import BlueskySpider
from storage.errors import ConfigError
from storage.records import Account, Failure
from tests.crawler.site import DID, cid_of, tid

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_a_cid_names_the_sha256_of_its_content() -> None:
    assert cid_digest(cid_of(b"hello")) == hashlib.sha256(b"hello").hexdigest()


@pytest.mark.parametrize(
    "cid", ["", "b", "bafy", "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG", "b!!!!", "ba\ud800", "z" * 60]
)
def test_other_ids_name_nothing_we_could_check(cid: str) -> None:
    assert cid_digest(cid) is None


@pytest.mark.parametrize(
    ("key", "moment"),
    [
        ("3222222222222", datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=1 << 50)),
        ("2222222222222", datetime(1970, 1, 1, tzinfo=UTC)),
        ("self", None),
        ("3jzfcijpj2z21", None),
        ("zzzzzzzzzzzzz", None),
        ("", None),
    ],
)
def test_record_keys_that_are_times(key: str, moment: datetime | None) -> None:
    assert tid_moment(key) == moment


def test_a_key_made_now_is_now() -> None:
    made = tid_moment(tid(0))
    assert made
    assert abs(made.timestamp() - time.time()) < 60


@pytest.mark.parametrize(
    ("text", "moment", "kind"),
    [
        ("2026-11-20T09:30:00Z", datetime(2026, 11, 20, 9, 30, tzinfo=UTC), None),
        ("2026-11-20T09:30:00+02:00", datetime(2026, 11, 20, 7, 30, tzinfo=UTC), None),
        ("2026-11-20T09:30:00", datetime(2026, 11, 20, 9, 30, tzinfo=UTC), None),
        ("2026-11-23T20:00:00Z", datetime(2026, 11, 23, 20, tzinfo=UTC), None),
        ("2026-11-25T00:00:00Z", None, "unbelievable_date"),
        ("1999-12-31T23:59:59Z", None, "unbelievable_date"),
        ("0001-01-01T00:00:00+23:59", None, "bad_date"),
        ("yesterday", None, "bad_date"),
        ("", None, "bad_date"),
    ],
)
def test_dates_are_read_with_suspicion(text: str, moment: datetime | None, kind: str | None) -> None:
    found, problem = read_moment(text, NOW)
    assert found == moment
    assert (problem.kind if problem else None) == kind


def test_a_plan_and_an_event_survive_the_pipe() -> None:
    account = Account("rss", "https://x.example/é", "H&M", "SE", tags=("a", "b"))
    plan = CrawlPlan("run", (account,), "sqlite:///x", Path("media"), allow_hosts=("a:1",), since=NOW)
    assert CrawlPlan.from_json(plan.to_json()) == plan
    event = CrawlEvent("failed", "rss:x", posts_new=2, failure=Failure("kind", "line\nbreak \ud800", "here"))
    assert "\n" not in event.to_json()
    assert CrawlEvent.from_json(event.to_json()) == event


def test_the_platforms_are_found_by_their_place() -> None:
    assert set(platforms.spiders()) >= {"bluesky", "instagram", "mastodon", "pinterest", "rss", "youtube"}
    assert platforms.known_platforms() >= set(platforms.spiders())


def test_a_module_without_a_spider_fails_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platforms, "_modules", lambda package: iter([ModuleType("crawler.spiders.empty")]))
    platforms.spiders.cache_clear()
    with pytest.raises(ConfigError) as error:
        platforms.spiders()
    platforms.spiders.cache_clear()
    assert error.value.kind == "no_spider"


def test_a_spider_that_is_not_called_as_its_file_fails_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("crawler.spiders.one")
    vars(module)["Two"] = type("Two", (), {"platform": "two", "__module__": module.__name__})
    monkeypatch.setattr(platforms, "_modules", lambda package: iter([module]))
    platforms.spiders.cache_clear()
    with pytest.raises(ConfigError) as error:
        platforms.spiders()
    platforms.spiders.cache_clear()
    assert error.value.kind == "misnamed_platform"


def test_the_unsafe_defaults_are_changed() -> None:
    settings = crawl_settings(CrawlPlan("run", (), "sqlite://", Path("media"), "desk@example.org"))
    assert (
        settings["TELNETCONSOLE_ENABLED"]
        is settings["REMOTE_CONTROL_ENABLED"]
        is settings["COOKIES_ENABLED"]
        is False
    )
    assert settings["DOWNLOAD_VERIFY_CERTIFICATES"] is settings["ROBOTSTXT_OBEY"] is True
    assert {name for name, handler in settings["DOWNLOAD_HANDLERS"].items() if handler} == {"http", "https"}
    assert 429 not in settings["RETRY_HTTP_CODES"]
    assert settings["USER_AGENT"].startswith("Twinwatch/")


@pytest.mark.parametrize(
    ("contact", "end"), [("a@b.example", "(+a@b.example)"), ("a\r\nX: y", "(+aX: y)"), ("", "")]
)
def test_who_we_are(contact: str, end: str) -> None:
    agent = user_agent(contact)
    assert agent.endswith(end)
    assert agent.isprintable()


@pytest.mark.parametrize(
    ("days_ago", "order"), [(2, True), (-900, False)], ids=["made two days ago", "of a time to come"]
)
def test_a_post_is_ordered_by_its_key_and_never_by_its_claim(days_ago: float, order: bool) -> None:
    now = datetime.now(UTC)
    uri = f"at://{DID}/app.bsky.feed.post/{tid(days_ago)}"
    record = {"uri": uri, "value": {"text": "", "createdAt": "2019-05-05T00:00:00Z"}}
    listed = read_record(record, DID, "hm.example", "https://pds.example", "x", now)
    assert (listed.order is not None and now - listed.order < timedelta(days=3)) == order
    assert listed.order is None or order


def test_a_cursor_that_is_no_good_unicode_is_given_back_as_it_came() -> None:
    body = b'{"records": [{}], "cursor": "a\\ud800"}'
    answer = Answer("https://pds.example/x", 200, {}, body, NOW)
    account, located = Account("bluesky", "hm.example"), Located(DID, "https://pds.example")
    page = BlueskySpider().read_page(account, located, answer)
    assert page.next
    assert page.next.url.endswith("&cursor=a%ED%A0%80")
