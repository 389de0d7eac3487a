"""Marks that users registered: one drawing a name, never another file under it, gone and back."""

from dataclasses import replace

import pytest

from storage.errors import RegistryError
from storage.marks import RegisteredMark
from storage.records import Saved
from storage.store import Store
from tests.storage.samples import NOW, later, sha

GREY, ALPHA = bytes(range(12)), bytes(range(100, 112))
OURS = RegisteredMark(
    "ours", sha("ours"), "made with AI", "AI", 4, 3, GREY, ALPHA, True, "ours.png", "editor", NOW
)


def kind_of_failure(store: Store, mark: RegisteredMark) -> str:
    with pytest.raises(RegistryError) as caught:
        store.marks.add(mark)
    return caught.value.kind


def test_there_and_back_by_name(store: Store) -> None:
    other = replace(OURS, name="Her \N{SNOWMAN}", sha256=sha("hers"), see_through=False)
    assert store.marks.all() == []
    assert [store.marks.add(one) for one in (OURS, other)] == [Saved.NEW, Saved.NEW]
    assert store.marks.all() == [other, OURS]
    assert store.counts()["marks"] == 2


def test_adding_twice_is_adding_once(store: Store) -> None:
    store.marks.add(OURS)
    assert store.marks.add(replace(OURS, added_by="another", added_at=later(5))) is Saved.KNOWN
    assert store.marks.all() == [OURS]


@pytest.mark.parametrize(
    "changed",
    [
        replace(OURS, says="KI"),
        replace(OURS, letters=""),
        replace(OURS, grey=ALPHA),
        replace(OURS, alpha=GREY),
        replace(OURS, width=3, height=4),
    ],
)
def test_words_and_drawing_follow(store: Store, changed: RegisteredMark) -> None:
    store.marks.add(OURS)
    assert store.marks.add(changed) is Saved.CHANGED
    assert store.marks.all() == [changed]


def test_another_file_under_the_name_is_refused(store: Store) -> None:
    store.marks.add(OURS)
    store.marks.withdraw("ours", later(1))
    assert kind_of_failure(store, replace(OURS, sha256=sha("theirs"))) == "other_picture"
    assert store.marks.all() == [replace(OURS, withdrawn_at=later(1))]


@pytest.mark.parametrize(
    ("mark", "kind"),
    [
        (replace(OURS, name=" "), "no_name"),
        (replace(OURS, width=5), "no_drawing"),
        (replace(OURS, alpha=b""), "no_drawing"),
        (replace(OURS, width=0, height=0, grey=b"", alpha=b""), "no_drawing"),
    ],
)
def test_what_is_no_mark_is_refused(store: Store, mark: RegisteredMark, kind: str) -> None:
    assert kind_of_failure(store, mark) == kind
    assert not store.marks.all()


def test_gone_and_back(store: Store) -> None:
    store.marks.add(OURS)
    assert store.marks.restore("ours") is False
    assert store.marks.withdraw("ours", later(1)) is True
    assert store.marks.withdraw("ours", later(2)) is False
    assert store.marks.all() == [replace(OURS, withdrawn_at=later(1))]
    assert store.counts()["marks"] == 0
    assert store.marks.restore("ours") is True
    assert store.marks.all() == [OURS]
    store.marks.withdraw("ours", later(3))
    assert store.marks.add(OURS) is Saved.CHANGED
    assert store.marks.all() == [OURS]


def test_what_is_not_there_cannot_be_withdrawn(store: Store) -> None:
    with pytest.raises(RegistryError) as caught:
        store.marks.withdraw("ours", NOW)
    assert caught.value.kind == "no_mark"
    with pytest.raises(RegistryError) as caught:
        store.marks.restore("ours")
    assert caught.value.kind == "no_mark"


def test_a_rehearsal_keeps_none(store: Store) -> None:
    with store.rehearsal() as rehearsed:
        assert rehearsed.marks.add(OURS) is Saved.NEW
    assert not store.marks.all()


def test_its_file_is_none_to_be_examined(store: Store) -> None:
    """It is looked for on pictures, and is no picture to be matched."""
    store.marks.add(OURS)
    assert not list(store.files_to_examine({"fingerprint:pdq": "1"}))
