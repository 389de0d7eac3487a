"""The agency report for programs: one JSON object."""

from desk.agency.sheet import Choice, remarks
from desk.contract import finding_json
from desk.contract_terms import consent_json
from desk.jobs.agency import AgencyReport, Line, Use
from desk.output import json_line
from storage.media import MediaFolder

Json = dict[str, object]


def write(report: AgencyReport, media: MediaFolder | None, choice: Choice) -> bytes:
    return json_line(report_json(report, choice)).encode()


def report_json(report: AgencyReport, choice: Choice) -> Json:
    """Without `names` every `model` is null."""
    seen = report.coverage
    return {
        "agency": report.agency,
        "month": str(report.month),
        "made": report.made,
        "twins": [
            {"twin": one.name, "kind": one.kind.value, "model": _model(one.model, choice)}
            for one in report.twins
        ],
        "lines": [_line_json(line, choice) for line in report.lines],
        "first": [
            {"finding": one.finding.id, "twin": one.twin.name, "why": one.urgency[1]} for one in report.first
        ],
        "uses": [_use_json(one, choice) for one in report.uses],
        "licences": [consent_json(one) for one in report.licences],
        "ending": [one.id for one in report.ending],
        "coverage": {
            "nights": seen.nights,
            "partly": seen.partly,
            "days_without": list(seen.without),
            "retailers": seen.accounts,
            "unwatched_licensees": list(seen.unwatched),
            "twins_without_pictures": list(seen.pictureless),
            "rejected": seen.rejected,
            "undated": seen.undated,
        },
        "remarks": list(remarks(report)),
    }


def _line_json(line: Line, choice: Choice) -> Json:
    return {
        "twins": list(line.twins),
        "model": _model(line.model, choice),
        "retailer": line.retailer,
        "licensee": line.licensee,
        "uses": line.uses,
        "in_scope": line.in_scope,
        "outside": line.outside,
        "no_terms": line.no_terms,
        "cannot_say": line.cannot_say,
        "settled": line.settled,
        "labelled": line.labelled,
        "weakly_labelled": line.weakly,
        "unlabelled": line.unlabelled,
        "label_unsaid": line.label_unsaid,
        "duty_missed": line.duty_missed,
        "reposts": line.reposts,
        "to_look": line.to_look,
        "first": line.first,
        "last": line.last,
    }


def _use_json(use: Use, choice: Choice) -> Json:
    return {
        "twin": use.twin.name,
        "model": _model(use.twin.model, choice),
        "consent": use.verdict.consent.value,
        "consent_reasons": list(use.verdict.reasons),
        "match": use.match.kind.value,
        "certain": use.sure,
        "repost": use.repost,
        "late": use.late,
        "found_at": use.found_at,
        "urgency": use.urgency[0] or None,
        "why": use.urgency[1],
        "finding": finding_json(use.finding),
    }


def _model(name: str, choice: Choice) -> str | None:
    return name or None if choice.names else None
