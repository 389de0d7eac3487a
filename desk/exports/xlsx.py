"""XLSX: a workbook with a row a finding, made in constant memory.

Text is written as text, so that no cell is a formula or a link; one that would be read as a formula when
somebody edits it carries Excel's own mark of quoted text as well.
"""

import re
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from desk.dossier import Dossier
from desk.exports.csv import is_formula
from desk.output import clean, several
from desk.pictured import Pictured
from desk.rows import CELL_LIMIT, COLUMNS, Cell, cells
from storage.media import MediaFolder

LIMIT = 1_048_575  # findings: the rows of a sheet (Excel's specifications and limits), less the heading
CHUNK = 1 << 16  # bytes
WIDE = {
    "caption": 60,
    "alt_text": 40,
    "reasons": 70,
    "matches": 40,
    "origin": 40,
    "rules": 40,
    "post_url": 40,
}
SAID = (
    "A finding says what was found on the surfaces that were checked, at the time stated, and nothing about "
    "the law.",
    "New pictures of a twin of which none was registered or collected cannot be found.",
    "Times are UTC. What was published stands here as text: nothing in this file is a formula or a link.",
)
_NOT_XML = re.compile("[\ufffe\uffff]")


def export(
    dossiers: Iterable[Dossier], media: MediaFolder | None, pictured: Pictured = Pictured.NONE
) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory(prefix="twinwatch-") as folder:
        path = Path(folder, "findings.xlsx")
        # times have no zone in a workbook: ours are UTC, and the first sheet says so
        options = {"constant_memory": True, "tmpdir": folder, "remove_timezone": True}
        plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        with Workbook(str(path), {**options, **plain}) as book:
            first = book.add_worksheet("Read this")
            _rows(book, book.add_worksheet("Findings"), dossiers, first)
        with path.open("rb") as file:
            while piece := file.read(CHUNK):
                yield piece


def _rows(book: Workbook, sheet: Worksheet, dossiers: Iterable[Dossier], first: Worksheet) -> None:
    bold: Format = book.add_format({"bold": True, "bottom": 1})
    sheet.freeze_panes(1, 1)
    for at, column in enumerate(COLUMNS):
        sheet.set_column(at, at, WIDE.get(column, 18))
        sheet.write_string(0, at, column, bold)
    moment: Format = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top"})
    text: Format = book.add_format({"valign": "top"})
    quoted: Format = book.add_format({"valign": "top", "quote_prefix": True})
    count = 0
    for count, whole in enumerate(dossiers, start=1):
        row = cells(whole)
        for at, column in enumerate(COLUMNS):
            _cell(sheet, count, at, row[column], (moment, text, quoted))
    if count:
        sheet.autofilter(0, 0, count, len(COLUMNS) - 1)
    first.set_column(0, 0, 120)
    made = f"{several(count, 'finding')}, made {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    for at, words in enumerate((made, *SAID)):
        first.write_string(at, 0, words, bold if at == 0 else text)


def _cell(
    sheet: Worksheet, row: int, column: int, cell: Cell, formats: tuple[Format, Format, Format]
) -> None:
    moment, text, quoted = formats
    if isinstance(cell, datetime):
        sheet.write_datetime(row, column, cell, moment)
    elif isinstance(cell, int):
        sheet.write_number(row, column, cell, text)
    elif cell:
        told = _NOT_XML.sub("\ufffd", clean(cell))[:CELL_LIMIT]
        sheet.write_string(row, column, told, quoted if is_formula(told) else text)
