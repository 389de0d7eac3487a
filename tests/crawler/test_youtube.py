"""YouTube's answers, piece by piece. All are built from the discovery document and the documentation of
errors (see tests/crawler/youtube.py), none is recorded."""

import json
from collections.abc import Generator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages import Answer, Ask, Gone, Listed, Located, Page
from crawler.spiders.youtube import KEY, YoutubeSpider
from crawler.tokens import Token
from crawler.youtube.errors import until_midnight_pacific
from crawler.youtube.names import feed, listing
from crawler.youtube.video import label
from storage.crawled import AccountState, KnownPost
from storage.errors import CrawlError
from storage.records import Account, Declarer, ReadingState
from tests.crawler.youtube import CHANNEL, SECRET, UPLOADS

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
ACCOUNT = Account("youtube", "hm", "H&M")
BY_API = Located(CHANNEL, listing(ACCOUNT, UPLOADS))
BY_FEED = Located(CHANNEL, feed(ACCOUNT, CHANNEL))
KNOWN = KnownPost("dQw4w9WgXcQ", "", None, "")
VIDEO = {
    "kind": "youtube#video",
    "id": "dQw4w9WgXcQ",
    "snippet": {"channelId": CHANNEL, "title": "a", "publishedAt": "2026-11-22T09:00:00Z"},
    "status": {"privacyStatus": "public"},
}


def spider(key: str = SECRET) -> YoutubeSpider:
    one = YoutubeSpider()
    vars(one)["token"] = Token(key) if key else None
    return one


def answer(body: object, status: int = 200) -> Answer:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer("https://youtube.googleapis.com/x", status, {}, data, NOW)


def error(reason: str, status: int = 403, detail: str = "") -> Answer:
    body: dict[str, Any] = {"code": status, "message": "m", "errors": [{"reason": reason, "domain": "d"}]}
    if detail:
        body["details"] = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": detail}]
    return answer({"error": body}, status)


def kind_of(call: Any) -> str:
    with pytest.raises(CrawlError) as caught:
        call()
    return caught.value.kind


def videos(*items: object, total: int | None = None) -> Answer:
    info = {"totalResults": len(items) if total is None else total, "resultsPerPage": len(items)}
    return answer({"kind": "youtube#videoListResponse", "items": list(items), "pageInfo": info})


def steps(one: Generator[Ask, Answer, Located], *answers: Answer) -> tuple[list[Ask], Located]:
    asked = []
    try:
        asked.append(next(one))
        for said in answers:
            asked += [one.send(said)]
    except StopIteration as stop:
        return asked, stop.value
    raise AssertionError("asks more than was answered")


# --- the label ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "state", "raw", "declared_by"),
    [
        ({"containsSyntheticMedia": True}, ReadingState.PRESENT, "true", Declarer.ACCOUNT),
        ({"containsSyntheticMedia": False}, ReadingState.ABSENT, "false", Declarer.ACCOUNT),
        ({}, ReadingState.ABSENT, "", Declarer.UNKNOWN),
        ({"containsSyntheticMedia": None}, ReadingState.ABSENT, "", Declarer.UNKNOWN),
        ({"containsSyntheticMedia": "true"}, ReadingState.UNREADABLE, "'true'", Declarer.UNKNOWN),
        ({"containsSyntheticMedia": 1}, ReadingState.UNREADABLE, "1", Declarer.UNKNOWN),
        (None, ReadingState.UNREADABLE, "", Declarer.UNKNOWN),
        ([], ReadingState.UNREADABLE, "", Declarer.UNKNOWN),
    ],
)
def test_the_label(status: object, state: ReadingState, raw: str, declared_by: Declarer) -> None:
    tag = label(status)
    assert (tag.state, tag.raw, tag.declared_by) == (state, raw, declared_by)
    assert (tag.source, tag.field) == ("youtube/v3/videos", "status.containsSyntheticMedia")
    assert bool(tag.reason) == (raw not in ("true", "false"))


# --- where a channel is -------------------------------------------------------------------------------------


def channels(*items: object) -> Answer:
    return answer({"kind": "youtube#channelListResponse", "items": list(items)})


FOUND = {"id": CHANNEL, "contentDetails": {"relatedPlaylists": {"uploads": UPLOADS}}}


@pytest.mark.parametrize(
    ("handle", "asked"),
    [
        ("hm", "forHandle=%40hm"),
        ("@hm", "forHandle=%40hm"),
        ("zara.女装", "forHandle=%40zara.%E5%A5%B3%E8%A3%85"),
        (CHANNEL, f"id={CHANNEL}"),
    ],
)
def test_a_channel_is_looked_up_once(handle: str, asked: str) -> None:
    account = Account("youtube", handle)
    asks, located = steps(spider().locate(account, AccountState()), channels(FOUND))
    assert asks[0].url == f"https://youtube.googleapis.com/youtube/v3/channels?part=id,contentDetails&{asked}"
    assert (asks[0].token, asks[0].robots, len(asks)) == (True, False, 1)
    assert located == BY_API
    again, located = steps(spider().locate(account, AccountState(located.stable_id, located.endpoint)))
    assert (again, located) == ([], BY_API)


