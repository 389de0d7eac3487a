"""instaloader's folders. Built, not recorded (tests/crawler/built.py)."""

import json
import lzma
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.imports import gallery_dl, instaloader
from tests.crawler import built
from tests.crawler.importing import House, counts, sorts

NOW = datetime(2026, 11, 1, tzinfo=UTC)
BASE = "2025-11-24_16-00-00_UTC"


def written(folder: Path, node: Any, *, kind: str = "Post", base: str = BASE, packed: bool = False) -> Path:
    folder.mkdir(exist_ok=True)
    raw = json.dumps({"node": node, "instaloader": {"version": "4.14", "node_type": kind}}).encode()
    path = folder / (f"{base}.json.xz" if packed else f"{base}.json")
    path.write_bytes(lzma.compress(raw) if packed else raw)
    return path


def carousel() -> Any:
    nodes = [built.graph(id=str(number)) for number in (1, 2, 3)]
    nodes[1] |= {"is_video": True, "video_url": f"{built.CDN}2.mp4"}
    return built.graph(id="9", edge_sidecar_to_children={"edges": [{"node": node} for node in nodes]})


@pytest.mark.parametrize("packed", [True, False])
def test_a_carousel_with_its_files_beside(packed: bool, tmp_path: Path, house: House) -> None:
    folder = tmp_path / "hm"
    written(folder, carousel(), packed=packed)
    (folder / f"{BASE}_1.jpg").write_bytes(built.JPEG)
    (folder / f"{BASE}_2.jpg").write_bytes(built.JPEG)  # the video's picture
    (folder / f"{BASE}_2.mp4").write_bytes(b"\0\0\0\x18ftypmp42")
    (folder / f"{BASE}.txt").write_text("caption")
    assert instaloader.recognise(folder)
    assert not gallery_dl.recognise(folder)
    outcome = house.bring(folder)
    assert (outcome.format, counts(outcome), outcome.without_media) == ("instaloader", {"new": 1}, 1)
    (post,) = house.posts()
    assert [item.format for item in post.media] == ["jpeg", "mp4", ""]
    assert [item.failure.kind for item in post.media if item.failure] == ["not_fetched"]
    assert json.loads(house.store.media.read(post.raw_sha256))["instaloader"]["node_type"] == "Post"
    named = [dict(one.headers).get("x-import-name") for one in house.captures(post)]
    assert f"{BASE}_1.jpg" in named


def test_files_come_again_without_being_doubled(tmp_path: Path, house: House) -> None:
    folder = tmp_path / "hm"
    written(folder, built.graph())
    house.bring(folder)
    (folder / f"{BASE}.jpg").write_bytes(built.JPEG)
    outcome = house.bring(folder)
    assert (counts(outcome), outcome.media["from_files"]) == ({"known": 1}, 1)
    (post,) = house.posts()
    assert post.media[0].sha256


def test_profiles_stories_and_other_files_are_no_posts(tmp_path: Path) -> None:
    folder = tmp_path / "hm"
    written(folder, built.graph("DOne"))
    written(folder, {"username": "hm"}, kind="Profile", base="hm_1")
    written(folder, built.graph("DTwo"), kind="StoryItem", base="story")
    (folder / "other.json").write_text('{"a": 1}')
    (folder / "broken.json").write_text('{"node": ')
    (folder / "broken.json.xz").write_bytes(b"no xz at all")
    (folder / "cut.json.xz").write_bytes(lzma.compress(b"{}" * 100)[:-20])
    found = list(instaloader.read(folder, NOW, tmp_path))
    assert sorts(found) == [
        "DOne",
        "misread not_json",
        "misread bad_archive",
        "misread bad_archive",
        "skipped instaloader_profile",
        "skipped another_json",
        "skipped instaloader_storyitem",
    ]
    assert found[1].place.name == "broken.json"


def test_an_xz_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.intake.archives.LARGEST_XZ", 100_000)
    folder = tmp_path / "hm"
    folder.mkdir()
    (folder / "bomb.json.xz").write_bytes(lzma.compress(b" " * 1_000_000))
    assert sorts(list(instaloader.read(folder, NOW, tmp_path))) == ["misread too_large"]


def test_links_are_not_followed(tmp_path: Path, house: House) -> None:
    folder = tmp_path / "hm"
    written(folder, built.graph())
    secret = tmp_path / "secret.jpg"
    secret.write_bytes(built.JPEG)
    (folder / f"{BASE}.jpg").symlink_to(secret)
    (folder / "loop").symlink_to(tmp_path)
    (folder / "linked.json").symlink_to(written(tmp_path / "elsewhere", built.graph("DElse")))
    assert house.bring(folder).without_media == 1
    assert [one.post_id for one in house.posts()] == ["DGra"]


def test_a_picture_that_is_none_is_kept_and_named(tmp_path: Path, house: House) -> None:
    folder = tmp_path / "hm"
    written(folder, built.graph())
    (folder / f"{BASE}.jpg").write_bytes(b"<html>log in</html>")
    outcome = house.bring(folder)
    assert [one.kind for one in outcome.errors] == ["not_the_claimed_type"]
    assert outcome.exit_status == 3
    assert outcome.without_media == 1, "a log-in page is no picture"
