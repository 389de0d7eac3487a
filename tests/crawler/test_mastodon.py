"""Mastodon without a network: who is believed, what statuses are read as, and what each refusal is called."""

from collections.abc import Mapping
from typing import Any

import pytest

from crawler.fediverse.names import Way, read_address, way_of
from crawler.pages import Ask, Located
from crawler.spiders.mastodon import MastodonSpider
from storage.crawled import AccountState
from storage.errors import CrawlError
from storage.records import Account, MediaKind, ReadingState
from tests.crawler.fediverse import (
    ACCOUNT,
    ACTOR,
    AP,
    API,
    FEED,
    FINGER,
    FOUND,
    HOST,
    JRD,
    LOOKUP,
    OUTBOX,
    PERSON,
    TOKEN,
    UNKNOWN,
    answer,
    kind_of,
    page_of,
    status,
)


def locate(
    answers: Mapping[str, tuple[int, Any]], account: Account = ACCOUNT, state: AccountState = UNKNOWN
) -> tuple[Located, list[Ask]]:
    steps = MastodonSpider().locate(account, state)
    asked: list[Ask] = []
    try:
        ask = next(steps)
        while True:
            asked.append(ask)
            status, body = answers[ask.url]
            ask = steps.send(answer(body, status, ask.url))
    except StopIteration as stop:
        return stop.value, asked


# --- who it is ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("handle", "service", "acct", "base"),
    [
        ("@hm@m.example", "", "hm@m.example", HOST),
        ("hm@M.example", "", "hm@m.example", HOST),
        ("hm", "https://m.example/", "hm@m.example", HOST),
        ("@hm", "http://127.0.0.1:8080", "hm@127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("hm@hm.example", HOST, "hm@hm.example", HOST),
        ("h_m.press@bücher.example", "", "h_m.press@xn--bcher-kva.example", "https://xn--bcher-kva.example"),
    ],
)
def test_a_handle_is_a_name_and_a_server(handle: str, service: str, acct: str, base: str) -> None:
    address = read_address(Account("mastodon", handle, service=service))
    assert (address.acct, address.base) == (acct, base)


@pytest.mark.parametrize(
    "handle",
    [
        "hm",
        "",
        "@",
        "@@m.example",
        "hm@",
        "👗@m.example",
        "hm@m.example@x",
        "hm@m.example/../x",
        "\ud800@m.example",
        "hm@\ud800.example",
        "hm@user:pass@m.example",
        "hm@[::1]",
        "a b@m.example",
        "hm@" + "a" * 300,
    ],
)
def test_what_is_no_handle(handle: str) -> None:
    assert kind_of(lambda: read_address(Account("mastodon", handle))) == "bad_handle"


def test_the_api_is_asked_once_and_its_id_is_kept() -> None:
    found, asked = locate({LOOKUP: (200, FOUND)})
    assert found == API
    assert [one.robots for one in asked] == [False]
    assert locate({}, state=AccountState("42", HOST)) == (API, [])
    assert locate({}, state=AccountState(ACTOR, OUTBOX)) == (AP, [])


@pytest.mark.parametrize(
    "refusal",
    [
        TOKEN,
        (422, {"error": "x"}),
        (403, {"error": "x"}),
        (404, {"error": "Record not found"}),
        (404, b"<html>"),
        (200, b"<p>"),
    ],
)
def test_where_the_api_is_closed_the_actor_is_found_by_webfinger(refusal: tuple[int, Any]) -> None:
    found, asked = locate(
        {
            LOOKUP: refusal,
            FINGER: (200, JRD),
            ACTOR: (200, PERSON),
            OUTBOX: (200, {"first": f"{OUTBOX}?page=true"}),
        }
    )
    assert found == Located(ACTOR, f"{OUTBOX}?page=true")
    assert ["activity+json" in one.accept for one in asked] == [False, False, True, True]
    assert [one.robots for one in asked] == [False, False, True, True], "an actor's address is often a page's"


