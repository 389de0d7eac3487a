"""Records as the JSON that tools rely on (the contract of commands). Fields may be added here, never renamed.

An empty string that means "none" becomes null for `twin`; a box becomes [x, y, w, h] in shares of
the picture; a match's span [first, last] in seconds of the video, its spans each stretch that shows it.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from desk.contract_terms import repost_json, settlement_json
from detector.match_words import spans_of
from storage.changes import Change
from storage.passage import Place, Via
from storage.records import (
    Answer,
    Box,
    Event,
    Failure,
    Finding,
    Match,
    Negative,
    OriginEvidence,
    Reading,
    ReferenceImage,
    RuleVerdict,
    Twin,
    TwinVerdict,
)
from storage.testimony import PersonReading
from storage.verification import Verification

if TYPE_CHECKING:
    from desk.jobs.marks import Listed
    from desk.jobs.pairs import Pair
    from desk.jobs.references import Held
    from desk.jobs.review import Reviewed
    from desk.jobs.trust import Installed
    from desk.jobs.verify import Verified
    from desk.jobs.witness import Witnessed
    from storage.store import Showing

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
        "spans": [list(span) for span in spans_of(match)],
        "reason": match.reason,
        "decided": match.decided.value if match.decided else None,
        "changes": [change_json(change) for change in match.changes],
    }


def change_json(change: Change) -> Json:
    """What was done to the reference. `region` in the found picture, null where it lies outside it."""
    return {
        "kind": change.kind.value,
        "region": box_json(change.region),
        "reference_region": box_json(change.reference_region),
        "share": change.share,
        "reason": change.reason,
    }


def origin_json(level: int, evidence: Iterable[OriginEvidence]) -> Json:
    items = [
        {
            "reader": item.reader,
            "signal": item.signal,
            "level": item.level,
            "extent": item.extent.value,
            "detail": item.detail,
            "via": via_json(item.via),
        }
        for item in evidence
    ]
    return {"level": level, "evidence": items}


def via_json(via: Via | None) -> Json | None:
    """The copy that evidence came from; null for what was found on the picture itself. `captures`: what was
    kept of both; `steps`: the links between the two, none where they are the very same bytes."""
    if via is None:
        return None
    return {
        "platform": via.there.platform,
        "account": via.there.account,
        "retailer": via.there.retailer,
        "post_id": via.there.post_id,
        "post_url": via.there.post_url,
        "position": via.there.position,
        "sha256": via.there.sha256,
        "first_seen": via.there.seen_at,
        "same_publisher": via.same_publisher,
        "captures": {"there": _capture_json(via.there), "here": _capture_json(via.here)},
        "steps": [
            {
                "picture": step.picture,
                "reference": step.reference,
                "agreement": step.agreement,
                "overlap": step.overlap,
                "transform": step.transform,
            }
            for step in via.steps
        ],
    }


def _capture_json(place: Place) -> Json:
    return {
        "post_url": place.post_url,
        "seen_at": place.seen_at,
        "raw_sha256": place.raw_sha256 or None,
        "sha256": place.sha256,
    }


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
    return {
        "id": rule.id,
        "verdict": rule.verdict.value,
        "sentence": rule.sentence,
        "source": rule.source,
        "title": rule.title,
        "confidence": rule.confidence,
        "quote": rule.quote,
        "quote_from": rule.quote_from,
        "quote_language": rule.quote_language,
        "read": rule.read,
    }


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
    Added: judged_at, gone_at, error, country; account_verified, caveats, reposts and settled are of
    now: what is to be said beside a verdict, and never changes it.
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
        "account_verified": finding.standing.verified,
        "caveats": list(finding.caveats),
        "reposts": [repost_json(one) for one in finding.reposts],
        "settled": [settlement_json(one) for one in finding.settled],
    }


def verified_json(done: "Verified") -> Json:
    """A line of `accounts verify --json`. `outcome` of this look or word, `verified` what holds after it."""
    return {
        "account": done.account.name,
        "platform": done.account.platform,
        "handle": done.account.handle,
        "retailer": done.account.retailer,
        **verification_json(done.given),
        "verified": done.standing.verified,
        "standing": done.standing.sentence,
        "old": done.standing.old,
    }


def verification_json(given: Verification) -> Json:
    return {
        "outcome": given.outcome.value,
        "reason": given.reason,
        "website": given.website or None,
        "ids": list(given.ids),
        "glances": [
            {
                "direction": one.direction.value,
                "look": one.look.value,
                "where": one.where,
                "quote": one.quote,
                "reason": one.reason,
                "sha256": one.sha256 or None,
            }
            for one in given.glances
        ],
        "at": given.at,
        "by": given.by or None,
        "note": given.note,
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
        "mark_placed": reference.mark_placed.value if reference.mark_box else None,
        "source": reference.source,
        "added_at": reference.added_at,
        "disputed": reference.disputed,
        "withdrawn_at": reference.withdrawn_at,
        "handed": reference.handed.value,
        "document": reference.document or None,
        "document_sha256": reference.document_sha256 or None,
        "note": reference.note,
    }


def pair_json(pair: "Pair") -> Json:
    """A line of `pairs list --json`. `state` is "waiting", "confirmed" or "rejected"; `match` null where the
    two were decided about and do not match today."""
    review = pair.review
    return {
        "picture": pair.picture,
        "reference": pair.reference,
        "twin": pair.match.twin or None if pair.match else None,
        "state": review.decision.value if review else "waiting",
        "match": match_json(pair.match) if pair.match else None,
        "posts": [showing_json(one) for one in pair.shown],
        "by": review.by if review else None,
        "at": review.at if review else None,
        "note": review.note if review else "",
    }


def taught_json(done: "Reviewed") -> Json:
    """What `findings review --json` adds to the finding's line."""
    return {
        "taught": [
            {
                "picture": lesson.review.picture,
                "reference": lesson.review.reference,
                "twin": lesson.twin or None,
                "decision": lesson.review.decision.value,
            }
            for lesson in done.taught
        ]
    }