def test_without_a_key_the_feed_is_read_and_with_one_the_api_again() -> None:
    by_id = Account("youtube", CHANNEL)
    assert steps(spider("").locate(by_id, AccountState())) == ([], BY_FEED)
    known = AccountState(CHANNEL, BY_API.endpoint)
    assert steps(spider("").locate(ACCOUNT, known)) == ([], BY_FEED)
    asks, located = steps(spider().locate(ACCOUNT, AccountState(CHANNEL, BY_FEED.endpoint)), channels(FOUND))
    assert asks[0].url.endswith(f"id={CHANNEL}")
    assert located == BY_API


@pytest.mark.parametrize(
    ("handle", "key", "answers", "kind"),
    [
        ("hm", "", (), "token_missing"),
        ("h m", SECRET, (), "bad_handle"),
        ("hm/videos", SECRET, (), "bad_handle"),
        ("x" * 61, SECRET, (), "bad_handle"),
        ("hm", SECRET, (channels(),), "no_account"),
        ("hm", SECRET, (answer({"kind": "youtube#channelListResponse"}),), "no_account"),
        ("hm", SECRET, (channels({"id": CHANNEL}),), "wrong_shape"),
        ("hm", SECRET, (channels(FOUND | {"id": "../x"}),), "wrong_shape"),
        ("hm", SECRET, (error("keyInvalid", 400),), "token_refused"),
        ("hm", SECRET, (answer(b"<html>", 502),), "http_status"),
    ],
)
def test_what_keeps_a_channel_from_being_found(
    handle: str, key: str, answers: tuple[Answer, ...], kind: str
) -> None:
    found = spider(key).locate(Account("youtube", handle), AccountState())
    assert kind_of(lambda: steps(found, *answers)) == kind


# --- pages --------------------------------------------------------------------------------------------------


def test_ids_lead_to_videos_and_those_to_the_next_ids() -> None:
    one = spider()
    item = {"contentDetails": {"videoId": "dQw4w9WgXcQ", "videoPublishedAt": "2026-11-22T09:00:00Z"}}
    body = {"kind": "youtube#playlistItemListResponse", "items": [item, item], "nextPageToken": "CAUQAA"}
    ids = one.read_page(ACCOUNT, BY_API, answer(body))
    assert (ids.posts, ids.passed) == ((), (datetime(2026, 11, 22, 9, tzinfo=UTC),))
    assert ids.next
    assert ids.next.url.endswith("videos?part=snippet,status&maxResults=50&id=dQw4w9WgXcQ")
    assert (ids.next.carried, ids.next.token) == ("CAUQAA", True)
    said = videos(VIDEO)
    page = one.read_page(ACCOUNT, BY_API, Answer(said.url, 200, {}, said.body, NOW, ids.next.carried))
    assert [listed.post.post_id for listed in page.posts] == ["dQw4w9WgXcQ"]
    assert page.next == Ask(f"{BY_API.endpoint}&pageToken=CAUQAA", robots=False, token=True)
    assert one.read_page(ACCOUNT, BY_API, said).next is None


def test_no_server_leads_us_elsewhere_by_a_page_token() -> None:
    body = {"kind": "youtube#playlistItemListResponse", "items": [], "nextPageToken": "x&key=1#@evil.example"}
    assert spider().read_page(ACCOUNT, BY_API, answer(body)).next is None


def test_a_page_of_ids_without_videos_goes_on() -> None:
    body = {"kind": "youtube#playlistItemListResponse", "items": [{}], "nextPageToken": "CAUQAA"}
    page = spider().read_page(ACCOUNT, BY_API, answer(body))
    assert page.next == Ask(f"{BY_API.endpoint}&pageToken=CAUQAA", robots=False, token=True)
    assert [one.failure.kind for one in page.problems] == ["malformed_video"]


def test_the_largest_thumbnail_is_taken() -> None:
    sizes = {name: {"url": f"https://i.ytimg.com/{name}.jpg"} for name in ("default", "qhd", "maxres", "odd")}
    raw = VIDEO | {"snippet": {**VIDEO["snippet"], "thumbnails": sizes}}  # type: ignore[dict-item]
    listed = spider().read_page(ACCOUNT, BY_API, videos(raw)).posts[0]
    assert [item.url for item in listed.post.media] == ["https://i.ytimg.com/qhd.jpg"]