def test_the_last_way_is_the_feed_and_the_better_ones_are_tried_again() -> None:
    closed = {LOOKUP: TOKEN, FINGER: (200, JRD), ACTOR: (401, {"error": "Request not signed"})}
    assert locate(closed)[0] == FEED
    assert locate({LOOKUP: (200, FOUND)}, state=AccountState(FEED.stable_id, FEED.endpoint))[0] == API
    assert [way_of(one) for one in (API, AP, FEED)] == [Way.API, Way.ACTIVITYPUB, Way.FEED]


def test_a_name_on_one_server_may_live_on_another() -> None:
    social = "https://social.m.example"
    jrd = {**JRD, "links": [{**JRD["links"][0], "href": f"{social}/users/hm"}]}  # type: ignore[dict-item]
    found, _ = locate(
        {
            LOOKUP: (404, b"<html>a shop</html>"),
            FINGER: (200, jrd),
            f"{social}/api/v1/accounts/lookup?acct=hm@m.example": (200, {**FOUND, "url": f"{social}/@hm"}),
        }
    )
    assert found == Located("42", social)


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ({LOOKUP: (200, {**FOUND, "username": "zara", "acct": "zara"})}, "account_mismatch"),
        ({LOOKUP: (200, {**FOUND, "acct": "hm@other.example"})}, "account_mismatch"),
        ({LOOKUP: (200, {**FOUND, "url": "https://other.example/@hm"})}, "account_mismatch"),
        ({LOOKUP: (200, {**FOUND, "id": "../7"})}, "account_mismatch"),
        ({LOOKUP: (200, {**FOUND, "id": {"id": 1}})}, "account_mismatch"),
        ({LOOKUP: (200, {**FOUND, "moved": {"acct": "hm@new.example"}})}, "account_moved"),
        ({LOOKUP: (200, {**FOUND, "suspended": True})}, "account_suspended"),
        ({LOOKUP: (200, [FOUND])}, "wrong_shape"),
        ({LOOKUP: (403, b"<html>no robots</html>")}, "blocked"),
        ({LOOKUP: (410, {"error": "Gone"})}, "account_gone"),
        ({LOOKUP: (503, {})}, "http_status"),
        ({LOOKUP: (404, {"error": "x"}), FINGER: (404, {})}, "account_not_found"),
        ({LOOKUP: TOKEN, FINGER: (200, {**JRD, "subject": "acct:zara@m.example"})}, "account_mismatch"),
        ({LOOKUP: TOKEN, FINGER: (200, {**JRD, "links": [7, {"rel": "self"}]})}, "no_actor"),
        (
            {LOOKUP: TOKEN, FINGER: (200, JRD), ACTOR: (200, {**PERSON, "id": "https://z.example/u"})},
            "account_mismatch",
        ),
        (
            {LOOKUP: TOKEN, FINGER: (200, JRD), ACTOR: (200, {**PERSON, "outbox": "http://10.0.0.1/o"})},
            "account_mismatch",
        ),
        (
            {LOOKUP: TOKEN, FINGER: (200, JRD), ACTOR: (200, {**PERSON, "movedTo": "https://n.example/u"})},
            "account_moved",
        ),
        ({LOOKUP: TOKEN, FINGER: (200, JRD), ACTOR: (500, {})}, "http_status"),
    ],
)
def test_what_is_not_believed_has_a_name(answers: Mapping[str, tuple[int, Any]], kind: str) -> None:
    assert kind_of(lambda: locate(answers)) == kind


# --- statuses -----------------------------------------------------------------------------------------------


