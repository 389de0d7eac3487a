"""Decisions on pairs: they stay with the two pictures, act at once, and can be taken back."""

from dataclasses import replace

import pytest

from storage.errors import StoreError
from storage.records import Match, MatchKind, PairDecision, PairReview, Quarantine
from storage.store import Store
from tests.storage.samples import HM, NOW, answer, later, match, picture, post, reference, sha, twin

C, R, U = (PairDecision(value) for value in ("confirmed", "rejected", "undo"))
LIKELY = replace(match(), kind=MatchKind.LIKELY_COPY)
A_AND_REF = (sha("a"), sha("ref"))


@pytest.fixture
def published(store: Store) -> Store:
    """Pictures a and b, published, and the registered picture ref."""
    store.save_post(HM, post(media=(picture("a"), picture("b", 1))))
    store.add_twin(twin(), [reference()])
    return store


def decide(store: Store, *decisions: PairDecision, of: tuple[str, str] = A_AND_REF) -> list[PairReview]:
    given = [
        PairReview(*of, decision, "editor", later(n), f"no. {n}") for n, decision in enumerate(decisions)
    ]
    for review in given:
        store.pairs.add(review)
    return given


DECISIONS = [
    ([], None),
    ([C], C),
    ([R], R),
    ([C, R], R),
    ([C, R, U], C),
    ([C, U], None),
    ([C, R, U, U], None),
    ([C, U, R], R),
]


@pytest.mark.parametrize(("decisions", "holds"), DECISIONS)
def test_the_last_decision_not_undone_holds(
    published: Store, decisions: list[PairDecision], holds: PairDecision | None
) -> None:
    published.save_matches(sha("a"), "m", [LIKELY])
    given = decide(published, *decisions)
    assert published.pairs.reviews() == given
    assert published.pairs.decided() == ({A_AND_REF: holds} if holds else {})
    assert [one.decision for one in published.pairs.standing()] == ([holds] if holds else [])
    assert published.matches.of(sha("a")) == (replace(LIKELY, decided=holds),)
    assert next(published.all_items()).matches == (replace(LIKELY, decided=holds),)


def test_reviews_are_asked_for_by_either_picture(published: Store) -> None:
    one = decide(published, C)
    other = decide(published, R, of=(sha("b"), sha("ref")))
    assert published.pairs.reviews(picture=sha("a")) == one
    assert published.pairs.reviews(reference=sha("ref")) == one + other
    assert published.pairs.reviews(sha("b"), sha("ref")) == other
    assert published.pairs.reviews(sha("ref"), sha("b")) == []


@pytest.mark.parametrize(
    ("decisions", "pair", "kind"),
    [
        ([C], (sha("a"), sha("nowhere")), "no_file"),
        ([C], (sha("nowhere"), sha("ref")), "no_file"),
        ([U], A_AND_REF, "nothing_to_undo"),
        ([C, U, U], A_AND_REF, "nothing_to_undo"),
    ],
)
def test_decisions_that_make_no_sense_are_refused(
    published: Store, decisions: list[PairDecision], pair: tuple[str, str], kind: str
) -> None:
    with pytest.raises(StoreError) as caught:
        decide(published, *decisions, of=pair)
    assert caught.value.kind == kind
    assert len(published.pairs.reviews()) == len(decisions) - 1


def test_a_decision_is_judged_at_once_and_matches_nothing_again(published: Store) -> None:
    published.save_matches(sha("a"), "m", [LIKELY])
    for item in published.items_to_judge("j"):
        published.save_answer(item, "j", answer(), NOW)
    assert list(published.items_to_judge("j")) == []
    decide(published, C)
    assert [item.position for item in published.items_to_judge("j")] == [0]
    assert sha("a") not in dict(published.files_to_match("m"))


def test_a_decision_outlives_the_match_and_is_never_stored_with_it(published: Store) -> None:
    published.save_matches(sha("a"), "m1", [LIKELY])
    decide(published, R)
    (seen,) = published.matches.of(sha("a"))
    published.save_matches(sha("a"), "m2", [])
    published.save_matches(sha("a"), "m3", [seen])
    decide(published, U)
    assert published.matches.of(sha("a")) == (LIKELY,)


def test_what_waits_for_a_person_comes_surest_first(published: Store) -> None:
    published.add_twin(twin("Berta"), [reference("Berta", "other"), reference("Berta", "doubted")])
    sure, unsure = replace(LIKELY, agreement=0.8), replace(LIKELY, agreement=0.6, reference=sha("other"))
    published.save_matches(sha("a"), "m", [unsure, replace(match(reference="third"))])
    published.save_matches(sha("b"), "m", [replace(sure, twin="Berta"), sure])
    doubted = replace(LIKELY, agreement=0.9, reference=sha("doubted"))
    published.matches.add(sha("b"), [doubted])
    published.bank.quarantine(Quarantine(sha("doubted"), "matches everything", NOW))
    first, second = published.pairs.waiting()
    assert (first.picture, first.match, second.picture, second.match) == (sha("b"), sure, sha("a"), unsure)
    assert [(one.account, one.post_id, one.position) for one in first.shown] == [(HM, "p1", 1)]
    assert published.pairs.waiting(limit=1) == [first]
    decide(published, R, of=(sha("b"), sha("ref")))
    assert published.pairs.waiting() == [second]
    decide(published, U, of=(sha("b"), sha("ref")))
    assert published.pairs.waiting() == [first, second]


MEASURED = Match(
    reference=sha("ref"),
    kind=MatchKind.LIKELY_COPY,
    algorithm="local",
    distance=12,
    threshold=6,
    twin="Anna",
    overlap=0.5,
    inliers=44,
    agreement=0.87654321,
    residual=0.71,
    span=(3.0, 5.5),
    reason="12 % of it is covered",
)


@pytest.mark.parametrize(
    "shown",
    [
        MEASURED,
        replace(MEASURED, span=None),
        replace(MEASURED, span=(0.0, 0.0)),
        replace(MEASURED, spans=((3.0, 3.5), (5.0, 5.5))),
    ],
)
def test_what_was_measured_comes_back(published: Store, shown: Match) -> None:
    published.save_matches(sha("a"), "m", [shown])
    assert published.matches.of(sha("a")) == (shown,)
