"""`twinwatch import`, as people and tools call it."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.imports import zeeschuimer
from crawler.intake.entries import Entry
from desk.cli import run
from desk.config import load
from storage.store import Store
from tests.crawler import built

pytestmark = pytest.mark.slow  # whole commands

FIELDS = {"format", "read", "new", "known", "without_media", "not_understood", "errors"}


@pytest.fixture
def export(tmp_path: Path) -> Path:
    folder = tmp_path / "from a browser"
    folder.mkdir()
    raws = [built.captured(built.itemlist()), b"{broken", built.captured(built.itemlist(product_type="ad"))]
    return built.ndjson(folder / "z.ndjson", *raws)


def test_the_last_line_is_the_contract_s(export: Path, twinwatch: Callable[..., Any]) -> None:
    said = twinwatch("import", str(export), "--no-fetch", "--json")
    assert said.status == 3
    (line,) = said.lines
    assert line.keys() >= FIELDS
    assert (line["format"], line["read"], line["new"], line["known"]) == ("zeeschuimer", 3, 1, 0)
    assert (line["without_media"], line["errors"]) == (1, [])
    (odd,) = line["not_understood"]
    assert odd["line"] == 2
    assert odd["why"].startswith("not_json: ")
    assert line["skipped"] == {"advertisement": 1}
    (again,) = twinwatch("import", str(export), "--no-fetch", "--json").lines
    assert (again["new"], again["known"]) == (0, 1)


@pytest.mark.parametrize(("signal", "status"), [(KeyboardInterrupt(), 130), (SystemExit(143), 143)])
def test_an_import_that_is_interrupted_says_what_is_stored(
    signal: BaseException,
    status: int,
    tmp_path: Path,
    twinwatch: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """And the same command goes on. The second is what SIGTERM becomes (desk/cli.py)."""
    whole = zeeschuimer.read
    posts = [built.captured(built.itemlist(code)) for code in ("DOne", "DTwo", "DThree")]
    export = built.ndjson(tmp_path / "z.ndjson", *posts)

    def interrupted(*arguments: Any) -> Iterator[Entry]:
        entries = whole(*arguments)
        yield next(entries)
        yield next(entries)
        raise signal

    monkeypatch.setattr(zeeschuimer, "read", interrupted)
    monkeypatch.setattr("crawler.intake.run.UNFETCHED", 1)
    with pytest.raises(SystemExit) as ended:
        sys.exit(run(["import", str(export), "--no-fetch"]))
    said = capfd.readouterr().err
    assert ended.value.code == status
    assert "The import was interrupted after 2 entries: 1 post stored" in said
    assert "Run the same command again to go on" in said
    assert "Traceback" not in said
    monkeypatch.setattr(zeeschuimer, "read", whole)
    (line,) = twinwatch("import", str(export), "--no-fetch", "--json").lines
    assert (line["new"], line["known"]) == (2, 1)


def test_people_read_sentences(export: Path, twinwatch: Callable[..., Any]) -> None:
    said = twinwatch("import", str(export), "--no-fetch")
    assert "zeeschuimer: 3 read, 1 new, 0 changed, 0 known" in said.out
    assert "  line 2: not_json: " in said.out
    assert "On no watchlist, stored without a retailer: instagram:hm" in said.err


def test_what_is_odd_about_posts_is_counted(twinwatch: Callable[..., Any], tmp_path: Path) -> None:
    raw = built.itemlist(media_type=8, taken_at=4_070_908_800)
    raw["carousel_media"] = [{**raw}, built.slide(1)]
    said = twinwatch("import", str(built.ndjson(tmp_path / "z", built.captured(raw))), "--no-fetch")
    assert said.status == 0
    assert "  noted of 1 post: carousel in itself\n  noted of 1 post: unbelievable date\n" in said.out


def test_a_watched_account_is_the_retailer_s(
    export: Path, twinwatch: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "twinwatch.toml").write_text(
        '[[account]]\nretailer = "H&M"\nplatform = "instagram"\nhandle = "HM"\n'
    )
    (line,) = twinwatch("import", str(export), "--no-fetch", "--only-watched", "--json").lines
    assert line["new"] == 1
    config = load(tmp_path / "twinwatch.toml", {})
    store = Store.open(config.database, config.media, create=False)
    (version,) = store.versions_to_read("nobody")
    run = store.runs()[0]
    store.close()
    assert (version.account.retailer, version.post.handle) == ("H&M", "HM")
    assert run.run.startswith("import-")
    assert run.ended is not None
    assert run.summary["new"] == 1


def test_a_dry_run_makes_no_store(export: Path, twinwatch: Callable[..., Any], tmp_path: Path) -> None:
    (line,) = twinwatch("import", str(export), "--dry-run", "--json").lines
    assert (line["new"], line["dry_run"]) == (1, True)
    assert [one.name for one in tmp_path.iterdir()] == ["from a browser"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["none.ndjson"], "no such file"),
        (["odd.txt"], "none of the formats"),
        (["odd.txt", "--format", "myspace"], "--format myspace: expected one of"),
        ([], "say which PATH to import"),
    ],
)
def test_wrong_usage(
    arguments: list[str], expected: str, twinwatch: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "odd.txt").write_text("hello")
    said = twinwatch("import", *arguments)
    assert said.status == 2
    assert expected in said.err
    assert not (tmp_path / "twinwatch.db").exists()


def test_an_archive_that_leads_out_is_an_error_with_a_name(
    twinwatch: Callable[..., Any], tmp_path: Path
) -> None:
    path = built.wacz(tmp_path / "a.wacz", {"../../evil.warc": b"x"})
    said = twinwatch("import", str(path), "--json")
    assert said.status == 1
    assert "leads out of the archive" in said.err
    assert not list(tmp_path.parent.glob("evil*"))


def test_a_hostile_file_rewrites_no_terminal(twinwatch: Callable[..., Any], tmp_path: Path) -> None:
    raw = built.captured(built.itemlist(user={"username": "\x1b[31mhm"}))
    said = twinwatch("import", str(built.ndjson(tmp_path / "z", raw, b"\x1b[2J")), "--no-fetch")
    assert "\x1b" not in said.out + said.err


def test_the_label_that_was_captured_is_read_as_the_platform_tag(
    twinwatch: Callable[..., Any], tmp_path: Path
) -> None:
    raw = built.itemlist(gen_ai_detection_method={"detection_method": "SELF_DISCLOSURE_FLOW"})
    path = built.ndjson(tmp_path / "z", built.captured(raw), built.captured(built.polaris()))
    twinwatch("import", str(path), "--no-fetch")
    twinwatch("detect")
    said = twinwatch("findings", "list", "--all", "--json")
    found = {line["post_id"]: line["disclosure"] for line in map(json.loads, said.out.splitlines())}
    tag = found["DAbc"]["platform_tag"]
    assert (tag["state"], tag["quote"], tag["declared_by"]) == ("present", "SELF_DISCLOSURE_FLOW", "account")
    assert tag["field"] == "instagram web object gen_ai_detection_method.detection_method"
    assert found["DPol"]["caption"]["state"] == "unreadable"


def test_a_folder_of_several_formats(twinwatch: Callable[..., Any], tmp_path: Path) -> None:
    folder = tmp_path / "captured"
    (folder / "loader").mkdir(parents=True)
    built.ndjson(folder / "z.ndjson", built.captured(built.itemlist()))
    built.ndjson(folder / "more.ndjson", built.captured(built.tweet(), "twitter.com"), b"{broken")
    node = {"instaloader": {"node_type": "Post"}, "node": built.graph()}
    (folder / "loader" / "a.json").write_text(json.dumps(node))
    (folder / "loader" / "a.jpg").write_bytes(built.JPEG)
    built.wacz(folder / "bad.wacz", {"../../evil.warc": b"x"})
    (folder / "notes.md").write_text("what I did on Monday")
    said = twinwatch("import", str(folder), "--no-fetch", "--json")
    *parts, last = said.lines
    assert sorted(one["format"] for one in parts) == ["instaloader", "wacz", "zeeschuimer", "zeeschuimer"]
    assert (last["format"], last["new"], last["left_aside"]) == ("mixed", 3, ["notes.md"])
    assert len(last["not_understood"]) == 1
    assert [one["kind"] for one in last["errors"]] == ["unsafe_name"]
    assert (said.status, last["exit_status"]) == (3, 3)
    people = twinwatch("import", str(folder), "--no-fetch")
    assert "notes.md: left aside, no format that we read" in people.out
    assert "3 known" not in people.out
    assert people.out.count("1 known") == 3


def test_one_format_in_a_folder_with_other_things(twinwatch: Callable[..., Any], tmp_path: Path) -> None:
    folder = tmp_path / "captured"
    folder.mkdir()
    built.ndjson(folder / "z.ndjson", built.captured(built.itemlist()))
    (folder / "tool.exe").write_bytes(b"MZ")
    (folder / "alone.jpg").write_bytes(built.JPEG)
    (line,) = twinwatch("import", str(folder), "--no-fetch", "--json").lines
    assert (line["format"], line["new"]) == ("zeeschuimer", 1)
    assert line["left_aside"] == ["alone.jpg", "tool.exe"]


def test_a_folder_without_anything_known(twinwatch: Callable[..., Any], tmp_path: Path) -> None:
    folder = tmp_path / "captured"
    folder.mkdir()
    (folder / "tool.exe").write_bytes(b"MZ")
    said = twinwatch("import", str(folder))
    assert said.status == 2
    assert "none of the formats" in said.err
