"""The decision table, exhaustively, and what goes into it."""

from itertools import product

import pytest

from detector.rulebook import built_in
from detector.telling import Told
from detector.verdict import TABLE, decide, judge
from storage.records import (
    ConsentVerdict,
    Declarer,
    Extent,
    Failure,
    Labelling,
    MatchKind,
    Reading,
    ReadingState,
    Surface,
)
from tests.detector import cases
from tests.detector.cases import PICTURE, case, evidence, match, reading, readings

STATES = tuple(ReadingState)
RULE = built_in().default
ACCUSING = {Labelling.UNLABELLED, Labelling.UNLABELLED_WHERE_SEEN}


def every_combination() -> list[tuple[int, dict[Surface, ReadingState]]]:
    """Levels × the states of four surfaces that differ in kind, the others absent."""
    varied = (Surface.CAPTION, Surface.IMAGE_TEXT, Surface.ALT_TEXT, Surface.HASHTAGS)
    return [
        (level, dict(zip(varied, states, strict=True)))
        for level in (0, 2, 3, 4)
        for states in product(STATES, repeat=len(varied))
    ]


def expected(level: int, states: dict[Surface, ReadingState]) -> Labelling:
    """The sentence of the design, written once more and differently from the table."""
    strong = {states[s] for s in states if s in RULE.informs}
    weak = {states[s] for s in states if s in RULE.weak}
    if level < 2:
        return Labelling.NO_AI_EVIDENCE
    if ReadingState.PRESENT in strong:
        return Labelling.LABELLED
    if ReadingState.PRESENT in weak:
        return Labelling.WEAKLY_LABELLED
    if level == 2 or ReadingState.AMBIGUOUS in strong | weak:
        return Labelling.CANNOT_SAY
    unread = ReadingState.UNREADABLE in strong | weak
    return Labelling.UNLABELLED_WHERE_SEEN if unread else Labelling.UNLABELLED


def test_every_combination_of_levels_and_surfaces() -> None:
    seen = set()
    for level, states in every_combination():
        # Declared by a person, so that a label among the readings does not raise the level by itself.
        given = tuple(
            reading(surface, states.get(surface, ReadingState.ABSENT), declared_by=Declarer.PERSON)
            for surface in Surface
        )
        verdict = judge(case(evidence=(evidence(level),), readings=given))
        assert verdict.labelling is expected(level, states), (level, states)
        assert verdict.level == level
        if verdict.labelling in ACCUSING:
            assert level >= 3
        if verdict.labelling is Labelling.UNLABELLED:
            assert ReadingState.UNREADABLE not in states.values()
        seen.add(verdict.labelling)
    assert seen == set(Labelling)


def test_the_table_itself_never_accuses_on_weak_grounds() -> None:
    surfaces = [set(combination) for combination in product(Told, repeat=3)]
    for level, told in product(range(5), surfaces):
        verdict = decide(level, told)
        assert not (verdict in ACCUSING and level < 3)
        assert not (verdict is Labelling.UNLABELLED and Told.UNREAD in told)
    assert TABLE[-1].verdict is Labelling.UNLABELLED


@pytest.mark.parametrize("surface", list(Surface))
def test_a_surface_that_nobody_reported_is_unread(surface: Surface) -> None:
    rest = tuple(r for r in readings() if r.surface is not surface)
    verdict = judge(case(evidence=(evidence(3),), readings=rest))
    assert verdict.labelling is Labelling.UNLABELLED_WHERE_SEEN


@pytest.mark.parametrize(
    ("surface", "labelling"),
    [
        (Surface.PLATFORM_TAG, Labelling.LABELLED),
        (Surface.CAPTION, Labelling.LABELLED),
        (Surface.CONTENT_WARNING, Labelling.LABELLED),
        (Surface.IMAGE_TEXT, Labelling.LABELLED),
        (Surface.IMAGE_MARK, Labelling.LABELLED),
        (Surface.HASHTAGS, Labelling.WEAKLY_LABELLED),
        (Surface.ALT_TEXT, Labelling.WEAKLY_LABELLED),
    ],
)
def test_the_publishers_own_label_is_evidence_and_label(surface: Surface, labelling: Labelling) -> None:
    verdict = judge(case(readings=readings({surface: ReadingState.PRESENT})))
    assert (verdict.level, verdict.labelling) == (4, labelling)


