"""Licences through the command line: a list is registered whole, or refused row by row."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.desk.matched_store import opened_here
from tests.storage.samples import twin

HEAD = "twin,licensee,channels,territories,from,until,label,exclusive,document,clause,purposes,pay_note\n"
ROW = "Anna,H&M,instagram;Bluesky,se;NL,2026-01-01,2026-06-30,required,no,,never alone,social media,a shoot\n"


def put(folder: Path, rows: str, head: str = HEAD) -> Path:
    path = folder / "terms.csv"
    path.write_text(head + rows)
    return path


def test_a_list_is_registered_and_again_changes_nothing(filled: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "anna.pdf").write_bytes(b"the contract")
    path = put(tmp_path, ROW + ROW.replace("H&M", "Zara").replace("no,,", "no,anna.pdf,"))
    tried = filled("terms", "import", str(path), "--dry-run")
    assert (tried.status, "2 licences would be registered" in tried.out) == (0, True)
    assert not filled("terms", "list", "--json").lines
    said = filled("terms", "import", str(path), "--by", "Elin", "--json")
    assert said.status == 0
    first, second = filled("terms", "list", "--json").lines
    assert said.lines[0]["new"] == [first, second]
    assert (first["channels"], first["territories"], first["label"]) == (
        ["instagram", "bluesky"],
        ["SE", "NL"],
        ["required"],
    )
    assert (first["from"], first["last_day"], first["added_by"]) == ("2026-01-01", "2026-06-30", "Elin")
    assert second["document"] == "anna.pdf"
    assert second["document_sha256"] == sha256(b"the contract").hexdigest()
    again = filled("terms", "import", str(path), "--json").lines[0]
    assert (again["new"], again["known"]) == ([], [first["id"], second["id"]])
    assert "2 were registered already" in filled("terms", "import", str(path)).out


WRONG = {
    "from": ("2026-01-01", "03/04/2026", "'03/04/2026' is ambiguous: write the year first"),
    "no day": ("2026-01-01", "2026-02-30", "2026-02-30 is no day of the calendar"),
    "no date": ("2026-01-01", "spring", "'spring' is no date"),
    "until": ("2026-06-30", "2025-06-30", "2025-06-30 is before it starts (2026-01-01)"),
    "twin": ("Anna", "anna", "no twin is registered as 'anna'; is 'Anna' meant?"),
    "nobody": ("Anna,", ",", "twin: is empty"),
    "country": ("se;NL", "se;EU", "territories: 'EU' is no country code of two letters"),
    "label": ("required", "always", "label: 'always': it is required, none, or surfaces"),
    "no label": ("required", "", "label: is empty: say required, none, or surfaces"),
    "exclusive": (",no,", ",maybe,", "exclusive: 'maybe': it is yes or no"),
    "formula": ("never alone", "=1+1", "clause: begins with “=”"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_named_with_its_row(filled: Callable[..., Any], tmp_path: Path, case: str) -> None:
    old, new, words = WRONG[case]
    said = filled("terms", "import", str(put(tmp_path, ROW + ROW.replace(old, new, 1))))
    assert said.status == 1
    assert "1 mistake" in said.err
    assert "row 3, " in said.err
    assert words in said.err
    assert not filled("terms", "list", "--json").lines  # nothing is half imported


def test_all_mistakes_are_told_at_once(filled: Callable[..., Any], tmp_path: Path) -> None:
    bad = ROW.replace("required", "x").replace("2026-06-30", "y").replace("H&M", "")
    said = filled("terms", "import", str(put(tmp_path, bad + ROW + "short\n")))
    assert "4 mistakes" in said.err
    assert [line.split(":")[0] for line in said.err.splitlines()[1:]] == [
        "  row 2, until",
        "  row 2, licensee",
        "  row 2, label",
        "  row 4",
    ]


def test_a_document_of_another_model_is_told_beside_other_mistakes(
    filled: Callable[..., Any], tmp_path: Path
) -> None:
    with opened_here(tmp_path) as store:
        store.add_twin(twin("Bea", model="Bea Berg"), [])
    (tmp_path / "c1.pdf").write_bytes(b"a contract")
    first = "Anna,H&M,,,2026-01-01,2025-01-01,none,no,c1.pdf,,,\n"
    second = "Bea,H&M,,,03/04/2026,,none,no,c1.pdf,,,\n"
    said = filled("terms", "import", str(put(tmp_path, first + second)))
    assert said.status == 1
    for words in (
        "row 2, until",
        "row 3, from",
        "row 3, document: 'c1.pdf' is the document of a licence of Anna",
    ):
        assert words in said.err


@pytest.mark.parametrize("name", ["c9.pdf", "../c9", "sub\\c9.docx"])
def test_a_document_that_is_not_there_is_a_mistake(
    filled: Callable[..., Any], tmp_path: Path, name: str
) -> None:
    said = filled("terms", "import", str(put(tmp_path, ROW.replace("no,,", f"no,{name},"))))
    assert (said.status, "no such file (give the file, or its SHA-256)" in said.err) == (1, True)


def test_one_document_is_one_models(filled: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "one.pdf").write_bytes(b"the contract")
    with opened_here(tmp_path) as store:
        store.add_twin(twin("Berta"), [])
    row = ROW.replace("no,,", "no,one.pdf,")
    path = put(tmp_path, row + row.replace("Anna", "Berta"))
    said = filled("terms", "import", str(path))
    assert "row 3, document: 'one.pdf' is the document of a licence of Anna, another model" in said.err


def test_what_contradicts_itself_is_warned_of(filled: Callable[..., Any], tmp_path: Path) -> None:
    exclusive = ROW.replace(",no,", ",yes,")
    later = ROW.replace("H&M", "Zara").replace("2026-01-01,2026-06-30", "2026-07-01,")
    said = filled("terms", "import", str(put(tmp_path, exclusive + ROW.replace("H&M", "Mango") + later)))
    assert said.status == 0
    clash = [line for line in said.err.splitlines() if "exclusively" in line]
    assert clash == [
        "twinwatch: warning: row 3: Anna is licensed to Mango and H&M at once, and exclusively to H&M"
    ]
    assert "'Zara' is the retailer of no watched account" in said.err
    assert "print" in filled("terms", "add", "Anna", "H&M", "--label", "none", "--channels", "print").err


def test_one_is_added_superseded_ended_and_put_back(filled: Callable[..., Any]) -> None:
    first = filled("terms", "add", "Anna", "H&M", "--label", "caption;image_mark", "--json").lines[0]["new"][
        0
    ]
    number = str(first["id"])
    assert first["label"] == ["caption", "image_mark"]
    ended = filled("terms", "end", number, "--on", "2026-08-31", "--reason", "unpaid", "--dry-run")
    assert "Nothing was changed" in ended.out
    assert filled("terms", "show", number, "--json").lines[0]["last_day"] is None
    filled("terms", "end", number, "--on", "2026-08-31", "--reason", "unpaid", "--by", "Elin")
    assert "unpaid" in filled("terms", "list").out
    assert not filled("terms", "list", "--on", "2026-09-01", "--json").lines
    assert len(filled("terms", "list", "--on", "2026-08-31", "--json").lines) == 1
    filled("terms", "end", number, "--undo", "--reason", "paid")
    shown = filled("terms", "show", number)
    assert "Elin: ends on 2026-08-31: unpaid" in shown.out
    assert "the ending was taken back: paid" in shown.out
    twice = filled("terms", "end", number, "--undo")
    assert (twice.status, "there is nothing to take back" in twice.err) == (1, True)
    new = ("--label", "none", "--from", "2026-10-01", "--supersedes", number)
    assert filled("terms", "add", "Anna", "H&M", *new).status == 0
    old = filled("terms", "show", number, "--json").lines[0]
    assert (old["last_day"], old["ended"]["reason"]) == ("2026-09-30", "superseded by other terms")


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("end", "77"), 1, "there is no licence 77"),
        (("show", "77"), 1, "there is no licence 77"),
        (("end", "1", "--on", "tomorrow"), 2, "--on 'tomorrow': expected a day as 2026-06-30"),
        (("end", "1", "--undo", "--on", "2026-01-01"), 2, "one or the other"),
        (("add", "Anna", "H&M"), 1, "--label: is empty"),
        (("add", "Anna", "H&M", "--label", "none", "--supersedes", "9"), 1, "there is no licence 9"),
        (("import", "nothing.csv"), 1, "nothing.csv: cannot be read: No such file"),
    ],
)
def test_what_cannot_be_done_says_so(
    filled: Callable[..., Any], arguments: tuple[str, ...], status: int, words: str
) -> None:
    said = filled("terms", *arguments)
    assert (said.status, words in said.err) == (status, True), said.err
