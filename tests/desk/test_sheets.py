"""Workbooks as lists: what a spreadsheet's own cells hold, and what a workbook can be that no list is."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from desk.jobs import sheets
from desk.jobs.lists import Row, read_list
from storage.errors import RegistryError

pytestmark = pytest.mark.slow  # workbooks

COLUMNS = ("twin", "attested_by", "from")
HEAD = ("Twin", "Attested by", "from")


def book(*rows: Sequence[object], title: str = "Twins") -> Workbook:
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = title
    for row in (HEAD, *rows):
        sheet.append(list(row))
    return made


def saved(made: Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def listed(folder: Path, data: bytes, name: str = "list.xlsx") -> tuple[list[Row], list[str]]:
    path = folder / name
    path.write_bytes(data)
    rows, mistakes = read_list(path, COLUMNS, ("twin",), ("from",))
    return rows, [str(one) for one in mistakes]


def sheet_of(made: Workbook, title: str, *rows: Sequence[object]) -> Worksheet:
    sheet: Worksheet = made.create_sheet(title)
    for row in rows:
        sheet.append(list(row))
    return sheet


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("  Zoë ", "Zoë"),
        (7, "7"),
        (7.0, "7"),
        (0.15, "0.15"),
        (True, "true"),
        ("03/04/2026", "03/04/2026"),
    ],
)
def test_what_a_cell_says(tmp_path: Path, cell: object, words: str) -> None:
    rows, mistakes = listed(tmp_path, saved(book((cell, "Elin"))), "named.csv")  # whatever it is called
    assert mistakes == []
    assert [(row.number, row["twin"], row["attested_by"], row["from"]) for row in rows] == [
        (2, words, "Elin", "")
    ]


def test_dates_stand_where_days_do_and_nowhere_else(tmp_path: Path) -> None:
    day = dt.date(2026, 4, 3)
    rows, mistakes = listed(tmp_path, saved(book(("A", None, day), (day, "Elin"), ("B", None, None))))
    assert [row["from"] for row in rows if not row.bad] == ["2026-04-03", ""]
    assert mistakes == [
        "row 3, twin: the spreadsheet made a date of it (2026-04-03): format the cell as text and write it"
        " again"
    ]
    timed = dt.datetime(2026, 4, 3, 14, 30, tzinfo=None)  # noqa: DTZ001 - a workbook knows no zones
    (row,), _ = listed(tmp_path, saved(book(("A", None, timed))))
    assert row["from"] == "2026-04-03 14:30:00"


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("=1+1", "row 2, attested_by: holds a formula"),
        ("#REF!", "row 2, attested_by: holds the spreadsheet's error #REF!"),
        (10**15, "row 2, attested_by: is a number of more digits than a spreadsheet keeps"),
        ("-cmd", "row 2, attested_by: begins with “-”, which a spreadsheet runs"),
        (dt.time(3, 4), "row 2, attested_by: the spreadsheet made a date of it"),
    ],
)
def test_cells_that_cannot_be_taken(tmp_path: Path, cell: object, words: str) -> None:
    _, mistakes = listed(tmp_path, saved(book(("A", cell))))
    assert len(mistakes) == 1
    assert mistakes[0].startswith(words)


def test_rows_are_counted_as_the_spreadsheet_counts(tmp_path: Path) -> None:
    made = Workbook()
    sheet = made.worksheets[0]
    for column, name in enumerate(HEAD, start=2):
        sheet.cell(3, column, name)
    sheet.cell(40, 2, "A")
    sheet.cell(41, 1, "under no name")
    rows, mistakes = listed(tmp_path, saved(made))
    assert [(row.number, row["twin"]) for row in rows if not row.bad] == [(40, "A")]
    assert mistakes == ["row 41, (no name): 'under no name' stands under no column's name"]


def test_one_sheet_of_several_is_the_list(tmp_path: Path) -> None:
    made = book(("A", "Elin"))
    sheet_of(made, "Read me", ["Ask Elin"], ["twin", "is the name"])
    sheet_of(made, "Old").sheet_state = "hidden"
    rows, mistakes = listed(tmp_path, saved(made))
    assert (rows[0]["twin"], mistakes) == ("A", [])


def _two() -> bytes:
    made = book(("A", "Elin"))
    sheet_of(made, "June", HEAD, ["B"])
    return saved(made)


def _hidden() -> bytes:
    made = book(("A", "Elin"))
    sheet_of(made, "Notes", ["nothing"])
    made["Twins"].sheet_state = "hidden"
    return saved(made)


def _zip(*parts: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts:
            made.writestr(name, data)
    return out.getvalue()


def _with(part: str, data: bytes) -> bytes:
    """A workbook, one part of which is another."""
    with zipfile.ZipFile(io.BytesIO(saved(book(("A", "Elin"))))) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    return _zip(*{**parts, part: data}.items())


SHEET = "xl/worksheets/sheet1.xml"
ENTITY = b"""<!DOCTYPE worksheet [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>"""
FAR = b"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>twin</t></is></c></row><row r="99999999999"/>
</sheetData></worksheet>"""

REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "two lists": (_two, "2 of its sheets are such lists ('Twins', 'June')"),
    "hidden": (_hidden, "the list is on a hidden sheet ('Twins')"),
    "old xls": (lambda: sheets.OLE + bytes(600), "of the old kind (.xls)"),
    "password": (lambda: sheets.OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "by a password"),
    "zip": (lambda: _zip(("a.jpg", b"x")), "it is an archive and no .xlsx workbook"),
    "numbers": (lambda: _zip(("Index/Document.iwa", b"x")), "it is an archive and no .xlsx workbook"),
    "xlsb": (lambda: _zip(("xl/workbook.bin", b"x")), "binary workbook (.xlsb)"),
    "cut off": (lambda: saved(book())[:900], "begins like a workbook and is damaged"),
    "entities": (lambda: _with(SHEET, ENTITY), "cannot be read as a workbook (ValueError"),
    "no XML": (lambda: _with(SHEET, b"<worksheet"), "cannot be read as a workbook"),
    "far row": (lambda: _with(SHEET, FAR), "cannot be read as a workbook (ValueError: more than"),
    "bomb": (lambda: _with("xl/media/a.bin", bytes(sheets.MOST_UNPACKED + 1)), "or a zip bomb"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_workbooks_that_are_refused(tmp_path: Path, case: str) -> None:
    made, words = REFUSED[case]
    with pytest.raises(RegistryError) as refused:
        listed(tmp_path, made())
    assert refused.value.kind == "unreadable_list"
    assert words in str(refused.value)


def test_a_wide_sheet_and_an_empty_one(tmp_path: Path) -> None:
    made = Workbook()
    made.worksheets[0].append([f"column {number}" for number in range(200)])
    with pytest.raises(RegistryError, match="200 columns, of which 0 are known"):
        listed(tmp_path, saved(made))
    with pytest.raises(RegistryError, match="twin: the column is missing"):
        listed(tmp_path, saved(Workbook()))
    assert listed(tmp_path, saved(book())) == ([], ["there are no rows under the header"])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 5000), st.binary(min_size=1, max_size=40))
def test_damage_is_named_and_survived(tmp_path_factory: pytest.TempPathFactory, at: int, data: bytes) -> None:
    whole = saved(book(("A", "Elin")))
    at %= len(whole)
    try:
        listed(tmp_path_factory.mktemp("hurt"), whole[:at] + data + whole[at + len(data) :])
    except RegistryError as error:
        assert error.kind in ("unreadable_list", "mistakes")  # noqa: PT017 - both ways are right
