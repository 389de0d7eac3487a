"""CSV for a spreadsheet: RFC 4180 (CRLF, quotes doubled), UTF-8 with a byte order mark, since Excel
guesses otherwise.

Text from posts may be a formula: a cell that a spreadsheet could take for one gets an apostrophe
before it (OWASP, "CSV injection"). A leading space counts too, since spreadsheets trim it.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from desk.dossier import Dossier
from detector.match_words import measured, said_of
from storage.media import MediaFolder
from storage.records import Finding, Match, Surface

_FORMULA = re.compile(r"^[\s\x00-\x20\u00a0\ufeff]*[=+\-@\uff0b\uff0d\uff1d\uff20]|^[\t\r\n]")
# control characters, and the marks that turn the direction of text: they can show a cell other than it is
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
CELL_LIMIT = 32_000  # characters; Excel cuts at 32,767

COLUMNS = (
    "id", "labelling", "consent", "status", "retailer", "platform", "account", "country", "post_url",
    "post_id", "position", "posted_at", "first_seen", "gone_at", "twin", "origin_level", "origin", "matches",
    "caption", "alt_text",
    *(f"surface_{surface.value}" for surface in Surface),
    "events", "rules", "reasons", "sha256", "caveats",
)  # fmt: skip


def export(dossiers: Iterable[Dossier], media: MediaFolder | None) -> Iterator[bytes]:
    yield "\ufeff".encode()
    yield _line(COLUMNS)
    for whole in dossiers:
        cells = _cells(whole)
        yield _line([neutral(cells[column]) for column in COLUMNS])


def neutral(value: object) -> str:
    """A value as a cell that no spreadsheet runs. Numbers are left as they are."""
    if isinstance(value, int | float):
        return str(value)
    text = _CONTROLS.sub("\ufffd", str(value))[:CELL_LIMIT]
    return f"'{text}" if _FORMULA.match(str(value)) or _FORMULA.match(text) else text


def _line(cells: Iterable[str]) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode("utf-8", "replace")


def _cells(whole: Dossier) -> dict[str, object]:
    finding = whole.finding
    verdict = finding.answer.verdict
    readings = {f"surface_{surface.value}": "" for surface in Surface}
    for reading in finding.answer.readings:
        shown = f"{reading.state.value}: {reading.reason or reading.quote}".removesuffix(": ")
        readings[f"surface_{reading.surface.value}"] = shown
    return {
        "id": finding.id or "",
        "labelling": verdict.labelling.value,
        "consent": verdict.consent.value,
        "status": finding.status.value,
        "retailer": finding.account.retailer,
        "platform": finding.account.platform,
        "account": finding.account.handle,
        "country": finding.account.country or "",
        "post_url": finding.post_url,
        "post_id": finding.post_id,
        "position": finding.position,
        "posted_at": f"{finding.posted_at:%Y-%m-%dT%H:%M:%SZ}" if finding.posted_at else "",
        "first_seen": f"{finding.first_seen:%Y-%m-%dT%H:%M:%SZ}",
        "gone_at": f"{finding.gone_at:%Y-%m-%dT%H:%M:%SZ}" if finding.gone_at else "",
        "twin": verdict.twin,
        "origin_level": verdict.level,
        "sha256": finding.sha256,
        "caveats": "; ".join(finding.caveats),
        **readings,
        **_published(whole),
        **_sentences(finding),
    }


def _published(whole: Dossier) -> dict[str, object]:
    post = whole.versions[-1].post if whole.versions else None
    items = post.media if post else ()
    alts = [item.alt or "" for item in items if item.position == whole.finding.position]
    return {"caption": post.text if post else "", "alt_text": alts[0] if alts else ""}


def _sentences(finding: Finding) -> dict[str, object]:
    found = finding.answer
    return {
        "origin": "; ".join(f"{one.reader}: {one.signal} (level {one.level})" for one in found.evidence),
        "matches": "; ".join(_match(one) for one in found.matches),
        "events": "; ".join(f"{one.kind.value} {one.at:%Y-%m-%d}" for one in found.events),
        "rules": "; ".join(f"{one.id}: {one.verdict.value}" for one in found.verdict.rules),
        "reasons": " ".join(found.verdict.reasons),
    }


def _match(match: Match) -> str:
    details = ", ".join((*said_of(match), *measured(match)))
    return f"{match.kind.value} of {match.twin or match.reference}" + (f" ({details})" if details else "")
