"""check, match, fingerprint, twins add: pictures named on the command line, broken and missing ones too."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from desk.jobs.check import TEXT_ALONE
from storage.records import Quarantine
from tests.desk.matched_store import opened_here
from tests.detector.films import shots
from tests.detector.pictures.test_animation import animated
from tests.storage.samples import NOW

pytestmark = pytest.mark.slow  # whole commands with workers

CHECK = frozenset(
    {
        *("path", "sha256", "format", "width", "height", "origin", "matches", "too_little", "disclosure"),
        *("labelling", "consent", "reasons", "error"),
    }
)
BASIS = ("--basis", "contract 7")


def drawn(path: Path, seed: int = 1) -> Path:
    """A picture with enough in it to be recognised."""
    picture = Image.new("RGB", (480, 640), (230, 220, 200))
    pen = ImageDraw.Draw(picture)
    for step in range(40):
        x, y = (step * 97 * seed) % 480, (step * 61 * seed * seed) % 640
        pen.ellipse((x, y, x + 20 + step * 3, y + 60), fill=(step * 6 % 256, seed * 40 % 256, 255 - step * 5))
        pen.rectangle((y % 480, x, y % 480 + 30, x + 30), fill=(seed * 70 % 256, step * 6 % 256, 20))
    picture.save(path)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pictures = tmp_path / "pictures"
    (pictures / "deep").mkdir(parents=True)
    drawn(pictures / "b.png", 2)
    drawn(pictures / "deep" / "a.jpg", 3)
    (pictures / "c.jpg").write_bytes(b"\xff\xd8\xff no picture")
    (pictures / ".hidden.png").write_bytes(b"")
    return pictures


def test_fingerprint_has_a_line_for_every_file(twinwatch: Callable[..., Any], folder: Path) -> None:
    said = twinwatch("fingerprint", "pictures", "none.png", "pictures/b.png", "--json")
    assert said.status == 3
    paths = ["pictures/b.png", "pictures/c.jpg", "pictures/deep/a.jpg", "none.png", "pictures/b.png"]
    assert [line["path"] for line in said.lines] == paths
    first, broken, _, missing, again = said.lines
    assert list(first) == ["path", "pdq", "quality", "phash", "error"]
    assert len(first["pdq"]) == 64
    assert (first["error"], again["pdq"]) == (None, first["pdq"])
    assert (broken["pdq"], broken["phash"]) == (None, None)
    assert missing["error"] == {
        "kind": "not_found",
        "message": "there is no such file",
        "where": "none.png",
    }


def test_all_failed_is_1(twinwatch: Callable[..., Any]) -> None:
    assert twinwatch("fingerprint", "none.png").status == 1
    assert twinwatch("match", "none.png").status == 1
    assert twinwatch("check", "none.png").status == 1


def test_nothing_is_stored_by_looking(twinwatch: Callable[..., Any], folder: Path, tmp_path: Path) -> None:
    for verb in ("check", "match", "fingerprint"):
        assert twinwatch(verb, "pictures/b.png", "--json").status == 0
    assert twinwatch("findings", "list", "--json").out == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pictures"]


def test_check_says_what_was_not_given(twinwatch: Callable[..., Any], folder: Path) -> None:
    (line,) = twinwatch("check", "pictures/b.png", "--json").lines
    assert set(line) >= CHECK
    assert (line["width"], line["height"], line["format"]) == (480, 640, "png")
    assert (line["labelling"], line["consent"], line["error"]) == ("no_ai_evidence", "not_a_twin", None)
    for surface in ("platform_tag", "caption", "hashtags", "alt_text", "content_warning"):
        assert line["disclosure"][surface]["state"] == "unreadable"
        assert line["disclosure"][surface]["reason"] == "not given"


def test_check_reads_what_was_given(twinwatch: Callable[..., Any], folder: Path) -> None:
    (line,) = twinwatch("check", "pictures/b.png", "--caption", "Made with AI", "--alt", "", "--json").lines
    assert line["disclosure"]["caption"]["state"] == "present"
    assert line["disclosure"]["alt_text"]["state"] == "absent"
    assert line["origin"]["level"] == 4
    assert line["labelling"] == "labelled"


def test_check_of_a_text_alone_tells_what_it_says_and_nothing_of_a_picture(
    twinwatch: Callable[..., Any], tmp_path: Path
) -> None:
    said = twinwatch("check", "--caption", "Our model is AI-generated. #aimodel", "--json")
    (line,) = said.lines
    assert (said.status, set(line) >= CHECK, line["path"], line["sha256"]) == (0, True, "", None)
    assert (line["labelling"], line["consent"], line["matches"], line["error"]) == (None, None, [], None)
    assert (line["origin"], line["rules"]) == ({"level": 0, "evidence": []}, [])
    assert line["reasons"] == [TEXT_ALONE]
    states = {surface: (one["state"], one["quote"]) for surface, one in line["disclosure"].items()}
    assert states["caption"] == ("present", "Our model is AI-generated")
    assert states["hashtags"] == ("present", "aimodel")
    told = ("caption", "hashtags")
    assert {line["disclosure"][one]["reason"] for one in states if one not in told} == {"not given"}
    assert {states[one][0] for one in states if one not in told} == {"unreadable"}
    shown = twinwatch("check", "--alt", "A portrait")
    assert (shown.status, TEXT_ALONE[:40] in shown.out, "alt_text: absent" in shown.out) == (0, True, True)
    assert not list(tmp_path.iterdir())


def test_a_failed_file_has_every_field_too(twinwatch: Callable[..., Any], folder: Path) -> None:
    said = twinwatch("check", "pictures", "--json")
    assert said.status == 3
    assert all(set(line) >= CHECK for line in said.lines)
    assert [line["error"] is None for line in said.lines] == [True, False, True]


def test_check_refuses_private_addresses(twinwatch: Callable[..., Any]) -> None:
    said = twinwatch("check", "http://127.0.0.1:9/x.jpg", "--json")
    assert said.status == 1
    assert said.lines[0]["error"]["kind"] == "address_refused"
    assert said.lines[0]["error"]["where"] == "http://127.0.0.1:9/x.jpg"


def test_panels_for_people(twinwatch: Callable[..., Any], folder: Path) -> None:
    said = twinwatch("check", "pictures/b.png", "none.png")
    assert "no ai evidence" in said.out
    assert "caption: unreadable: not given" in said.out
    assert "there is no such file" in said.out
    assert "\x1b" not in said.out


def test_register_list_show_and_match(twinwatch: Callable[..., Any], folder: Path) -> None:
    said = twinwatch("twins", "add", "Twin A", "pictures/b.png", *BASIS, "--attested-by", "me", "--json")
    assert said.status == 0
    (added,) = said.lines
    assert (added["twin"], len(added["new"]), added["known"]) == ("Twin A", 1, [])
    assert added["new"][0]["basis"] == "contract 7"

    again = twinwatch("twins", "add", "Twin A", "pictures/b.png", *BASIS, "--attested-by", "me")
    assert (again.status, again.out) == (0, "Twin A: already registered\n")

    (listed,) = twinwatch("twins", "list", "--json").lines
    assert (listed["twin"], listed["kind"], len(listed["references"])) == ("Twin A", "digital_twin", 1)
    (shown,) = twinwatch("twins", "show", "Twin A", "--json").lines
    assert listed.items() <= shown.items()  # and what was said of it since
    assert "attested by me" in twinwatch("twins", "show", "Twin A").out
    assert "Twin A" in twinwatch("twins", "list").out

    lines = twinwatch("match", "pictures", "--json").lines
    assert [[match["twin"] for match in line["matches"]] for line in lines] == [["Twin A"], [], []]
    assert set(lines[0]) == {"path", "matches", "too_little", "error", "why_no_match"}
    (checked,) = twinwatch("check", "pictures/b.png", "--caption", "New", "--alt", "", "--json").lines
    assert (checked["origin"]["level"], checked["consent"]) == (3, "no_terms")
    assert checked["labelling"] == "unlabelled_where_seen"


def test_a_picture_without_a_basis_is_refused(
    twinwatch: Callable[..., Any], folder: Path, tmp_path: Path
) -> None:
    said = twinwatch("twins", "add", "Twin A", "pictures/b.png")
    assert said.status == 2
    assert "--basis is missing" in said.err
    assert not (tmp_path / "twinwatch.db").exists()


def test_nothing_is_half_registered(twinwatch: Callable[..., Any], folder: Path, tmp_path: Path) -> None:
    said = twinwatch("twins", "add", "Twin A", "pictures/b.png", "pictures/c.jpg", *BASIS)
    assert said.status == 1
    assert "nothing was registered" in said.err
    assert twinwatch("twins", "list", "--json").out == ""
    assert not [path for path in (tmp_path / "media").rglob("*") if path.is_file()]


def test_warnings_do_not_stop_a_registration(twinwatch: Callable[..., Any], folder: Path) -> None:
    Image.new("RGB", (400, 400), (9, 9, 9)).save("flat.png")
    assert twinwatch("twins", "add", "Twin A", "pictures/b.png", *BASIS, "--attested-by", "me").err == ""
    said = twinwatch("twins", "add", "Twin B", "pictures/b.png", "flat.png", *BASIS)
    assert said.status == 0
    assert "nobody attests these pictures" in said.err
    assert "looks like a picture registered for Twin A" in said.err
    assert "flat.png: too little in it" in said.err


def test_a_film_is_no_reference_and_an_animation_hardly_one(
    twinwatch: Callable[..., Any], folder: Path
) -> None:
    Path("film.mp4").write_bytes(shots(1.0, 1.0))
    said = twinwatch("twins", "add", "Twin A", "film.mp4", *BASIS)
    assert said.status == 1
    assert "a video; register pictures of it" in said.err
    assert twinwatch("twins", "list", "--json").out == ""
    Path("moving.gif").write_bytes(animated("GIF", 3))
    said = twinwatch("twins", "add", "Twin A", "moving.gif", *BASIS)
    assert said.status == 0
    assert "only its first picture" in said.err


def test_a_match_in_quarantine_says_so_where_it_stands(
    twinwatch: Callable[..., Any], folder: Path, tmp_path: Path
) -> None:
    twinwatch("twins", "add", "Twin A", "pictures/b.png", *BASIS, "--attested-by", "me")
    assert "quarantine" not in twinwatch("match", "pictures/b.png").out
    with opened_here(tmp_path) as store:
        (reference,) = store.references("Twin A")
        store.bank.quarantine(Quarantine(reference.sha256, "in one pass it matched 40 pictures", NOW))
    assert "in quarantine" in twinwatch("match", "pictures/b.png").out
    (line,) = twinwatch("match", "pictures/b.png", "--json").lines
    assert "in quarantine" in line["matches"][0]["reason"]


def test_a_name_stands_for_one_kind(twinwatch: Callable[..., Any], folder: Path) -> None:
    assert twinwatch("twins", "add", "A", "pictures/b.png", *BASIS).status == 0
    said = twinwatch("twins", "add", "A", "pictures/deep/a.jpg", *BASIS, "--kind", "human_original")
    assert said.status == 1
    assert twinwatch("twins", "show", "B").status == 1


def test_whatever_is_in_a_folder_has_its_line(twinwatch: Callable[..., Any], tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    drawn(folder / "a.png")
    (folder / "broken_link.png").symlink_to(folder / "nowhere.png")
    os.mkfifo(folder / "pipe.png")
    (folder / ".hidden.png").write_bytes(b"")
    said = twinwatch("fingerprint", str(folder), "--json")
    assert said.status == 3
    kinds = {Path(line["path"]).name: line["error"] and line["error"]["kind"] for line in said.lines}
    assert kinds == {"a.png": None, "broken_link.png": "not_found", "pipe.png": "not_a_file"}
