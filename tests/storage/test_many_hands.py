"""Several at once on what belongs to matching: links that meet, decisions on one picture, a stamp that all
see first."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from storage.records import MatchKind, Negative, PairDecision, PairReview, Quarantine, ReadingState
from storage.store import Store
from tests.storage.samples import (
    HM,
    NOW,
    examination,
    later,
    match,
    picture,
    post,
    reading,
    reference,
    sha,
    twin,
)

pytestmark = pytest.mark.slow  # many processes at one store

MANY = 12
HANDS = 4


@pytest.fixture
def together(store: Store, database: str, tmp_path: Path) -> Callable[[Callable[[Store, int], object]], None]:
    """Run it in several threads, each with a store of its own; nothing may fail."""

    def run(work: Callable[[Store, int], object]) -> None:
        failed: list[BaseException] = []
        start = threading.Barrier(HANDS)

        def one(hand: int) -> None:
            opened = Store.open(database, tmp_path / "media", create=False)
            try:
                start.wait()
                work(opened, hand)
            except BaseException as error:
                failed.append(error)
            finally:
                opened.close()

        threads = [threading.Thread(target=one, args=(hand,)) for hand in range(HANDS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []

    for number in range(MANY):
        store.save_post(HM, post(f"p{number}", media=(picture(sha256=sha(number)),), seen_at=later(number)))
    store.add_twin(twin(), [reference()])
    return run


Together = Callable[[Callable[[Store, int], object]], None]


def turned(hand: int) -> Sequence[int]:
    """All numbers, each hand beginning elsewhere, every other one backwards."""
    numbers = [(number + 3 * hand) % MANY for number in range(MANY)]
    return numbers[::-1] if hand % 2 else numbers


def test_links_that_meet_make_one_group(store: Store, together: Together) -> None:
    def chain(opened: Store, hand: int) -> None:
        for number in turned(hand):
            if number:
                link = replace(match("", str(number - 1)), reference_kind=None)
                opened.copies.link(sha(number), [link])

    together(chain)
    assert {store.copies.group_of(sha(number)) for number in range(MANY)} == {sha(0)}
    assert store.copies.pictures(sha(5)) == [sha(number) for number in range(MANY)]


def test_links_and_decisions_about_them(store: Store, together: Together) -> None:
    def work(opened: Store, hand: int) -> None:
        for number in turned(hand):
            if hand < HANDS - 1:
                kind = MatchKind.LIKELY_COPY
                opened.copies.link(sha(number), [replace(match("", "0"), reference_kind=None, kind=kind)])
            else:
                opened.pairs.add(PairReview(sha(number), sha(0), PairDecision.CONFIRMED, "editor", NOW))

    together(work)
    assert {store.copies.group_of(sha(number)) for number in range(MANY)} == {sha(0)}
    assert len(store.pairs.reviews()) == MANY


def test_a_stamp_that_all_see_first_is_one(store: Store, together: Together) -> None:
    for number in range(MANY):
        store.save_examination(examination(sha256=sha(number)))

    def save(opened: Store, hand: int) -> None:
        for number in turned(hand)[: MANY // 2]:
            opened.save_matches(sha(number), "m", [match()])

    together(save)
    assert store.matches.stamps() == {"m": MANY}
    assert list(store.files_to_match("m")) == []
    assert [store.matches.of(sha(number)) for number in range(MANY)] == [(match(),)] * MANY


def test_what_all_do_at_once_is_done_once(store: Store, together: Together) -> None:
    done: list[str] = []

    def work(opened: Store, hand: int) -> None:
        if opened.bank.add_negative(Negative("logo", sha("logo"), str(hand))):
            done.append("negative")
        if opened.bank.quarantine(Quarantine(sha("ref"), str(hand), NOW)):
            done.append("quarantine")
        done.extend(opened.bank.withdraw_references("Anna", NOW))

    together(work)
    assert sorted(done) == sorted(["negative", "quarantine", sha("ref")])
    assert len(store.bank.quarantines()) == 1


def test_undoing_twice_takes_back_two_decisions_at_most(store: Store, together: Together) -> None:
    pair = sha(1), sha("ref")
    decided = [PairDecision.REJECTED, *[PairDecision.CONFIRMED] * (HANDS - 1)]
    for decision in decided:
        store.pairs.add(PairReview(*pair, decision, "editor", NOW))
    together(lambda opened, _: opened.pairs.add(PairReview(*pair, PairDecision.UNDO, "editor", NOW)))
    assert store.pairs.decided() == {}


def test_what_copies_say_changes_under_many_hands(store: Store, together: Together) -> None:
    """Each change has the whole group judged again: everybody wants the same rows, in another order."""
    for number in range(1, MANY):
        store.copies.link(sha(number), [replace(match("", "0"), reference_kind=None)])
    versions = {
        version.post.media[0].sha256: version.version_id for version in store.versions_to_read("none")
    }

    def work(opened: Store, hand: int) -> None:
        for number in turned(hand):
            said = reading(ReadingState.PRESENT, quote=f"{hand}")
            opened.save_readings(versions[sha(number)], f"r{hand}", {0: (said,)})
            opened.save_examination(examination(sha256=sha(number), fingerprints=()))
            opened.copies.link(
                sha(number), [replace(match("", "0"), reference_kind=None, agreement=hand / 8)]
            )

    together(work)
    items = list(store.items_to_judge("j"))
    assert len(items) == MANY
    for item in items:
        assert item.kin is not None
        assert len(item.kin.tellings) == len(item.kin.evidence) == MANY
