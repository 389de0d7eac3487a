"""Which matches stand: people's decisions, quarantine, and what the real model's picture explains better."""

from datetime import UTC, datetime
from typing import Any

import pytest

from detector.case import Case, Registry
from detector.verdict import judge
from storage.records import (
    Box,
    ConsentVerdict,
    Labelling,
    Match,
    MatchKind,
    PairDecision,
    PairReview,
    Quarantine,
)
from tests.detector.cases import PICTURE, REFERENCE, REFERENCE_IMAGE, TWIN, case, human, match, replace

COPY, LIKELY = MatchKind.COPY, MatchKind.LIKELY_COPY
PRINT, SCENE = MatchKind.FINGERPRINT_ONLY, MatchKind.SAME_SCENE_OR_GARMENT
CONFIRMED, REJECTED = PairDecision.CONFIRMED, PairDecision.REJECTED
NOW = datetime(2026, 11, 3, 9, tzinfo=UTC)
LEFT, RIGHT = Box(0, 0, 0.5, 1), Box(0.5, 0, 0.5, 1)


def level(*matches: Match, **changes: Any) -> int:
    return judge(case(matches=matches, **changes)).level


def aligned(agreement: float, overlap: float = 1.0, kind: MatchKind = COPY, **changes: Any) -> Match:
    given = {"algorithm": "local", "threshold": 4, "inliers": 60, "residual": 0.4}
    return match(kind, 20, agreement=agreement, overlap=overlap, **{**given, **changes})


def original(agreement: float, overlap: float = 1.0, kind: MatchKind = COPY, **changes: Any) -> Match:
    real = human(20, kind)
    return replace(
        aligned(agreement, overlap, kind, **changes),
        reference=real.reference,
        twin=real.twin,
        reference_kind=real.reference_kind,
    )


@pytest.mark.parametrize(
    ("kind", "decided", "expected"),
    [
        (COPY, None, 3),
        (LIKELY, None, 2),
        (PRINT, None, 2),
        (SCENE, None, 0),
        (COPY, CONFIRMED, 3),
        (LIKELY, CONFIRMED, 3),
        (PRINT, CONFIRMED, 3),
        (SCENE, CONFIRMED, 0),
        (COPY, REJECTED, 0),
        (LIKELY, REJECTED, 0),
        (PRINT, REJECTED, 0),
        (SCENE, REJECTED, 0),
    ],
)
def test_a_person_decides(kind: MatchKind, decided: PairDecision | None, expected: int) -> None:
    found = judge(case(matches=(match(kind, decided=decided),)))
    assert found.level == expected
    assert (found.twin == "Vilma") == (expected > 0)
    if not expected:
        assert (found.labelling, found.consent) == (Labelling.NO_AI_EVIDENCE, ConsentVerdict.NOT_A_TWIN)


@pytest.mark.parametrize("changes", [{"attested_by": ""}, {"disputed": True}])
def test_what_a_person_confirms_needs_an_attested_reference_too(changes: dict[str, Any]) -> None:
    registry = Registry.of((TWIN,), (replace(REFERENCE_IMAGE, **changes),), ())
    assert level(match(LIKELY, decided=CONFIRMED), registry=registry) == 2


def quarantined(lifted: bool = False) -> Registry:
    one = Quarantine(REFERENCE, "12 unrelated pictures in one night", NOW)
    if lifted:
        one = replace(one, lifted_by="ann", lifted_at=NOW)
    return Registry.of((TWIN,), (REFERENCE_IMAGE,), (), (one,))


def test_a_quarantined_reference_is_not_believed_until_a_person_lifts_it() -> None:
    found = judge(case(matches=(match(),), registry=quarantined()))
    assert (found.level, found.consent) == (0, ConsentVerdict.NOT_A_TWIN)
    assert any("12 unrelated pictures in one night" in reason for reason in found.reasons)
    assert level(match(), registry=quarantined(lifted=True)) == 3


def test_a_link_to_an_earlier_copy_is_no_match_with_a_twin() -> None:
    link = match(twin="", reference_kind=None)
    found = judge(case(matches=(link, replace(link, decided=CONFIRMED))))
    assert (found.level, found.twin) == (0, "")


