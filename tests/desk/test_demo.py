"""The demo is the whole job in small: run once; each verdict is read as another tool would read it."""

import json
import subprocess
import sys
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import imagehash
import pytest

from desk.demo.folder import prepare
from desk.demo.pictures import look, names
from storage.errors import ConfigError

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
]  # two whole nights, with every reader, on a busy machine
TWINWATCH = Path(sys.executable).with_name("twinwatch")

# (labelling, consent, twin, events, deleted) of each picture, in the order of the posts' dates
EXPECTED: list[list[tuple[str, str, str | None, list[str], bool]]] = [
    [("labelled", "in_scope", "Vilde", [], False)],
    [("unlabelled", "in_scope", "Vilde", [], False)],
    [("unlabelled", "expired", "Noor", [], False)],
    [("unlabelled", "expired", "Noor", ["label_removed"], False)],
    [("labelled", "no_terms", "Lumi", ["label_added_late"], False)],
    [("unlabelled", "in_scope", "Vilde", [], True)],
    [("weakly_labelled", "no_terms", "Lumi", [], False)],
    [
        ("no_ai_evidence", "not_a_twin", None, [], False),
        ("unlabelled", "in_scope", "Vilde", [], False),
        ("no_ai_evidence", "not_a_twin", None, [], False),
    ],
    [("labelled", "expired", "Noor", [], False)],  # the label stands on the picture
    [("labelled", "in_scope", "Vilde", [], False)],  # an EU icon stands on the picture
    [("cannot_say", "not_a_twin", None, [], False)],  # credentials of an unknown signer
    [("no_ai_evidence", "not_a_twin", None, [], False)],  # a real model
    [("no_ai_evidence", "not_a_twin", None, [], False)],  # ordinary
    [("no_ai_evidence", "not_a_twin", None, [], False)],  # broken
    [("cannot_say", "not_a_twin", None, [], False)],  # press, unsigned metadata
    [("no_ai_evidence", "not_a_twin", None, [], False)],  # press, ordinary
    [("unlabelled", "expired", "Noor", [], False)],  # posted on the second day
]


@dataclass(frozen=True, slots=True)
class Demo:
    folder: Path
    output: str
    posts: list[list[dict[str, Any]]]  # by date; the items of a post by position


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo") / "here"
    done = _twinwatch("demo", "--dir", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    listed = _twinwatch("findings", "list", "--all", "--json", "--config", str(folder / "twinwatch.toml"))
    assert listed.returncode == 0, listed.stderr
    posts: dict[str, list[dict[str, Any]]] = {}
    for item in map(json.loads, listed.stdout.splitlines()):
        posts.setdefault(item["post_id"], []).append(item)
    by_date = sorted(posts.values(), key=lambda items: str(items[0]["posted_at"]))
    return Demo(
        folder, done.stdout, [sorted(items, key=lambda item: int(item["position"])) for items in by_date]
    )


def _twinwatch(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(TWINWATCH), *arguments], capture_output=True, text=True, timeout=500, check=False
    )


def test_every_post_is_there(demo: Demo) -> None:
    assert [len(items) for items in demo.posts] == [len(items) for items in EXPECTED]


@pytest.mark.parametrize("number", range(len(EXPECTED)))
def test_each_post_is_found_to_be_what_it_is(demo: Demo, number: int) -> None:
    found = [
        (
            item["labelling"],
            item["consent"],
            item["twin"],
            [event["kind"] for event in item["events"]],
            item["gone_at"] is not None,
        )
        for item in demo.posts[number]
    ]
    assert found == EXPECTED[number]


def test_what_could_not_be_looked_at_is_not_called_clean(demo: Demo) -> None:
    (broken,) = demo.posts[13]
    assert broken["error"]["kind"]
    assert [item["error"] for items in demo.posts for item in items if item is not broken] == [None] * 18


def test_the_icon_is_found_as_a_mark(demo: Demo) -> None:
    (marked,) = demo.posts[9]
    mark = marked["disclosure"]["image_mark"]
    assert (mark["state"], mark["quote"]) == ("present", "AI")


def test_the_signed_credentials_are_read_and_their_signer_is_not_trusted(demo: Demo) -> None:
    (signed,) = demo.posts[10]
    assert signed["origin"]["level"] == 2
    assert any(evidence["reader"] == "c2pa" for evidence in signed["origin"]["evidence"])


def test_it_says_what_to_open_and_the_report_is_there(demo: Demo) -> None:
    report = demo.folder / "report.html"
    assert str(report.absolute()) in demo.output
    assert "Vilde" in report.read_text("utf-8")
    assert "✗" not in demo.output
    assert demo.output.count("✓") == sum(map(len, EXPECTED))


def test_an_earlier_demo_is_not_replaced_unasked(demo: Demo) -> None:
    done = _twinwatch("demo", "--dir", str(demo.folder))
    assert done.returncode == 2
    assert "--force" in done.stderr


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(ConfigError, match="something else"):
        prepare(tmp_path, force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_force_clears_what_a_demo_made_and_nothing_else(tmp_path: Path) -> None:
    folder = prepare(tmp_path / "demo", force=False)
    (folder / "twinwatch.db").write_text("old")
    (folder / "note.txt").write_text("mine")
    prepare(folder, force=True)
    assert {path.name for path in folder.iterdir()} == {".twinwatch-demo", "note.txt"}


def test_without_a_name_the_next_free_folder_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert [prepare(None, force=False).name for _ in range(3)] == [
        "twinwatch-demo",
        "twinwatch-demo-2",
        "twinwatch-demo-3",
    ]


def test_the_drawn_pictures_are_different_pictures() -> None:
    """Far over every threshold for a copy (58 of 256 bits for this hash): no match is an accident."""
    hashes = {name: imagehash.phash(look(name), hash_size=16) for name in names()}
    assert len(hashes) >= 12
    assert min(one - other for one, other in combinations(hashes.values(), 2)) > 80
