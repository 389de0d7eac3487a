"""What an agency or a model is told of a picture that shows somebody else's twin, too."""

from dataclasses import replace

import pytest

from desk.alerts.telling import without
from desk.narrowed import ELSEWHERE, narrowed_finding
from storage.consent import ConsentVerdict
from storage.records import (
    Declarer,
    Event,
    EventKind,
    Extent,
    Finding,
    FindingStatus,
    OriginEvidence,
    ReadingState,
    Surface,
    TwinVerdict,
)
from tests.storage.samples import HM, NOW, answer, match, reading

OWN, OTHER = "Anna B", "Anna"  # the one's name stands in the other's
BASIS = "a copy of a registered picture of {}: registered on the basis of: contract 7, attested by x@agency"
NOTE = "a source at the agency says so; the program: is wrong"
SEEN = "the program: absent (nothing read)"
PERSON = f"ann looked on 2026-11-01 09:30 UTC, screenshot 692d40aa12bc; {NOTE}; {SEEN}"
LEFT = f"somebody looked on 2026-11-01 09:30 UTC, screenshot 692d40aa12bc; {SEEN}"


def evidence(detail: str) -> OriginEvidence:
    return OriginEvidence("reference match", "copy", detail, Extent.WHOLE, 3)


@pytest.fixture
def told() -> Finding:
    by_person = reading(surface=Surface.PLATFORM_TAG, declared_by=Declarer.PERSON, reason=PERSON)
    made = answer(
        matches=(match(OWN, "own"), match(OTHER, "other")),
        evidence=(evidence(BASIS.format(OWN)), evidence(BASIS.format(OTHER))),
        readings=(reading(), by_person),
        events=(Event(EventKind.MARK_REMOVED, NOW, f"a registered picture of {OTHER} bears it"),),
    )
    reasons = (
        f"AI, level 3, reference match: {BASIS.format(OWN)}.",
        f"AI, level 3, reference match: {BASIS.format(OTHER)}.",
        f"A registered picture of {OTHER} matches, and is not believed until x.",
        f"That rests on a person's reading of the platform tag: {PERSON}.",
        "We found no label on the surfaces we checked.",
    )
    twins = (
        TwinVerdict(OTHER, ConsentVerdict.WITHDRAWN, (f"{OTHER} withdrew.",)),
        TwinVerdict(OWN, ConsentVerdict.IN_SCOPE),
    )
    verdict = replace(
        made.verdict, reasons=reasons, twins=twins, twin=OTHER, consent=ConsentVerdict.WITHDRAWN
    )
    return Finding(
        id=1,
        account=HM,
        post_id="p",
        post_url="https://social.example/p",
        position=0,
        sha256="",
        answer=replace(made, verdict=verdict),
        posted_at=NOW,
        first_seen=NOW,
        judged_at=NOW,
        status=FindingStatus.NEW,
    )


def test_on_what_ground_anothers_twin_is_registered_is_not_told(told: Finding) -> None:
    seen = narrowed_finding(told, frozenset({OWN})).answer
    assert [one.detail for one in seen.evidence] == [BASIS.format(OWN)]
    assert seen.verdict.reasons == (
        f"AI, level 3, reference match: {BASIS.format(OWN)}.",
        ELSEWHERE,
        f"That rests on a person's reading of the platform tag: {LEFT}.",
        "We found no label on the surfaces we checked.",
    )
    assert seen.events == ()
    assert (seen.verdict.twin, seen.verdict.consent) == (OWN, ConsentVerdict.IN_SCOPE)


def test_who_looked_and_what_they_noted_is_not_told(told: Finding) -> None:
    seen = narrowed_finding(told, frozenset({OWN, OTHER})).answer
    assert [one.reason for one in seen.readings] == ["", LEFT]
    assert seen.readings[1].state is ReadingState.ABSENT
    assert "source at the agency" not in repr(seen)
    assert ELSEWHERE not in seen.verdict.reasons
    assert len(seen.evidence) == 2


def test_who_sees_everything_is_told_everything(told: Finding) -> None:
    assert narrowed_finding(told, None) is told


def test_an_alert_of_two_twins_is_told_of_the_one_that_is_left() -> None:
    twins = [{"twin": "Zed", "consent": "withdrawn"}, {"twin": "Noor", "consent": "expired"}]
    both = {"twin": "Zed", "consent": "withdrawn", "twins": twins, "reasons": ["Zed withdrew.", "No label."]}
    alone = {"twin": "Zed", "consent": "withdrawn", "twins": twins[:1], "reasons": ["Zed withdrew."]}
    nobody = {"twin": None, "consent": "not_a_twin", "twins": [], "reasons": ["No label."]}
    body = {"count": 5, "findings": [both, alone, nobody], "more": 2}
    left = without(body, frozenset({"Noor"}))
    assert left["count"] == 4
    assert left["findings"] == [
        {"twin": "Noor", "consent": "expired", "twins": twins[1:], "reasons": ["No label."]},
        nobody,
    ]
    assert without(body, frozenset({"Noor", "Zed"})) == body
