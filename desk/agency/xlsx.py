"""The agency report as a workbook: what to look at first, lines by model and publisher, uses, licences.

Text is written as text: a caption or a handle that begins with “=” is no formula here, and no cell is a link
that opens by itself.
"""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from desk.agency.pictures import Pictures
from desk.agency.sheet import Choice, label, licence, model_of, publisher, remarks, scope, status
from desk.jobs.agency import AgencyReport, Line, Use
from desk.output import clean
from storage.consent import Consent
from storage.media import MediaFolder

Cell = str | int | datetime | None
CELL_LIMIT = 32_000  # characters; Excel cuts at 32,767
PICTURES = 300  # uses with a picture in the workbook: more would make it unwieldy
HIGH = 96  # px, a row with a picture
USES = (
    ("no.", 7), ("picture", 18), ("twin", 22), ("publisher", 22), ("platform", 12), ("account", 24),
    ("country", 9), ("posted (UTC)", 17), ("first seen (UTC)", 17), ("gone (UTC)", 17), ("licence", 20),
    ("label", 34), ("status", 24), ("match", 14), ("found in this month, posted before", 12),
    ("why first", 40), ("terms", 70), ("post", 60), ("SHA-256", 66),
)  # fmt: skip
LINES = (
    ("twins", 30), ("publisher", 24), ("licensee", 10), ("uses", 8), ("in scope", 9), ("outside", 9),
    ("no licence", 11), ("licence: cannot say", 18), ("of these settled", 14),
    ("labelled", 9), ("of these weakly", 14),
    ("no label", 9), ("label: unclear", 13),
    ("licence's label not found", 22), ("reposts", 9), ("for a person", 12), ("first (UTC)", 17),
    ("last (UTC)", 17),
)  # fmt: skip
LICENCES = (
    ("no.", 6), ("twin", 22), ("licence", 60), ("label", 26), ("exclusive", 10), ("ends soon", 10),
    ("document", 30), ("clause", 70),
)  # fmt: skip


def write(report: AgencyReport, media: MediaFolder | None, choice: Choice) -> bytes:
    out = BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    # xlsxwriter takes times without a zone; ours are UTC, and the headings say so
    with (
        Workbook(out, {"in_memory": True, "remove_timezone": True, **plain}) as book,
        Pictures(media) as pictures,
    ):
        table = _Table(book)
        _summary(table, report, choice)
        table.sheet("Look at first", USES, [_use(one, choice) for one in report.first])
        table.sheet("By model and publisher", LINES, [_line(one, choice) for one in report.lines])
        sheet = table.sheet("All uses", USES, [_use(one, choice) for one in report.uses])
        if choice.thumbnails:
            _pictures(sheet, report.uses[:PICTURES], pictures)
        soon = {one.id for one in report.ending}
        table.sheet("Licences", LICENCES, [_licence(one, soon) for one in report.licences])
    return out.getvalue()


class _Table:
    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.head: Format = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.day: Format = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top"})
        self.text: Format = book.add_format({"text_wrap": True, "valign": "top"})

    def sheet(
        self, name: str, columns: Sequence[tuple[str, int]], rows: Sequence[Sequence[Cell]]
    ) -> Worksheet:
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for at, (title, width) in enumerate(columns):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, title, self.head)
        for number, row in enumerate(rows, start=1):
            for at, cell in enumerate(row):
                self.cell(sheet, number, at, cell)
        if rows:
            sheet.autofilter(0, 0, len(rows), len(columns) - 1)
        return sheet

    def cell(self, sheet: Worksheet, row: int, column: int, cell: Cell) -> None:
        if isinstance(cell, datetime):
            sheet.write_datetime(row, column, cell, self.day)
        elif isinstance(cell, int):
            sheet.write_number(row, column, cell, self.text)
        elif cell:
            sheet.write_string(row, column, clean(cell)[:CELL_LIMIT], self.text)


def _summary(table: _Table, report: AgencyReport, choice: Choice) -> None:
    sheet = table.book.add_worksheet("Read this")
    sheet.set_column(0, 0, 110)
    said = [
        f"{report.agency}, {report.month}",
        f"{len(report.uses)} uses of {len(report.twins)} twins; {len(report.first)} to look at first",
        f"made {report.made:%Y-%m-%d %H:%M} UTC",
        *remarks(report),
    ]
    if choice.thumbnails and len(report.uses) > PICTURES:
        said.append(f"Pictures stand beside the first {PICTURES} uses only.")
    for row, words in enumerate(said):
        sheet.write_string(row, 0, clean(words), table.head if row == 0 else table.text)


def _pictures(sheet: Worksheet, uses: Sequence[Use], pictures: Pictures) -> None:
    for row, use in enumerate(uses, start=1):
        shown = pictures.of(use)
        if not shown.jpeg:
            continue
        scale = HIGH / max(shown.width, shown.height)
        words = f"The published picture, finding {use.finding.id}"
        sheet.set_row_pixels(row, HIGH + 6)
        options = {
            "image_data": BytesIO(shown.jpeg),
            "x_scale": scale,
            "y_scale": scale,
            "description": words,
        }
        sheet.insert_image(
            row, 1, f"{use.finding.id}.jpg", {**options, "object_position": 1, "x_offset": 3, "y_offset": 3}
        )


def _use(use: Use, choice: Choice) -> list[Cell]:
    finding = use.finding
    return [
        finding.id, "", model_of((use.twin.name,), use.twin.model, choice), publisher(use),
        finding.account.platform, finding.account.handle, finding.account.country, finding.posted_at,
        finding.first_seen, finding.gone_at, scope(use), label(use), status(use), use.match.kind.value,
        "yes" if use.late else "", use.urgency[1], " ".join(use.verdict.reasons),
        finding.post_url or finding.post_id, finding.sha256,
    ]  # fmt: skip


def _line(line: Line, choice: Choice) -> list[Cell]:
    return [
        model_of(line.twins, line.model, choice), line.retailer, "yes" if line.licensee else "no", line.uses,
        line.in_scope, line.outside, line.no_terms, line.cannot_say, line.settled, line.labelled,
        line.weakly, line.unlabelled, line.label_unsaid, line.duty_missed, line.reposts, line.to_look,
        line.first, line.last,
    ]  # fmt: skip


def _licence(one: Consent, soon: set[int]) -> list[Cell]:
    return [
        one.id, one.twin, licence(one), ", ".join(one.label_duty) or "none", "yes" if one.exclusive else "no",
        "yes" if one.id in soon else "", one.document or one.document_sha256, one.clause,
    ]  # fmt: skip