def test_below_the_fold_is_weak_and_says_so() -> None:
    below = reading(Surface.CAPTION, ReadingState.PRESENT, prominence={"before_fold": 0, "offset": 300})
    rest = tuple(r for r in readings() if r.surface is not Surface.CAPTION)
    verdict = judge(case(readings=(below, *rest)))
    assert verdict.labelling is Labelling.WEAKLY_LABELLED
    assert any("below the fold" in reason for reason in verdict.reasons)


def test_a_label_for_the_background_does_not_tell_that_the_model_is_a_twin() -> None:
    part = reading(Surface.CAPTION, ReadingState.PRESENT, prominence={"extent": "part"})
    rest = tuple(r for r in readings() if r.surface is not Surface.CAPTION)
    assert judge(case(readings=(part, *rest))).labelling is Labelling.LABELLED
    assert judge(case(readings=(part, *rest), matches=(match(),))).labelling is Labelling.WEAKLY_LABELLED


def test_part_of_a_picture_never_becomes_an_ai_model() -> None:
    verdict = judge(case(evidence=(evidence(3, Extent.PART),)))
    assert any("nothing says that the model is AI" in reason for reason in verdict.reasons)
    assert any(reason.startswith("A part of the picture is AI") for reason in verdict.reasons)
    assert verdict.consent is ConsentVerdict.NOT_A_TWIN


@pytest.mark.parametrize(
    ("given", "level"),
    [
        (match(), 3),
        (match(MatchKind.LIKELY_COPY), 2),
        (match(MatchKind.FINGERPRINT_ONLY), 2),
        (match(MatchKind.SAME_SCENE_OR_GARMENT), 0),
        (match(twin="", reference_kind=None), 0),  # an earlier collected picture
    ],
)
def test_the_level_of_a_match(given: object, level: int) -> None:
    assert judge(case(matches=(given,))).level == level


@pytest.mark.parametrize("changes", [{"attested_by": ""}, {"disputed": True}])
def test_a_reference_that_nobody_stands_for_accuses_nobody(changes: dict[str, object]) -> None:
    reference = cases.ReferenceImage(
        **{
            "twin": "Vilma",
            "sha256": cases.REFERENCE,
            "kind": cases.ReferenceKind.DIGITAL_TWIN,
            "basis": "a guess",
            "attested_by": "desk@example.org",
            **changes,  # type: ignore[arg-type]
        }
    )
    verdict = judge(case(matches=(match(),), registry=cases.registry(reference=reference)))
    assert (verdict.level, verdict.labelling) == (2, Labelling.CANNOT_SAY)


@pytest.mark.parametrize(
    ("humans", "level", "twin"),
    [
        ((cases.human(20),), 3, "Vilma"),  # the twin matches better
        ((cases.human(4),), 0, ""),  # the real picture does
        ((cases.human(8),), 2, "Vilma"),  # a tie: somebody must look
        ((cases.human(4, MatchKind.LIKELY_COPY),), 3, "Vilma"),  # a lesser kind clears nothing
        ((cases.human(4, MatchKind.SAME_SCENE_OR_GARMENT),), 3, "Vilma"),
    ],
)
def test_a_real_picture_clears_a_twin_only_when_it_matches_better(
    humans: tuple[cases.Match, ...], level: int, twin: str
) -> None:
    verdict = judge(case(matches=(match(distance=8), *humans)))
    assert (verdict.level, verdict.twin) == (level, twin)
    assert any("registered as not AI" in reason for reason in verdict.reasons) == (
        humans[0].kind is not MatchKind.SAME_SCENE_OR_GARMENT
    )


