"""Meta's errors by their codes, limits in bodies, and cursors. Built from Meta's documentation, not
recorded."""

import json
from datetime import UTC, datetime

import pytest

from crawler.meta.errors import HOUR, limit_in, raise_for
from crawler.meta.media import code_of
from crawler.pages import Answer, Located
from crawler.spiders.instagram import InstagramSpider
from storage.errors import CrawlError
from storage.records import Account

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
OWN = "https://graph.facebook.com/v25.0/17841405309211844"
ACCOUNT = Account("instagram", "hm")


def error(code: object, subcode: int = 0, message: str = "no", status: int = 400, use: str = "") -> Answer:
    body = json.dumps({"error": {"code": code, "error_subcode": subcode, "message": message}}).encode()
    return Answer(OWN, status, {"x-business-use-case-usage": use}, body, NOW)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (error(190), "token_refused"),
        (error(190, 463), "token_expired"),
        (error(190, 467), "token_expired"),
        (error(102), "token_refused"),
        (error(10), "permission_missing"),
        (error(200), "permission_missing"),
        (error(299), "permission_missing"),
        (error(100), "bad_request"),
        (error(100, 0, "nonexistent field (is_ai_generated) on node type"), "field_refused"),
        (error(10, 0, "is_ai_generated needs a permission"), "field_refused"),
        (error(100, 0, "nonexistent field (alt_text)"), "bad_request"),
        (error(110, 2207013), "no_business_account"),
        (error(1), "server_error"),
        (error(2, status=503), "server_error"),
        (error(4), "rate_limited"),
        (error(12345), "graph_error"),
        (error("190"), "graph_error"),
        (Answer(OWN, 500, {}, b"<html>", NOW), "http_status"),
    ],
)
def test_each_code_has_its_name(said: Answer, kind: str) -> None:
    with pytest.raises(CrawlError) as caught:
        raise_for(said, "here", ("is_ai_generated",))
    assert caught.value.kind == kind


@pytest.mark.parametrize("code", [4, 17, 32, 613, 80002])
def test_a_limit_holds_for_as_long_as_is_said(code: int) -> None:
    use = json.dumps({"1": [{"type": "instagram", "estimated_time_to_regain_access": 19}]})
    said = limit_in(error(code, use=use))
    unsaid = limit_in(error(code))
    assert said
    assert unsaid
    assert (said.seconds, unsaid.seconds) == (19 * 60, HOUR)
    assert limit_in(error(190)) is None


@pytest.mark.parametrize("handle", ["h m", "hm){id}", "", "x" * 31, "h&m"])
def test_what_is_no_name_gets_into_no_request(handle: str) -> None:
    with pytest.raises(CrawlError) as caught:
        InstagramSpider().first_page(Account("instagram", handle), Located("1", OWN))
    assert caught.value.kind == "bad_handle"


def test_an_account_without_posts_is_an_empty_page() -> None:
    user = {"id": "17841401441775531", "username": "hm", "media_count": 0}
    answer = Answer(OWN, 200, {}, json.dumps({"business_discovery": user}).encode(), NOW)
    assert InstagramSpider().read_page(ACCOUNT, Located("", OWN), answer).posts == ()
    with pytest.raises(CrawlError) as caught:
        InstagramSpider().read_page(ACCOUNT, Located("17841400000000001", OWN), answer)
    assert caught.value.kind == "account_mismatch"


@pytest.mark.parametrize(
    ("permalink", "code"),
    [
        ("https://www.instagram.com/p/C1a_-9/", "C1a_-9"),
        ("https://www.instagram.com/reel/C2", "C2"),
        ("https://www.instagram.com/hm/p/C3/?img_index=2", "C3"),
        ("https://instagram.com/tv/C4/", "C4"),
        ("https://instagram.com.evil.example/p/C5/", ""),
        ("https://www.instagram.com/hm/", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_a_post_is_called_by_its_shortcode(permalink: str, code: str) -> None:
    """As every import calls it: one post is stored once."""
    assert code_of(permalink) == code
