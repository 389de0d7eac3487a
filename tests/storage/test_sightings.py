"""What figures count: written beside each answer, the same when made anew, and read in one piece."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, select, update

from storage.figures import grounds_of, readings_of, told_of
from storage.passage import Place, Via
from storage.records import (
    Declarer,
    Event,
    EventKind,
    Extent,
    FindingStatus,
    OriginEvidence,
    Reading,
    ReadingState,
    Review,
    ReviewDecision,
    Surface,
)
from storage.store import Store
from storage.tables.desk import SightingRow
from tests.storage.samples import HM, NOW, answer, later, picture, post

URL = "https://www.instagram.com/p/Abc123/"
MATCH = OriginEvidence("match", "copy", "a copy of Anna; on the basis of: a contract", Extent.WHOLE, 3)
WORDS = OriginEvidence("caption", "declared", "the account says so", Extent.UNKNOWN, 4)
WEAK = OriginEvidence("digital_source_type", "iptc", "unsigned", Extent.WHOLE, 2)


def found(store: Store, name: str = "p1", **changes: object) -> int:
    store.save_post(HM, post(name, media=(picture(name),)))
    item = next(one for one in store.all_items() if one.version.post.post_id == name)
    told = replace(answer(evidence=(MATCH,)), **changes)  # type: ignore[arg-type]
    number, _ = store.save_answer(item, "j", told, later(1))
    return number


@pytest.mark.parametrize(
    ("evidence", "grounds"),
    [
        ((), ""),
        ((WEAK,), ""),
        ((MATCH, WEAK, WORDS, MATCH), "caption match"),
        ((replace(MATCH, detail=f"registered on the basis of: {URL}"),), "this_post"),
        ((replace(MATCH, detail="basis: instagram.com/p/Abc123, labelled"), MATCH), "match this_post"),
        ((replace(WORDS, detail=URL),), "caption"),
    ],
)
def test_grounds_are_what_is_sure(evidence: tuple[OriginEvidence, ...], grounds: str) -> None:
    assert grounds_of(evidence, URL, "instagram") == grounds


def test_a_post_without_an_address_of_its_own_is_no_basis() -> None:
    assert grounds_of((MATCH,), "", "rss") == grounds_of((MATCH,), "https://a.co/", "rss") == "match"


SIGNED = OriginEvidence(
    "c2pa",
    "trainedAlgorithmicMedia",
    "said in 1; signed by TikTok Inc. / cert, trusted by a",
    Extent.WHOLE,
    3,
)
ADOBE = replace(SIGNED, detail="said in 1; signed by Adobe Inc., trusted by TikTok's list")


def travelled(evidence: OriginEvidence, platform: str) -> OriginEvidence:
    there = Place(platform, "hm", "H&M", "p", "", 0, "", "", None)
    detail = f"{evidence.detail}; found in the bytes of a copy, in {platform}:hm"
    return replace(evidence, detail=detail, via=Via(there, there, True))


@pytest.mark.parametrize(
    ("evidence", "platform", "grounds"),
    [
        (SIGNED, "tiktok", "platform_tag"),  # what was labelled there is signed there
        (SIGNED, "instagram", "c2pa"),
        (ADOBE, "tiktok", "c2pa"),
        (travelled(SIGNED, "tiktok"), "instagram", "platform_tag"),
        (travelled(ADOBE, "tiktok"), "instagram", "c2pa"),
        (replace(SIGNED, level=2), "tiktok", ""),
    ],
)
def test_a_credential_of_the_platform_is_its_label_once_more(
    evidence: OriginEvidence, platform: str, grounds: str
) -> None:
    assert grounds_of((evidence,), "", platform) == grounds


@pytest.mark.parametrize("state", list(ReadingState))
@pytest.mark.parametrize(
    "prominence", [{}, {"before_fold": 0, "below_floor": 1, "extent": "part"}, {"before_fold": 1}]
)
def test_readings_come_back_as_they_were_without_their_words(
    state: ReadingState, prominence: dict[str, str | int | float]
) -> None:
    given = tuple(
        Reading(surface, state, "AI", "text", declared_by=who, prominence=prominence)
        for surface in Surface
        for who in Declarer
    )
    back = readings_of(told_of(given))
    assert {(one.surface, one.state) for one in back} == {(one.surface, one.state) for one in given}
    if state is ReadingState.PRESENT:
        kept = {name: value for name, value in prominence.items() if (name, value) != ("before_fold", 1)}
        assert {one.declared_by for one in back} == set(Declarer)
        assert all(one.prominence == kept for one in back)


def test_each_answer_leaves_a_row(store: Store) -> None:
    number = found(store)
    (one,) = store.figures.sightings()
    assert (one.finding_id, one.account, one.status, one.grounds) == (number, HM, FindingStatus.NEW, "match")
    assert (one.told, one.whole, one.late) == ("caption=absent", True, False)
    late = Event(EventKind.LABEL_ADDED_LATE, NOW, "")
    label = Reading(Surface.CAPTION, ReadingState.PRESENT, "AI", declared_by=Declarer.ACCOUNT)
    found(store, readings=(label,), events=(late,), evidence=(MATCH, WORDS))
    (one,) = store.figures.sightings()
    assert (one.told, one.grounds, one.late) == ("caption=present/account/", "caption match", True)
    assert store.figures.catch_up() == 0


def test_no_evidence_is_no_sighting(store: Store) -> None:
    found(store)
    found(store, verdict=replace(answer().verdict, level=0))
    assert store.figures.sightings() == []


def test_they_are_made_anew_from_the_answers(store: Store) -> None:
    first, second, third = (found(store, name) for name in "abc")
    before = set(store.figures.sightings())
    with store._database.engine.begin() as connection:
        connection.execute(delete(SightingRow).where(SightingRow.finding_id == first))
        connection.execute(
            update(SightingRow).where(SightingRow.finding_id == second).values(version="0", told="")
        )
        connection.execute(
            update(SightingRow).where(SightingRow.finding_id == third).values(number=0, grounds="")
        )
    assert len(store.figures.sightings()) == 2
    assert (store.figures.catch_up(), store.figures.catch_up()) == (3, 0)
    assert set(store.figures.sightings()) == before
    with store._database.engine.begin() as connection:
        assert set(connection.execute(select(SightingRow.version)).scalars()) == {"1"}


def test_the_state_changes_with_what_is_judged_and_decided(store: Store) -> None:
    empty = store.figures.state()
    number = found(store)
    judged = store.figures.state()
    assert judged != empty
    assert store.figures.state() == judged
    store.add_review(Review(number, ReviewDecision.REJECTED, "ann", NOW))
    assert store.figures.state() != judged
    assert store.figures.sightings()[0].status is FindingStatus.REJECTED
