"""Zeeschuimer's NDJSON. Built, not recorded (tests/crawler/built.py)."""

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.imports import zeeschuimer
from crawler.intake.lines import read_object
from storage.records import Account
from tests.crawler import built
from tests.crawler.importing import House, counts, sorts

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ALL = [
    built.captured(built.itemlist()),
    built.captured(built.graph()),
    built.captured(built.polaris()),
    built.captured(built.tiktok(), "tiktok.com"),
    built.captured(built.tweet(), "twitter.com"),
    built.captured(built.thread(), "threads.net"),
    built.captured(built.pin(), "pinterest.com"),
    built.captured(built.activity(), "linkedin.com"),
]


def read(path: Path) -> list[str]:
    return sorts(list(zeeschuimer.read(path, NOW, path.parent)))


def test_six_platforms_and_instagram_s_three_shapes(tmp_path: Path, house: House) -> None:
    path = built.ndjson(tmp_path / "z.ndjson", *ALL)
    assert zeeschuimer.recognise(path)
    outcome = house.bring(path)
    assert (outcome.read, counts(outcome)) == (8, {"new": 8})
    assert outcome.not_understood == []
    assert {one.platform for one in house.posts()} == set(zeeschuimer.PLATFORMS) - {"facebook"}


def test_the_file_is_kept_whole_and_each_post_names_its_bytes(tmp_path: Path, house: House) -> None:
    path = built.ndjson(tmp_path / "z.ndjson", built.captured(built.itemlist("DOne")), b"", ALL[1])
    house.bring(path)
    post = next(one for one in house.posts() if one.post_id == "DGra")
    kept = house.store.media.read(post.raw_sha256)
    assert kept == path.read_bytes()
    (capture,) = house.captures(post)
    said = dict(capture.headers)
    start, end = (int(part) for part in said["x-import-bytes"].split("-"))
    assert said["x-import-line"] == "3"
    assert json.loads(kept[start:end]) == ALL[1]
    assert (capture.status, capture.sha256, capture.size) == (0, post.raw_sha256, end - start)
    assert capture.url_final == "https://www.instagram.com/hm/"
    assert capture.spider.startswith("zeeschuimer/")
    assert post.seen_at == capture.at == datetime.fromtimestamp(built.COLLECTED / 1000, UTC)


def test_4cat_s_way_of_writing_the_same(tmp_path: Path) -> None:
    line = ALL[0]
    turned = {**line["data"], "__import_meta": {name: line[name] for name in line if name != "data"}}
    path = built.ndjson(tmp_path / "z.ndjson", turned)
    assert zeeschuimer.recognise(path)
    assert read(path) == ["DAbc"]


def test_broken_lines_are_named_and_lose_nothing_else(tmp_path: Path) -> None:
    good = json.dumps(ALL[0]).encode()
    path = built.ndjson(
        tmp_path / "z.ndjson",
        b"\xef\xbb\xbf" + good,
        good[: len(good) // 2],
        good.replace(b'"code"', b'"co\0de"'),
        b"\0\0\0",
        b"[1, 2]",
        {"source_platform": "myspace.com", "data": {}},
        built.captured({"code": "x"}),
        b"{" * 5000,
        good,
    )
    assert read(path) == [
        "DAbc",
        "misread not_json",
        "DAbc",
        "misread wrong_shape",
        "misread unknown_platform",
        "misread no_author",
        "misread not_json",
        "DAbc",
    ]


def test_lines_are_numbered_as_an_editor_numbers_them(tmp_path: Path) -> None:
    path = built.ndjson(tmp_path / "z.ndjson", ALL[0], b"", b"broken", b"   ", ALL[1])
    assert [one.place.line for one in zeeschuimer.read(path, NOW, tmp_path)] == [1, 3, 5]


@pytest.mark.parametrize("text", ["\ud83d half", "nul \0 inside", "🧥" * 1000, "x" * 1_000_000])
def test_wild_captions_are_stored(text: str, tmp_path: Path, house: House) -> None:
    raw = json.dumps(built.captured(built.itemlist(caption={"text": text})), ensure_ascii=True).encode()
    assert counts(house.bring(built.ndjson(tmp_path / "z.ndjson", raw))) == {"new": 1}
    (post,) = house.posts()
    assert len(post.text) == len(text)
    assert not {"\0", "\ud83d"} & set(post.text)


def test_an_emoji_handle_is_an_author_like_any_other(tmp_path: Path, house: House) -> None:
    raw = built.captured(built.itemlist(user={"username": "h🧥m"}))
    outcome = house.bring(built.ndjson(tmp_path / "z.ndjson", raw))
    assert outcome.strangers == {"instagram:h🧥m": 1}


@pytest.mark.parametrize("when", [None, "soon", 0, 4_070_908_800_000, True])
def test_a_line_that_cannot_say_when_it_was_captured(when: object, tmp_path: Path, house: House) -> None:
    raw = built.captured(built.itemlist(), timestamp_collected=when, last_updated=when)
    house.bring(built.ndjson(tmp_path / "z.ndjson", raw))
    (post,) = house.posts()
    assert [one.kind for one in post.problems] == ["no_capture_time"]


def test_a_line_beyond_all_bounds_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.intake.lines.LONGEST_LINE", 5000)
    path = built.ndjson(tmp_path / "z.ndjson", ALL[0], b"{" + b" " * 20_000 + b"}", ALL[1])
    assert read(path) == ["DAbc", "misread line_too_long", "DGra"]


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b'{"a": "\\ud83d"}', {"a": "\ud83d"}),
        (b'{"a": 1e999}', {"a": float("inf")}),
        (b'{"a": ' + b"9" * 30 + b"}", {"a": 1e30}),
        (b'{"a": "\xff"}', {"a": "\ufffd"}),
        (b'{"a": NaN}', None),
    ],
)
def test_json_as_strangers_write_it(data: bytes, value: Any) -> None:
    found = read_object(data)
    assert found == value or (value is None and isinstance(found, dict))


