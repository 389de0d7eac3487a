"""4CAT's CSV files. Built, not recorded: the columns that its mappers write."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.imports import fourcat, zeeschuimer
from storage.errors import IntakeError
from storage.records import MediaKind
from tests.crawler import built
from tests.crawler.importing import House, counts, sorts

NOW = datetime(2026, 1, 1, tzinfo=UTC)
INSTAGRAM = {
    "collected_from_url": "https://www.instagram.com/hm/",
    "id": "DCsv",
    "timestamp": "2025-11-24 16:00:00",
    "thread_id": "DCsv",
    "url": "https://www.instagram.com/p/DCsv",
    "body": "Autumn,\nof coats",
    "author": "hm",
    "media_type": "photo",
    "image_urls": f"{built.CDN}1.jpg?a=1,2,{built.CDN}2.jpg",
    "media_urls": f"{built.CDN}1.jpg?a=1,2,{built.CDN}2.jpg",
    "num_likes": "12",
    "unix_timestamp": str(built.TAKEN),
}
TIKTOK = {
    "id": "75",
    "thread_id": "75",
    "author": "levis",
    "body": "Denim",
    "timestamp": "2025-11-24 16:00:00",
    "unix_timestamp": str(built.TAKEN),
    "is_ad": "no",
    "video_url": "https://v16.tiktok.com/v/?a=1",
    "tiktok_url": "https://www.tiktok.com/@levis/video/75",
    "thumbnail_url": "https://p16.tiktokcdn.com/a.image",
    "likes": "3",
}
LINKEDIN = {
    "id": "7396",
    "thread_id": "7396",
    "body": "Hiring",
    "timestamp": "2025-11-24 16:00:00",
    "unix_timestamp_collected": str(built.TAKEN + 60),
    "author": "company/hm",
    "author_url": "https://www.linkedin.com/company/hm/posts",
    "image_urls": "",
    "post_url": "https://www.linkedin.com/feed/update/urn:li:activity:7396",
}


def table(path: Path, *rows: dict[str, str]) -> Path:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_table_that_a_spreadsheet_saved_again(sign: str, tmp_path: Path, house: House) -> None:
    path = tmp_path / "i.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, list(INSTAGRAM), delimiter=sign)
        writer.writeheader()
        writer.writerow({**INSTAGRAM, "body": 'Autumn; of\tcoats,\nand "more"'})
    assert fourcat.recognise(path)
    assert counts(house.bring(path)) == {"new": 1}
    (post,) = house.posts()
    assert (post.text, len(post.media)) == ('Autumn; of\tcoats,\nand "more"', 2)


def test_an_instagram_table(tmp_path: Path, house: House) -> None:
    path = table(tmp_path / "i.csv", INSTAGRAM)
    assert fourcat.recognise(path)
    assert not zeeschuimer.recognise(path)
    outcome = house.bring(path)
    assert (outcome.format, counts(outcome)) == ("fourcat", {"new": 1})
    (post,) = house.posts()
    assert (post.platform, post.post_id, post.handle, post.text) == (
        "instagram",
        "DCsv",
        "hm",
        INSTAGRAM["body"],
    )
    assert [item.url for item in post.media] == [f"{built.CDN}1.jpg?a=1,2", f"{built.CDN}2.jpg"]
    assert post.posted_at == datetime.fromtimestamp(built.TAKEN, UTC)
    assert post.platform_tag.reason.startswith("not exposed")
    assert house.store.media.read(post.raw_sha256) == path.read_bytes()


@pytest.mark.parametrize(
    ("row", "platform", "post_id", "handle", "kinds"),
    [
        (TIKTOK, "tiktok", "75", "levis", [MediaKind.VIDEO, MediaKind.PICTURE]),
        (LINKEDIN, "linkedin", "urn:li:activity:7396", "company/hm", []),
        (
            {**INSTAGRAM, "id": "7", "url": "", "link": "https://x.com/mango/status/7", "author": "@mango"},
            *("x", "7", "mango", [MediaKind.PICTURE] * 2),
        ),
    ],
)
def test_other_tables(
    row: dict[str, str],
    platform: str,
    post_id: str,
    handle: str,
    kinds: list[MediaKind],
    tmp_path: Path,
    house: House,
) -> None:
    house.bring(table(tmp_path / "t.csv", row))
    (post,) = house.posts()
    assert (post.platform, post.post_id, post.handle) == (platform, post_id, handle)
    assert [item.kind for item in post.media] == kinds


def test_a_table_adds_no_version_to_what_the_raw_object_told_better(tmp_path: Path, house: House) -> None:
    raw = built.itemlist("DCsv", caption={"text": INSTAGRAM["body"]}, media_type=8)
    raw["carousel_media"] = [built.slide(1), built.slide(2)]
    raw["gen_ai_detection_method"] = {"detection_method": "SELF_DISCLOSURE_FLOW"}
    house.bring(built.ndjson(tmp_path / "z.ndjson", built.captured(raw)))
    assert counts(house.bring(table(tmp_path / "i.csv", INSTAGRAM))) == {"known": 1}
    (post,) = house.posts()
    assert post.platform_tag.raw == "SELF_DISCLOSURE_FLOW"


def test_rows_that_are_none(tmp_path: Path) -> None:
    path = _table_of_rows(tmp_path / "t.csv")
    found = list(fourcat.read(path, NOW, tmp_path))
    assert sorts(found) == [
        *("75", "skipped advertisement", "skipped repost", "misread unknown_platform"),
        *("misread no_id", "misread no_author", "77", "misread cut_row"),
    ]
    assert [one.place.line for one in found] == [2, 3, 4, 5, 6, 7, 8, 10]


def _table_of_rows(path: Path) -> Path:
    plain = {**TIKTOK, "is_retweet": "no"}
    table(
        path,
        plain,
        {**plain, "is_ad": "yes"},
        {**plain, "is_retweet": "yes"},
        {**plain, "tiktok_url": "https://example.org/1"},
        {**plain, "id": ""},
        {**plain, "author": ""},
        {**plain, "id": "77", "body": "two\nlines", "unix_timestamp": "0"},
    )
    with path.open("ab") as file:
        file.write(b"cut,in the mid\0dle")
    return path


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "id,body\n1,x\n", "{}\n", "\0\0"])
def test_other_tables_are_not_recognised(text: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text)
    assert not fourcat.recognise(path)


def test_a_quote_that_was_never_closed_costs_its_own_line(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    table(path, *({**TIKTOK, "id": str(number), "body": "Autumn"} for number in range(10, 70)))
    rows = path.read_text().splitlines()
    rows[2] = rows[2].replace("Autumn", '"Autumn')
    path.write_text("\n".join(rows) + "\n")
    found = list(fourcat.read(path, NOW, tmp_path))
    assert sorts(found)[:3] == ["10", "misread bad_csv", "12"]
    assert [one.place.line for one in found] == list(range(2, 62))


def test_line_breaks_within_quotes_are_the_rows_own(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    table(path, {**TIKTOK, "body": "one\ntwo\n\nthree"}, {**TIKTOK, "id": "76"})
    one, other = fourcat.read(path, NOW, tmp_path)
    assert (one.place.line, other.place.line) == (2, 6)


def test_letters_that_were_lost_are_told_with_their_post(tmp_path: Path, house: House) -> None:
    """A table in another encoding than UTF-8: its words are not what was written, and that is no secret."""
    path = table(tmp_path / "a.csv", INSTAGRAM, INSTAGRAM | {"id": "DUml", "body": "Mäntel für alle"})
    path.write_bytes(path.read_bytes().decode("utf-8").encode("latin-1", "replace"))
    assert house.bring(path, format_="fourcat").problems["replaced_bytes"] == 1
    told = {one.post_id: {why.kind for why in one.problems} for one in house.posts()}
    assert "replaced_bytes" in told["DUml"]
    assert "replaced_bytes" not in told["DCsv"]
    sign = table(tmp_path / "b.csv", INSTAGRAM | {"id": "DSign", "body": "it says \ufffd itself"})
    assert house.bring(sign, format_="fourcat").problems["replaced_bytes"] == 0


def test_a_column_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    """Whichever of the two was read, posts would be taken for others."""
    path = tmp_path / "a.csv"
    path.write_text("id,thread_id,timestamp,body,url,id\n1,1,2025-11-24,a,https://www.instagram.com/p/1,2\n")
    with pytest.raises(IntakeError) as caught:
        list(fourcat.read(path, NOW, tmp_path))
    assert (caught.value.kind, "id" in str(caught.value)) == ("bad_header", True)
