"""`twinwatch twins contest`: disputed at once, judged again, and who has it already is told."""

from collections.abc import Callable
from typing import Any

import pytest

from storage.errors import StoreError
from tests.desk.matched_store import ANNA, ANNA_TOO, COPY
from tests.storage.samples import sha

pytestmark = pytest.mark.slow  # whole commands

Call = Callable[..., Any]


def test_it_is_disputed_at_once_and_what_left_is_named(judged: Call) -> None:
    assert judged("findings", "export", "-o", "old.csv").status == 0
    assert judged("findings", "export", "--format", "jsonl").status == 0
    rehearsed = judged("twins", "contest", "Anna", "--by", "bea", "--reason", "a photograph", "--dry-run")
    assert "Nothing was changed" in rehearsed.out
    (before,) = judged("findings", "list", "--json").lines
    assert (before["status"], before["origin"]["level"]) == ("new", 3)
    said = judged("twins", "contest", "Anna", "--by", "bea", "--reason", "a photograph")
    assert said.status == 0
    assert "old.csv" in said.out
    assert "standard output" in said.out
    (after,) = judged("findings", "list", "--json").lines
    assert (after["status"], after["origin"]["level"], after["consent"]) == ("disputed", 2, "cannot_say")
    assert "(disputed)" in judged("findings", "list").out
    assert "all of Anna is contested, by bea: a photograph" in judged("findings", "show", "1").out
    assert judged("findings", "show", "1", "--json").lines[0]["contests"][0]["reason"] == "a photograph"
    assert "disputed" in judged("findings", "export", "--format", "csv").out
    assert "is contested, by bea" in judged("twins", "show", "Anna").out
    undone = judged("twins", "contest", "Anna", "--undo", "--reason", "shown", "--json").lines[0]
    assert (undone["findings"], len(undone["exports"])) == ([1], 3)
    (back,) = judged("findings", "list", "--json").lines
    assert (back["status"], back["consent"]) == ("new", "no_terms")


def test_one_picture_is_contested_by_the_beginning_of_its_digest(judged: Call) -> None:
    (other,) = judged("twins", "contest", sha(ANNA_TOO)[:9], "--reason", "wrong file", "--json").lines
    assert (other["findings"], other["contests"][0]["reference"]) == ([], sha(ANNA_TOO))
    (line,) = judged("twins", "contest", sha(ANNA)[:9], "--reason", "wrong file", "--json").lines
    assert line["findings"] == [1]
    assert [one["disputed"] for one in judged("twins", "show", "Anna", "--json").lines[0]["references"]] == [
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("Anna",), 2, "--reason is missing"),
        (("Berta", "--reason", "x"), 1, "no twin is called Berta"),
        ((sha(COPY), "--reason", "x"), 1, "is registered for no twin"),
        (("Anna", "--undo", "--reason", "x"), 1, "is not contested"),
    ],
)
def test_what_cannot_be_contested_is_refused(
    judged: Call, arguments: tuple[str, ...], status: int, words: str
) -> None:
    said = judged("twins", "contest", *arguments)
    assert (said.status, words in said.err) == (status, True)


def test_an_export_that_cannot_be_remembered_is_written_and_said(
    judged: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> int:
        raise StoreError("the disk is read-only", kind="read_only")

    monkeypatch.setattr("storage.doors.exports.Exports.record", refused)
    said = judged("findings", "export", "-o", "new.csv")
    assert said.status == 0
    assert "could not be remembered: the disk is read-only" in said.err


def test_consent_ends_on_a_day_with_its_reason(judged: Call) -> None:
    assert judged("terms", "add", "Anna", "H&M", "--label", "none").status == 0
    said = judged("twins", "withdraw", "Anna", "--on", "2026-01-01", "--reason", "her wish", "--by", "elin")
    assert "consent ends on 2026-01-01" in said.out
    assert "her wish (by elin); 1 licence ended" in judged("twins", "show", "Anna").out
    assert judged("terms", "list", "--json").lines[0]["last_day"] == "2025-12-31"
    back = judged("twins", "restore", "Anna", "--json").lines[0]
    assert back["licences"] == [1]
    assert judged("terms", "list", "--json").lines[0]["last_day"] is None


WRONG = {
    ("--on", "2026"): "expected a day",
    ("--erase",): "--reason is missing",
    ("--erase", "--reason", "x"): "then say --yes",
    ("--yes",): "go with --erase",
    ("--erase", "--on", "2026-01-01"): "leave --on and --stop-matching out",
    ("--reference", "x", "--erase"): "leave the other options out",
}


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_wrong_usage_of_withdraw_changes_nothing(judged: Call, arguments: tuple[str, ...]) -> None:
    said = judged("twins", "withdraw", "Anna", *arguments)
    assert (said.status, WRONG[arguments] in said.err) == (2, True)
    assert judged("twins", "list", "--json").lines[0]["withdrawn_at"] is None


def test_a_hold_forbids_erasing_and_says_so(judged: Call) -> None:
    assert judged("hold", "add", "1", "--reason", "case 12", "--by", "ann").status == 0
    assert "finding 1 | case 12 | ann" in judged("hold", "list").out
    erase = ("twins", "withdraw", "Anna", "--erase", "--reason", "wish", "--yes")
    for arguments in (erase, (*erase, "--dry-run")):
        said = judged(*arguments)
        assert (said.status, "hold 1 on finding 1, by ann: case 12" in said.err) == (1, True)
    assert judged("hold", "lift", "1", "--by", "ann").status == 0
    assert judged(*erase, "--dry-run").status == 0
    assert judged("hold", "add", "Berta", "--reason", "x").status == 2
    assert judged("hold", "add", "99", "--reason", "x").status == 1
