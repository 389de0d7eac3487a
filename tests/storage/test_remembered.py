"""What was read is kept for as long as nothing changes, in this process or in another."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.inbox import Sought
from storage.records import FindingStatus, Review, ReviewDecision
from storage.remembered import MOST, Remembered
from storage.store import Store
from tests.storage.samples import HM, NOW, post
from tests.storage.test_inbox import found


class Asked:
    """Counts how often it was asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times


@pytest.fixture
def pair(database: str, tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """Two processes' doors to one store."""
    one, other = (Store.open(database, tmp_path / "media", create=False) for _ in range(2))
    yield one, other
    one.close()
    other.close()


def test_what_nobody_changed_is_not_read_again(pair: tuple[Store, Store]) -> None:
    here, _ = pair
    asked = Asked()
    assert [here.remembered.of("question", asked) for _ in range(3)] == [1, 1, 1]


@pytest.mark.parametrize("whose", [0, 1])
def test_what_anybody_changed_is_read_again(pair: tuple[Store, Store], whose: int) -> None:
    here, _ = pair
    asked = Asked()
    assert here.remembered.of("question", asked) == 1
    pair[whose].save_post(HM, post("a"))
    assert [here.remembered.of("question", asked) for _ in range(2)] == [2, 2]


def test_a_change_while_it_reads_is_not_lost(pair: tuple[Store, Store]) -> None:
    here, there = pair

    def slow() -> str:
        there.save_post(HM, post("a"))
        return "before"

    assert here.remembered.of("question", slow) == "before"
    assert here.remembered.of("question", lambda: "after") == "after"


def test_an_error_is_not_kept(pair: tuple[Store, Store]) -> None:
    here, _ = pair

    def failing() -> int:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        here.remembered.of("question", failing)
    assert here.remembered.of("question", lambda: 3) == 3


def test_a_rehearsal_keeps_nothing(pair: tuple[Store, Store]) -> None:
    here, _ = pair
    with here.rehearsal() as rehearsed:
        asked = Asked()
        assert [rehearsed.remembered.of("question", asked) for _ in range(2)] == [1, 2]


def test_it_is_bounded(pair: tuple[Store, Store]) -> None:
    kept: Remembered = pair[0].remembered
    for number in range(MOST + 10):
        kept.of(number, lambda: 0)
    asked = Asked()
    kept.of(0, asked)
    kept.of(MOST, asked)
    assert asked.times == 1  # the oldest went


def test_a_page_of_the_list_shows_a_decision_at_once(store: Store) -> None:
    number = found(store, "a")
    assert [line.status for line in store.inbox.lines(Sought()).lines] == [FindingStatus.NEW]
    store.add_review(Review(number, ReviewDecision.CONFIRMED, "eva", NOW))
    assert [line.status for line in store.inbox.lines(Sought()).lines] == [FindingStatus.CONFIRMED]
    assert store.inbox.counts(Sought()) == {FindingStatus.CONFIRMED: 1}
