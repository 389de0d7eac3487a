"""PDF/UA-1, set by typst from data: nothing that was published is markup in it (`desk/typeset.py`)."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from desk.card import ORDER, TITLES, Card, Pictures, Shown, card
from desk.contract import counted
from desk.dossier import Dossier
from desk.output import cut, several
from desk.pictured import Pictured
from desk.quoted import sourced
from desk.typeset import pdf
from storage.crawled import Capture
from storage.media import MediaFolder
from storage.records import OriginEvidence

LIMIT = 500  # findings: some 700 pages, which take typst half a minute (docs/decisions/leaving.md)
CAPTION_SHOWN = 900  # characters
CAPTURES_SHOWN = 8
SHOWN = 3  # pictures of a finding


def export(
    dossiers: Iterable[Dossier], media: MediaFolder | None, pictured: Pictured = Pictured.NONE
) -> Iterator[bytes]:
    """Worst verdict first. Raises typst.TypstError for a mistake in the template."""
    wholes = sorted(dossiers, key=lambda whole: ORDER.index(whole.finding.answer.verdict.labelling))
    made, files = datetime.now(UTC), dict[str, bytes]()
    with Pictures(media, pictured) as pictures:
        findings = [_finding(card(whole, pictures), files) for whole in wholes]
    totals = counted(whole.finding.answer.verdict.labelling.value for whole in wholes)
    titles = {labelling.value: title for labelling, title in TITLES.items()}
    data = {
        "made": f"{made:%Y-%m-%d %H:%M} UTC",
        "count": several(len(wholes), "finding"),
        "totals": [f"{count} {titles[value].lower()}" for value, count in totals.items()],
        "findings": findings,
    }
    yield pdf("findings.typ", data, made, files)


def _finding(told: Card, files: dict[str, bytes]) -> dict[str, object]:
    finding = told.whole.finding
    verdict, account = finding.answer.verdict, finding.account
    models = told.whole.models
    twins = [f"{one.twin} ({models[one.twin]})" if one.twin in models else one.twin for one in verdict.twins]
    return {
        "number": f"#{finding.id}" if finding.id else "no finding",
        "title": ": ".join(filter(None, [account.retailer or account.handle, ", ".join(twins)])),
        "verdict": told.title,
        "consent": verdict.consent.value.replace("_", " ") if verdict.twins else "",
        "status": finding.status.value.replace("_", " ") if finding.id else "",
        "facts": _facts(told),
        "caveats": list(finding.caveats),
        "pictures": [_picture(shown, files) for shown in told.pictures[:SHOWN]],
        "reasons": list(verdict.reasons) or ["No reason was recorded."],
        "caption": cut(told.caption, CAPTION_SHOWN),
        "alt": told.alt or "",
        "surfaces": [
            {
                "what": one.surface.value.replace("_", " "),
                "value": ": ".join(
                    filter(None, [one.state.value.replace("_", " "), one.quote[:300] or one.reason])
                ),
            }
            for one in told.readings
        ],
        "evidence": [_evidence(one) for one in finding.answer.evidence],
        "unseen": [f"{what.replace('_', ' ')}: {why}" for what, why in told.unseen],
        "terms": [
            f"{one.twin}: {one.consent.value.replace('_', ' ')}. {' '.join(one.reasons)}"
            for one in verdict.twins
        ],
        "rules": [
            {
                "words": f"{one.id}: {one.verdict.value.replace('_', ' ')}. {one.sentence}",
                "quote": one.quote,
                "language": one.quote_language or "en",
                "source": sourced(one),
            }
            for one in verdict.rules
        ],
        "timeline": [
            f"{one.at:%Y-%m-%d %H:%M} UTC {one.what}{': ' if one.detail else ''}{cut(one.detail, 300)}"
            for one in told.timeline
        ],
        "captures": [_capture(one) for _, one in told.captures[:CAPTURES_SHOWN]],
    }


def _evidence(one: OriginEvidence) -> str:
    signal = one.signal.replace("_", " ")
    return f"level {one.level}: {signal} ({one.reader}, {one.extent.value}) {one.detail}".strip()


def _capture(one: Capture) -> str:
    where = one.url_final or one.url_asked
    return f"{one.at:%Y-%m-%d %H:%M} UTC, {one.status}, {where}, SHA-256 {one.sha256}"


def _facts(told: Card) -> list[dict[str, str]]:
    finding = told.whole.finding
    account = finding.account
    facts = (
        ("Account", " ".join(filter(None, [account.platform, account.handle, account.country]))),
        ("Posted", f"{finding.posted_at:%Y-%m-%d %H:%M} UTC" if finding.posted_at else "not known"),
        ("First seen", f"{finding.first_seen:%Y-%m-%d %H:%M} UTC"),
        ("Gone", f"{finding.gone_at:%Y-%m-%d %H:%M} UTC" if finding.gone_at else ""),
        ("Post", finding.post_url or finding.post_id),
        ("Picture", f"{finding.position + 1}, SHA-256 {finding.sha256 or 'no bytes'}"),
    )
    return [{"what": what, "value": value} for what, value in facts if value]


def _picture(shown: Shown, files: dict[str, bytes]) -> dict[str, object]:
    """The name of its file, "" where there is none; its bytes go to `files`."""
    name = ""
    if shown.thumbnail.jpeg:
        name = f"{len(files)}.jpg"
        files[name] = shown.thumbnail.jpeg
    return {"file": name, "title": shown.title, "lines": list(shown.lines), "why": shown.thumbnail.why}
