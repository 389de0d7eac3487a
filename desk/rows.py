"""A finding as one row of a table: what CSV and XLSX say in the same columns and the same words."""

from datetime import datetime

from desk.dossier import Dossier
from detector.match_words import measured, said_of
from storage.records import Extent, Finding, Match, OriginEvidence, Surface

Cell = str | int | datetime
CELL_LIMIT = 32_000  # characters; Excel cuts at 32,767
COLUMNS = (
    "id", "labelling", "consent", "status", "retailer", "platform", "account", "country", "post_url",
    "post_id", "position", "posted_at", "first_seen", "gone_at", "twin", "origin_level", "origin", "matches",
    "caption", "alt_text",
    *(f"surface_{surface.value}" for surface in Surface),
    "events", "rules", "reasons", "sha256", "caveats", "model",
)  # fmt: skip


def cells(whole: Dossier) -> dict[str, Cell]:
    """By the name of the column; times are UTC."""
    finding = whole.finding
    verdict = finding.answer.verdict
    readings: dict[str, Cell] = {f"surface_{surface.value}": "" for surface in Surface}
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
        "posted_at": finding.posted_at or "",
        "first_seen": finding.first_seen,
        "gone_at": finding.gone_at or "",
        "twin": verdict.twin,
        "origin_level": verdict.level,
        "sha256": finding.sha256,
        "caveats": "; ".join(finding.caveats),
        "model": "; ".join(dict.fromkeys(whole.models.values())),
        **readings,
        **_published(whole),
        **_sentences(finding),
    }


def _published(whole: Dossier) -> dict[str, Cell]:
    post = whole.versions[-1].post if whole.versions else None
    items = post.media if post else ()
    alts = [item.alt or "" for item in items if item.position == whole.finding.position]
    return {"caption": post.text if post else "", "alt_text": alts[0] if alts else ""}


def _sentences(finding: Finding) -> dict[str, Cell]:
    found = finding.answer
    return {
        "origin": "; ".join(map(_evidence, found.evidence)),
        "matches": "; ".join(_match(one) for one in found.matches),
        "events": "; ".join(f"{one.kind.value} {one.at:%Y-%m-%d}: {one.detail}" for one in found.events),
        "rules": "; ".join(f"{one.id}: {one.verdict.value}" for one in found.verdict.rules),
        "reasons": " ".join(found.verdict.reasons),
    }


def _evidence(one: OriginEvidence) -> str:
    """With its extent, where it says AI."""
    extent = f", {one.extent.value}" if one.level and one.extent is not Extent.UNKNOWN else ""
    return f"{one.reader}: {one.signal} (level {one.level}{extent})"


def _match(match: Match) -> str:
    details = ", ".join((*said_of(match), *measured(match)))
    return f"{match.kind.value} of {match.twin or match.reference}" + (f" ({details})" if details else "")
