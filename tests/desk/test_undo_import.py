"""`twinwatch import --undo RUN`: what only that import brought goes, what others built on stays by name."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from desk.config import load
from storage.crawled import Capture
from storage.records import Account, PlatformTag, PostVersion, ReadingState, Saved
from storage.store import Store
from tests.crawler import built

pytestmark = pytest.mark.slow  # whole imports

HM = Account("instagram", "hm")
SEEN = datetime(2026, 11, 20, tzinfo=UTC)
TAG = PlatformTag(ReadingState.UNREADABLE, "web", reason="not given")
PAGE = "https://www.instagram.com/p/DOne/"
IMPORTED = Capture(PAGE, PAGE, SEEN, 0, (), "1" * 64, 1, "instaloader/1")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    raws = [built.captured(built.itemlist(code)) for code in ("DOne", "DTwo", "DThree")]
    return built.ndjson(tmp_path / "z.ndjson", *raws)


@pytest.fixture
def store(tmp_path: Path, twinwatch: Callable[..., Any]) -> Iterator[Store]:
    twinwatch("db", "upgrade")
    config = load(None, {})
    opened = Store.open(f"sqlite:///{tmp_path / 'twinwatch.db'}", tmp_path / config.media.name, create=True)
    yield opened
    opened.close()


def brought(twinwatch: Callable[..., Any], path: Path) -> str:
    (line,) = twinwatch("import", str(path), "--no-fetch", "--json").lines
    assert line["run"].startswith("import-")
    return str(line["run"])


def posts(store: Store) -> set[str]:
    return {one.post.post_id for one in store.versions_to_read("nobody")}


def seen_by_a_night(store: Store, post_id: str) -> None:
    """The same post as a spider saves it: nothing of it is new but the retrieval."""
    post = store.current_posts(HM, [post_id])[post_id]
    again = PostVersion(**{name: getattr(post, name) for name in PostVersion.__slots__} | {"seen_at": SEEN})
    url = "https://graph.facebook.com/v1"
    capture = Capture(url, url, SEEN, 200, (), "0" * 64, 1, "instagram/1")
    assert store.save_post(HM, again, (capture,)) is Saved.KNOWN


def test_what_only_it_brought_goes_and_comes_again(
    export: Path, twinwatch: Callable[..., Any], store: Store
) -> None:
    run = brought(twinwatch, export)
    twinwatch("detect")
    assert posts(store) == {"DOne", "DTwo", "DThree"}
    (line,) = twinwatch("import", "--undo", run, "--by", "Ada", "--json").lines
    assert (line["undone"], line["posts"], line["stays"]) == (run, 3, [])
    assert posts(store) == set()
    assert store.media.has(line["raw_sha256"])
    record = store.runs()[0]
    assert record.run.startswith("import-undo-")
    assert (record.summary["by"], record.summary["undone"], record.summary["posts"]) == ("Ada", run, 3)
    (again,) = twinwatch("import", "--undo", run, "--json").lines
    assert (again["posts"], again["stays"]) == (0, [])
    (back,) = twinwatch("import", str(export), "--no-fetch", "--json").lines
    assert (back["new"], back["known"]) == (3, 0)
    assert posts(store) == {"DOne", "DTwo", "DThree"}


def test_what_others_built_on_stays_by_name(
    tmp_path: Path, export: Path, twinwatch: Callable[..., Any], store: Store
) -> None:
    run = brought(twinwatch, export)
    seen_by_a_night(store, "DOne")
    raw = built.itemlist("DTwo", caption={"text": "another caption"})
    brought(twinwatch, built.ndjson(tmp_path / "later.ndjson", built.captured(raw)))
    (line,) = twinwatch("import", "--undo", run, "--json").lines
    assert line["posts"] == 1
    assert {one["post_id"] for one in line["stays"]} == {"DOne", "DTwo"}
    why = {one["post_id"]: one["why"].partition(":")[0] for one in line["stays"]}
    assert why == {"DOne": "a night or another import saw it too", "DTwo": "another import saw it too"}
    assert posts(store) == {"DOne", "DTwo"}


def test_a_post_with_a_finding_or_a_tombstone_stays(
    tmp_path: Path, twinwatch: Callable[..., Any], store: Store
) -> None:
    label = {"detection_method": "SELF_DISCLOSURE_FLOW"}
    raws = [built.itemlist("DOne", gen_ai_detection_method=label), built.itemlist("DTwo")]
    run = brought(twinwatch, built.ndjson(tmp_path / "z", *map(built.captured, raws)))
    twinwatch("detect")
    url = "https://www.instagram.com/p/DTwo/"
    gone = Capture(url, url, SEEN, 404, (), "", 0, "instagram/1")
    assert store.mark_gone(HM, "DTwo", SEEN + timedelta(days=1), gone)
    said = twinwatch("import", "--undo", run)
    assert "0 posts taken back, 2 kept" in said.out
    assert "DOne: there is a finding of it" in said.out
    assert "DTwo: the platform said that it is gone" in said.out
    assert posts(store) == {"DOne", "DTwo"}


def test_a_dry_run_takes_nothing_back(export: Path, twinwatch: Callable[..., Any], store: Store) -> None:
    run = brought(twinwatch, export)
    (line,) = twinwatch("import", "--undo", run, "--dry-run", "--json").lines
    assert (line["posts"], line["dry_run"]) == (3, True)
    assert posts(store) == {"DOne", "DTwo", "DThree"}
    assert store.runs()[0].run == run


def test_what_cannot_be_undone_is_said(
    tmp_path: Path, export: Path, twinwatch: Callable[..., Any], store: Store
) -> None:
    run = brought(twinwatch, export)
    unknown = twinwatch("import", "--undo", "import-of-yesterday")
    assert unknown.status == 2
    assert run in unknown.err
    old = {"kind": "import", "format": "wacz", "raw_sha256": None}  # as an earlier version wrote it down
    store.start_run("import-of-old", SEEN)
    store.end_run("import-of-old", SEEN, old)
    refused = twinwatch("import", "--undo", "import-of-old")
    assert refused.status == 1
    assert "did not record which captures" in refused.err
    assert twinwatch("import", str(export), "--undo", run).status == 2
    assert twinwatch("import").status == 2


# --- folders and archives ----------------------------------------------------------------------------------


def folder_of(tmp_path: Path, *codes: str, name: str = "hm") -> Path:
    folder = tmp_path / name
    folder.mkdir()
    for number, code in enumerate(codes):
        node = {"node": built.graph(code), "instaloader": {"version": "4.14", "node_type": "Post"}}
        base = folder / f"2025-11-24_16-00-0{number}_UTC"
        base.with_suffix(".json").write_text(json.dumps(node))
        base.with_suffix(".jpg").write_bytes(built.JPEG + code.encode())
    return folder


def archive_of(tmp_path: Path, *codes: str) -> Path:
    """Each post and its picture, as a browser got them."""
    answers = []
    for code in codes:
        body = json.dumps({"items": [built.itemlist(code)], "status": "ok"}).encode()
        url = f"https://www.instagram.com/api/v1/media/{code}/info/"
        answers += [(url, "application/json", body), (f"{built.CDN}{code}.jpg", "image/jpeg", built.JPEG)]
    return built.wacz(tmp_path / "session.wacz", {"session.warc.gz": built.warc(answers)})


@pytest.mark.parametrize("make", [folder_of, archive_of])
def test_a_folder_or_an_archive_is_taken_back_and_comes_again(
    make: Callable[..., Path], tmp_path: Path, twinwatch: Callable[..., Any], store: Store
) -> None:
    path = make(tmp_path, "DOne", "DTwo", "DThree")
    run = brought(twinwatch, path)
    assert posts(store) == {"DOne", "DTwo", "DThree"}
    seen_by_a_night(store, "DOne")
    (would,) = twinwatch("import", "--undo", run, "--dry-run", "--json").lines
    assert (would["posts"], would["stays_count"], would["dry_run"]) == (2, 1, True)
    assert len(posts(store)) == 3
    (line,) = twinwatch("import", "--undo", run, "--json").lines
    assert (line["undone"], line["raw_sha256"], line["posts"]) == (run, None, 2)
    assert [one["post_id"] for one in line["stays"]] == ["DOne"]
    assert posts(store) == {"DOne"}
    (back,) = twinwatch("import", str(path), "--no-fetch", "--json").lines
    assert (back["new"], back["known"]) == (2, 1)


def test_what_a_second_import_met_stays(tmp_path: Path, twinwatch: Callable[..., Any], store: Store) -> None:
    """Though it stored nothing of it: the first one's undo must not take what the second has too."""
    first = brought(twinwatch, folder_of(tmp_path, "DOne", "DTwo"))
    raws = [built.captured(built.itemlist(code)) for code in ("DOne", "DThree")]
    second = brought(twinwatch, built.ndjson(tmp_path / "z.ndjson", *raws))
    (line,) = twinwatch("import", "--undo", first, "--json").lines
    assert (line["posts"], [one["post_id"] for one in line["stays"]]) == (1, ["DOne"])
    assert posts(store) == {"DOne", "DThree"}
    (line,) = twinwatch("import", "--undo", second, "--json").lines
    assert line["posts"] == 2
    assert posts(store) == set(), "nobody stands behind them any longer"


