"""A workbook (XLSX, ECMA-376) as rows of cells: the one sheet in it that is the list that was asked for.

Read by openpyxl, cell after cell and without running anything. What a workbook can hold and a list cannot (a
formula, a date where words belong, a number that was rounded) is said of the cell, and nothing is guessed.
"""

import warnings
import zipfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from storage.errors import RegistryError

MOST_UNPACKED = 64 * 1024 * 1024  # bytes of all its parts together: a list of 200,000 rows, and no zip bomb
MOST_PARTS = 2_000  # files within it
MOST_ROWS = 1_048_576  # of a sheet (Excel's own limit); a number beyond it is made up
MOST_CELLS = 256  # of a row that are looked at: more is another table
MOST_IN_ALL = 50_000_000  # cells, empty ones before others counted: some seconds
EXACT = 10**15  # from here on a spreadsheet rounds whole numbers: it keeps 15 digits
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB]: old .xls, and every encrypted workbook
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO], 2.3.4.4: the stream that holds it
_BINARY = "xl/workbook.bin"  # .xlsb


@dataclass(frozen=True, slots=True)
class Cell:
    """`wrong`: why its words cannot be taken; `day`: it is a date of the spreadsheet's own."""

    words: str = ""
    wrong: str = ""
    day: bool = False


Record = tuple[int, list[Cell]]  # the number of the row as the spreadsheet counts, and its cells


def is_workbook(data: bytes) -> bool:
    """By its first bytes; what it is called says nothing."""
    return data.startswith((ZIP, OLE))


def workbook_records(data: bytes, path: Path, needed: Collection[str]) -> list[Record]:
    """The rows of the list, its header first. A sheet is the list if its first row has all the `needed`
    columns (lower case); where none has, the first one that holds anything. Raises RegistryError, kind
    "unreadable_list": no workbook, one with a password, two lists in it, a list on a hidden sheet."""
    _check(data, path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions, which no list needs
            return _chosen(data, path, needed)
    except RegistryError:
        raise
    except Exception as error:  # a parser of strangers' XML has many ways to give up
        raise _unreadable(
            path, f"it cannot be read as a workbook ({type(error).__name__}: {error})"
        ) from error


def _unreadable(path: Path, why: str) -> RegistryError:
    return RegistryError(f"{path}: {why}", kind="unreadable_list", where=str(path))


def _check(data: bytes, path: Path) -> None:
    """Before anything is unpacked."""
    if data.startswith(OLE):
        if _ENCRYPTED in data:
            raise _unreadable(path, "it is protected by a password: save it without one")
        raise _unreadable(path, "it is a workbook of the old kind (.xls): save it as .xlsx or “CSV UTF-8”")
    try:
        parts = zipfile.ZipFile(BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _unreadable(path, f"it begins like a workbook and is damaged ({error})") from error
    names = {part.filename for part in parts}
    if _BINARY in names:
        raise _unreadable(path, "it is a binary workbook (.xlsb): save it as .xlsx or “CSV UTF-8”")
    if "[Content_Types].xml" not in names:
        raise _unreadable(path, "it is an archive and no .xlsx workbook: save it as .xlsx or “CSV UTF-8”")
    if any(part.flag_bits & 1 for part in parts):
        raise _unreadable(path, "it is protected by a password: save it without one")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MOST_UNPACKED or len(parts) > MOST_PARTS:
        raise _unreadable(
            path, f"{unpacked} bytes in {len(parts)} parts when unpacked: too large for a list, or a zip bomb"
        )


def _chosen(data: bytes, path: Path, needed: Collection[str]) -> list[Record]:
    book = load_workbook(BytesIO(data), read_only=True, data_only=False, keep_links=False)
    try:
        lists: list[Any] = []
        others: list[Any] = []
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what the file says of its size need not be true
            head = next(_records(sheet), None)
            if head is not None:
                named = {plain(cell.words) for cell in head[1]}
                (lists if named.issuperset(needed) else others).append(sheet)
        if len(lists) > 1:
            titles = ", ".join(repr(sheet.title) for sheet in lists)
            raise _unreadable(path, f"{len(lists)} of its sheets are such lists ({titles}): leave one")
        if lists and lists[0].sheet_state != "visible":
            raise _unreadable(
                path, f"the list is on a hidden sheet ({lists[0].title!r}): show it, or take it out"
            )
        shown = [sheet for sheet in others if sheet.sheet_state == "visible"]
        return list(_records((lists or shown)[0])) if lists or shown else []
    finally:
        book.close()


def plain(name: str) -> str:
    """A column's name as it is looked for: “Attested by” is attested_by."""
    return "_".join(name.strip().lower().replace("-", " ").replace("_", " ").split())


def _records(sheet: Any) -> Iterator[Record]:
    """Rows that hold anything."""
    seen = 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        seen += len(row)
        if number > MOST_ROWS or seen > MOST_IN_ALL:
            raise ValueError(f"more than {MOST_ROWS} rows or {MOST_IN_ALL} cells")
        cells = [_cell(one) for one in row[:MOST_CELLS]]
        while cells and not (cells[-1].words or cells[-1].wrong):
            cells.pop()
        if cells:
            yield number, cells


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return Cell()
    kind = cell.data_type
    if kind == "f":
        return Cell(wrong="holds a formula: put its value there (paste special, values)")
    if kind == "e":
        return Cell(wrong=f"holds the spreadsheet's error {value}")
    return _told(value)


def _told(value: object) -> Cell:
    if isinstance(value, bool):
        return Cell("true" if value else "false")
    if isinstance(value, int | float):
        if abs(value) >= EXACT:
            return Cell(wrong="is a number of more digits than a spreadsheet keeps: format the cell as text")
        return Cell(str(int(value)) if value == int(value) else repr(value))
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return Cell(value.date().isoformat() if midnight else value.isoformat(" "), day=True)
    if isinstance(value, date):
        return Cell(value.isoformat(), day=True)
    if isinstance(value, time | timedelta):
        return Cell(str(value), day=True)
    return Cell(str(value))


def csv_records(records: Sequence[Sequence[str]]) -> list[Record]:
    """The same of a CSV file."""
    return [(number, [Cell(words) for words in record]) for number, record in enumerate(records, start=1)]
