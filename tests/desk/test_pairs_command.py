"""`twinwatch pairs`: what waits, and decisions that stay with two pictures."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.desk.matched_store import ANNA, COPY, LIKELY, LIKELY_TOO, SCENE
from tests.storage.samples import sha

PAIR = ["picture", "reference", "twin", "state", "match", "posts", "by", "at", "note"]


def test_what_waits_is_listed_strongest_first_with_its_posts(filled: Callable[..., Any]) -> None:
    lines = filled("pairs", "list", "--undecided", "--json").lines
    assert [line["picture"] for line in lines] == [sha(LIKELY), sha(LIKELY_TOO)]
    first = lines[0]
    assert list(first) == PAIR
    assert (first["twin"], first["reference"], first["state"]) == ("Anna", sha(ANNA), "waiting")
    assert first["match"]["agreement"] == 0.8
    assert first["match"]["reason"] == "a part of it is covered"
    (shown,) = first["posts"]
    assert (shown["post_url"], shown["account"]) == (f"https://bsky.example/p-{LIKELY}", "hm.example")


def test_a_person_reads_what_was_measured(filled: Callable[..., Any]) -> None:
    said = filled("pairs", "list")
    assert f"{sha(LIKELY)[:12]} beside {sha(ANNA)[:12]}  likely copy of Anna" in said.out
    assert "mirrored, cropped to 62 %, in 25 % of the picture, a part of it is covered, 62 % of" in said.out
    assert f"https://bsky.example/p-{LIKELY}" in said.out
    assert "2 pairs wait for a person" in said.err


def test_a_limit_says_that_there_are_more(filled: Callable[..., Any]) -> None:
    said = filled("pairs", "list", "--limit", "1", "--json")
    assert len(said.lines) == 1
    assert "--limit shows more" in said.err


@pytest.mark.parametrize(("verb", "state"), [("confirm", "confirmed"), ("reject", "rejected")])
def test_a_decision_holds_until_it_is_undone(filled: Callable[..., Any], verb: str, state: str) -> None:
    pair = (sha(LIKELY)[:8], sha(ANNA)[:9])
    said = filled("pairs", verb, *pair, "--by", "ann", "--note", "looked twice", "--json")
    assert said.status == 0
    (line,) = said.lines
    assert (line["decision"], line["stands"], line["by"]) == (state, state, "ann")
    waiting, decided = filled("pairs", "list", "--json").lines
    assert waiting["picture"] == sha(LIKELY_TOO)
    assert (decided["state"], decided["by"], decided["note"]) == (state, "ann", "looked twice")
    assert decided["match"]["decided"] == state
    assert f"{state} by ann" in filled("pairs", "list").out

    undone = filled("pairs", "undo", *pair)
    assert "is undecided again" in undone.out
    assert len(filled("pairs", "list", "--undecided", "--json").lines) == 2
    again = filled("pairs", "undo", *pair)
    assert (again.status, "undone" in again.err) == (1, True)


def test_saying_it_twice_adds_nothing(filled: Callable[..., Any]) -> None:
    pair = (sha(LIKELY), sha(ANNA))
    filled("pairs", "confirm", *pair, "--by", "ann")
    assert "confirmed already" in filled("pairs", "confirm", *pair, "--by", "bob").err
    assert filled("pairs", "undo", *pair).status == 0
    assert len(filled("pairs", "list", "--undecided", "--json").lines) == 2


def test_a_rehearsal_changes_nothing(filled: Callable[..., Any]) -> None:
    said = filled("pairs", "confirm", sha(LIKELY), sha(ANNA), "--dry-run")
    assert "would be confirmed; nothing was changed" in said.out
    assert len(filled("pairs", "list", "--undecided", "--json").lines) == 2


def test_what_does_not_match_can_be_decided_with_a_warning(filled: Callable[..., Any]) -> None:
    said = filled("pairs", "reject", sha(COPY), sha("ref-too"))
    assert said.status == 0
    assert "no match between these two" in said.err


def test_a_confirmed_scene_stays_a_scene(filled: Callable[..., Any]) -> None:
    said = filled("pairs", "confirm", sha(SCENE), sha(ANNA))
    assert (said.status, "the same scene or garment, and no copy" in said.err) == (0, True)


@pytest.mark.parametrize(
    ("picture", "reference", "status", "words"),
    [
        ("3fa2", sha(ANNA), 2, "at least 8 digits"),
        ("not-hex-at-all", sha(ANNA), 2, "neither a file nor a SHA-256"),
        ("f" * 65, sha(ANNA), 2, "at least 8 digits"),
        ("0" * 12, sha(ANNA), 1, "no kept picture's SHA-256 begins with"),
        ("pixel.png", sha(ANNA), 1, "is not among the kept pictures"),
        (sha(LIKELY), sha(COPY), 1, "neither a registered picture nor one that"),
    ],
)
def test_what_cannot_be_decided_says_what_to_do(
    filled: Callable[..., Any], tmp_path: Path, picture: str, reference: str, status: int, words: str
) -> None:
    (tmp_path / "pixel.png").write_bytes(b"x")
    said = filled("pairs", "confirm", picture, reference)
    assert (said.status, words in said.err) == (status, True), said.err


def test_the_same_scene_waits_for_nobody(filled: Callable[..., Any]) -> None:
    listed = {line["picture"] for line in filled("pairs", "list", "--json").lines}
    assert sha(SCENE) not in listed


def test_without_a_store_nothing_waits(twinwatch: Callable[..., Any], tmp_path: Path) -> None:
    said = twinwatch("pairs", "list", "--json")
    assert (said.status, said.out) == (0, "")
    assert "No store yet" in said.err
    assert twinwatch("pairs", "confirm", "a" * 8, "b" * 8).status == 1
    assert not list(tmp_path.iterdir())