def test_the_original_of_every_kind_of_media() -> None:
    media = [
        {
            "type": "image",
            "url": "https://f.example/a.jpg",
            "preview_url": "https://f.example/s.jpg",
            "description": "x",
        },
        {"type": "gifv", "url": "https://f.example/b.mp4"},
        {"type": "audio", "url": "https://f.example/c.mp3"},
        {"type": "unknown", "url": None, "remote_url": "https://o.example/d.webm"},
        {"type": "unknown", "remote_url": "https://o.example/e"},
        {"type": "image", "url": None, "remote_url": None, "description": None},
        {"type": "image", "url": "http://10.0.0.1/private.png"},
    ]
    (listed,) = page_of(
        status(media_attachments=media, spoiler_text="AI", tags=[{"name": "ai"}, {}, 7])
    ).posts
    post = listed.post
    assert [(one.position, one.kind, one.url.rpartition("/")[2], one.alt) for one in post.media] == [
        (0, MediaKind.PICTURE, "a.jpg", "x"),
        (1, MediaKind.VIDEO, "b.mp4", ""),
        (2, MediaKind.VIDEO, "d.webm", ""),
        (3, MediaKind.PICTURE, "e", ""),
        (4, MediaKind.PICTURE, "", ""),
        (5, MediaKind.PICTURE, "private.png", ""),
    ]
    assert [one.failure.kind if one.failure else "" for one in post.media][4] == "no_media_url"
    assert (post.content_warning, post.hashtags) == ("AI", ("ai",))
    assert post.platform_tag.state is ReadingState.NOT_OFFERED


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (status(id=None), "malformed_status"),
        (status(id="a/b"), "malformed_status"),
        (status(id=".."), "malformed_status"),
        (status(account={**FOUND, "id": "43"}), "foreign_status"),
        (status(account=None), "foreign_status"),
        (7, "malformed_status"),
        (status(visibility="private"), "not_public"),
        (status(visibility=["public"]), "not_public"),
    ],
)
def test_an_item_that_is_no_public_post_is_counted(raw: Any, kind: str) -> None:
    page = page_of(raw, status("8"))
    assert [one.failure.kind for one in page.problems] == [kind]
    assert [one.post.post_id for one in page.posts] == ["8"]


