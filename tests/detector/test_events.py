"""Events from the history of readings: only what was read counts."""

import pytest

from detector.events import label_events
from storage.records import Declarer, EventKind, Reading, ReadingState, Surface
from tests.detector.cases import at, reading

P, A, U, X = ReadingState.PRESENT, ReadingState.ABSENT, ReadingState.UNREADABLE, ReadingState.AMBIGUOUS
REMOVED, LATE = EventKind.LABEL_REMOVED, EventKind.LABEL_ADDED_LATE
C, T, H = Surface.CAPTION, Surface.PLATFORM_TAG, Surface.HASHTAGS


def version(states: dict[Surface, ReadingState]) -> tuple[Reading, ...]:
    return tuple(reading(surface, state) for surface, state in states.items())


@pytest.mark.parametrize(
    ("versions", "kinds"),
    [
        ([], []),
        ([{C: P}], []),
        ([{C: P}, {C: P}], []),
        ([{C: P}, {C: A}], [REMOVED]),
        ([{C: A}, {C: P}], [LATE]),
        ([{C: P}, {C: U}], []),  # we could not look
        ([{C: U}, {C: P}], []),
        ([{C: P}, {C: X}], []),
        ([{C: P}, {C: U}, {C: A}], [REMOVED]),
        ([{C: A}, {C: U}, {C: P}], [LATE]),
        ([{C: P}, {C: A}, {C: P}], [REMOVED, LATE]),
        ([{C: P, H: A}, {C: A, H: P}], []),  # it moved
        ([{C: P, T: A}, {C: P, T: P}], []),  # it was labelled already
        ([{C: P, T: P}, {C: A, T: P}], []),  # it still is
        ([{C: P, T: P}, {C: A, T: U}], []),  # it may still be
        ([{C: P, T: U}, {C: A, T: U}], [REMOVED]),
        ([{C: A, T: U}, {C: P, T: U}], [LATE]),
    ],
)
def test_transitions(versions: list[dict[Surface, ReadingState]], kinds: list[EventKind]) -> None:
    history = [(at(f"2026-09-0{day}"), version(states)) for day, states in enumerate(versions, start=1)]
    assert [event.kind for event in label_events(history)] == kinds


@pytest.mark.parametrize(
    ("versions", "kinds"),
    [
        ([(P, False), (A, True)], []),  # the person corrects the program, and nothing was taken away
        ([(A, False), (P, True)], []),
        ([(P, True), (A, False)], []),  # a later version, which the program alone has read
        ([(A, False), (P, True), (P, False)], []),  # a person saw it before the program did
        ([(P, True), (A, True)], [REMOVED]),  # two people, two versions
    ],
)
def test_a_person_who_sees_otherwise_is_no_event(
    versions: list[tuple[ReadingState, bool]], kinds: list[EventKind]
) -> None:
    history = [
        (at(f"2026-09-0{day}"), (reading(C, state, declared_by=Declarer.PERSON if by else Declarer.ACCOUNT),))
        for day, (state, by) in enumerate(versions, start=1)
    ]
    assert [event.kind for event in label_events(history)] == kinds


def test_a_mark_on_the_picture_is_the_pictures_own() -> None:
    """It does not change with the post's versions: history holds those with this picture alone."""
    mark = reading(Surface.IMAGE_MARK, P)
    history = [(at("2026-09-01"), (mark, reading(C, A))), (at("2026-09-02"), (mark, reading(C, P)))]
    assert label_events(history) == ()


def test_hours_between_and_quotes() -> None:
    history = [
        (at("2026-09-01T08:00"), version({C: A})),
        (at("2026-09-02T08:00"), version({C: A})),
        (at("2026-09-02T14:30"), version({C: P})),
    ]
    (event,) = label_events(history)
    assert event.at == at("2026-09-02T14:30")
    assert "30.5 hours later" in event.detail
    assert "“made with AI”" in event.detail