def test_a_real_picture_never_raises_the_level() -> None:
    verdict = judge(case(matches=(cases.human(0),)))
    assert (verdict.level, verdict.consent) == (0, ConsentVerdict.NOT_A_TWIN)


def test_a_label_that_was_taken_away_is_still_the_publishers_own_statement() -> None:
    history = (
        (cases.at("2026-09-01T10:00"), readings({Surface.CAPTION: ReadingState.PRESENT})),
        (cases.at("2026-09-03T10:00"), readings()),
    )
    verdict = judge(case(history=history))
    assert (verdict.level, verdict.labelling) == (4, Labelling.UNLABELLED)
    assert any("2026-09-01 10:00" in reason for reason in verdict.reasons)


def test_a_tag_that_the_platform_set_is_not_the_publishers_word() -> None:
    tag = reading(Surface.PLATFORM_TAG, ReadingState.PRESENT, declared_by=Declarer.PLATFORM)
    rest = tuple(r for r in readings() if r.surface is not Surface.PLATFORM_TAG)
    verdict = judge(case(readings=(tag, *rest)))
    assert (verdict.level, verdict.labelling) == (2, Labelling.LABELLED)


def test_reasons_name_what_could_not_be_seen() -> None:
    unread = Reading(Surface.IMAGE_TEXT, ReadingState.UNREADABLE, reason="no reader yet")
    rest = tuple(r for r in readings() if r.surface is not Surface.IMAGE_TEXT)
    verdict = judge(case(matches=(match(),), readings=(unread, *rest)))
    assert verdict.labelling is Labelling.UNLABELLED_WHERE_SEEN
    assert "Could not be looked at: text on the picture: no reader yet." in verdict.reasons


def test_a_picture_that_could_not_be_looked_at_is_said_to_be_so() -> None:
    verdict = judge(case(failure=Failure("truncated", "the file ends early"), too_little=True))
    assert verdict.reasons[0] == "The picture could not be looked at: the file ends early."
    assert "too little" in verdict.reasons[1]


def test_rules_of_the_posts_date() -> None:
    found = {rule.id: rule for rule in judge(case(matches=(match(),))).rules}
    assert set(found) == {"default", "eu-ai-act-50-4", "eu-code-of-practice-2026", "hm-promise-2025"}
    before = case(matches=(match(),), post=cases.post(posted_at=cases.at("2025-01-01")))
    assert {rule.id for rule in judge(before).rules} == {"default"}
    undated = {
        rule.id: rule for rule in judge(case(matches=(match(),), post=cases.post(posted_at=None))).rules
    }
    assert undated["eu-ai-act-50-4"].verdict is Labelling.CANNOT_SAY
    assert "the post's date" in undated["eu-ai-act-50-4"].sentence
    assert not any("broke" in rule.sentence or "violat" in rule.sentence for rule in found.values())


def test_hm_promised_a_mark_on_the_picture() -> None:
    labelled = case(matches=(match(),), readings=readings({Surface.CAPTION: ReadingState.PRESENT}))
    rules = {rule.id: rule.verdict for rule in judge(labelled).rules}
    assert rules["default"] is Labelling.LABELLED
    assert rules["hm-promise-2025"] is Labelling.WEAKLY_LABELLED


def test_a_copy_named_in_the_reasons() -> None:
    verdict = judge(case(matches=(match(),)))
    assert any("a copy of a registered picture of Vilma" in reason for reason in verdict.reasons)
    assert PICTURE not in " ".join(verdict.reasons)


@pytest.mark.parametrize(
    ("surface", "said"),
    [(Surface.HASHTAGS, "The hashtags are unclear"), (Surface.CAPTION, "The caption is unclear")],
)
def test_what_is_unclear_is_said_in_good_english(surface: Surface, said: str) -> None:
    unclear = [
        reading(
            one, ReadingState.AMBIGUOUS if one is surface else ReadingState.ABSENT, reason="a bare mention"
        )
        for one in Surface
    ]
    told = judge(case(matches=(match(),), readings=tuple(unclear)))
    assert any(one.startswith(said) for one in told.reasons)
