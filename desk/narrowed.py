"""A finding as somebody may see it who sees some twins and no others: an agency, a model."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from desk.dossier import Dossier
from detector.consent import worst
from storage.consent import ConsentVerdict
from storage.inbox import Line
from storage.records import Answer, Declarer, Finding, Reading, RuleVerdict, TwinVerdict


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
    readings = tuple(_reading(one) for one in answer.readings)
    changed = [
        (old.reason.rstrip("."), new.reason.rstrip("."))
        for old, new in zip(answer.readings, readings, strict=True)
        if old.reason != new.reason
    ]
    others = _Others(answer, scope)
    return replace(
        answer,
        verdict=replace(verdict, reasons=tuple(others.left_of(_said(verdict.reasons, changed)))),
        matches=tuple(one for one in answer.matches if one.twin in scope),
        evidence=tuple(one for one in answer.evidence if one.via is None and not others.are_in(one.detail)),
        readings=readings,
        events=tuple(one for one in answer.events if not others.are_in(one.detail)),
    )


ELSEWHERE = "What concerns another registered picture is left out here."


class _Others:
    """Other people's twins in the same picture: on what ground they are registered, by whom, and under which
    terms is for them to know."""

    def __init__(self, answer: Answer, scope: frozenset[str]) -> None:
        seen = {one.twin for one in answer.matches} | {one.twin for one in answer.verdict.twins}
        self._own = sorted(seen & scope, key=len, reverse=True)
        self._names = seen - scope - {""}

    def are_in(self, text: str) -> bool:
        for name in self._own:  # "Anna" stands in "Anna B"
            text = text.replace(name, "")
        return any(name in text for name in self._names)

    def left_of(self, sentences: Iterable[str]) -> Iterator[str]:
        """Of each run of sentences about them, one that says so stays."""
        told = False
        for one in sentences:
            if not self.are_in(one):
                yield one
            elif not told:
                told = True
                yield ELSEWHERE


def _reading(reading: Reading) -> Reading:
    """A person's reading without who it was and what they noted (storage/shelves/seen.py writes it), since
    that may be about anybody: what they saw stays."""
    _, looked, rest = reading.reason.partition(LOOKED)
    program = rest.rfind("; the program: ")
    if reading.declared_by is not Declarer.PERSON or not looked or program < 0:
        return reading
    when = rest[: rest.find("; ")]
    return replace(reading, reason=f"{SOMEBODY}{LOOKED}{when}{rest[program:]}")


SOMEBODY, LOOKED = "somebody", " looked on "


def _said(sentences: Sequence[str], changed: Sequence[tuple[str, str]]) -> Iterator[str]:
    for sentence in sentences:
        for old, new in changed:
            sentence = sentence.replace(old, new)
        yield sentence


def _concerns(rule: RuleVerdict, scope: frozenset[str]) -> bool:
    """A licence's own duty belongs to the twin that its title names (detector/licence_duties.py)."""
    if not rule.id.startswith("licence-"):
        return True
    return any(rule.title.startswith(f"licence of {twin} to ") for twin in scope)
