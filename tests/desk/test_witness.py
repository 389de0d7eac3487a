"""`twinwatch findings read`: what a person saw takes part like any other reading, and is marked as theirs."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from desk.jobs.stages.carried import Settings
from tests.desk.eyes import TEXT, Eyes, label
from tests.desk.shop import Shop, digest, jpeg, photo

SHOT = jpeg(photo(9), 50)  # the worker looks at what is in it, whatever its name says
HEAD = b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script>"

pytestmark = pytest.mark.slow  # many passes over a store

PICTURE = jpeg(photo(1), 60)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A copy of a registered picture whose text nobody could read, and a comparison of what is told of it."""
    shop = Shop(tmp_path, eyes=Eyes())
    shop.register("Vilde", jpeg(photo(1)))
    shop.publish(PICTURE)
    shop.detect(Settings(look_seconds=0))
    yield shop
    shop.store.close()


Call = Callable[..., Any]


def read(twinwatch: Call, *arguments: str) -> dict[str, Any]:
    said = twinwatch("findings", "read", "1", *arguments, "--by", "ann", "--json")
    assert said.status == 0, said.err
    (line,) = said.lines
    return dict(line)


def test_the_verdict_is_made_again_at_once(shop: Shop, twinwatch: Call, tmp_path: Path) -> None:
    (tmp_path / "seen.png").write_bytes(SHOT)
    kept = digest(SHOT)
    line = read(twinwatch, "--surface", "image_text", "--state", "absent", "--screenshot", "seen.png")
    assert line["labelling"] == "unlabelled_where_seen"  # the marks are still to be looked at
    line = read(twinwatch, "--surface", "image_mark", "--state", "absent", "--note", "on a phone")
    assert (line["labelling"], line["dry_run"], line["judged"]) == ("unlabelled", False, True)
    text, mark = line["disclosure"]["image_text"], line["disclosure"]["image_mark"]
    assert (text["state"], text["declared_by"], mark["declared_by"]) == ("absent", "person", "person")
    assert text["field"] == f"screenshot:{kept}"
    assert shop.store.media.read(kept) == SHOT
    rests = [one for one in line["reasons"] if "person's reading" in one]
    assert len(rests) == 2
    assert "ann looked on" in rests[0]
    assert ["without proof" in one for one in rests] == [False, True]
    assert [one["without_proof"] for one in line["person_readings"]] == [False, True]
    assert "the program: unreadable (budget)" in rests[0]
    assert [(one["surface"], one["state"], one["screenshot"]) for one in line["person_readings"]] == [
        ("image_text", "absent", kept),
        ("image_mark", "absent", None),
    ]
    shown = twinwatch("findings", "show", "1", "--json").lines[0]
    assert len(shown["person_readings"]) == 2
    assert len(shown["history"]) == 3
    assert "seen by people" in twinwatch("findings", "show", "1").out


def test_a_label_that_only_a_person_saw_informs_and_is_no_word_of_the_publisher(
    shop: Shop, twinwatch: Call
) -> None:
    line = read(twinwatch, "--surface", "image_text", "--state", "present", "--quote", "Bild: KI")
    assert (line["labelling"], line["origin"]["level"]) == ("labelled", 3)
    assert "The label stands in the text on the picture: “Bild: KI”." in line["reasons"]
    assert [one for one in line["origin"]["evidence"] if one["reader"] == "image_text"] == []
    line = read(twinwatch, "--surface", "image_text", "--state", "present")
    assert "The label stands in the text on the picture." in line["reasons"]


def test_taken_back_the_programs_word_holds(shop: Shop, twinwatch: Call) -> None:
    read(twinwatch, "--surface", "image_text", "--state", "present")
    line = read(twinwatch, "--surface", "image_text", "--state", "undo")
    assert (line["labelling"], line["disclosure"]["image_text"]["reason"]) == (
        "unlabelled_where_seen",
        "budget",
    )
    again = twinwatch("findings", "read", "1", "--surface", "image_text", "--state", "undo")
    assert (again.status, "taken back" in again.err) == (1, True)


def test_where_the_program_read_otherwise_the_person_decides(shop: Shop, twinwatch: Call) -> None:
    shop.eyes.found = {digest(PICTURE): {TEXT: label("AI")}}
    shop.detect(Settings())
    assert twinwatch("findings", "list", "--json").lines[0]["labelling"] == "labelled"
    line = read(twinwatch, "--surface", "image_text", "--state", "absent", "--note", "a print on the shirt")
    assert line["labelling"] == "unlabelled"
    assert "the program: present “AI”" in line["disclosure"]["image_text"]["reason"]
    assert line["origin"]["level"] == 3  # and what the program took for the publisher's word is gone


def test_a_rehearsal_keeps_nothing(shop: Shop, twinwatch: Call, tmp_path: Path) -> None:
    (tmp_path / "seen.png").write_bytes(SHOT)
    before = twinwatch("findings", "list", "--json").out
    line = read(
        twinwatch, "--surface", "image_text", "--state", "present", "--screenshot", "seen.png", "--dry-run"
    )
    assert (line["labelling"], line["dry_run"]) == ("labelled", True)
    assert twinwatch("findings", "list", "--json").out == before
    assert not shop.store.media.has(digest(SHOT))


def test_the_night_makes_no_other_verdict_of_it(shop: Shop, twinwatch: Call) -> None:
    read(twinwatch, "--surface", "image_text", "--state", "present", "--quote", "KI")
    assert shop.detect(Settings(look_seconds=0)).changed == ()
    shop.detect(Settings())  # the program has looked meanwhile
    (line,) = twinwatch("findings", "list", "--json").lines
    assert line["labelling"] == "labelled"
    assert line["disclosure"]["image_text"]["reason"].endswith("the program: absent")


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("99", "--surface", "caption", "--state", "absent"), 1, "no finding 99"),
        (("1", "--surface", "caption", "--state", "maybe"), 2, "maybe"),
        (("1", "--surface", "shoe", "--state", "absent"), 2, "shoe"),
        (("1", "--surface", "caption", "--state", "absent", "--quote", "AI"), 2, "--quote"),
        (("1", "--surface", "caption", "--state", "absent", "--screenshot", "none.png"), 2, "none.png"),
        (("1", "--surface", "caption", "--state", "absent", "--screenshot", "words.jpg"), 2, "a screenshot"),
        (("1", "--surface", "caption", "--state", "absent", "--screenshot", "empty.png"), 2, "empty.png"),
        (("1", "--surface", "caption", "--state", "absent", "--screenshot", "head.png"), 2, "no screenshot"),
        (("1", "--surface", "caption", "--state", "absent", "--screenshot", "a.pdf"), 2, "a screenshot"),
    ],
)
def test_wrong_usage(
    shop: Shop, twinwatch: Call, tmp_path: Path, arguments: tuple[str, ...], status: int, words: str
) -> None:
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "words.jpg").write_bytes(b"hi")
    (tmp_path / "head.png").write_bytes(HEAD)
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 junk")
    said = twinwatch("findings", "read", *arguments)
    assert said.status == status
    assert words in said.err