@pytest.mark.parametrize(
    ("twin", "real", "expected"),
    [
        (aligned(0.95), original(0.70), 3),
        (aligned(0.70), original(0.95), 0),
        (aligned(0.95), original(0.97), 2),  # a tie: somebody must look
        (aligned(0.95, 0.5), original(0.95, 0.9), 0),  # the same pixels, more of the reference
        (aligned(0.95, 0.9), original(0.95, 0.5), 3),
        (aligned(0.95, kind=LIKELY), original(0.90), 0),  # the surer tier
        (aligned(0.90), original(0.99, kind=LIKELY), 3),  # a lesser tier clears nothing
        (aligned(0.90), original(0.99, kind=LIKELY, decided=CONFIRMED), 0),
        (aligned(0.90, kind=LIKELY), original(0.99, decided=REJECTED), 2),
        (aligned(0.80, decided=CONFIRMED), original(0.99), 2),  # what a person confirmed is not cleared
        (aligned(0.95, region=LEFT), original(0.99, region=RIGHT), 3),  # side by side in a collage
        (aligned(0.80, region=LEFT), original(0.99, region=LEFT), 0),
        (aligned(0.80, region=LEFT), original(0.99), 0),
        (aligned(0.80, span=(0, 4)), original(0.99, span=(5, 9)), 3),  # one after the other in a video
        (aligned(0.80, span=(0, 6)), original(0.99, span=(5, 9)), 0),
        (aligned(0.80, span=(0, 9), spans=((0, 2), (8, 9))), original(0.99, span=(4, 6)), 3),  # in between
        (aligned(0.80, span=(0, 9), spans=((0, 2), (8, 9))), original(0.99, span=(4, 8)), 0),
        (aligned(0.99), human(4), 2),  # pixels beside bits: nothing to compare
        (match(algorithm="sha256", distance=0, threshold=0), original(0.80), 3),
        (aligned(0.80), replace(human(0), algorithm="sha256", threshold=0), 0),
    ],
)
def test_a_real_picture_clears_what_it_explains_better(twin: Match, real: Match, expected: int) -> None:
    assert level(twin, real) == expected
    assert level(real, twin) == expected


def test_a_quarantined_picture_of_the_real_model_clears_nothing() -> None:
    real = original(0.99)
    registry = Registry.of((TWIN,), (REFERENCE_IMAGE,), (), (Quarantine(real.reference, "too many", NOW),))
    assert level(aligned(0.80), real, registry=registry) == 3


def reasons(given: Case) -> str:
    return "\n".join(judge(given).reasons)


def test_reasons_name_what_was_measured_and_why_a_person_must_look() -> None:
    likely = aligned(
        0.81,
        0.62,
        LIKELY,
        transform="mirrored, cropped to 62 %",
        region=Box(0.1, 0.1, 0.5, 0.5),
        span=(1.0, 3.5),
        reason="a quarter of it is covered",
    )
    said = reasons(case(matches=(likely,)))
    for words in (
        "likely a copy of a registered picture of Vilma: mirrored, cropped to 62 %",
        "in 25 % of the picture",
        "at 0:01–0:03",
        "62 % of the reference lies in it",
        "agreement 0.81",
        "60 points fit within 0.4 px",
        "20 votes of local features, 4 needed",
        "a person decides whether it is the same picture: a quarter of it is covered.",
    ):
        assert words in said
    assert "identical bytes" in reasons(case(matches=(match(algorithm="sha256", distance=0, threshold=0),)))


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (CONFIRMED, "ann on 2026-11-03 confirmed that it is the same picture"),
        (REJECTED, "ann on 2026-11-03 said that it is not the same picture"),
    ],
)
def test_reasons_name_who_decided(decision: PairDecision, words: str) -> None:
    pair = PairReview(PICTURE, REFERENCE, decision, "ann", NOW)
    registry = Registry.of((TWIN,), (REFERENCE_IMAGE,), (), (), (pair,))
    assert words in reasons(case(matches=(match(LIKELY, decided=decision),), registry=registry))
    unknown = reasons(case(matches=(match(LIKELY, decided=decision),)))
    assert words.replace("ann on 2026-11-03", "a person") in unknown


def test_reasons_say_why_nothing_matched() -> None:
    said = judge(case(matches=(match(SCENE, reason="another garment"),), no_match=("nothing is registered",)))
    assert "Nothing is registered." in said.reasons
    assert any("is no copy of it: another garment." in reason for reason in said.reasons)