def witnessed_json(done: "Witnessed") -> Json:
    """What `findings read --json` adds to the finding's line."""
    return {"person_readings": [person_reading_json(one) for one in done.given], "judged": done.judged}


def person_reading_json(reading: PersonReading) -> Json:
    """`state` null: the last one that stood was taken back."""
    return {
        "surface": reading.surface.value,
        "state": reading.state.value if reading.state else None,
        "quote": reading.quote,
        "by": reading.by,
        "at": reading.at,
        "note": reading.note,
        "screenshot": reading.screenshot or None,
        "without_proof": reading.unproven,
    }


def showing_json(shown: "Showing") -> Json:
    return {
        "platform": shown.account.platform,
        "account": shown.account.handle,
        "retailer": shown.account.retailer,
        "post_id": shown.post_id,
        "post_url": shown.post_url,
        "position": shown.position,
        "first_seen": shown.first_seen,
    }


def negative_json(negative: Negative) -> Json:
    return {
        "name": negative.name,
        "sha256": negative.sha256,
        "added_by": negative.added_by,
        "note": negative.note,
        "added_at": negative.added_at,
        "withdrawn_at": negative.withdrawn_at,
    }


def mark_json(one: "Listed") -> Json:
    """A line of `marks list --json`. `kind` is "built_in" or "registered"; `width` and `height` in px of the
    drawing that is looked for."""
    kept = one.registered
    return {
        "name": one.mark.name,
        "kind": "registered" if kept else "built_in",
        "says": one.mark.says,
        "letters": one.mark.letters,
        "width": one.mark.grey.shape[1],
        "height": one.mark.grey.shape[0],
        "sha256": kept.sha256 if kept else None,
        "source": kept.source if kept else None,
        "added_by": kept.added_by if kept else None,
        "added_at": kept.added_at if kept else None,
        "withdrawn_at": kept.withdrawn_at if kept else None,
    }


def held_json(held: "Held") -> Json:
    """A line of `quarantine list --json`. `pictures` counts all that the reference matches; `matched` names
    the first of them."""
    return {
        "reference": held.quarantine.reference,
        "twins": sorted({reference.twin for reference in held.references}),
        "source": held.references[0].source if held.references else "",
        "reason": held.quarantine.reason,
        "since": held.quarantine.at,
        "pictures": held.pictures,
        "matched": [
            {"picture": picture, "match": match_json(match), "posts": [showing_json(one) for one in shown]}
            for picture, match, shown in held.named
        ],
    }


def trust_list_json(one: "Installed") -> Json:
    """A line of `trust show --json`."""
    file = one.file
    return {
        "name": file.trust.name,
        "purpose": file.trust.purpose.value,
        "certificates": file.certificates,
        "expired": file.expired,
        "sha256": file.trust.sha256,
        "installed_at": one.at,
        "oldest_expiry": file.oldest_expiry,
        "newest_expiry": file.newest_expiry,
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
