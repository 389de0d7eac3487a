"""A list that somebody keeps in a spreadsheet and hands over as CSV or as a workbook: its rows, and every
mistake with row and column. Whoever asked for it decides only when all of it was looked at.

Rows are counted as a spreadsheet counts them: the header is row 1, and a cell of several lines is one.
"""

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desk.jobs.sheets import Cell, Record, csv_records, is_workbook, plain, workbook_records
from storage.errors import RegistryError
from storage.formats import HEAD_BYTES, format_of

MOST_BYTES = 64 * 1024 * 1024
MOST_COLUMNS = 60  # more, and it is another table
SEPARATORS = ",;\t"
# A spreadsheet runs cells that begin so (OWASP, “CSV Injection”): nobody's terms do.
FORMULA = ("=", "+", "-", "@")
_SEPARATOR = re.compile(r"sep=([,;\t])\r?\n")  # a hint that Excel writes and reads, and does not count
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # how UTF-16 begins


@dataclass(frozen=True, slots=True)
class Mistake:
    """`row` 0: of the whole list; `column` "": of the whole row. `header`: of what the columns are called."""

    row: int
    column: str
    message: str
    header: bool = False

    def __str__(self) -> str:
        where = ", ".join(filter(None, (f"row {self.row}" if self.row else "", self.column)))
        return f"{where}: {self.message}" if where else self.message


@dataclass(frozen=True, slots=True)
class Row:
    """Cells by column, without blanks around; a column that the list does not have is "" everywhere. `bad`
    are the columns of which a mistake was named already: the row is checked further, and not registered."""

    number: int
    cells: Mapping[str, str]
    bad: frozenset[str] = frozenset()

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def refused(mistakes: Sequence[Mistake], path: Path) -> RegistryError:
    """All of them in one error: nothing was registered."""
    count = f"{len(mistakes)} mistake{'s' if len(mistakes) > 1 else ''}"
    lines = "".join(f"\n  {one}" for one in mistakes)
    return RegistryError(f"{path}: nothing was registered: {count}{lines}", kind="mistakes", where=str(path))


def read_list(
    path: Path, columns: Sequence[str], needed: Sequence[str], days: Collection[str] = ()
) -> tuple[list[Row], list[Mistake]]:
    """The rows that can be read, bad cells in them or none, and what is wrong with the others. CSV: commas,
    semicolons or tabs separate; UTF-8, with or without its mark. XLSX: `days` are the columns in which a
    date of the spreadsheet's own may stand. Empty rows, and empty columns without a name, do not count.
    What is wrong with the header is told together with what is wrong below it: a column that is missing is
    a mistake once, and not in every row. Raises RegistryError, kinds "unreadable_list" (no file, too large,
    no text, a workbook that cannot be read) and "mistakes" (a header that has none of these columns: it is
    another table)."""
    data = _bytes(path)
    if is_workbook(data):
        records, padded = workbook_records(data, path, needed), True
    else:
        records, padded = csv_records(_records(_text(data, path), path)), False
    (number, header), *rest = records or [(1, [])]
    names = [plain(cell.words) for cell in header]
    while names and not names[-1]:
        names.pop()
    wrong = list(_header_mistakes(number, names, columns, needed))
    if wrong and not set(names) & set(columns):
        raise refused(wrong, path)
    bad = {name for name in needed if name not in names} | {name for name in names if names.count(name) > 1}
    table = _Table(names, frozenset(days), padded, frozenset(columns), frozenset(bad - {""}))
    rows, mistakes = table.read(rest)
    return rows, [*wrong, *mistakes]


