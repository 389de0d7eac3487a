"""A finding as somebody may see it who sees some twins and no others: an agency, a model."""

from dataclasses import replace

from desk.dossier import Dossier
from detector.consent import worst
from storage.consent import ConsentVerdict
from storage.inbox import Line
from storage.records import Answer, Finding, RuleVerdict, TwinVerdict


def narrowed(whole: Dossier, scope: frozenset[str] | None) -> Dossier:
    """With these twins alone: their matches, terms, registered pictures and contests. Other posts with the
    same picture are left out, and so are reviews, since what is said in them may be about anybody."""
    if scope is None:
        return whole
    return replace(
        whole,
        finding=narrowed_finding(whole.finding, scope),
        answers=tuple((at, _answer(answer, scope)) for at, answer in whole.answers),
        references=tuple(one for one in whole.references if one.twin in scope),
        contests=tuple(one for one in whole.contests if one.twin in scope),
        elsewhere=(),
        reviews=(),
        witnessed=(),
        removed=(),
    )


def narrowed_finding(finding: Finding, scope: frozenset[str] | None) -> Finding:
    if scope is None:
        return finding
    return replace(
        finding,
        answer=_answer(finding.answer, scope),
        reposts=tuple(one for one in finding.reposts if one.twin in scope),
        settled=tuple(one for one in finding.settled if one.twin in scope),
    )


def narrowed_line(line: Line, scope: frozenset[str] | None) -> Line:
    """What the list says, with these twins alone and the worst of theirs."""
    if scope is None:
        return line
    own = tuple(one for one in line.twins if one[0] in scope)
    shown = worst(tuple(TwinVerdict(twin, consent) for twin, consent in own))
    return replace(line, twins=own, consent=shown.consent if shown else ConsentVerdict.NOT_A_TWIN)


def _answer(answer: Answer, scope: frozenset[str]) -> Answer:
    own = tuple(one for one in answer.verdict.twins if one.twin in scope)
    shown = worst(own)
    verdict = replace(
        answer.verdict,
        twins=own,
        twin=shown.twin if shown else "",
        consent=shown.consent if shown else ConsentVerdict.NOT_A_TWIN,
        rules=tuple(one for one in answer.verdict.rules if _concerns(one, scope)),
    )
    return replace(
        answer,
        verdict=verdict,
        matches=tuple(one for one in answer.matches if one.twin in scope),
        evidence=tuple(one for one in answer.evidence if one.via is None),
    )


def _concerns(rule: RuleVerdict, scope: frozenset[str]) -> bool:
    """A licence's own duty belongs to the twin that its title names (detector/licence_duties.py)."""
    if not rule.id.startswith("licence-"):
        return True
    return any(rule.title.startswith(f"licence of {twin} to ") for twin in scope)
