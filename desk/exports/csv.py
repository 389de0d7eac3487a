"""CSV for a spreadsheet: RFC 4180 (CRLF, quotes doubled), UTF-8 with a byte order mark, since Excel
guesses otherwise.

Text from posts may be a formula: a cell that a spreadsheet could take for one gets an apostrophe
before it (OWASP, "CSV injection"). A leading space counts too, since spreadsheets trim it.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from desk.dossier import Dossier
from desk.pictured import Pictured
from desk.rows import CELL_LIMIT, COLUMNS, Cell, cells
from storage.media import MediaFolder

_FORMULA = re.compile(r"^[\s\x00-\x20\u00a0\ufeff]*[=+\-@\uff0b\uff0d\uff1d\uff20]|^[\t\r\n]")
# control characters, and the marks that turn the direction of text: they can show a cell other than it is
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def export(
    dossiers: Iterable[Dossier], media: MediaFolder | None, pictured: Pictured = Pictured.NONE
) -> Iterator[bytes]:
    yield "\ufeff".encode()
    yield _line(COLUMNS)
    for whole in dossiers:
        row = cells(whole)
        yield _line([neutral(_plain(row[column])) for column in COLUMNS])


def _plain(cell: Cell) -> str | int:
    return f"{cell:%Y-%m-%dT%H:%M:%SZ}" if isinstance(cell, datetime) else cell


def neutral(value: object) -> str:
    """A value as a cell that no spreadsheet runs. Numbers are left as they are."""
    if isinstance(value, int | float):
        return str(value)
    text = _CONTROLS.sub("\ufffd", str(value))[:CELL_LIMIT]
    return f"'{text}" if is_formula(str(value)) or is_formula(text) else text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet could take it for one."""
    return bool(_FORMULA.match(text))


def _line(row: Iterable[str]) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\r\n").writerow(row)
    return line.getvalue().encode("utf-8", "replace")
