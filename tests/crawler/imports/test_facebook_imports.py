"""Facebook by every format that carries it. Built, not recorded: objects as pages hold them, keys as
gallery-dl's extractor/facebook.py writes them, columns as 4CAT's map_item names them."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from crawler.imports import fourcat
from crawler.intake.finding import documents
from storage.records import TEXT_NOT_GIVEN, MediaKind
from tests.crawler import built
from tests.crawler.importing import House, counts

PAGE = "https://www.facebook.com/hm"
GRAPHQL = "https://www.facebook.com/api/graphql/"
PHOTO = "https://scontent.xx.fbcdn.net/v/t39/1.jpg"
OWNER = "100064860875397"


def page(*stories: Any) -> bytes:
    """As Facebook's pages hand data to their scripts: deep within calls."""
    edges = [{"node": one} for one in stories]
    data = {"data": {"user": {"timeline_list_feed_units": {"edges": edges}}}}
    inner = {"require": [["RelayPrefetchedStreamCache", "next", [], ["adp_x", {"__bbox": {"result": data}}]]]}
    whole = {"require": [["ScheduledServerJS", "handle", None, [{"__bbox": inner}]]]}
    script = f'<script type="application/json" data-content-len="9" data-sjs>{json.dumps(whole)}</script>'
    return f"<!DOCTYPE html><html><body><div></div>{script}</body></html>".encode()


def streamed(*stories: Any) -> bytes:
    first = {"data": {"node": {"timeline_list_feed_units": {"edges": [{"node": stories[0]}]}}}}
    rest = [{"label": "x$stream$y", "path": ["node"], "data": {"node": one}} for one in stories[1:]]
    return b"\r\n".join(json.dumps(one).encode() for one in [first, *rest, {"label": "$defer", "data": {}}])


def archive(path: Path, *answers: tuple[str, str, bytes]) -> Path:
    path.write_bytes(built.warc(answers))
    return path


def test_pages_and_answers_in_a_web_archive(tmp_path: Path, house: House) -> None:
    outcome = house.bring(
        archive(
            tmp_path / "session.warc.gz",
            (PAGE, "text/html; charset=utf-8", page(built.story("122100000000001"))),
            (GRAPHQL, "text/html; charset=utf-8", streamed(built.story("1222"), built.story("1223"))),
            (PHOTO, "image/jpeg", built.JPEG),
        )
    )
    assert (counts(outcome), outcome.not_understood) == ({"new": 3}, [])
    assert outcome.media["from_files"] == 3
    assert {(one.platform, one.handle, one.post_id) for one in house.posts()} == {
        ("facebook", "hm", "122100000000001"),
        ("facebook", "hm", "1222"),
        ("facebook", "hm", "1223"),
    }


def test_pages_that_nobody_understands_are_named_and_counted(tmp_path: Path, house: House) -> None:
    login = b"<html><title>Log into Facebook</title><script>var a = {};</script></html>"
    outcome = house.bring(
        archive(
            tmp_path / "session.warc.gz",
            (PAGE, "text/html", login),
            (f"{PAGE}/photos", "text/html", login),
            ("https://www.facebook.com/plugins/like.php?href=x", "text/html", login),
            (
                "https://www.instagram.com/api/v1/feed/",
                "application/json",
                json.dumps(built.itemlist()).encode(),
            ),
        )
    )
    ((_, why),) = outcome.not_understood
    assert why.kind == "pages_not_understood"
    assert why.message == f"facebook pages: 2, in none of which a post was found ({PAGE})"
    assert (outcome.skipped, outcome.exit_status) == ({"facebook_page_without_posts": 2}, 3)


def test_a_page_without_posts_beside_one_that_has_some_is_counted(tmp_path: Path, house: House) -> None:
    outcome = house.bring(
        archive(
            tmp_path / "session.warc.gz",
            (PAGE, "text/html", page(built.story())),
            (f"{PAGE}/about", "text/html", page()),
        )
    )
    assert counts(outcome)["new"] == 1
    assert (outcome.skipped, outcome.exit_status) == ({"facebook_page_without_posts": 1}, 0)


def test_lines_of_json_are_read_as_what_they_are() -> None:
    assert list(documents(b'{"a": 1}\n{"b": 2}\nnone\n')) == [{"a": 1}, {"b": 2}]
    assert list(documents(b'{\n"a": 1}')) == [{"a": 1}]


