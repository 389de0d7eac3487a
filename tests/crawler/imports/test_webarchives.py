"""WARC and WACZ. Built with warcio's writer, not recorded; hostile zips by hand."""

import gzip
import hashlib
import io
import json
import random
import stat
import struct
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.imports import wacz, warc
from crawler.intake.archives import open_zip
from crawler.intake.entries import Misread
from crawler.intake.recognise import importer_for
from storage.errors import IntakeError
from tests.crawler import built
from tests.crawler.importing import House, counts, sorts

NOW = datetime(2026, 1, 1, tzinfo=UTC)
API = "https://www.instagram.com/api/v1/feed/user/1/"
PAGE = "https://www.tiktok.com/@levis/video/1"


def answer(*items: Any) -> bytes:
    return json.dumps({"data": {"items": list(items)}, "status": "ok"}).encode()


def page(data: Any) -> bytes:
    script = (
        f'<script id="__UNIVERSAL_DATA_FOR_REHYDRATION__" type="application/json">{json.dumps(data)}</script>'
    )
    return f"<!DOCTYPE html><html><script>var a = 1;</script>{script}</html>".encode()


ANSWERS = [
    ("https://example.org/", "text/html", b"<html>nothing</html>"),
    (API, "application/json; charset=utf-8", answer(built.itemlist("DOne"), built.itemlist("DTwo"))),
    (f"{built.CDN}DOne.jpg", "image/jpeg", built.JPEG),
    (PAGE, "text/html", page({"scope": {"itemInfo": {"itemStruct": built.tiktok()}}})),
    ("https://x.com/i/api/graphql/x/UserTweets", "application/json", answer(built.tweet())),
    ("https://www.instagram.com/logo.png", "image/png", built.PNG),
]


@pytest.mark.parametrize("packed", [True, False])
def test_posts_with_the_pictures_of_the_same_archive(packed: bool, tmp_path: Path, house: House) -> None:
    path = tmp_path / "session.warc.gz"
    path.write_bytes(built.warc(ANSWERS, packed=packed))
    assert importer_for(path).__name__ == "crawler.imports.warc"
    outcome = house.bring(path)
    assert (counts(outcome), outcome.media["from_files"]) == ({"new": 4}, 1)
    one = next(post for post in house.posts() if post.post_id == "DOne")
    assert house.store.media.read(one.media[0].sha256) == built.JPEG
    assert house.store.media.read(one.raw_sha256) == ANSWERS[1][2]
    assert one.seen_at == datetime(2025, 11, 28, 10, tzinfo=UTC)
    answered = {capture.url_asked: capture for capture in house.captures(one)}
    assert answered[API].status == answered[f"{built.CDN}DOne.jpg"].status == 200
    assert "set-cookie" not in dict(answered[API].headers)
    assert answered[API].spider.startswith("warc/")


def test_again_is_known(tmp_path: Path, house: House) -> None:
    path = tmp_path / "session.warc"
    path.write_bytes(built.warc(ANSWERS, packed=False))
    house.bring(path)
    assert counts(house.bring(path)) == {"known": 4}
    assert len(house.versions()) == 4


def test_damage_costs_one_record(tmp_path: Path) -> None:
    members = [built.warc([one]) for one in ANSWERS]
    members[1] = members[1][:60] + b"\xff" * 40 + members[1][100:]
    path = tmp_path / "session.warc.gz"
    path.write_bytes(b"".join(members))
    found = sorts(list(warc.read(path, NOW, tmp_path)))
    assert found[0].startswith("misread damaged_archive")
    assert found[-2:] == ["7500000000000000001", "1900000000000000001"]


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("short", [5, 30, 150, 300])
def test_a_cut_archive_gives_what_is_before_the_cut(short: int, packed: bool, tmp_path: Path) -> None:
    """And says that it is cut, wherever that was: in a picture that no post names, too."""
    whole = built.warc(ANSWERS, packed=packed)
    path = tmp_path / "session.warc.gz"
    path.write_bytes(whole[: len(whole) - short])
    found = sorts(list(warc.read(path, NOW, tmp_path)))
    assert {"DOne", "DTwo", "7500000000000000001"} <= set(found)
    assert found.count("misread cut_record") == 1


