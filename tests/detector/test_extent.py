"""How much of a picture a match speaks of, and what follows: a registered figure in a corner makes a part of
the picture AI, and is told like any other."""

from dataclasses import replace
from typing import Any

import pytest

from detector.alarm import alarms
from detector.extent import covered, extent_of, of_a_part
from detector.grounds import match_evidence
from detector.verdict import grounds_of, judge
from storage.figures import whole_of
from storage.records import (
    Answer,
    Box,
    Extent,
    Labelling,
    Match,
    MatchKind,
    ReadingState,
    Surface,
    Verdict,
)
from tests.detector.cases import case, evidence, human, match, reading, readings

CORNER, LEFT, RIGHT = Box(0.7, 0.6, 0.3, 0.35), Box(0, 0, 0.5, 1), Box(0.5, 0, 0.5, 1)
REST = "All that was found speaks of a part of the picture; nothing says that the rest of it is AI."
NO_MODEL = "All that was found speaks of a part of the picture; nothing says that the model is AI."


@pytest.mark.parametrize(
    ("changes", "extent"),
    [
        ({}, Extent.WHOLE),
        ({"algorithm": "sha256", "distance": 0}, Extent.WHOLE),
        ({"region": Box(0, 0, 1, 1)}, Extent.WHOLE),
        ({"region": Box(0.01, 0, 0.98, 0.98)}, Extent.WHOLE),
        ({"region": CORNER}, Extent.PART),
        ({"region": LEFT, "algorithm": "aligned", "overlap": 1.0}, Extent.PART),
        ({"region": Box(0, 0, 1, 1), "overlap": 0.3}, Extent.WHOLE),  # a crop
        ({"algorithm": "local", "kind": MatchKind.FINGERPRINT_ONLY}, Extent.UNKNOWN),
        ({"span": (3.0, 7.0)}, Extent.UNKNOWN),
        ({"span": (3.0, 7.0), "region": CORNER}, Extent.PART),
    ],
)
def test_the_share_that_the_registered_picture_fills(changes: dict[str, Any], extent: Extent) -> None:
    found = match(**changes)
    assert extent_of(found) is extent
    assert [one.extent for one in match_evidence(case(matches=(found,)))] == [extent]


def judged(*matches: Match, **changes: Any) -> Verdict:
    return judge(case(matches=matches, **changes))


def test_a_twin_in_a_corner_is_part_of_the_picture_and_unlabelled_all_the_same() -> None:
    verdict = judged(match(region=CORNER))
    assert (verdict.level, verdict.labelling, verdict.twin) == (3, Labelling.UNLABELLED, "Vilma")
    assert verdict.reasons[0].startswith("A part of the picture is AI, level 3, match: a copy of")
    assert "in 10 % of the picture" in verdict.reasons[0]
    assert REST in verdict.reasons
    assert NO_MODEL not in verdict.reasons


def test_it_alarms_like_any_other_and_a_filled_in_background_does_not() -> None:
    corner = case(matches=(match(region=CORNER),))
    filled = case(evidence=(evidence(3, Extent.PART),))
    told = [Answer(judge(one), (), grounds_of(one), (), (), {}) for one in (corner, filled)]
    assert [Labelling.UNLABELLED.value in alarms(one) for one in told] == [True, False]
    assert [whole_of(one) for one in told] == [True, False]  # what a label has to speak of, in the figures


def test_a_filled_in_background_beside_a_twin_leaves_the_twin() -> None:
    verdict = judged(match(region=CORNER), evidence=(evidence(3, Extent.PART),))
    assert REST in verdict.reasons
    assert NO_MODEL not in verdict.reasons


@pytest.mark.parametrize("region", [None, CORNER])
@pytest.mark.parametrize(
    ("extent", "labelling"),
    [("part", Labelling.WEAKLY_LABELLED), ("whole", Labelling.LABELLED), ("unknown", Labelling.LABELLED)],
)
def test_a_label_for_the_background_does_not_tell_of_the_twin_however_small_she_is(
    region: Box | None, extent: str, labelling: Labelling
) -> None:
    label = reading(Surface.CAPTION, ReadingState.PRESENT, prominence={"extent": extent})
    rest = tuple(one for one in readings() if one.surface is not Surface.CAPTION)
    assert judged(match(region=region), readings=(label, *rest)).labelling is labelling


def test_nothing_is_left_over_where_two_twins_fill_the_picture() -> None:
    assert REST not in judged(match(region=LEFT), match(region=RIGHT, reference="d" * 64)).reasons
    assert REST in judged(match(region=LEFT), match(region=LEFT, reference="d" * 64)).reasons


def test_what_says_it_of_the_whole_leaves_no_rest() -> None:
    assert REST not in judged(match(region=CORNER), evidence=(evidence(2),)).reasons
    assert REST not in judged(match()).reasons


def test_what_does_not_stand_covers_nothing() -> None:
    cleared = match(MatchKind.COPY, 20, region=RIGHT, reference="d" * 64)
    real = human(4, region=RIGHT)
    assert REST in judged(match(region=LEFT), cleared, real).reasons


def test_a_small_copy_that_a_person_must_look_at_is_a_part_too() -> None:
    likely = match(MatchKind.LIKELY_COPY, region=CORNER)
    (found,) = match_evidence(case(matches=(likely,)))
    assert (found.level, found.extent) == (2, Extent.PART)
    assert judged(likely).labelling is Labelling.CANNOT_SAY


def test_of_a_part_needs_something_that_says_ai() -> None:
    part = evidence(2, Extent.PART)
    assert of_a_part([part])
    assert not of_a_part([])
    assert not of_a_part([replace(part, level=0)])
    assert not of_a_part([part, evidence(2, Extent.UNKNOWN)])
    assert not of_a_part([replace(part, reader="match")])


@pytest.mark.parametrize(
    ("boxes", "share"),
    [
        ([], 0.0),
        ([CORNER], 0.105),
        ([LEFT, LEFT], 0.5),
        ([LEFT, RIGHT], 1.0),
        ([Box(0, 0, 0.6, 0.5), Box(0.4, 0.25, 0.6, 0.5)], 0.55),
        ([Box(0, 0, 1, 1), CORNER], 1.0),
    ],
)
def test_the_share_that_boxes_cover_together(boxes: list[Box], share: float) -> None:
    assert covered(boxes) == pytest.approx(share)