def test_a_line_of_zeeschuimer_s(tmp_path: Path, house: House) -> None:
    path = built.ndjson(tmp_path / "z.ndjson", built.captured(built.story(), "facebook.com"))
    outcome = house.bring(path)
    assert (outcome.format, counts(outcome)) == ("zeeschuimer", {"new": 1})
    (post,) = house.posts()
    assert (post.platform, post.text) == ("facebook", "Autumn #hm")


# --- gallery-dl ---------------------------------------------------------------------------------------------


def photo(number: int, **more: Any) -> dict[str, Any]:
    return {
        "category": "facebook",
        "subcategory": "set",
        "id": f"12200000{number}",
        "set_id": "pcb.1160563418981189",
        "title": "Photos from H&M's post",
        "username": "H&M",
        "user_id": OWNER,
        "user_pfbid": "",
        "caption": "Autumn" if number == 1 else "",
        "date": "2025-11-24 16:00:00",
        "url": f"https://scontent.xx.fbcdn.net/v/t39/{number}.jpg",
        "num": number,
        "extension": "jpg",
        "followups_ids": [],
        **more,
    }


def folder(path: Path, *objects: dict[str, Any]) -> Path:
    for one in objects:
        name = f"{one['id']}.{one['extension']}"
        (path / name).write_bytes(built.JPEG if one["extension"] == "jpg" else b"\0\0\0\x18ftypmp42film")
        (path / f"{name}.json").write_text(json.dumps(one))
    return path


def test_photos_of_one_post_are_one_post(tmp_path: Path, house: House) -> None:
    outcome = house.bring(folder(tmp_path, photo(2), photo(1)))
    assert (outcome.format, counts(outcome), outcome.media["from_files"]) == ("gallery_dl", {"new": 1}, 2)
    (post,) = house.posts()
    assert (post.handle, post.post_id, post.text) == (OWNER, "1160563418981189", "Autumn")
    assert post.url == f"https://www.facebook.com/{OWNER}/posts/1160563418981189"
    assert [item.url[-5] for item in post.media] == ["1", "2"]
    assert post.problems == ()


def test_photos_of_an_album_are_posts_each_and_no_caption_is_no_empty_one(
    tmp_path: Path, house: House
) -> None:
    album = {"set_id": "a.10152716010956729", "subcategory": "photos"}
    assert counts(house.bring(folder(tmp_path, photo(1, **album), photo(2, **album)))) == {"new": 2}
    first, second = house.posts()
    assert first.url == "https://www.facebook.com/photo/?fbid=122000001"
    assert [one.kind for one in first.problems] == []
    assert [one.kind for one in second.problems] == [TEXT_NOT_GIVEN]


def test_a_film_and_its_sound_are_one_film(tmp_path: Path, house: House) -> None:
    film = photo(1, subcategory="video", type="video", set_id="", extension="mp4", caption=None)
    sound = {**film, "type": "audio", "extension": "m4a", "num": 2}
    house.bring(folder(tmp_path, film, sound))
    (post,) = house.posts()
    assert [(item.kind, item.format) for item in post.media] == [(MediaKind.VIDEO, "mp4")]


def test_a_portrait_is_no_post(tmp_path: Path, house: House) -> None:
    outcome = house.bring(folder(tmp_path, photo(1, type="avatar", subcategory="avatar", set_id="a.1")))
    assert outcome.skipped == {"profile_picture": 1}


# --- 4CAT ---------------------------------------------------------------------------------------------------

ROW = {
    "id": "122100000000001",
    "thread_id": "122100000000001",
    "url": f"{PAGE}/posts/122100000000001",
    "body": "Autumn",
    "timestamp": "2025-11-24 16:00:00",
    "author": "hm",
    "author_name": "H&M",
    "image_url": "https://www.facebook.com/photo/?fbid=122000001",
    "video_url": "",
    "is_in_group": "no",
    "group_name": "",
    "unix_timestamp": str(built.TAKEN),
}


@pytest.mark.parametrize(
    ("more", "handle"),
    [({}, "hm"), ({"author": f"profile.php?id={OWNER}"}, OWNER), ({"author": "", "page_id": OWNER}, OWNER)],
)
def test_a_table_names_pages_and_no_files(
    more: dict[str, str], handle: str, tmp_path: Path, house: House
) -> None:
    row = {**ROW, **more}
    path = tmp_path / "f.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow(row)
    assert fourcat.recognise(path)
    assert counts(house.bring(path)) == {"new": 1}
    (post,) = house.posts()
    assert (post.handle, post.text) == (handle, "Autumn")
    (item,) = post.media
    assert item.failure
    assert (item.url, item.failure.kind) == ("", "no_media_url")