def test_an_import_that_was_killed_is_taken_back_by_its_run(
    tmp_path: Path, twinwatch: Callable[..., Any], store: Store
) -> None:
    """What it had brought until then is written down with the posts."""
    page = [(PostVersion("instagram", "hm", "DOne", "", SEEN, "x", TAG, (), seen_at=SEEN), (IMPORTED,))]
    store.imports.save([(HM, page)], "import-20261130T010000Z-killed")
    (line,) = twinwatch("import", "--undo", "import-20261130T010000Z-killed", "--json").lines
    assert line["posts"] == 1
    assert posts(store) == set()


def test_findings_of_what_stays_and_files_that_show_them_are_told(
    tmp_path: Path, twinwatch: Callable[..., Any], store: Store
) -> None:
    label = {"detection_method": "SELF_DISCLOSURE_FLOW"}
    raw = built.captured(built.itemlist("DOne", gen_ai_detection_method=label))
    run = brought(twinwatch, built.ndjson(tmp_path / "z", raw))
    twinwatch("detect")
    (finding,) = store.findings()
    twinwatch("findings", "export", "--format", "csv", "-o", str(tmp_path / "f.csv"))
    said = twinwatch("import", "--undo", run, "--dry-run", "--json")
    (line,) = said.lines
    assert line["findings"] == [finding.id] == line["stays"][0]["findings"]
    assert [one["path"] for one in line["exports"]] == [str(tmp_path / "f.csv")]
    assert "left the house with a finding of them: csv" in twinwatch("import", "--undo", run).out