@pytest.mark.parametrize(
    "created", ["1970-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "soon", None, 7, "\ud800"]
)
def test_a_date_that_nobody_believes_ends_no_listing(created: Any) -> None:
    (listed,) = page_of(status(created_at=created, content="😀" * 200_000)).posts
    assert (listed.order, listed.post.posted_at) == (None, None)
    assert len(listed.post.problems) == 1


def test_an_edit_is_another_revision_even_where_the_server_does_not_say_so() -> None:
    versions = [
        status(),
        status(edited_at="2026-11-21T00:00:00.000Z"),
        status(content="<p>Hello!</p>"),
        status(spoiler_text="AI"),
        status(media_attachments=[{"type": "video", "url": None}]),
        status(media_attachments=[{"type": "video", "url": "https://f.example/b.mp4"}]),
    ]
    assert len({page_of(one).posts[0].post.revision for one in versions}) == len(versions)
    assert page_of(status()).posts == page_of({**status(), "favourites_count": 9}).posts


def test_boosts_are_passed_and_a_pinned_post_may_stand_twice() -> None:
    boost = status("9", reblog=status("1", account={**FOUND, "id": "99"}))
    page = page_of(status("3"), boost, status("3"), status("2"))
    assert [one.post.post_id for one in page.posts] == ["3", "2"]
    assert (len(page.passed), page.problems) == (1, ())
    page = page_of(status("3"), status("3", content="another"))
    assert [one.failure.kind for one in page.problems] == ["duplicate_id"]


@pytest.mark.parametrize(
    ("change", "kind"),
    [({"moved": {"acct": "hm@new.example"}}, "account_moved"), ({"username": "zara"}, "handle_changed")],
)
def test_an_account_that_moved_or_was_renamed_is_told(change: dict[str, Any], kind: str) -> None:
    page = page_of(status(account={**FOUND, **change}))
    assert ([one.failure.kind for one in page.problems], len(page.posts)) == ([kind], 1)


NEXT = f"{HOST}/api/v1/accounts/42/statuses?limit=40&max_id=5"
OLDER = f"{HOST}/api/v1/accounts/42/statuses?exclude_reblogs=true&limit=40&max_id=6"


@pytest.mark.parametrize(
    ("link", "following", "kinds"),
    [
        (f'<{NEXT}>; rel="next", <{NEXT}>; rel="prev"', NEXT, []),
        (f"<{NEXT}>;rel=next", NEXT, []),
        (f'<{NEXT}>; title="x"; rel="last next"', NEXT, []),
        ("</api/v1/accounts/42/statuses?max_id=5>; rel=next", NEXT.replace("limit=40&", ""), []),
        (f'<{NEXT}>; rel="prev"', None, []),
        ("", OLDER, []),
        ('<https://other.example/api/v1/accounts/42/statuses>; rel="next"', OLDER, ["bad_link"]),
        ('<http://169.254.169.254/latest>; rel="next"', OLDER, ["bad_link"]),
        (f'<{HOST}/api/v1/accounts/43/statuses?max_id=5>; rel="next"', OLDER, ["bad_link"]),
        ("<https://[>; rel=next", OLDER, ["bad_link"]),
        ("nonsense", OLDER, ["bad_link"]),
        ("<" * 50_000, OLDER, ["bad_link"]),
    ],
)
def test_the_next_page(link: str, following: str | None, kinds: list[str]) -> None:
    page = page_of(status("7"), status("6"), link=link)
    assert (page.next.url if page.next else None) == following
    assert [one.failure.kind for one in page.problems] == kinds
    assert page.next is None or not page.next.robots


def test_a_server_that_ignores_max_id_is_not_asked_for_ever() -> None:
    asked = f"{HOST}/api/v1/accounts/42/statuses?max_id=6"
    page = page_of(status("7"), status("6"), url=asked)
    assert (page.posts, page.next) == ((), None)
    assert [one.failure.kind for one in page.problems] == ["paging_ignored"]
    assert page_of().next is None


@pytest.mark.parametrize(
    ("located", "status_code", "body", "kind"),
    [
        (API, 401, {"error": "x"}, "token_wanted"),
        (API, 422, {"error": "x"}, "token_wanted"),
        (AP, 401, {"error": "x"}, "signature_required"),
        (API, 403, {"error": "x"}, "forbidden"),
        (API, 403, b"<html>", "blocked"),
        (API, 404, b"", "not_found"),
        (API, 410, {"error": "Gone"}, "account_gone"),
        (API, 502, b"<html>", "http_status"),
        (API, 200, b"  ", "empty_body"),
        (API, 200, b"<!doctype html>", "html_page"),
        (API, 200, {"statuses": []}, "wrong_shape"),
        (API, 200, b'[{"id":', "not_json"),
        (API, 200, b"[" * 200_000, "not_json"),
        (AP, 200, {"type": "OrderedCollection", "totalItems": 5}, "outbox_hidden"),
        (AP, 200, {"type": "Note"}, "wrong_shape"),
        (FEED, 200, b"<html>log in</html>", "not_a_feed"),
        (
            FEED,
            200,
            b"<rss version='2.0'><channel><link>https://m.example/@zara</link><item/></channel></rss>",
            "account_mismatch",
        ),
        (FEED, 404, b"<html>", "not_found"),
    ],
)
def test_every_refusal_has_a_name(located: Located, status_code: int, body: Any, kind: str) -> None:
    assert kind_of(lambda: MastodonSpider().read_page(ACCOUNT, located, answer(body, status_code))) == kind


@pytest.mark.parametrize(("located", "body"), [(API, []), (AP, {"orderedItems": []}), (FEED, b"<rss/>")])
def test_an_answer_from_elsewhere_is_none(located: Located, body: Any) -> None:
    elsewhere = answer(body, url="https://other.example/x")
    assert kind_of(lambda: MastodonSpider().read_page(ACCOUNT, located, elsewhere)) == "led_elsewhere"


@pytest.mark.parametrize(
    ("located", "kind", "opens"),
    [
        (API, "token_wanted", True),
        (API, "forbidden", True),
        (API, "blocked", False),
        (API, "not_found", False),
        (API, "http_status", False),
        (API, "rate_limited", False),
        (API, "timeout", False),
        (AP, "signature_required", True),
        (AP, "outbox_hidden", True),
        (AP, "robots_forbidden", False),
        (AP, "rate_limited", False),
        (FEED, "not_a_feed", False),
        (FEED, "token_wanted", False),
    ],
)
def test_another_way_only_where_the_interface_itself_is_closed(
    located: Located, kind: str, opens: bool
) -> None:
    other = MastodonSpider().another_way(ACCOUNT, located, CrawlError("x", kind=kind))
    assert (other is not None) == opens