@pytest.mark.parametrize("packed", [True, False])
def test_an_archive_of_which_only_the_beginning_is_left_is_not_empty(packed: bool, tmp_path: Path) -> None:
    first = built.warc(ANSWERS[1:2], packed=packed)
    path = tmp_path / "session.warc.gz"
    for length in (len(first) // 4, len(first) // 2, len(first) - 20):
        path.write_bytes(first[:length])
        assert "misread cut_record" in sorts(list(warc.read(path, NOW, tmp_path))), length


def test_a_whole_archive_is_not_cut(tmp_path: Path) -> None:
    path = tmp_path / "session.warc.gz"
    for packed in (True, False):
        path.write_bytes(built.warc(ANSWERS, packed=packed))
        assert not any(name.startswith("misread") for name in sorts(list(warc.read(path, NOW, tmp_path))))


def test_damage_within_a_long_record_costs_that_record(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The records behind it are read, and nothing is printed past the report."""
    noise = random.Random(1).randbytes(100_000).hex()
    long = built.warc([(API, "application/json", json.dumps({"noise": noise}).encode())])
    long = long[: len(long) // 2] + b"\xff" * 50 + long[len(long) // 2 + 50 :]
    path = tmp_path / "session.warc.gz"
    path.write_bytes(built.warc(ANSWERS[1:2]) + long + built.warc(ANSWERS[3:4]))
    found = sorts(list(warc.read(path, NOW, tmp_path)))
    assert {"DOne", "DTwo", "7500000000000000001"} <= set(found)
    assert "misread damaged_archive" in found
    assert capfd.readouterr() == ("", "")


def test_an_archive_in_one_piece_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "session.warc.gz"
    path.write_bytes(gzip.compress(built.warc(ANSWERS, packed=False)))
    assert "misread packed_in_one" in sorts(list(warc.read(path, NOW, tmp_path)))


def test_a_length_that_is_none_prints_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "session.warc"
    path.write_bytes(built.warc(ANSWERS, packed=False).replace(b"Content-Length: ", b"Content-Length: -", 1))
    (why,) = {one.why.message for one in warc.read(path, NOW, tmp_path) if isinstance(one, Misread)} or {""}
    assert why.isprintable()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("streamed", [True, False])
@pytest.mark.parametrize("first", [True, False])
def test_a_wacz_that_was_cut_gives_what_is_before_the_cut(
    first: bool, streamed: bool, packing: int, tmp_path: Path
) -> None:
    """Whatever wrote it: as a stream or a file, packed or not, what it is made of at its begin or its end."""
    rest = built.warc(ANSWERS[3:5])
    path = tmp_path / "session.wacz"
    ends = a_wacz(path, {"a.warc.gz": built.warc(ANSWERS[:3]), "b.warc.gz": rest}, packing, streamed, first)
    whole = path.read_bytes()
    for lost, found in ((0, ["7500000000000000001", "1900000000000000001"]), (len(rest) // 3, None)):
        path.write_bytes(whole[: ends["b.warc.gz"] - lost])
        entries = list(importer_for(path).read(path, NOW, tmp_path))
        names = sorts(entries)
        assert names[:2] == ["DOne", "DTwo"]
        assert names[-1] == "misread cut_archive"
        assert isinstance(entries[-1], Misread)
        assert ("none was compared" in entries[-1].why.message) is not first
        assert found is None or set(found) <= set(names)
        assert lost == 0 or ("misread cut_record" in names and "b.warc.gz was cut" in entries[-1].why.message)


def test_a_changed_file_before_the_cut_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "session.wacz"
    ends = a_wacz(path, {"a.warc.gz": built.warc(ANSWERS)}, zipfile.ZIP_STORED, False, True, lie=True)
    path.write_bytes(path.read_bytes()[: ends["a.warc.gz"]])
    assert sorts(list(wacz.read(path, NOW, tmp_path))) == ["misread digest_mismatch", "misread cut_archive"]


def test_a_wacz_of_which_nothing_is_left_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "session.wacz"
    ends = a_wacz(path, {"a.warc.gz": built.warc(ANSWERS)}, zipfile.ZIP_STORED, False, True)
    whole = path.read_bytes()
    for length in (40, ends["datapackage.json"]):
        path.write_bytes(whole[:length])
        with pytest.raises(IntakeError) as error:
            list(wacz.read(path, NOW, tmp_path))
        assert error.value.kind == "bad_archive"


def test_a_bomb_without_a_directory_is_one(tmp_path: Path) -> None:
    path = tmp_path / "session.wacz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/a.warc", bytes(40_000_000))
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(IntakeError, match="unpacks to more than"):
        list(wacz.read(path, NOW, tmp_path))


class Unseekable(io.BytesIO):
    """What zipfile writes to as to a stream: the sizes come after the bytes."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: object) -> int:
        raise OSError("a stream")

    def tell(self) -> int:
        raise OSError("a stream")


def a_wacz(
    path: Path, warcs: dict[str, bytes], packing: int, streamed: bool, first: bool, *, lie: bool = False
) -> dict[str, int]:
    """Where each file in it ends."""
    stated = {name: "0" * 64 if lie else hashlib.sha256(data).hexdigest() for name, data in warcs.items()}
    resources = [{"path": f"archive/{name}", "hash": f"sha256:{digest}"} for name, digest in stated.items()]
    package = ("datapackage.json", json.dumps({"resources": resources}).encode())
    files = [(f"archive/{name}", data) for name, data in warcs.items()]
    out = Unseekable() if streamed else io.BytesIO()
    ends = {}
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, data in [package, *files] if first else [*files, package]:
            archive.writestr(name, data)
            ends[name.removeprefix("archive/")] = len(out.getvalue())
    path.write_bytes(out.getvalue())
    return ends


def test_a_body_beyond_all_bounds_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.intake.webarchive.LARGEST_TEXT", 500)
    path = tmp_path / "session.warc.gz"
    path.write_bytes(built.warc(ANSWERS[:2]))
    assert sorts(list(warc.read(path, NOW, tmp_path))) == ["misread too_large"]


def test_a_wacz(tmp_path: Path, house: House) -> None:
    path = built.wacz(
        tmp_path / "session.wacz",
        {"a.warc.gz": built.warc(ANSWERS[:3]), "b.warc": built.warc(ANSWERS[3:], packed=False)},
    )
    outcome = house.bring(path)
    assert (outcome.format, counts(outcome)) == ("wacz", {"new": 4})
    assert wacz.total(path) > 0


def test_a_warc_that_is_not_what_the_package_names_is_not_read(tmp_path: Path, house: House) -> None:
    path = built.wacz(tmp_path / "session.wacz", {"a.warc.gz": built.warc(ANSWERS)}, lie=True)
    outcome = house.bring(path)
    assert [why.kind for _, why in outcome.not_understood] == ["digest_mismatch"]
    assert house.posts() == []
    assert outcome.exit_status == 1


# --- archives that are refused before anything is unpacked --------------------------------------------------


def zipped(path: Path, *names: str, data: bytes = b"x", mode: int = 0) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("datapackage.json", "{}")
        for name in names:
            member = zipfile.ZipInfo(name)
            member.external_attr = mode << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, data)
    return path


@pytest.mark.parametrize(
    "name",
    [
        "../evil.warc",
        "archive/../../evil.warc",
        "/etc/evil.warc",
        "C:\\evil.warc",
        "a\\..\\evil.warc",
        "a\nb.warc",
    ],
)
def test_a_name_that_leads_out_is_refused(name: str, tmp_path: Path, house: House) -> None:
    path = zipped(tmp_path / "a.wacz", name, data=built.warc(ANSWERS))
    assert wacz.recognise(path)
    with pytest.raises(IntakeError) as caught:
        house.bring(path)
    assert caught.value.kind == "unsafe_name"
    assert caught.value.exit_status == 1
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.wacz", "house"]


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_are_refused(kind: int, tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.wacz", "archive/a.warc", mode=kind | 0o777, data=b"/etc/passwd")
    with pytest.raises(IntakeError) as caught:
        open_zip(path)
    assert caught.value.kind == "unsafe_name"


def test_a_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.wacz", "archive/a.warc", data=bytes(12 * 1024 * 1024))
    with pytest.raises(IntakeError) as caught:
        open_zip(path)
    assert caught.value.kind == "bomb"


@pytest.mark.parametrize(
    ("limit", "kind"),
    [("MOST_MEMBERS", "too_many_files"), ("LARGEST_MEMBER", "too_large"), ("LARGEST_WHOLE", "too_large")],
)
def test_too_much_is_refused(limit: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"crawler.intake.archives.{limit}", 1)
    with pytest.raises(IntakeError) as caught:
        open_zip(zipped(tmp_path / "a.wacz", "a.warc", "b.warc", data=b"xx"))
    assert caught.value.kind == kind


def test_a_name_twice_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.wacz", "archive/a.warc", "archive/b.warc")
    path.write_bytes(path.read_bytes().replace(b"archive/b.warc", b"archive/a.warc"))
    with pytest.raises(IntakeError) as caught:
        open_zip(path)
    assert caught.value.kind == "unsafe_name"


def test_a_member_that_is_more_than_it_says_is_not_read_on(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.wacz", "archive/a.warc", data=bytes(1000))
    data = bytearray(path.read_bytes())
    place = data.rindex(struct.pack("<L", 1000))  # the size in the directory
    data[place : place + 4] = struct.pack("<L", 10)
    path.write_bytes(bytes(data))
    assert sorts(list(wacz.read(path, NOW, tmp_path))) == ["misread bad_archive"]


def test_no_zip_and_an_empty_one(tmp_path: Path) -> None:
    assert not wacz.recognise(built.ndjson(tmp_path / "a", b"PK\x03\x04 no zip"))
    with pytest.raises(IntakeError) as caught:
        list(wacz.read(zipped(tmp_path / "b.wacz"), NOW, tmp_path))
    assert caught.value.kind == "bad_archive"


def test_gzip_that_is_no_warc_is_not_recognised(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(b"\x1f\x8bno gzip")
    assert not warc.recognise(path)


def read(path: Path, data: bytes) -> list[Any]:
    path.write_bytes(data)
    return list(warc.read(path, NOW, path.parent))


def test_an_answer_that_was_cut_is_named(tmp_path: Path) -> None:
    url, kind, body = ANSWERS[1]
    found = read(tmp_path / "a.warc", built.warc([(url, kind, body[:-40])], packed=False))
    assert sorts(found) == ["misread not_json"]


def test_a_file_that_ends_before_its_last_record_is_named(tmp_path: Path) -> None:
    whole = built.warc(ANSWERS[:2], packed=False)
    assert sorts(read(tmp_path / "a.warc", whole[:-40]))[-1] == "misread cut_record"
    packed = built.warc(ANSWERS[:2])
    assert "misread cut_record" in sorts(read(tmp_path / "a.warc.gz", packed[:-120]))


def test_headers_without_an_end_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.intake.webarchive.LONGEST_HEADER", 20_000)
    for name, header in (("line", b"x" * 100_000), ("lines", b"a: b\r\n" * 20_000)):
        bomb = gzip.compress(b"WARC/1.1\r\nWARC-Type: response\r\nX-" + header)
        (found,) = read(tmp_path / f"{name}.warc.gz", bomb)
        assert "headers of more than" in found.why.message


def test_a_thumbnail_or_a_failure_is_not_the_picture(tmp_path: Path, house: House) -> None:
    picture, post = f"{built.CDN}DOne.jpg", (API, "application/json", answer(built.itemlist("DOne")))
    thumbnail = (f"{picture}?stp=dst-jpg_s150x150", "image/jpeg", built.PNG)
    (tmp_path / "a.warc.gz").write_bytes(built.warc([thumbnail, post]))
    assert house.bring(tmp_path / "a.warc.gz").without_media == 1
    missing = built.warc([(picture, "image/jpeg", b"gone")], packed=False).replace(b"200 OK", b"404 OK")
    shown = built.warc([(picture, "image/jpeg", built.JPEG), post], packed=False)
    (tmp_path / "b.warc").write_bytes(missing + shown)
    assert house.bring(tmp_path / "b.warc").media["from_files"] == 1


def test_a_package_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = built.wacz(tmp_path / "session.wacz", {"a.warc.gz": built.warc(ANSWERS[:2])})
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "bad.wacz", "w") as new:
        for member in old.infolist():
            broken = member.filename == "datapackage.json"
            new.writestr(member.filename, b"{broken" if broken else old.read(member))
    found = sorts(list(wacz.read(tmp_path / "bad.wacz", NOW, tmp_path)))
    assert found == ["misread unreadable_package", "DOne", "DTwo"]
