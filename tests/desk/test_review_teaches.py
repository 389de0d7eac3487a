"""`findings review`: the decision on a finding is remembered of its pictures, and taken back with it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desk.jobs.review import review
from storage.errors import StoreError
from storage.inbox import Sought
from storage.records import FindingStatus, PairDecision, Quarantine, Review, ReviewDecision
from storage.store import Store
from tests.desk.matched_store import ANNA, COPY, MATCHES, opened_here
from tests.storage.samples import NOW, answer, match, sha

PAIR = (sha(COPY), sha(ANNA))


@pytest.fixture
def finding(filled: Callable[..., Any], tmp_path: Path) -> int:
    """A finding that rests on a copy."""
    with opened_here(tmp_path) as store:
        item = next(one for one in store.all_items() if one.version.post.media[0].sha256 == sha(COPY))
        number, _ = store.save_answer(item, "stamp", answer(matches=MATCHES[COPY]), NOW)
    return number


@pytest.fixture
def decided(tmp_path: Path) -> Callable[[], dict[tuple[str, str], PairDecision]]:
    def read() -> dict[tuple[str, str], PairDecision]:
        with opened_here(tmp_path) as store:
            return dict(store.pairs.decided())

    return read


@pytest.fixture
def store(finding: int, tmp_path: Path) -> Iterator[Store]:
    with opened_here(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("decision", ["confirmed", "rejected"])
def test_a_review_teaches_the_pair_and_undo_takes_it_back(
    twinwatch: Callable[..., Any],
    finding: int,
    decided: Callable[[], dict[tuple[str, str], PairDecision]],
    decision: str,
) -> None:
    said = twinwatch("findings", "review", str(finding), "--decision", decision, "--by", "ann", "--json")
    assert said.lines[0]["status"] == decision
    (lesson,) = said.lines[0]["taught"]
    assert lesson == {"picture": PAIR[0], "reference": PAIR[1], "twin": "Anna", "decision": decision}
    assert decided() == {PAIR: PairDecision(decision)}
    undone = twinwatch("findings", "review", str(finding), "--decision", "undo")
    assert "what this review taught is taken back" in undone.out
    assert decided() == {}


def test_people_are_told_what_was_taught(twinwatch: Callable[..., Any], finding: int) -> None:
    said = twinwatch("findings", "review", str(finding), "--decision", "rejected")
    assert f"#{finding} is rejected now." in said.out
    assert f"{PAIR[0][:12]} beside the registered picture {PAIR[1][:12]} of Anna: not the same" in said.out
    assert "twinwatch detect" in said.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--decision", "rejected", "--keep-pair"),
        ("--decision", "settled"),
        ("--decision", "look_again"),
        ("--decision", "rejected", "--dry-run"),
    ],
)
def test_some_reviews_teach_nothing(
    twinwatch: Callable[..., Any],
    finding: int,
    decided: Callable[[], dict[tuple[str, str], PairDecision]],
    arguments: tuple[str, ...],
) -> None:
    assert twinwatch("findings", "review", str(finding), *arguments).status == 0
    assert decided() == {}


def test_an_undo_leaves_what_somebody_decided_since(
    twinwatch: Callable[..., Any], finding: int, decided: Callable[[], dict[tuple[str, str], PairDecision]]
) -> None:
    number = str(finding)
    twinwatch("findings", "review", number, "--decision", "confirmed", "--by", "ann")
    twinwatch("pairs", "reject", *PAIR, "--by", "bob")
    assert "taught" not in twinwatch("findings", "review", number, "--decision", "undo").out
    assert decided() == {PAIR: PairDecision.REJECTED}


def test_what_a_person_said_before_is_not_said_again(
    twinwatch: Callable[..., Any], finding: int, store: Store
) -> None:
    twinwatch("pairs", "confirm", *PAIR, "--by", "bob")
    said = twinwatch("findings", "review", str(finding), "--decision", "confirmed", "--json")
    assert said.lines[0]["taught"] == []
    assert len(store.pairs.reviews()) == 1


def test_a_reference_that_is_not_believed_teaches_nothing(
    twinwatch: Callable[..., Any],
    finding: int,
    store: Store,
    decided: Callable[[], dict[tuple[str, str], PairDecision]],
) -> None:
    store.bank.quarantine(Quarantine(sha(ANNA), "a flood", NOW))
    twinwatch("findings", "review", str(finding), "--decision", "confirmed")
    assert decided() == {}


@pytest.mark.parametrize("number", ["99", "99999999999999999999999"])
def test_a_finding_that_is_not_there_is_named(
    twinwatch: Callable[..., Any], finding: int, number: str
) -> None:
    for asked in (("review", number, "--decision", "confirmed"), ("show", number), ("letter", number)):
        said = twinwatch("findings", *asked)
        assert (said.status, f"no finding {number}" in said.err) == (1, True), said.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("figures", "--csv", "nowhere/x.csv"),
        ("figures", "--svg", "nowhere/x.svg"),
        ("findings", "export", "-o", "nowhere/x.csv"),
    ],
)
def test_a_folder_that_is_not_there_is_named(
    twinwatch: Callable[..., Any], finding: int, arguments: tuple[str, ...]
) -> None:
    said = twinwatch(*arguments)
    assert (said.status, "there is no folder nowhere to write into" in said.err) == (2, True), said.err


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("proposed",), 2, "is not one of"),
        (("settled", "--until", "2020-01-01"), 1, "cannot end before today"),
    ],
)
def test_what_cannot_be_decided_says_why(
    twinwatch: Callable[..., Any], finding: int, arguments: tuple[str, ...], status: int, words: str
) -> None:
    said = twinwatch("findings", "review", str(finding), "--decision", *arguments)
    assert (said.status, words in said.err) == (status, True), said.err


def test_with_four_eyes_a_confirmation_waits_for_another_person(
    twinwatch: Callable[..., Any],
    finding: int,
    decided: Callable[[], dict[tuple[str, str], PairDecision]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TWINWATCH_REVIEWS__FOUR_EYES", "true")

    def confirm(by: str) -> Any:
        asked = ("--decision", "confirmed", "--by", by, "--json")
        return twinwatch("findings", "review", str(finding), *asked)

    first = confirm("ann")
    assert (first.status, first.err) == (0, ""), first
    assert first.lines[0]["status"] == "proposed"
    assert decided() == {}  # nothing is taught by one person alone
    again = confirm("ann")
    assert (again.status, "another person" in again.err + again.out) == (1, True)
    assert confirm("ben").lines[0]["status"] == "confirmed"
    assert decided() == {PAIR: PairDecision.CONFIRMED}
    undone = twinwatch("findings", "review", str(finding), "--decision", "undo", "--by", "ben", "--json")
    assert undone.lines[0]["status"] == "proposed"
    assert decided() == {}
    rejected = twinwatch("findings", "review", str(finding), "--decision", "rejected", "--json")
    assert rejected.lines[0]["status"] == "rejected"  # to reject takes one person


def rejected(number: int) -> Review:
    return Review(number, ReviewDecision.REJECTED, "ann", NOW, "not she")


def test_a_picture_of_which_no_file_is_known_is_rejected_and_teaches_nothing(store: Store) -> None:
    """Its reference was never registered here, or all that was known of it is gone."""
    elsewhere = replace(match(), reference=sha("never kept"))
    item = next(one for one in store.all_items() if one.version.post.media[0].sha256 == sha(COPY))
    number, _ = store.save_answer(item, "other", answer(matches=(elsewhere, MATCHES[COPY][0])), NOW)
    done = review(store, rejected(number), keep_pair=False, four_eyes=False)
    assert (done.finding.status, len(store.reviews(number))) == (FindingStatus.REJECTED, 1)
    assert [(one.review.picture, one.review.reference) for one in done.taught] == [PAIR]
    assert store.pairs.decided() == {PAIR: PairDecision.REJECTED}
    undo = replace(rejected(number), decision=ReviewDecision.UNDO)
    assert review(store, undo, keep_pair=False, four_eyes=False).finding.status is FindingStatus.NEW
    assert store.pairs.decided() == {}


def test_a_review_that_cannot_teach_is_not_written_either(
    store: Store, finding: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise StoreError("the disk is full", kind="database")

    with monkeypatch.context() as patched:
        patched.setattr("storage.shelves.pairs.add", broken)
        with pytest.raises(StoreError, match="disk is full"):
            review(store, rejected(finding), keep_pair=False, four_eyes=False)
    assert (store.reviews(finding), store.pairs.decided()) == ([], {})
    assert next(one for one in store.findings() if one.id == finding).status is FindingStatus.NEW
    assert store.inbox.counts(Sought()) == {FindingStatus.NEW: 1}