@dataclass(frozen=True, slots=True)
class _Table:
    """`padded`: a row ends with its last cell, however many columns there are. `known` are the columns that
    mean something; of those in `bad` the header's own mistake was named."""

    names: Sequence[str]
    days: frozenset[str]
    padded: bool
    known: frozenset[str]
    bad: frozenset[str]

    def read(self, records: Sequence[Record]) -> tuple[list[Row], list[Mistake]]:
        rows: list[Row] = []
        mistakes: list[Mistake] = []
        for number, cells in records:
            if not any(cell.words.strip() or cell.wrong for cell in cells):
                continue
            found = list(self._mistakes(number, cells))
            mistakes += found
            if all(one.column for one in found):
                told = zip(self.names, (_legible(cell.words.strip()) for cell in cells), strict=False)
                bad = self.bad | {one.column for one in found}
                rows.append(Row(number, {name: words for name, words in told if name}, bad))
        if not rows and not mistakes:
            mistakes.append(Mistake(0, "", "there are no rows under the header"))
        return rows, mistakes

    def _mistakes(self, number: int, cells: Sequence[Cell]) -> Iterator[Mistake]:
        wide = len(self.names)
        beyond = any(cell.words.strip() or cell.wrong for cell in cells[wide:])
        if beyond or (len(cells) < wide and not self.padded):
            yield Mistake(
                number,
                "",
                f"{len(cells)} cells under {wide} columns: is a separator inside a cell without quotes?",
            )
            return
        for name, cell in zip(self.names, cells, strict=False):
            if name and name not in self.known:
                continue  # the header's mistake; what stands in it is nobody's
            if wrong := self._wrong(name, cell):
                yield Mistake(number, name or "(no name)", wrong)

    def _wrong(self, name: str, cell: Cell) -> str:
        words = cell.words.strip()
        if cell.wrong:
            return cell.wrong
        if odd := _not_utf8(words):
            return odd
        if words and not name:
            return f"{words[:40]!r} stands under no column's name"
        if cell.day and name not in self.days:
            return f"the spreadsheet made a date of it ({words}): format the cell as text and write it again"
        if words.startswith(FORMULA):
            return f"begins with “{words[0]}”, which a spreadsheet runs as a formula"
        if any(ord(letter) < 32 and letter not in "\n\r\t" for letter in cell.words):
            return "holds control characters"
        return ""


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise RegistryError(
                f"{path}: larger than {MOST_BYTES} bytes", kind="unreadable_list", where=str(path)
            )
        return path.read_bytes()
    except OSError as error:
        raise RegistryError(
            f"{path}: cannot be read: {error.strerror}", kind="unreadable_list", where=str(path)
        ) from error


def _text(data: bytes, path: Path) -> str:
    if data.startswith(_WIDE) or b"\0" in data[:1000]:
        raise RegistryError(
            f"{path}: it is no CSV in UTF-8: save it from the spreadsheet as “CSV UTF-8”",
            kind="unreadable_list",
            where=str(path),
        )
    if format_of(data[:HEAD_BYTES]) == "html":
        raise RegistryError(
            f"{path}: it is a web page, whatever it is called: open it in the spreadsheet and save it as"
            " .xlsx or “CSV UTF-8”",
            kind="unreadable_list",
            where=str(path),
        )
    return data.decode("utf-8-sig", "surrogateescape")  # each cell that holds such bytes is a mistake


def _not_utf8(words: str) -> str:
    """Where in it a byte stands that is not UTF-8 (PEP 383: it was kept as a lone surrogate)."""
    odd = next((letter for letter in words if "\udc80" <= letter <= "\udcff"), "")
    if not odd:
        return ""
    return (
        f"{_legible(words)[:40]!r} is not UTF-8 (byte 0x{ord(odd) - 0xDC00:02X}): save it from the"
        " spreadsheet as “CSV UTF-8”; an encoding is not guessed, since names would be spoilt"
    )


def _legible(words: str) -> str:
    """Fit to be printed."""
    return words.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _records(text: str, path: Path) -> list[list[str]]:
    text = text.lstrip("\r\n")
    said = _SEPARATOR.match(text)
    separator = said[1] if said else max(SEPARATORS, key=text.partition("\n")[0].count)
    text = text[said.end() :] if said else text
    records: list[list[str]] = []
    try:
        records.extend(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        why = "a cell is longer than 131072 characters" if "field limit" in str(error) else str(error)
        if "unexpected end" in why:
            why = "a quote was opened in this row, or above it, and never closed"
        raise RegistryError(
            f"{path}: row {len(records) + 1} cannot be read as CSV: {why}",
            kind="unreadable_list",
            where=str(path),
        ) from error
    return records


def _header_mistakes(
    number: int, names: Sequence[str], columns: Sequence[str], needed: Sequence[str]
) -> Iterator[Mistake]:
    unknown = [name for name in dict.fromkeys(filter(None, names)) if name not in columns]
    if len(names) > MOST_COLUMNS:  # each by its name would bury what else is wrong
        known = sum(name in columns for name in names)
        what = f"{len(names)} columns, of which {known} are known; it takes {', '.join(columns)}"
        yield Mistake(number, "", what, header=True)
        unknown = []
    for name in unknown:
        odd = _not_utf8(name) or f"there is no such column; it takes {', '.join(columns)}"
        yield Mistake(number, _legible(name), odd, header=True)
    for name in dict.fromkeys(filter(None, names)):
        if name in columns and names.count(name) > 1:
            yield Mistake(number, name, f"stands there {names.count(name)} times", header=True)
    for name in needed:
        if name not in names:
            yield Mistake(number, name, "the column is missing", header=True)
