"""The decision table against the design's sentences: every level, every state and strength of every surface,
under every shipped rule."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations, product

import pytest

from detector.rule import Duty, Rule
from detector.rulebook import built_in
from detector.telling import Told, told
from detector.verdict import decide
from storage.records import Extent, Labelling, Reading, ReadingState, Surface
from tests.detector.cases import evidence, reading

LEVELS = (0, 2, 3, 4)
LABEL_RULES = [rule for rule in built_in().rules if rule.duty is Duty.LABEL]
ids = pytest.mark.parametrize("rule", LABEL_RULES, ids=lambda rule: rule.id)
STATES = tuple(ReadingState)

# What a surface can say, and how strongly.
PRESENT: dict[str, dict[str, object]] = {
    "plain": {},
    "before the fold": {"before_fold": 1},
    "below the fold": {"before_fold": 0},
    "below the floor": {"below_floor": 1},
    "of a part": {"extent": "part"},
}
OTHERS = {state.value: state for state in STATES if state is not ReadingState.PRESENT}
STRENGTHS = (*PRESENT, *OTHERS)
FAINT = ("below the fold", "below the floor")
WHOLE, PART = (evidence(3, Extent.WHOLE),), (evidence(3, Extent.PART),)


@cache
def says(surface: Surface, strength: str) -> Reading:
    if strength in OTHERS:
        return reading(surface, OTHERS[strength])
    return reading(surface, ReadingState.PRESENT, prominence=PRESENT[strength])


def expected(level: int, strong: frozenset[str], faint: frozenset[str], *, whole: bool) -> Labelling:
    """The sentences of the design, §2, once more: what the surfaces that count in full and those that count
    weakly show between them."""
    too_little = {*FAINT, "of a part"} if whole else set(FAINT)
    everywhere = strong | faint
    if level < 2:
        return Labelling.NO_AI_EVIDENCE
    if strong & (PRESENT.keys() - too_little):
        return Labelling.LABELLED
    if everywhere & PRESENT.keys():
        return Labelling.WEAKLY_LABELLED
    if level == 2 or "ambiguous" in everywhere:
        return Labelling.CANNOT_SAY
    return Labelling.UNLABELLED_WHERE_SEEN if "unreadable" in everywhere else Labelling.UNLABELLED


def class_of(rule: Rule, surface: Surface) -> str:
    return "informs" if surface in rule.informs else "weak" if surface in rule.weak else "none"


@ids
@pytest.mark.parametrize("whole", [True, False])
def test_what_one_surface_tells_hangs_on_its_class_alone(rule: Rule, *, whole: bool) -> None:
    """So the tests below may take any surface of a class for all of them."""
    of_class: dict[tuple[str, str], set[Told]] = {}
    for surface, strength in product(Surface, STRENGTHS):
        (answer,) = told([says(surface, strength)], rule, WHOLE if whole else PART)
        of_class.setdefault((class_of(rule, surface), strength), set()).add(answer)
        if class_of(rule, surface) == "none":
            assert answer is Told.SILENT
    assert all(len(answers) == 1 for answers in of_class.values())


def sets_of_strengths(surfaces: int) -> Iterator[frozenset[str]]:
    """Every set of strengths that so many surfaces can show together."""
    for size in range(min(1, surfaces), surfaces + 1):
        yield from map(frozenset, combinations(STRENGTHS, size))


@cache
def decided(level: int, answers: frozenset[Told]) -> Labelling:
    return decide(level, answers)


@ids
@pytest.mark.parametrize("whole", [True, False])
def test_every_combination_under_every_rule(rule: Rule, *, whole: bool) -> None:
    """Every set of strengths on the surfaces of each class, which is every combination of seven surfaces; the
    surfaces that do not count stay unread."""
    grounds = WHOLE if whole else PART
    surfaces = {
        name: [s for s in Surface if class_of(rule, s) == name] for name in ("informs", "weak", "none")
    }
    tells = {
        (name, strength): told([says(surfaces[name][0], strength)], rule, grounds)[0]
        for name, strength in product(surfaces, STRENGTHS)
        if surfaces[name]
    }
    silent = [tells["none", "unreadable"]] if surfaces["none"] else []
    informs, weak = len(surfaces["informs"]), len(surfaces["weak"])
    for strong, faint in product(sets_of_strengths(informs), sets_of_strengths(weak)):
        answers = frozenset(
            [*silent, *(tells["informs", one] for one in strong), *(tells["weak", one] for one in faint)]
        )
        for level in LEVELS:
            verdict = decided(level, answers)
            assert verdict is expected(level, strong, faint, whole=whole), (level, strong, faint)
            if verdict is Labelling.UNLABELLED:
                assert level >= 3
                assert "unreadable" not in strong | faint


def test_every_state_of_every_surface_under_the_default() -> None:
    """5 states on 7 surfaces at 4 levels, one by one."""
    default = built_in().default
    tells = {
        (surface, state): told(
            [says(surface, "plain" if state is ReadingState.PRESENT else state.value)], default, ()
        )[0]
        for surface, state in product(Surface, STATES)
    }
    seen_verdicts = set()
    for states in product(STATES, repeat=len(Surface)):
        answers = frozenset(tells[key] for key in zip(Surface, states, strict=True))
        unread = ReadingState.UNREADABLE in states
        for level in LEVELS:
            verdict = decided(level, answers)
            seen_verdicts.add(verdict)
            assert not (verdict is Labelling.UNLABELLED and (level < 3 or unread))
            assert not (verdict is Labelling.UNLABELLED_WHERE_SEEN and (level < 3 or not unread))
            assert (verdict is Labelling.NO_AI_EVIDENCE) == (level < 2)
    assert seen_verdicts == set(Labelling)


def test_all_surfaces_count_under_the_default() -> None:
    assert built_in().default.informs | built_in().default.weak == set(Surface)
