"""Records as the JSON that tools rely on (the contract of commands). Fields may be added here, never renamed.

An empty string that means "none" becomes null for `twin`; a box becomes [x, y, w, h] in shares of
the picture; a match's span [first, last] in seconds of the video.
"""

from collections.abc import Iterable, Mapping

from storage.records import (
    Answer,
    Box,
    Event,
    Failure,
    Finding,
    Match,
    OriginEvidence,
    Reading,
    ReferenceImage,
    RuleVerdict,
    Twin,
    TwinVerdict,
)

Json = dict[str, object]


def failure_json(failure: Failure | None) -> Json | None:
    if failure is None:
        return None
    return {"kind": failure.kind, "message": failure.message, "where": failure.where}


def box_json(box: Box | None) -> list[float] | None:
    return None if box is None else [box.x, box.y, box.w, box.h]


def match_json(match: Match) -> Json:
    return {
        "twin": match.twin or None,
        "reference": match.reference,
        "kind": match.kind.value,
        "algorithm": match.algorithm,
        "distance": _plain(match.distance),
        "threshold": _plain(match.threshold),
        "region": box_json(match.region),
        "transform": match.transform,
        "overlap": match.overlap,
        "inliers": match.inliers,
        "reference_kind": match.reference_kind.value if match.reference_kind else None,
        "agreement": match.agreement,
        "residual": match.residual,
        "span": list(match.span) if match.span else None,
        "reason": match.reason,
        "decided": match.decided.value if match.decided else None,
    }


def origin_json(level: int, evidence: Iterable[OriginEvidence]) -> Json:
    items = [
        {
            "reader": item.reader,
            "signal": item.signal,
            "level": item.level,
            "extent": item.extent.value,
            "detail": item.detail,
        }
        for item in evidence
    ]
    return {"level": level, "evidence": items}


def disclosure_json(readings: Iterable[Reading]) -> Json:
    """{SURFACE: …}. `reason`, `field`, `box` and `reader` are there beside the four agreed fields."""
    return {
        reading.surface.value: {
            "state": reading.state.value,
            "quote": reading.quote,
            "declared_by": reading.declared_by.value,
            "prominence": dict(reading.prominence),
            "reason": reading.reason,
            "field": reading.field,
            "box": box_json(reading.box),
            "reader": reading.reader,
        }
        for reading in readings
    }


def twin_verdict_json(verdict: TwinVerdict) -> Json:
    return {"twin": verdict.twin, "consent": verdict.consent.value, "reasons": list(verdict.reasons)}


def rule_json(rule: RuleVerdict) -> Json:
    return {"id": rule.id, "verdict": rule.verdict.value, "sentence": rule.sentence, "source": rule.source}


def event_json(event: Event) -> Json:
    return {"kind": event.kind.value, "at": event.at, "detail": event.detail}


def answer_json(answer: Answer) -> Json:
    """What an answer adds to a finding: also each step of its history (`findings show`)."""
    verdict = answer.verdict
    return {
        "labelling": verdict.labelling.value,
        "consent": verdict.consent.value,
        "events": [event_json(event) for event in answer.events],
        "twin": verdict.twin or None,
        "twins": [twin_verdict_json(twin) for twin in verdict.twins],
        "matches": [match_json(match) for match in answer.matches],
        "origin": origin_json(verdict.level, answer.evidence),
        "disclosure": disclosure_json(answer.readings),
        "rules": [rule_json(rule) for rule in verdict.rules],
        "reasons": list(verdict.reasons),
    }


def finding_json(finding: Finding) -> Json:
    """A line of `findings list --json`. `id` is null for a media item without a finding (`--all`).

    id ← Finding.id · labelling, consent, events, twin, twins, matches, origin, disclosure, rules, reasons ←
    Finding.answer · platform, retailer, account ← Finding.account (its handle) · post_id, post_url, position,
    sha256, posted_at, first_seen, status ← Finding · versions ← the versions of the stages that answered.
    Added: judged_at, gone_at, error, country.
    """
    return {
        "id": finding.id or None,
        **answer_json(finding.answer),
        "platform": finding.account.platform,
        "retailer": finding.account.retailer,
        "account": finding.account.handle,
        "country": finding.account.country,
        "post_id": finding.post_id,
        "post_url": finding.post_url,
        "position": finding.position,
        "sha256": finding.sha256,
        "posted_at": finding.posted_at,
        "first_seen": finding.first_seen,
        "status": finding.status.value if finding.id else None,
        "versions": dict(finding.answer.versions),
        "judged_at": finding.judged_at,
        "gone_at": finding.gone_at,
        "error": failure_json(finding.failure),
    }


def twin_json(twin: Twin, references: Iterable[ReferenceImage]) -> Json:
    return {
        "twin": twin.name,
        "kind": twin.kind.value,
        "model": twin.model,
        "agency": twin.agency,
        "note": twin.note,
        "added_at": twin.added_at,
        "withdrawn_at": twin.withdrawn_at,
        "references": [reference_json(reference) for reference in references],
    }


def reference_json(reference: ReferenceImage) -> Json:
    return {
        "sha256": reference.sha256,
        "kind": reference.kind.value,
        "basis": reference.basis,
        "attested_by": reference.attested_by or None,
        "mark_box": box_json(reference.mark_box),
        "source": reference.source,
        "added_at": reference.added_at,
        "disputed": reference.disputed,
    }


def counted(values: Iterable[str]) -> Mapping[str, int]:
    """Value → how often, in the order of first sight."""
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return counts


def _plain(bits: float) -> float:
    """Whole bits as a whole number, wherever the record came from."""
    return int(bits) if float(bits).is_integer() else bits
