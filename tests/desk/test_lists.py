"""Lists out of spreadsheets: whatever is wrong is named with row and column, and nothing is guessed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.jobs.lists import MOST_BYTES, Row, read_list
from storage.errors import RegistryError

COLUMNS = ("twin", "note", "from")
GOOD = [Row(2, {"twin": "Zoë", "note": "a; b, c", "from": ""})]


def listed(folder: Path, data: bytes) -> tuple[list[Row], list[str]]:
    path = folder / "list.csv"
    path.write_bytes(data)
    rows, mistakes = read_list(path, COLUMNS, ("twin",))
    return rows, [str(one) for one in mistakes]


@pytest.mark.parametrize(
    "data",
    [
        'twin,note,from\nZoë,"a; b, c",\n'.encode(),
        'twin,note,from\r\nZoë,"a; b, c",\r\n'.encode("utf-8-sig"),
        'Twin;NOTE; from \nZoë;"a; b, c";\n'.encode(),
        "twin\tnote\tfrom\n Zoë \ta; b, c\t\n".encode(),
        '\n\ntwin,note,from\nZoë,"a; b, c",\n,,\n\n'.encode(),
    ],
    ids=["commas", "mark and CRLF", "semicolons", "tabs", "empty rows"],
)
def test_the_ways_in_which_spreadsheets_write(tmp_path: Path, data: bytes) -> None:
    assert listed(tmp_path, data) == (GOOD, [])


def test_a_cell_of_several_lines_is_one_row(tmp_path: Path) -> None:
    rows, _ = listed(tmp_path, b'twin,note\nA,"one\ntwo"\nB,three\n')
    assert [(row.number, row["twin"], row["note"], row["from"]) for row in rows] == [
        (2, "A", "one\ntwo", ""),
        (3, "B", "three", ""),
    ]


@pytest.mark.parametrize(
    ("row", "mistake"),
    [
        ("A,=HYPERLINK(1),", "row 3, note: begins with “=”, which a spreadsheet runs as a formula"),
        ("@SUM(1),,", "row 3, twin: begins with “@”"),
        ("A,b", "row 3: 2 cells under 3 columns"),
        ("A,b,,d", "row 3: 4 cells under 3 columns"),
        ("A,b\x07,", "row 3, note: holds control characters"),
    ],
)
def test_a_bad_row_is_named_and_the_others_are_read(tmp_path: Path, row: str, mistake: str) -> None:
    rows, mistakes = listed(tmp_path, f"twin,note,from\nB,,\n{row}\nC,,\n".encode())
    assert [one.number for one in rows if not one.bad] == [2, 4]
    (told,) = mistakes
    assert told.startswith(mistake)


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        (
            b"colour\nx\n",
            "mistakes",
            "row 1, colour: there is no such column; it takes twin, note, from",
        ),
        (b",".join([b"other"] * 200), "mistakes", "200 columns, of which 0 are known"),
        (b"", "mistakes", "twin: the column is missing"),
        ("twin\nZoë\n".encode("utf-16"), "unreadable_list", "save it from the spreadsheet as “CSV UTF-8”"),
        (b"PK\x03\x04\0\0\0\0", "unreadable_list", "begins like a workbook and is damaged"),
        (b'twin\nA\n"never closed\n', "unreadable_list", "row 3 cannot be read as CSV"),
        (b'twin\n"' + b"x" * 200_000 + b'"\n', "unreadable_list", "a cell is longer than"),
    ],
)
def test_what_is_no_such_list(tmp_path: Path, data: bytes, kind: str, words: str) -> None:
    with pytest.raises(RegistryError) as refused:
        listed(tmp_path, data)
    assert refused.value.kind == kind
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"note,from\n=x,\n", ["row 1, twin: the column is missing", "row 2, note: begins with"]),
        (
            b"twin,twin,colour\nx,y,=1\nx,y\n",
            [
                "row 1, colour: there is no such column; it takes twin, note, from",
                "row 1, twin: stands there 2 times",
                "row 3: 2 cells under 3 columns",
            ],
        ),
        (
            b"twin,note," + b",".join([b"c%d" % number for number in range(198)]) + b"\n"
            b"A,=x" + b",y" * 198 + b"\n",
            ["row 1: 200 columns, of which 2 are known", "row 2, note: begins with"],
        ),
        (
            "twin,note\nZoë,a\n".encode() + "Zoë,b\nB,=x\n".encode("latin-1"),
            ["row 3, twin: 'Zo\ufffd' is not UTF-8 (byte 0xEB)", "row 4, note: begins with"],
        ),
        (
            b"twin,n\xf6te\n=x,\n",
            ["row 1, n\ufffdte: 'n\ufffdte' is not UTF-8 (byte 0xF6)", "row 2, twin: begins"],
        ),
    ],
    ids=[
        "a column is missing",
        "other columns",
        "200 columns",
        "two encodings",
        "a header of another encoding",
    ],
)
def test_what_is_wrong_with_the_header_or_the_encoding_is_told_with_the_rest(
    tmp_path: Path, data: bytes, said: list[str]
) -> None:
    rows, mistakes = listed(tmp_path, data)
    assert len(mistakes) == len(said)
    assert all(told.startswith(words) for told, words in zip(mistakes, said, strict=True)), mistakes
    assert all(word.isprintable() for row in rows for word in row.cells.values())
    assert not [row for row in rows if not row.bad and mistakes[0].startswith("row 1, twin")]


def test_a_list_without_rows_and_one_that_is_not_there(tmp_path: Path) -> None:
    assert listed(tmp_path, b"twin\n\n") == ([], ["there are no rows under the header"])
    with pytest.raises(RegistryError, match="No such file"):
        read_list(tmp_path / "nothing.csv", COLUMNS, ())
    with (tmp_path / "vast.csv").open("wb") as vast:
        vast.truncate(MOST_BYTES + 1)
    with pytest.raises(RegistryError, match="larger than"):
        read_list(tmp_path / "vast.csv", COLUMNS, ())


@given(st.binary(max_size=400))
def test_whatever_is_handed_over(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    try:
        rows, mistakes = listed(tmp_path_factory.mktemp("any"), b"twin,note\n" + data)
    except RegistryError:
        return
    assert rows or mistakes


def test_excels_own_leavings(tmp_path: Path) -> None:
    said = 'sep=;\r\nTwin;Note;From;;\r\nZoë;"a; b, c";;;\r\nB;;;;x\r\n'.encode("utf-8-sig")
    rows, mistakes = listed(tmp_path, said)
    assert rows == GOOD
    assert mistakes == ["row 3: 5 cells under 3 columns: is a separator inside a cell without quotes?"]
    rows, mistakes = listed(tmp_path, b"twin,,note\nA,,n\nB,b,n\n")
    assert [row["note"] for row in rows if not row.bad] == ["n"]
    assert mistakes == ["row 3, (no name): 'b' stands under no column's name"]
    with pytest.raises(RegistryError, match="it is a web page"):
        listed(tmp_path, b"<html><table><tr><td>twin</td></tr></table></html>")
