"""gallery-dl's folders. Built, not recorded: keys as its extractors write them."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.imports import gallery_dl, instaloader
from tests.crawler import built
from tests.crawler.importing import House, counts, sorts

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def instagram(number: int, **more: Any) -> dict[str, Any]:
    return {
        "category": "instagram",
        "subcategory": "posts",
        "type": "post",
        "post_id": "9",
        "post_shortcode": "DGal",
        "post_url": "https://www.instagram.com/p/DGal/",
        "post_date": "2025-11-24 16:00:00",
        "username": "hm",
        "owner_id": "1",
        "description": "Autumn #hm",
        "likes": 12,
        "num": number,
        "count": 2,
        "media_id": f"10{number}",
        "display_url": f"{built.CDN}{number}.jpg",
        "video_url": None,
        "extension": "jpg",
        **more,
    }


def tweet(number: int, **more: Any) -> dict[str, Any]:
    return {
        "category": "twitter",
        "subcategory": "timeline",
        "tweet_id": 1900000000000000001,
        "retweet_id": 0,
        "author": {"name": "mango", "nick": "Mango"},
        "user": {"name": "mango"},
        "content": "Look",
        "date": "2025-11-24 16:00:00",
        "favorite_count": 3,
        "num": number,
        "type": "photo",
        "url": "https://pbs.twimg.com/media/a?format=jpg&name=orig",
        "description": "A coat",
        **more,
    }


def put(folder: Path, name: str, one: object, data: bytes | None = built.JPEG) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(one) if not isinstance(one, str) else one)
    if data is not None:
        (folder / name).write_bytes(data)


def test_the_files_of_a_post_become_one_post_in_their_order(tmp_path: Path, house: House) -> None:
    folder = tmp_path / "instagram" / "hm"
    put(folder, "9_102.jpg", instagram(2), built.PNG)
    put(folder, "9_101.jpg", instagram(1))
    root = tmp_path / "instagram"
    assert gallery_dl.recognise(root)
    assert not instaloader.recognise(root)
    outcome = house.bring(root)
    assert (outcome.format, counts(outcome), outcome.without_media) == ("gallery_dl", {"new": 1}, 0)
    (post,) = house.posts()
    assert [item.format for item in post.media] == ["jpeg", "png"]
    assert (post.handle, post.post_id, post.text) == ("hm", "DGal", "Autumn #hm")
    assert post.posted_at == datetime(2025, 11, 24, 16, tzinfo=UTC)
    assert post.platform_tag.state.value == "unreadable"
    assert counts(house.bring(root)) == {"known": 1}


@pytest.mark.parametrize(
    ("one", "platform", "post_id", "handle"),
    [
        (tweet(1), "x", "1900000000000000001", "mango"),
        (
            {"category": "tiktok", "subcategory": "post", "num": 0, **built.tiktok()},
            "tiktok",
            "7500000000000000001",
            "levis",
        ),
        ({"category": "pinterest", "subcategory": "pin", "num": 1, **built.pin()}, "pinterest", "881", "hm"),
    ],
)
def test_other_sites(
    one: Any, platform: str, post_id: str, handle: str, tmp_path: Path, house: House
) -> None:
    put(tmp_path / "dl", "a.jpg", one)
    house.bring(tmp_path / "dl")
    (post,) = house.posts()
    assert (post.platform, post.post_id, post.handle) == (platform, post_id, handle)
    assert any(item.sha256 for item in post.media)


def test_what_is_no_post_and_what_cannot_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "dl"
    put(folder, "a.jpg", instagram(1))
    put(folder, "b.jpg", tweet(1, retweet_id=5))
    put(folder, "c.jpg", instagram(1, post_shortcode="DSto", type="story"))
    put(folder, "d.jpg", {"category": "danbooru", "id": 1})
    put(folder, "e.jpg", instagram(1, post_shortcode=None, shortcode=None))
    put(folder, "f.jpg", '{"category": ')
    put(folder, "g.jpg", {"other": 1})
    put(folder, "h.jpg", instagram(1, post_shortcode="DDat", post_date="tomorrow", date=None, description=7))
    assert sorted(sorts(list(gallery_dl.read(folder, NOW, tmp_path)))) == sorted(
        [
            *("DGal", "DDat", "skipped repost", "skipped instagram_story", "skipped another_json"),
            *("misread unknown_platform", "misread no_id", "misread not_json"),
        ]
    )


def test_a_post_whose_file_is_missing_says_so(tmp_path: Path, house: House) -> None:
    put(tmp_path / "dl", "a.jpg", instagram(1), None)
    outcome = house.bring(tmp_path / "dl")
    assert (outcome.without_media, outcome.media["not_fetched"]) == (1, 1)
