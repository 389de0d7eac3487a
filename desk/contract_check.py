"""The line of `twinwatch check` as the JSON that tools rely on (`contract.py`: the rest). Fields may be added
here, never renamed."""

from desk.contract import Json, disclosure_json, failure_json, match_json, origin_json, rule_json
from desk.jobs.check import TEXT_ALONE, Checked


def checked_json(checked: Checked) -> Json:
    """A file without an answer has every field too. Of a text alone `path` is "", `labelling` null."""
    examination, answer = checked.examination, checked.answer
    verdict = answer.verdict if answer else None
    return {
        "path": checked.path,
        "sha256": examination.sha256 or None if examination else None,
        "format": examination.format or None if examination else None,
        "width": examination.width if examination else None,
        "height": examination.height if examination else None,
        "origin": origin_json(verdict.level if verdict else 0, answer.evidence if answer else ()),
        "matches": [match_json(match) for match in answer.matches] if answer else [],
        "too_little": _too_little(checked),
        "disclosure": disclosure_json(answer.readings if answer else checked.readings),
        "labelling": verdict.labelling.value if verdict else None,
        "consent": verdict.consent.value if verdict else None,
        "twin": verdict.twin or None if verdict else None,
        "reasons": list(verdict.reasons) if verdict else [TEXT_ALONE] if checked.readings else [],
        "rules": [rule_json(rule) for rule in verdict.rules] if verdict else [],
        "error": failure_json(checked.failure),
        "why_no_match": list(checked.why_no_match),
    }


def _too_little(checked: Checked) -> bool:
    """As `twinwatch match` says it: what was laid on a registered picture had enough in it."""
    if checked.examination is None or not checked.examination.too_little:
        return False
    matches = checked.answer.matches if checked.answer else ()
    return all(match.agreement is None for match in matches)
