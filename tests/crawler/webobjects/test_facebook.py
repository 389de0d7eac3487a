"""Facebook's stories, as pages carry them. Built, not recorded: from the fields that 4CAT and public code
read (named in crawler/webobjects/facebook.py)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.webobjects import facebook
from crawler.webobjects.mapped import Mapped, NoPost
from storage.errors import CrawlError
from storage.records import TEXT_NOT_GIVEN, MediaKind, PostVersion, ReadingState
from tests.crawler import built

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def post_of(raw: object) -> PostVersion:
    found = facebook.read(raw, NOW)
    assert isinstance(found, Mapped)
    return found.post


def kinds(post: PostVersion) -> list[str]:
    return [one.kind for one in post.problems]


def test_the_largest_size_of_each_picture_in_order() -> None:
    post = post_of(built.story(attachments=[built.attached(built.photo(1), built.photo(2), built.photo(1))]))
    assert [(one.url[-5:], one.alt) for one in post.media] == [("1.jpg", "A coat."), ("2.jpg", "A coat.")]
    assert kinds(post) == []


def test_an_album_of_which_the_page_shows_five_says_so() -> None:
    album = built.attached(built.photo(1), built.photo(2))
    album["styles"]["attachment"]["all_subattachments"]["count"] = 17
    post = post_of(built.story(attachments=[album]))
    assert (len(post.media), kinds(post)) == (2, ["some_media_missing"])


@pytest.mark.parametrize(
    "where",
    [
        {"playable_url": "sd", "playable_url_quality_hd": "hd"},
        {"videoDeliveryLegacyFields": {"browser_native_hd_url": "hd", "browser_native_sd_url": "sd"}},
        {
            "videoDeliveryResponseFragment": {
                "videoDeliveryResponseResult": {
                    "progressive_urls": [
                        {"progressive_url": "sd", "metadata": {"quality": "SD"}},
                        {"progressive_url": "hd", "metadata": {"quality": "HD"}},
                    ]
                }
            }
        },
    ],
)
@pytest.mark.parametrize("inside", [True, False])
def test_a_film_in_its_better_quality(where: dict[str, Any], inside: bool) -> None:
    film = {
        "__typename": "Video",
        "id": "7",
        **({"video_grid_renderer": {"video": where}} if inside else where),
    }
    (item,) = post_of(built.story(attachments=[built.attached(film)])).media
    assert (item.kind, item.url, item.failure) == (MediaKind.VIDEO, "hd", None)


def test_a_picture_that_is_named_alone_is_told_as_one_without_a_file() -> None:
    """As 4CAT's own mapping expects it: a target and nothing else."""
    (item,) = post_of(built.story(attachments=[{"target": {"__typename": "Photo", "id": "9"}}])).media
    assert item.failure
    assert item.failure.kind == "no_media_url"


def test_no_message_is_not_an_empty_one() -> None:
    raw = built.story()
    assert kinds(post_of(built.story(message=None))) == []
    content = raw["comet_sections"]["content"]["story"]
    del content["message"]
    assert kinds(post_of(raw)) == [TEXT_NOT_GIVEN]
    content["comet_sections"] = {"message": {"story": {"message": {"text": "Words"}}}}
    assert (post_of(raw).text, kinds(post_of(raw))) == ("Words", [])


def test_a_share_with_words_of_its_own_is_a_post_of_the_day_it_was_shared() -> None:
    old = built.story(attached_story={"creation_time": 1_500_000_000, "actors": [{"name": "Somebody"}]})
    post = post_of(old)
    assert (post.handle, post.posted_at) == ("hm", datetime.fromtimestamp(built.TAKEN, UTC))
    assert isinstance(
        facebook.read(built.story(message=None, attachments=[], attached_story={"id": "1"}), NOW), NoPost
    )


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.facebook.com/hm", "hm"),
        ("https://www.facebook.com/profile.php?id=100064860875397", "100064860875397"),
        ("https://www.facebook.com/people/H-M/100064860875397/", "100064860875397"),
        ("https://www.facebook.com/groups/1234567", ""),
        ("https://www.facebook.com/", ""),
        ("/profile.php?id=100064860875397", "100064860875397"),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_whose_address_it_is(url: str, name: str) -> None:
    assert facebook.named_at(url) == name


def test_an_author_without_a_name_goes_by_the_number() -> None:
    actor = {"id": "100064860875397", "name": "H&M", "url": "https://www.facebook.com/"}
    assert post_of(built.story(actors=[actor])).handle == "100064860875397"
    with pytest.raises(CrawlError) as error:
        facebook.read(built.story(actors=[]), NOW)
    assert error.value.kind == "no_author"


def test_a_label_is_read_where_it_is_and_unreadable_where_it_is_not() -> None:
    assert post_of(built.story()).platform_tag.state is ReadingState.UNREADABLE
    marked = built.photo(gen_ai_detection_method={"detection_method": "SELF_DISCLOSURE_FLOW"})
    tag = post_of(built.story(attachments=[built.attached(marked)])).platform_tag
    assert (tag.state, tag.source) == (ReadingState.PRESENT, "facebook web object")


def test_another_host_s_address_is_not_taken_for_the_post_s() -> None:
    assert post_of(built.story(wwwURL="https://evil.example/hm")).url == (
        "https://www.facebook.com/hm/posts/122100000000001"
    )
    kept = "https://www.facebook.com/permalink.php?story_fbid=pfbid02&id=61558212601742"
    assert post_of(built.story(wwwURL=f"{kept}&__cft__[0]=AZ")).url == kept
