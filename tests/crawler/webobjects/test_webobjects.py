"""What platforms' pages hold, as posts. Built, not recorded (tests/crawler/built.py)."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.webobjects.every import READERS, platform_at, reader_for
from crawler.webobjects.mapped import Mapped, NoPost
from storage.errors import CrawlError
from storage.records import Declarer, MediaKind, PostVersion, ReadingState
from tests.crawler import built

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MADE: dict[str, Callable[..., Any]] = {
    "instagram": built.itemlist,
    "tiktok": built.tiktok,
    "x": built.tweet,
    "threads": built.thread,
    "pinterest": built.pin,
    "linkedin": built.activity,
    "facebook": built.story,
}
EXPECTED = {
    "facebook": (
        *("hm", "122100000000001"),
        "https://www.facebook.com/hm/posts/122100000000001",
        "Autumn #hm",
    ),
    "instagram": ("hm", "DAbc", "https://www.instagram.com/p/DAbc/", "Autumn DAbc #hm"),
    "tiktok": (
        *("levis", "7500000000000000001"),
        "https://www.tiktok.com/@levis/video/7500000000000000001",
        "New in #denim",
    ),
    "x": (
        "mango",
        "1900000000000000001",
        "https://x.com/mango/status/1900000000000000001",
        "Look https://t.co/x",
    ),
    "threads": ("hm", "DThr", "https://www.threads.com/@hm/post/DThr", "Autumn DThr #hm"),
    "pinterest": ("hm", "881", "https://www.pinterest.com/pin/881/", "Coats\n\nin wool"),
    "linkedin": (
        *("company/hm", f"urn:li:activity:{(built.TAKEN * 1000) << 22}"),
        f"https://www.linkedin.com/feed/update/urn:li:activity:{(built.TAKEN * 1000) << 22}",
        "We are hiring",
    ),
}


def mapped(platform: str, raw: object) -> Mapped:
    found = READERS[platform].read(raw, NOW)
    assert isinstance(found, Mapped)
    return found


def post_of(platform: str, raw: object) -> PostVersion:
    return mapped(platform, raw).post


@pytest.mark.parametrize("platform", sorted(READERS))
def test_a_plain_object_is_a_post(platform: str) -> None:
    raw = MADE[platform]()
    found = post_of(platform, raw)
    assert (found.handle, found.post_id, found.url, found.text) == EXPECTED[platform]
    assert found.platform == platform
    assert found.posted_at == datetime.fromtimestamp(built.TAKEN, UTC)
    assert found.problems == ()
    assert found.media
    assert all(item.url.startswith("https://") and item.failure is None for item in found.media)
    assert READERS[platform].is_one(raw)


@pytest.mark.parametrize("platform", sorted(READERS))
def test_an_object_of_one_platform_is_not_taken_for_another_s(platform: str) -> None:
    raw = MADE[platform]()
    assert [name for name, reader in READERS.items() if reader.is_one(raw)] == [platform]


@pytest.mark.parametrize(
    ("platform", "raw", "kind"),
    [
        ("instagram", built.itemlist(product_type="ad"), "advertisement"),
        ("instagram", built.itemlist(link="https://www.facebook.com/ads/ig_redirect/?x"), "advertisement"),
        ("tiktok", built.tiktok(isAd=True), "advertisement"),
        ("tiktok", built.tiktok(liveRoomInfo={}), "live"),
        ("x", built.tweet(promoted=True), "advertisement"),
        ("x", built.tweet(legacy={"retweeted_status_result": {"result": {}}}), "repost"),
        ("threads", built.thread(text_post_app_info={"share_info": {"reposted_post": {"pk": 1}}}), "repost"),
        ("pinterest", built.pin(is_promoted=True), "advertisement"),
        ("facebook", {**built.story(), "sponsored_data": {"ad_id": "1"}}, "advertisement"),
        ("facebook", built.story(message=None, attachments=[], attached_story={"id": "x"}), "repost"),
        ("linkedin", built.activity(actor=None), "no_post"),
        (
            "linkedin",
            built.activity(
                actor={
                    "navigationContext": {"actionTarget": "https://www.linkedin.com/company/hm/"},
                    "subDescription": {"text": "Promoted"},
                }
            ),
            "advertisement",
        ),
    ],
)
def test_what_is_no_post_of_its_author(platform: str, raw: object, kind: str) -> None:
    found = READERS[platform].read(raw, NOW)
    assert isinstance(found, NoPost)
    assert found.kind == kind


# --- Instagram's three shapes -------------------------------------------------------------------------------


def test_the_largest_picture_is_taken_whatever_the_order() -> None:
    (item,) = post_of("instagram", built.itemlist()).media
    assert (item.url, item.alt, item.kind) == (f"{built.CDN}DAbc.jpg", "A coat.", MediaKind.PICTURE)


def test_a_carousel_is_one_medium_a_slide_in_order() -> None:
    video = built.slide(
        2, media_type=2, video_versions=[{"url": f"{built.CDN}2.mp4", "width": 9, "height": 9}]
    )
    raw = built.itemlist(media_type=8, carousel_media=[built.slide(1), video, built.slide(3)])
    media = post_of("instagram", raw).media
    assert [(one.position, one.kind.value) for one in media] == [
        *((0, "picture"), (1, "video"), (2, "picture")),
    ]
    assert media[1].url == f"{built.CDN}2.mp4"


def test_a_carousel_that_contains_itself_is_named_and_ends() -> None:
    raw = built.itemlist(media_type=8)
    raw["carousel_media"] = [built.slide(1), {**raw, "carousel_media": [raw]}, built.slide(1), built.slide(2)]
    found = post_of("instagram", raw)
    assert len(found.media) == 2
    assert [one.kind for one in found.problems] == ["carousel_in_itself"] * 2


def test_a_graph_carousel_that_contains_itself_too() -> None:
    node = built.graph()
    raw = built.graph(
        edge_sidecar_to_children={"edges": [{"node": node}, {"node": {**node, "id": "34"}}, {"node": 3}]}
    )
    found = post_of("instagram", raw)
    assert len(found.media) == 1
    assert [one.kind for one in found.problems] == ["carousel_in_itself", "wrong_type"]


def test_the_graph_shape() -> None:
    found = mapped("instagram", built.graph())
    assert (found.post.text, found.post.handle, found.post.post_id) == ("From the graph", "hm", "DGra")
    assert found.counts["like_count"] == 7


def test_polaris_is_partial_its_caption_is_not_given_and_its_date_neither() -> None:
    found = post_of("instagram", built.polaris())
    assert (found.text, found.posted_at) == ("", None)
    assert [one.kind for one in found.problems] == ["text_not_given"]
    assert [(one.kind.value, one.url) for one in found.media] == [("video", f"{built.CDN}DPol.mp4")]


def test_an_empty_caption_is_given() -> None:
    assert post_of("instagram", built.itemlist(caption=None)).problems == ()


def test_hidden_likes_are_no_count() -> None:
    raw = built.itemlist(like_and_view_counts_disabled=True, like_count=3)
    assert "like_count" not in mapped("instagram", raw).counts


def test_coauthors_are_noted() -> None:
    raw = built.itemlist(coauthor_producers=[{"username": "someone"}])
    (problem,) = post_of("instagram", raw).problems
    assert (problem.kind, problem.message) == ("coauthors", "published together with someone")


# --- labels -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("platform", "more", "state", "raw", "who"),
    [
        ("instagram", {}, "unreadable", "", "unknown"),
        ("instagram", {"gen_ai_detection_method": None}, "unreadable", "", "unknown"),
        ("instagram", {"gen_ai_detection_method": {"detection_method": "NONE"}}, "absent", "NONE", "unknown"),
        (
            *("instagram", {"gen_ai_detection_method": {"detection_method": "SELF_DISCLOSURE_FLOW"}}),
            *("present", "SELF_DISCLOSURE_FLOW", "account"),
        ),
        (
            *("instagram", {"gen_ai_detection_method": {"detection_method": "C2PA_METADATA_EDITED"}}),
            *("present", "C2PA_METADATA_EDITED", "platform"),
        ),
        ("instagram", {"gen_ai_detection_method": {"detection_method": 4}}, "ambiguous", "4", "unknown"),
        ("threads", {"gen_ai_detection_method": {"detection_method": "NONE"}}, "absent", "NONE", "unknown"),
        ("tiktok", {}, "unreadable", "", "unknown"),
        ("tiktok", {"IsAigc": False}, "unreadable", "", "unknown"),
        ("tiktok", {"aigcLabelType": "1"}, "present", "1", "account"),
        ("tiktok", {"aigcLabelType": 1}, "present", "1", "account"),
        ("tiktok", {"aigcLabelType": "2"}, "present", "2", "unknown"),
        ("tiktok", {"aigcLabelType": "0"}, "absent", "0", "unknown"),
        ("tiktok", {"aigcLabelType": 0, "moderationAigcLabelType": 1}, "present", "1", "platform"),
        ("tiktok", {"aigcLabelType": []}, "ambiguous", "[]", "unknown"),
        ("x", {}, "unreadable", "", "unknown"),
        ("x", {"made_with_ai": True}, "present", "true", "account"),
        ("x", {"legacy": {"made_with_ai": False}}, "absent", "false", "unknown"),
        ("pinterest", {}, "unreadable", "", "unknown"),
        ("linkedin", {}, "unreadable", "", "unknown"),
    ],
)
def test_the_label_field_is_kept_as_it_stands(
    platform: str, more: dict[str, Any], state: str, raw: str, who: str
) -> None:
    tag = post_of(platform, MADE[platform](**more)).platform_tag
    assert (tag.state.value, tag.raw, tag.declared_by.value) == (state, raw, who)
    assert tag.source
    assert bool(tag.reason) is (tag.state in (ReadingState.UNREADABLE, ReadingState.AMBIGUOUS))


def test_a_label_on_one_slide_is_found_with_its_place() -> None:
    labelled = built.slide(2, gen_ai_detection_method={"detection_method": "IPTC_METADATA"})
    raw = built.itemlist(media_type=8, carousel_media=[built.slide(1), labelled])
    tag = post_of("instagram", raw).platform_tag
    assert tag.field == "carousel_media[1].gen_ai_detection_method.detection_method"
    assert (tag.state, tag.declared_by) == (ReadingState.PRESENT, Declarer.PLATFORM)


# --- bad input ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("taken", "kind"),
    [
        (0, "unbelievable_date"),
        (4_070_908_800, "unbelievable_date"),
        ("soon", "bad_date"),
        (True, "bad_date"),
        (1e300, "bad_date"),
        ([1], "bad_date"),
        (float("nan"), "bad_date"),
    ],
)
def test_a_date_that_cannot_be_is_none_and_named(taken: object, kind: str) -> None:
    found = post_of("instagram", built.itemlist(taken_at=taken))
    assert found.posted_at is None
    assert [one.kind for one in found.problems] == [kind]


@pytest.mark.parametrize("digits", ["1764000000", 1_764_000_000_000, "1764000000000"])
def test_digits_and_milliseconds_are_dates(digits: object) -> None:
    assert post_of("tiktok", built.tiktok(createTime=digits)).posted_at is not None


@pytest.mark.parametrize(
    ("platform", "raw", "kind"),
    [
        ("instagram", [], "wrong_shape"),
        ("instagram", built.itemlist(code=""), "no_id"),
        ("instagram", built.itemlist(code="../../x"), "no_id"),
        ("instagram", built.itemlist(user=None), "no_author"),
        ("tiktok", built.tiktok(id=None), "no_id"),
        ("tiktok", built.tiktok(author={}), "no_author"),
        ("x", built.tweet(rest_id=None, legacy={"id_str": None}), "no_id"),
        ("x", {"rest_id": "1"}, "wrong_shape"),
        ("pinterest", built.pin(pinner=None), "no_author"),
        ("linkedin", built.activity(updateMetadata=None, id="x"), "no_id"),
    ],
)
def test_what_cannot_be_placed_is_an_error_by_name(platform: str, raw: object, kind: str) -> None:
    with pytest.raises(CrawlError) as caught:
        READERS[platform].read(raw, NOW)
    assert caught.value.kind == kind


def test_wrong_types_are_noted_and_survived() -> None:
    found = post_of("instagram", built.itemlist(caption=["x"], carousel_media="many", image_versions2=7))
    assert [one.kind for one in found.problems] == ["wrong_type", "wrong_type"]
    assert [one.failure.kind for one in found.media if one.failure] == ["no_media_url"]


def test_an_author_is_known_by_the_media_where_x_leaves_the_user_out() -> None:
    photo = {"type": "photo", "media_url_https": "https://pbs.twimg.com/media/a.jpg"}
    photo["expanded_url"] = "https://x.com/mango/status/1/photo/1"
    raw = built.tweet(core={}, legacy={"extended_entities": {"media": [photo]}})
    assert post_of("x", raw).handle == "mango"


def test_x_takes_the_best_file_of_a_video_and_the_original_of_a_picture() -> None:
    files = [
        {"content_type": "application/x-mpegURL", "url": "https://video.twimg.com/a.m3u8"},
        {"content_type": "video/mp4", "bitrate": 100, "url": "https://video.twimg.com/low.mp4"},
        {"content_type": "video/mp4", "bitrate": 900, "url": "https://video.twimg.com/high.mp4"},
    ]
    video = {"type": "video", "id_str": "8", "video_info": {"variants": files}}
    raw = built.tweet(legacy={"extended_entities": {"media": [video]}})
    assert post_of("x", raw).media[0].url == "https://video.twimg.com/high.mp4"
    assert post_of("x", built.tweet()).media[0].url == "https://pbs.twimg.com/media/a.jpg?name=orig"


def test_tiktok_photos_are_in_order() -> None:
    images = [{"imageURL": {"urlList": [f"https://p16.tiktokcdn.com/{n}.image"]}} for n in range(3)]
    found = post_of("tiktok", built.tiktok(imagePost={"images": images, "title": "Looks"}))
    assert [one.url[-7] for one in found.media] == ["0", "1", "2"]
    assert found.text == "Looks\n\nNew in #denim"
    assert "/photo/" in found.url


def test_a_thread_of_words_has_no_media() -> None:
    assert post_of("threads", built.thread(image_versions2={"candidates": []})).media == ()


@pytest.mark.parametrize(
    ("url", "platform"),
    [
        ("https://www.instagram.com/p/x/", "instagram"),
        ("https://uk.pinterest.com/pin/1/", "pinterest"),
        ("https://www.pinterest.co.uk/pin/1/", "pinterest"),
        ("https://mobile.twitter.com/x", "x"),
        ("https://instagram.com.evil.example/", ""),
        ("https://notinstagram.com/", ""),
        ("http://[::1", ""),
        ("", ""),
    ],
)
def test_a_page_s_platform(url: str, platform: str) -> None:
    assert platform_at(url) == platform


def test_zeeschuimer_s_names_are_known() -> None:
    assert {name: reader_for(name).PLATFORM for name in built.PAGES if reader_for(name)} == {  # type: ignore[union-attr]
        "instagram.com": "instagram",
        "tiktok.com": "tiktok",
        "twitter.com": "x",
        "threads.net": "threads",
        "pinterest.com": "pinterest",
        "linkedin.com": "linkedin",
        "facebook.com": "facebook",
    }


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=True) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("platform", sorted(READERS))
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_whatever_stands_in_a_field_it_is_a_post_or_an_error_by_name(
    platform: str, data: st.DataObject
) -> None:
    raw = json.loads(json.dumps(MADE[platform]()))
    spot: Any = raw
    while True:
        key = data.draw(st.sampled_from(sorted(spot) if isinstance(spot, dict) else range(len(spot))))
        if not isinstance(spot[key], dict | list) or not spot[key] or data.draw(st.booleans()):
            break
        spot = spot[key]
    spot[key] = data.draw(JUNK)
    try:
        found = READERS[platform].read(raw, NOW)
    except CrawlError:
        return
    if isinstance(found, Mapped):
        assert found.post.post_id
        assert found.post.handle
        assert [one.position for one in found.post.media] == list(range(len(found.post.media)))
