"""The two axes meet here and nowhere else: is it AI (origin level), and were people told (readings)?

`TABLE` is the decision table of a rule, to be read from the top: the first line that fits holds. A finding's
own `labelling` follows the rule `default`; every other dated rule, and the label that a licence asks for,
gets its own verdict from the same readings.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from detector.case import Case
from detector.consent import Use, consent_of, worst
from detector.duties import touched
from detector.grounds import match_evidence, words_evidence
from detector.licence_duties import licence_duties
from detector.reasons import reasons
from detector.rule import Duty, Rule
from detector.standing import all_disputed, standing_matches
from detector.telling import Told, every_surface, told
from detector.travelled import adds, travelled_evidence
from storage.records import (
    ConsentVerdict,
    Labelling,
    OriginEvidence,
    Reading,
    ReferenceKind,
    RuleVerdict,
    TwinVerdict,
    Verdict,
)

VERSION = "7"


@dataclass(frozen=True, slots=True)
class Line:
    """Holds at these levels when at least one surface does this (None: whatever the surfaces do)."""

    levels: frozenset[int]
    some_surface: Told | None
    verdict: Labelling


NONE, SOME, SURE = frozenset({0, 1}), frozenset({2, 3, 4}), frozenset({3, 4})
WEAK_GROUNDS = frozenset({2})

TABLE = (
    Line(NONE, None, Labelling.NO_AI_EVIDENCE),
    Line(SOME, Told.INFORMS, Labelling.LABELLED),
    Line(SOME, Told.WEAKLY, Labelling.WEAKLY_LABELLED),
    Line(SOME, Told.UNCLEAR, Labelling.CANNOT_SAY),
    Line(WEAK_GROUNDS, None, Labelling.CANNOT_SAY),
    Line(SURE, Told.UNREAD, Labelling.UNLABELLED_WHERE_SEEN),
    Line(SURE, None, Labelling.UNLABELLED),
)


def judge(case: Case) -> Verdict:
    """The verdicts for one media item. Pure: the same case gives the same verdict."""
    grounds = grounds_of(case)
    level = max((evidence.level for evidence in grounds), default=0)
    readings = every_surface(case.readings)
    default = told(readings, case.rulebook.default, grounds)
    labelling = decide(level, default)
    twins = _twins(case)
    shown = worst(twins)
    return Verdict(
        level=level,
        labelling=labelling,
        consent=shown.consent if shown else ConsentVerdict.NOT_A_TWIN,
        twin=shown.twin if shown else "",
        twins=twins,
        rules=tuple(_rule_verdicts(case, level, readings, grounds, twins)),
        reasons=tuple(dict.fromkeys(reasons(case, grounds, readings, default, labelling))),
    )


def grounds_of(case: Case) -> tuple[OriginEvidence, ...]:
    """All origin evidence: of the bytes, of the matches, of the publisher's words; and what copies add to
    it."""
    own = (*case.evidence, *match_evidence(case), *words_evidence(case))
    return (*own, *(one for one in travelled_evidence(case) if adds(one, own)))


def decide(level: int, surfaces: Iterable[Told]) -> Labelling:
    """The table."""
    seen = set(surfaces)
    return next(
        line.verdict
        for line in TABLE
        if level in line.levels and (line.some_surface is None or line.some_surface in seen)
    )


def _twins(case: Case) -> tuple[TwinVerdict, ...]:
    use = Use.of(case.account, case.post.posted_at)
    names = dict.fromkeys(match.twin for match in standing_matches(case))
    known = [case.registry.twins[name] for name in names if name in case.registry.twins]
    return tuple(
        _contested(twin.name)
        if all_disputed(twin.name, case)
        else consent_of(twin, case.registry.consents.get(twin.name, ()), use)
        for twin in known
    )


def _contested(twin: str) -> TwinVerdict:
    """Whose picture it is stands in doubt: to say that a use of it is unlicensed would accuse somebody."""
    reason = (
        f"Whether {twin} is seen here is disputed: each registered picture of it that matches is contested, "
        "so nothing is said of its licences."
    )
    return TwinVerdict(twin, ConsentVerdict.CANNOT_SAY, (reason,))


def _rule_verdicts(
    case: Case,
    level: int,
    readings: tuple[Reading, ...],
    grounds: tuple[OriginEvidence, ...],
    twins: tuple[TwinVerdict, ...],
) -> Iterator[RuleVerdict]:
    if level not in SOME:
        return
    for rule, unknown in touched(case, case.rulebook.rules):
        verdict: Labelling | ConsentVerdict = Labelling.CANNOT_SAY
        sentence = f"{rule.sentence} Whether it applies is not known: {unknown}."
        if not unknown:
            sentence = rule.sentence
            verdict = (
                _agreed(case, twins)
                if rule.duty is Duty.CONSENT
                else decide(level, told(readings, rule, grounds))
            )
        yield _rule_verdict(rule, verdict, sentence, read=rule.read.isoformat())
    for rule in licence_duties(case, twins):
        yield _rule_verdict(rule, decide(level, told(readings, rule, grounds)), rule.sentence)


def _rule_verdict(
    rule: Rule, verdict: Labelling | ConsentVerdict, sentence: str, read: str = ""
) -> RuleVerdict:
    return RuleVerdict(
        rule.id,
        verdict,
        sentence,
        rule.source,
        rule.title,
        rule.confidence.value,
        rule.quote,
        rule.quote_from,
        rule.quote_language,
        read,
    )


def _agreed(case: Case, twins: Iterable[TwinVerdict]) -> ConsentVerdict:
    """The worst consent among the twins of real persons; a licence of an invented model is nobody's
    consent."""
    known = case.registry.twins
    real = [one for one in twins if known[one.twin].kind is ReferenceKind.DIGITAL_TWIN]
    shown = worst(real)
    return shown.consent if shown else ConsentVerdict.CANNOT_SAY