WILD = spider()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=10),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["id", "snippet", "status", "title", "thumbnails"]), inner, max_size=3
            )
        ),
        max_leaves=6,
    ),
    st.sampled_from(["youtube#videoListResponse", "youtube#playlistItemListResponse", "else"]),
)
def test_any_json_gives_a_page_or_an_error_by_name(items: object, kind: str) -> None:
    with suppress(CrawlError):
        assert isinstance(WILD.read_page(ACCOUNT, BY_API, answer({"kind": kind, "items": items})), Page)


# --- one video ----------------------------------------------------------------------------------------------


def test_only_an_empty_list_says_that_a_video_is_gone() -> None:
    one = spider()
    assert isinstance(one.read_one(ACCOUNT, BY_API, KNOWN, videos()), Gone)
    assert isinstance(one.read_one(ACCOUNT, BY_API, KNOWN, videos(VIDEO)), Listed)
    walls = {
        "another_post": [videos(VIDEO | {"id": "aaaaaaaaaaa"}), videos(VIDEO, VIDEO), videos(total=1)],
        "wrong_shape": [answer({"kind": "youtube#videoListResponse"}), answer({"items": []}), answer({})],
        "not_json": [answer(b""), answer(b"<html>")],
        "not_public": [videos(VIDEO | {"status": {"privacyStatus": "unlisted"}})],
        "http_status": [answer({}, 500)],
        "not_found": [error("videoNotFound", 404)],
    }
    for kind, answers in walls.items():
        for said in answers:
            assert kind_of(lambda said=said: one.read_one(ACCOUNT, BY_API, KNOWN, said)) == kind


def test_the_feed_says_nothing_of_one_video() -> None:
    assert spider("").one_post(ACCOUNT, BY_FEED, KNOWN) is None
    assert spider().one_post(ACCOUNT, BY_API, KnownPost("no video id", "", None, "")) is None


# --- errors and limits --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (error("keyInvalid", 400), "token_refused"),
        (error("badRequest", 400, "API_KEY_INVALID"), "token_refused"),
        (error("badRequest", 400), "bad_request"),
        (error("accessNotConfigured"), "token_refused"),
        (error("forbidden", 403, "SERVICE_DISABLED"), "token_refused"),
        (error("forbidden"), "forbidden"),
        (error("playlistItemsNotAccessible"), "account_closed"),
        (error("channelSuspended"), "account_closed"),
        (error("playlistNotFound", 404), "not_found"),
        (answer(b"", 401), "token_refused"),
        (answer(b"<html>", 500), "http_status"),
        (answer({}), "wrong_shape"),
        (answer([]), "wrong_shape"),
        (answer(b"{"), "not_json"),
    ],
)
def test_each_error_has_its_name(said: Answer, kind: str) -> None:
    assert kind_of(lambda: spider().read_page(ACCOUNT, BY_API, said)) == kind
    assert spider().limit_said(said) is None


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        (error("quotaExceeded"), 5 * 3600),  # 03:00 UTC is 19:00 the day before in winter's Pacific time
        (error("dailyLimitExceeded"), 5 * 3600),
        (error("rateLimitExceeded"), 65),
        (error("userRateLimitExceeded", 429), 65),
        (error("x", 429, "RATE_LIMIT_EXCEEDED"), 65),
    ],
)
def test_a_quota_is_understood_from_the_body(said: Answer, seconds: float) -> None:
    limit = spider().limit_said(said)
    assert limit
    assert limit.seconds == seconds


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2026, 11, 23, 7, 59, tzinfo=UTC), 1 / 60),
        (datetime(2026, 11, 23, 8, 0, tzinfo=UTC), 24),
        (datetime(2026, 7, 1, 6, 0, tzinfo=UTC), 1),
    ],
)
def test_the_day_ends_at_midnight_in_california(now: datetime, hours: float) -> None:
    assert until_midnight_pacific(now) == pytest.approx(hours * 3600)


def test_a_closed_feed_says_which_key_opens_the_api() -> None:
    forbidden = CrawlError("no", kind="robots_forbidden")
    assert KEY.variable == "TWINWATCH_TOKENS__YOUTUBE"
    with pytest.raises(CrawlError, match=KEY.variable):
        spider("").another_way(ACCOUNT, BY_FEED, forbidden)
    assert spider().another_way(ACCOUNT, BY_API, forbidden) is None
    assert spider("").another_way(ACCOUNT, BY_FEED, CrawlError("no", kind="http_status")) is None


def test_a_feed_that_is_none() -> None:
    for said, kind in ((answer(b"", 404), "no_account"), (answer(b"", 500), "http_status")):
        assert kind_of(lambda said=said: spider("").read_page(ACCOUNT, BY_FEED, said)) == kind
    assert kind_of(lambda: spider("").read_page(ACCOUNT, BY_FEED, answer(b"<html>"))) == "not_a_feed"
