"""A list that somebody keeps in a spreadsheet and hands over as CSV: its rows, and every mistake with row and
column. Whoever asked for it decides only when all of it was looked at.

Rows are counted as a spreadsheet counts them: the header is row 1, and a cell of several lines is one.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from storage.errors import RegistryError

MOST_BYTES = 64 * 1024 * 1024
MOST_COLUMNS = 60  # more, and it is another table
SEPARATORS = ",;\t"
# A spreadsheet runs cells that begin so (OWASP, “CSV Injection”): nobody's terms do.
FORMULA = ("=", "+", "-", "@")
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # how UTF-16 begins


@dataclass(frozen=True, slots=True)
class Mistake:
    """`row` 0: of the whole list; `column` "": of the whole row."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        where = ", ".join(filter(None, (f"row {self.row}" if self.row else "", self.column)))
        return f"{where}: {self.message}" if where else self.message


@dataclass(frozen=True, slots=True)
class Row:
    """Cells by column, without blanks around; a column that the list does not have is "" everywhere."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def refused(mistakes: Sequence[Mistake], path: Path) -> RegistryError:
    """All of them in one error: nothing was registered."""
    count = f"{len(mistakes)} mistake{'s' if len(mistakes) > 1 else ''}"
    lines = "".join(f"\n  {one}" for one in mistakes)
    return RegistryError(f"{path}: nothing was registered: {count}{lines}", kind="mistakes", where=str(path))


def read_list(path: Path, columns: Sequence[str], needed: Sequence[str]) -> tuple[list[Row], list[Mistake]]:
    """The rows that can be read, and what is wrong with the others. Commas, semicolons and tabs separate;
    UTF-8, with or without its mark; empty rows do not count. Raises RegistryError, kinds "unreadable_list"
    (no file, too large, not UTF-8) and "mistakes" (a header that says other columns)."""
    text = _text(path)
    header, *records = _records(text, path) or [[]]
    names = [name.strip().lower() for name in header]
    if wrong := list(_header_mistakes(names, columns, needed)):
        raise refused(wrong, path)
    rows: list[Row] = []
    mistakes: list[Mistake] = []
    for number, record in enumerate(records, start=2):
        if not any(cell.strip() for cell in record):
            continue
        cells = dict(zip(names, (cell.strip() for cell in record), strict=False))
        found = list(_row_mistakes(number, record, names))
        mistakes += found
        if not found:
            rows.append(Row(number, cells))
    if not rows and not mistakes:
        mistakes.append(Mistake(0, "", "there are no rows under the header"))
    return rows, mistakes


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise RegistryError(
                f"{path}: larger than {MOST_BYTES} bytes", kind="unreadable_list", where=str(path)
            )
        data = path.read_bytes()
    except OSError as error:
        raise RegistryError(
            f"{path}: cannot be read: {error.strerror}", kind="unreadable_list", where=str(path)
        ) from error
    if data.startswith(_WIDE) or b"\0" in data[:1000]:
        raise RegistryError(
            f"{path}: it is no CSV in UTF-8: save it from the spreadsheet as “CSV UTF-8”",
            kind="unreadable_list",
            where=str(path),
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RegistryError(
            f"{path}: line {line} is not UTF-8 (byte 0x{data[error.start]:02X}): save it from the spreadsheet"
            " as “CSV UTF-8”; an encoding is not guessed, since names would be spoilt",
            kind="unreadable_list",
            where=str(path),
        ) from error


def _records(text: str, path: Path) -> list[list[str]]:
    first = text.lstrip("\r\n").partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    records: list[list[str]] = []
    try:
        records.extend(
            csv.reader(io.StringIO(text.lstrip("\r\n"), newline=""), delimiter=separator, strict=True)
        )
    except csv.Error as error:
        raise RegistryError(
            f"{path}: row {len(records) + 1} cannot be read as CSV: {error}",
            kind="unreadable_list",
            where=str(path),
        ) from error
    return records


def _header_mistakes(
    names: Sequence[str], columns: Sequence[str], needed: Sequence[str]
) -> Iterator[Mistake]:
    if len(names) > MOST_COLUMNS:
        known = sum(name in columns for name in names)
        yield Mistake(
            1, "", f"{len(names)} columns, of which {known} are known; it takes {', '.join(columns)}"
        )
        return
    for name in dict.fromkeys(names):
        if name not in columns:
            yield Mistake(1, name or "(no name)", f"there is no such column; it takes {', '.join(columns)}")
        elif names.count(name) > 1:
            yield Mistake(1, name, f"stands there {names.count(name)} times")
    for name in needed:
        if name not in names:
            yield Mistake(1, name, "the column is missing")


def _row_mistakes(number: int, record: Sequence[str], names: Sequence[str]) -> Iterator[Mistake]:
    if len(record) != len(names):
        yield Mistake(
            number,
            "",
            f"{len(record)} cells under {len(names)} columns: is a separator inside a cell without quotes?",
        )
        return
    for name, cell in zip(names, record, strict=True):
        told = cell.strip()
        if told.startswith(FORMULA):
            yield Mistake(number, name, f"begins with “{told[0]}”, which a spreadsheet runs as a formula")
        elif any(ord(letter) < 32 and letter not in "\n\r\t" for letter in cell):
            yield Mistake(number, name, "holds control characters")
