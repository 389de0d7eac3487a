"""What was done to registered pictures becomes an event, of copies and of real people's pictures; and nothing
was done to what is there unchanged."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from detector.alarm import alarms
from detector.answer import answer
from detector.case import Registry
from detector.change_events import change_events, is_noted
from storage.boxes import Box
from storage.changes import Change, ChangeKind
from storage.records import EventKind, Match, MatchKind, PairDecision, ReferenceImage, ReferenceKind, Twin
from tests.detector.cases import HUMAN, REFERENCE_IMAGE, TWIN, case, human, match

SEEN = datetime(2026, 10, 2, 5, tzinfo=UTC)
PART = Box(0.1, 0.1, 0.4, 0.3)
FACE = Change(ChangeKind.ALTERED, PART, PART, 0.12, "12 % of what they share was replaced by something else")
MARK = Change(ChangeKind.MARK_REMOVED, PART, PART, 0.02, "its mark is not in its place")
CUT = Change(
    ChangeKind.MARK_CROPPED_AWAY, None, PART, 1.0, "all of its mark lies beyond what the picture shows"
)
PERSON = Twin("Vilma (person)", ReferenceKind.HUMAN_ORIGINAL)
ORIGINAL = ReferenceImage(PERSON.name, HUMAN, ReferenceKind.HUMAN_ORIGINAL, basis="portfolio")
BOTH = Registry.of((TWIN, PERSON), (REFERENCE_IMAGE, ORIGINAL), ())


def twin(*changes: Change, **more: Any) -> Match:
    return match(agreement=0.97, overlap=1.0, changes=changes, **more)


def real(*changes: Change, **more: Any) -> Match:
    return replace(human(8, **more), agreement=0.97, overlap=1.0, changes=changes)


def kinds(*matches: Match) -> list[EventKind]:
    events = change_events(case(matches=matches, registry=BOTH, history=((SEEN, ()),)))
    assert all(event.at == SEEN for event in events)
    return [event.kind for event in events]


@pytest.mark.parametrize("change", [FACE, MARK, CUT], ids=lambda change: change.kind.value)
def test_a_change_is_an_event_of_its_name(change: Change) -> None:
    assert kinds(twin(change)) == [EventKind(change.kind.value)]


def test_the_detail_says_of_what_and_how_sure() -> None:
    (sure,) = change_events(case(matches=(twin(MARK),), history=((SEEN, ()),)))
    assert "registered picture of Vilma" in sure.detail
    assert MARK.reason in sure.detail
    (doubtful,) = change_events(
        case(matches=(twin(MARK, kind=MatchKind.LIKELY_COPY),), history=((SEEN, ()),))
    )
    assert "a person has to look" in doubtful.detail


def test_what_is_found_unchanged_in_the_same_place_was_not_changed() -> None:
    assert kinds(twin(FACE), real()) == []
    assert kinds(twin(), real(FACE)) == []


def test_a_pair_that_a_person_rejected_is_not_told() -> None:
    assert kinds(twin(FACE, decided=PairDecision.REJECTED)) == []


def test_two_parts_are_one_event() -> None:
    other = replace(FACE, region=Box(0.6, 0.6, 0.3, 0.3))
    assert kinds(twin(FACE, other, MARK)) == [EventKind.ALTERED, EventKind.MARK_REMOVED]


def test_without_a_time_there_is_no_event() -> None:
    assert change_events(case(matches=(twin(FACE),))) == ()


def test_a_real_persons_changed_picture_is_noted_and_is_no_ai() -> None:
    told = answer(case(matches=(real(FACE),), registry=BOTH, history=((SEEN, ()),)))
    assert told.verdict.level == 0
    assert is_noted(told)
    assert not alarms(told)


def test_a_removed_mark_of_a_sure_copy_is_worth_an_alert() -> None:
    told = answer(case(matches=(twin(MARK),), registry=BOTH, history=((SEEN, ()),)))
    assert not is_noted(told)
    assert alarms(told)