def test_a_post_belongs_to_its_author_as_the_watchlist_calls_it(tmp_path: Path, house: House) -> None:
    watchlist = (Account("instagram", "HM", "H&M", "SE"), Account("linkedin", "hm", "H&M"))
    path = built.ndjson(tmp_path / "z.ndjson", ALL[0], ALL[7], ALL[3])
    outcome = house.bring(path, watchlist=watchlist)
    assert {(one.account.name, one.account.retailer) for one in house.versions()} == {
        ("instagram:HM", "H&M"),
        ("linkedin:hm", "H&M"),
        ("tiktok:levis", ""),
    }
    assert outcome.strangers == {"tiktok:levis": 1}


def test_only_watched_leaves_strangers_out(tmp_path: Path, house: House) -> None:
    path = built.ndjson(tmp_path / "z.ndjson", *ALL)
    outcome = house.bring(path, watchlist=(Account("tiktok", "levis"),), only_watched=True)
    assert [one.platform for one in house.posts()] == ["tiktok"]
    assert outcome.skipped == {"not_watched": 7}
    assert outcome.exit_status == 0


def test_an_account_that_is_watched_later_gets_its_retailer(tmp_path: Path, house: House) -> None:
    path = built.ndjson(tmp_path / "z.ndjson", ALL[3])
    house.bring(path)
    house.bring(path, watchlist=(Account("tiktok", "levis", "Levi's", "US"),))
    (version,) = house.versions()
    assert (version.account.retailer, version.account.country) == ("Levi's", "US")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_however_a_line_is_broken_the_next_one_is_read(data: st.DataObject) -> None:
    line = bytearray(json.dumps(data.draw(st.sampled_from(ALL))).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(line) - 1))
        line[place : place + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=8))
    whole = bytes(line).replace(b"\n", b" ") + b"\n" + json.dumps(ALL[1]).encode() + b"\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "z.ndjson")
        path.write_bytes(whole)
        found = read(path)
    assert found[-1] == "DGra"
    assert len(found) in (1, 2)


def test_bytes_that_are_no_utf8_are_told_with_their_post(tmp_path: Path, house: House) -> None:
    whole, lost = (built.itemlist(code, caption={"text": "Mäntel für alle"}) for code in ("DWhole", "DLost"))
    line = json.dumps(built.captured(lost), ensure_ascii=False).encode("latin-1")
    path = built.ndjson(tmp_path / "z.ndjson", built.captured(whole), line)
    assert house.bring(path).problems["replaced_bytes"] == 1
    texts = {one.post_id: (one.text, [why.kind for why in one.problems]) for one in house.posts()}
    assert texts == {
        "DWhole": ("Mäntel für alle", []),
        "DLost": ("M\ufffdntel f\ufffdr alle", ["replaced_bytes"]),
    }
