"""A rehearsal sees its own writes and leaves none."""

import pytest

from storage.errors import StoreError
from storage.records import Saved
from storage.store import Store
from tests.storage.samples import HM, NOW, answer, later, picture, post, sha


def test_a_rehearsal_sees_its_own_writes_and_leaves_none(store: Store) -> None:
    store.save_post(HM, post())
    for item in store.items_to_judge("j1"):
        store.save_answer(item, "j1", answer(), NOW)
    with store.rehearsal() as rehearsed:
        assert [item.position for item in rehearsed.items_to_judge("j2")] == [0]
        for item in rehearsed.items_to_judge("j2"):
            assert rehearsed.save_answer(item, "j2", answer(level=0), later(1))[1] is Saved.CHANGED
        assert next(rehearsed.findings()).answer.verdict.level == 0
        assert list(rehearsed.items_to_judge("j2")) == []
    assert next(store.findings()).answer == answer()
    assert len(list(store.items_to_judge("j2"))) == 1


def test_work_that_fails_is_undone_alone(store: Store) -> None:
    with store.rehearsal() as rehearsed:
        rehearsed.save_post(HM, post("p1"))
        with pytest.raises(StoreError):
            rehearsed.save_post(HM, post("p2", media=(picture("a"), picture("b"))))
        rehearsed.save_post(HM, post("p3", media=(picture("c", sha256=sha("c")),)))
        assert rehearsed.counts()["posts"] == 2
    assert store.counts()["posts"] == 0


def test_a_rehearsal_within_a_rehearsal(store: Store) -> None:
    with store.rehearsal() as outer:
        outer.save_post(HM, post("p1"))
        with outer.rehearsal() as inner:
            inner.save_post(HM, post("p2"))
            assert inner.counts()["posts"] == 2
        assert outer.counts()["posts"] == 1
    assert store.counts()["posts"] == 0


def test_an_error_inside_undoes_it_too(store: Store) -> None:
    def save_and_fail() -> None:
        with store.rehearsal() as rehearsed:
            rehearsed.save_post(HM, post())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        save_and_fail()
    assert store.counts()["posts"] == 0
    assert store.save_post(HM, post()) is Saved.NEW
