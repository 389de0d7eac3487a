"""Findings, their answers, and what people decide about them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from storage.database import make_engine, parse
from storage.errors import StoreError
from storage.records import (
    Event,
    EventKind,
    FindingStatus,
    Labelling,
    PairDecision,
    Review,
    ReviewDecision,
    Saved,
)
from storage.shelves.findings import answer_content
from storage.store import ItemToJudge, Store
from storage.tables.judged import AnswerRow
from tests.storage.samples import (
    HM,
    NOW,
    answer,
    failed,
    later,
    match,
    picture,
    post,
    reading,
    reference,
    sha,
    twin,
)


def the_item(store: Store) -> ItemToJudge:
    (item,) = store.all_items()
    return item


def test_a_finding_shows_what_was_answered(store: Store) -> None:
    store.save_post(HM, post())
    told = answer(events=(Event(EventKind.LABEL_REMOVED, later(-1), "it was there on Monday"),))
    number, saved = store.save_answer(the_item(store), "j", told, later(1))
    assert saved is Saved.NEW
    (finding,) = store.findings()
    assert finding == store.finding(number)
    assert finding.answer == told
    assert (finding.account, finding.post_id, finding.position, finding.sha256) == (HM, "p1", 0, sha("a"))
    assert (finding.first_seen, finding.posted_at, finding.judged_at) == (NOW, NOW, later(1))
    assert finding.status is FindingStatus.NEW
    assert [version.post for version in store.finding_versions(number)] == [post()]
    assert store.finding(number + 1) is None


def test_below_level_two_nothing_is_found(store: Store) -> None:
    store.save_post(HM, post())
    nothing = answer(level=0, labelling=Labelling.NO_AI_EVIDENCE)
    assert store.save_answer(the_item(store), "j", nothing, NOW) == (0, Saved.KNOWN)
    assert list(store.findings()) == []
    assert list(store.items_to_judge("j")) == []


def test_a_changed_picture_of_a_real_person_has_a_row_and_is_no_finding(store: Store) -> None:
    store.save_post(HM, post())
    changed = answer(
        level=0,
        labelling=Labelling.NO_AI_EVIDENCE,
        events=(Event(EventKind.ALTERED, NOW, "a part of a photograph of the real model was replaced"),),
    )
    number, saved = store.save_answer(the_item(store), "j", changed, NOW)
    assert saved is Saved.NEW
    assert list(store.findings()) == []
    (noted,) = store.findings(noted=True)
    assert noted == store.finding(number)
    store.save_answer(the_item(store), "j", answer(), later(1))
    assert [finding.id for finding in store.findings()] == [number]
    store.save_answer(the_item(store), "j", changed, later(2))
    assert [finding.id for finding in store.findings()] == [number]  # it said AI once: that is not forgotten


REPEATS = {
    "the same": answer(),
    "other versions": answer(versions={"caption": "2"}),
    "another version of a reader": answer(readings=(reading(reader="caption/2"),)),
}


@pytest.mark.parametrize("repeat", REPEATS.values(), ids=REPEATS.keys())
def test_an_answer_that_repeats_the_last_is_not_written(store: Store, repeat: object) -> None:
    store.save_post(HM, post())
    number, _ = store.save_answer(the_item(store), "j1", answer(), NOW)
    assert store.save_answer(the_item(store), "j2", repeat, later(1)) == (number, Saved.KNOWN)  # type: ignore[arg-type]
    assert [at for at, _ in store.answers(number)] == [NOW]


ADDED_LATER = ("agreement", "residual", "span", "spans", "reason", "decided")


def test_an_answer_of_an_earlier_program_is_the_same_answer(store: Store, database: str) -> None:
    store.save_post(HM, post())
    number, _ = store.save_answer(the_item(store), "j1", answer(), NOW)
    engine = make_engine(parse(database))
    with engine.begin() as connection:
        document = connection.execute(select(AnswerRow.answer)).scalar_one()
        content = connection.execute(select(AnswerRow.content)).scalar_one()
        for shown in document["matches"]:
            for name in ADDED_LATER:
                del shown[name]
        assert answer_content(document) == content
        connection.execute(update(AnswerRow).values(answer=document))
    engine.dispose()
    assert next(store.findings()).answer == answer()
    assert store.save_answer(the_item(store), "j2", answer(), later(1)) == (number, Saved.KNOWN)


OTHERS = {
    "labelled": answer(labelling=Labelling.LABELLED),
    "withdrawn": answer(level=0, labelling=Labelling.NO_AI_EVIDENCE),
    "another match": answer(matches=(match(reference="other"),)),
    "a match somebody confirmed": answer(matches=(replace(match(), decided=PairDecision.CONFIRMED),)),
    "a match in a span": answer(matches=(replace(match(), span=(0.0, 2.5), agreement=0.9),)),
    "another quote": answer(readings=(reading(quote="AI"),)),
    "an event": answer(events=(Event(EventKind.ALTERED, NOW, "the face"),)),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS.keys())
def test_another_answer_is_appended(store: Store, other: object) -> None:
    store.save_post(HM, post())
    number, _ = store.save_answer(the_item(store), "j1", answer(), NOW)
    assert store.save_answer(the_item(store), "j2", other, later(1)) == (number, Saved.CHANGED)  # type: ignore[arg-type]
    assert store.answers(number) == [(NOW, answer()), (later(1), other)]
    assert next(store.findings()).answer == other
    assert store.save_answer(the_item(store), "j3", answer(), later(2)) == (number, Saved.CHANGED)  # and back


def test_a_finding_stays_while_the_post_changes(store: Store) -> None:
    store.save_post(HM, post())
    number, _ = store.save_answer(the_item(store), "j", answer(), NOW)
    store.save_post(HM, post(text="made with AI", seen_at=later(1)))
    labelled = answer(labelling=Labelling.LABELLED)
    assert store.save_answer(the_item(store), "j", labelled, later(1)) == (number, Saved.CHANGED)
    assert len(store.finding_versions(number)) == 2
    assert store.inbox.versions([number, number + 99]) == {number: tuple(store.finding_versions(number))}
    store.save_post(HM, post(media=(picture("b"),), seen_at=later(2)))
    assert (
        store.save_answer(the_item(store), "j", answer(), later(2))[0] != number
    )  # other bytes: another finding


def test_a_finding_without_bytes_goes_on_under_their_name(store: Store) -> None:
    store.save_post(HM, post(media=(failed(),)))
    number, _ = store.save_answer(the_item(store), "j", answer(), NOW)
    assert next(store.findings()).failure is not None
    store.save_post(HM, post(seen_at=later(1)))
    assert len(list(store.items_to_judge("j"))) == 1
    assert store.save_answer(the_item(store), "j", answer(), later(1)) == (number, Saved.KNOWN)
    assert [finding.sha256 for finding in store.findings()] == [sha("a")]


def test_a_gone_post_keeps_its_finding(store: Store) -> None:
    store.save_post(HM, post(posted_at=later(-20)))
    store.save_answer(the_item(store), "j", answer(), later(-20))
    assert [known.post_id for known in store.posts_to_look_at(HM, later(-14), later(-30))] == ["p1"]
    assert list(store.posts_to_look_at(HM, later(-14), later(-19))) == []
    assert store.posts_to_look_at(HM, later(-14), later(-19), lambda _: later(-18))
    assert not store.posts_to_look_at(HM, later(-14), later(-17), lambda _: later(-18))


def test_a_post_with_a_finding_is_looked_at_again_as_long_as_the_finding_is_young(store: Store) -> None:
    """A twin that is registered today may be found in a post of last spring."""
    store.save_post(HM, post(posted_at=later(-200)))
    assert not store.posts_to_look_at(HM, later(-14), later(-30))
    number, _ = store.save_answer(the_item(store), "j", answer(), later(-29))
    assert store.posts_to_look_at(HM, later(-14), later(-30))
    assert not store.posts_to_look_at(HM, later(-14), later(-28))
    changed = replace(answer(), events=(Event(EventKind.LABEL_REMOVED, NOW, "gone"),))
    assert store.save_answer(the_item(store), "k", changed, NOW) == (number, Saved.CHANGED)
    assert not store.posts_to_look_at(HM, later(-14), later(-28)), "the first answer counts"


def test_findings_come_newest_first_in_batches(store: Store, small_batches: int) -> None:
    many = 2 * small_batches + 3
    for number in range(many):
        store.save_post(HM, post(f"p{number}", media=(picture(sha256=sha(number)),)))
    for item in store.items_to_judge("j"):
        store.save_answer(item, "j", answer(), NOW)
    ids = [finding.id for finding in store.findings()]
    assert len(set(ids)) == many
    assert ids == sorted(ids, reverse=True)


C, R, L, S, U = (
    ReviewDecision(value) for value in ("confirmed", "rejected", "look_again", "settled", "undo")
)
DECISIONS = [
    ([], FindingStatus.NEW),
    ([C], FindingStatus.CONFIRMED),
    ([C, R], FindingStatus.REJECTED),
    ([C, R, U], FindingStatus.CONFIRMED),
    ([C, U], FindingStatus.NEW),
    ([C, R, U, U], FindingStatus.NEW),
    ([C, U, L], FindingStatus.LOOK_AGAIN),
    ([C, U, L, U, S], FindingStatus.SETTLED),
]


@pytest.mark.parametrize(("decisions", "status"), DECISIONS)
def test_status_follows_the_last_decision_not_undone(
    store: Store, decisions: list[ReviewDecision], status: FindingStatus
) -> None:
    store.save_post(HM, post())
    number, _ = store.save_answer(the_item(store), "j", answer(), NOW)
    given = [Review(number, decision, "editor", NOW, "seen") for decision in decisions]
    for review in given:
        store.add_review(review)
    assert store.reviews(number) == given
    found = store.finding(number)
    assert found is not None
    assert found.status is status


def test_a_contested_reference_disputes_what_rests_on_it(store: Store) -> None:
    store.save_post(HM, post())
    number, _ = store.save_answer(the_item(store), "j", answer(), NOW)
    store.add_review(Review(number, C, "editor", NOW))
    store.add_twin(twin("Berta"), [reference("Berta", disputed=True)])  # the same picture, another twin's
    assert next(store.findings()).status is FindingStatus.CONFIRMED
    store.add_twin(twin(), [reference(disputed=True)])
    assert next(store.findings()).status is FindingStatus.DISPUTED


@pytest.mark.parametrize(
    ("review", "kind"),
    [
        (Review(4711, C, "editor", NOW), "no_finding"),
        (Review(0, U, "editor", NOW), "nothing_to_undo"),
    ],
)
def test_reviews_that_make_no_sense_are_refused(store: Store, review: Review, kind: str) -> None:
    store.save_post(HM, post())
    number, _ = store.save_answer(the_item(store), "j", answer(), NOW)
    with pytest.raises(StoreError) as caught:
        store.add_review(review if review.finding_id else replace(review, finding_id=number))
    assert caught.value.kind == kind
    assert list(store.reviews(number)) == []


def test_which_posts_have_a_young_finding(store: Store) -> None:
    """Their pictures are asked for again: while the finding is young, or the post."""
    store.save_post(HM, post())
    store.save_answer(the_item(store), "j", answer(), later(1))
    store.save_post(HM, post("p2"))
    asked = ["p1", "p2", "p3"]
    assert store.again.young_findings(HM, asked, NOW) == {"p1"}
    assert store.again.young_findings(HM, asked, later(1)) == {"p1"}
    assert store.again.young_findings(replace(HM, handle="another"), asked, NOW) == set()
    assert store.again.young_findings(HM, asked, datetime.now(UTC)) == set()
