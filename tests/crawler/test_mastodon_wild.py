"""Whatever an instance sends, by any of the three ways, is posts, named problems or one named error; no item
is lost on the way."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.found import Found
from crawler.pages import Answer, Ask, Gone, Listed, Located, Page
from crawler.pipelines.check import CheckPipeline
from crawler.spiders.mastodon import MastodonSpider
from storage.crawled import AccountState, KnownPost
from storage.errors import CrawlError
from storage.records import Account
from tests.crawler.fediverse import ACCOUNT, ACTOR, AP, API, FEED, FOUND, HOST, NOW, create, note, status

pytestmark = pytest.mark.slow  # many wild answers

KEYS = [
    *(
        "id",
        "url",
        "uri",
        "content",
        "spoiler_text",
        "created_at",
        "edited_at",
        "visibility",
        "reblog",
        "account",
    ),
    *("media_attachments", "type", "remote_url", "description", "tags", "name", "moved", "username", "acct"),
    *(
        "orderedItems",
        "first",
        "next",
        "totalItems",
        "object",
        "actor",
        "attributedTo",
        "to",
        "cc",
        "summary",
    ),
    *("attachment", "mediaType", "href", "published", "updated", "tag", "error"),
]
WORDS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            *(
                "image",
                "video",
                "Create",
                "Note",
                "Announce",
                "OrderedCollection",
                "OrderedCollectionPage",
                "42",
            ),
            *(
                "public",
                "direct",
                "2026-11-20T09:30:00Z",
                "0001-01-01T00:00:00+23:59",
                "\ud800",
                "\0",
                "//[",
                ACTOR,
            ),
            *(
                f"{ACTOR}/outbox?page=2",
                f"{HOST}/users/hm/statuses/7",
                "http://[::1",
                "<p hidden>AI",
                "as:Public",
            ),
        ]
    ),
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), WORDS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
    ),
    max_leaves=30,
)
CHANGES = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4)
STATUSES = st.one_of(CHANGES.map(lambda more: status(**{"id": "7", **more})), VALUES)
ACTIVITIES = st.one_of(
    CHANGES.map(lambda more: create(note() | more)), CHANGES.map(lambda m: create(note()) | m), VALUES
)
KNOWN_NOTHING = AccountState()
WAYS = st.sampled_from([API, AP, FEED])


def page_of(located: Located, body: bytes, code: int = 200, link: str = "") -> Page | CrawlError:
    """Also sends the posts through the first pipeline, which must leave nothing that storage cannot hold."""
    answer = Answer(f"{HOST}/x", code, {"link": link}, body, NOW)
    try:
        page = MastodonSpider().read_page(ACCOUNT, located, answer)
    except CrawlError as error:
        return error
    for listed in page.posts:
        post = CheckPipeline().process_item(Found(ACCOUNT, listed.post, ())).post
        repr(post).encode("utf-8")
        assert "\0" not in post.text + post.post_id + post.url
        assert [item.position for item in post.media] == list(range(len(post.media)))
    for problem in page.problems:
        assert problem.failure.kind
    assert page.next is None or page.next.url.startswith(HOST)
    return page


@given(WAYS, VALUES)
def test_any_json_is_a_page_or_a_named_error(located: Located, value: Any) -> None:
    page_of(located, json.dumps(value).encode())


@given(WAYS, st.binary(max_size=200), st.integers(100, 599), st.text(max_size=60))
def test_any_bytes_are_a_page_or_a_named_error(located: Located, body: bytes, code: int, link: str) -> None:
    page_of(located, body, code, link)


def counted(page: Page) -> int:
    """Items of the page, by what became of them; notes carry no raw form."""
    private = sum(
        int(one.failure.message.split()[0]) for one in page.problems if one.failure.kind == "not_public"
    )
    return len(page.posts) + private + sum(bool(one.raw) for one in page.problems)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STATUSES, max_size=4))
def test_every_status_is_a_post_or_told_of(statuses: list[Any]) -> None:
    numbered = [{**one, "id": str(n)} if isinstance(one, dict) else one for n, one in enumerate(statuses)]
    page = page_of(API, json.dumps(numbered).encode())
    assert isinstance(page, Page)
    boosts = sum(isinstance(one, dict) and isinstance(one.get("reblog"), dict) for one in numbered)
    assert counted(page) == len(numbered) - boosts


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ACTIVITIES, max_size=3))
def test_every_activity_is_a_post_or_told_of(items: list[Any]) -> None:
    body = {"type": "OrderedCollectionPage", "orderedItems": items}
    page = page_of(AP, json.dumps(body).encode())
    assert isinstance(page, Page)
    kinds = [one.get("type") if isinstance(one, dict) else None for one in items]
    passed = sum(kind in ("Announce",) for kind in kinds)
    same = counted(page) + passed
    assert same <= len(items)
    assert same == len(items) or len({json.dumps(one, sort_keys=True) for one in items}) <= len(items)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([API, AP]), st.one_of(STATUSES, ACTIVITIES), st.sampled_from([200, 401, 404, 410, 500])
)
def test_any_single_post_is_one_or_gone_or_a_named_error(located: Located, body: Any, code: int) -> None:
    answer = Answer(f"{HOST}/x", code, {}, json.dumps(body).encode(), NOW)
    try:
        read = MastodonSpider().read_one(ACCOUNT, located, KnownPost("7", "", None, ""), answer)
    except CrawlError:
        return
    assert isinstance(read, Listed | Gone)
    assert code in (404, 410) or isinstance(read, Listed) or body.get("type") == "Tombstone"


@given(st.text(max_size=60), st.sampled_from(["", HOST, "http://[", "ftp://x", "\ud800"]))
def test_any_handle_is_asked_for_or_named_bad(handle: str, service: str) -> None:
    found = first_step(Account("mastodon", handle, service=service), None)
    assert found.url.isascii() if isinstance(found, Ask) else getattr(found, "kind", "") == "bad_handle"


@given(st.one_of(VALUES, CHANGES.map(lambda more: FOUND | more)))
def test_any_answer_to_the_lookup_is_the_account_or_a_named_error(body: Any) -> None:
    found = first_step(ACCOUNT, Answer(f"{HOST}/x", 200, {}, json.dumps(body).encode(), NOW))
    assert not isinstance(found, Located) or found.endpoint == HOST


def first_step(account: Account, answer: Answer | None) -> Ask | Located | CrawlError:
    """What is asked first, or with an `answer` to that, what comes next."""
    steps = MastodonSpider().locate(account, KNOWN_NOTHING)
    try:
        ask = next(steps)
        return steps.send(answer) if answer else ask
    except CrawlError as error:
        return error
    except StopIteration as stop:
        located: Located = stop.value
        return located


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[" * 100_000,
        b'[{"a":' * 50_000,
        b"[" + b"9" * 5000 + b"]",
        b"\xff\xfe\x00",
        b"[NaN]",
        b"<" * 9999,
    ],
    ids=lambda body: repr(body[:8]),
)
@pytest.mark.parametrize("located", [API, AP, FEED], ids=["api", "activitypub", "feed"])
def test_bodies_that_are_none(located: Located, body: bytes) -> None:
    found = page_of(located, body)
    assert isinstance(found, CrawlError) or not found.posts
