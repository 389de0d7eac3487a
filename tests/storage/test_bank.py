"""What the bank is made of: withdrawn pictures, negatives, quarantine, and what a stamp stood for."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from storage.errors import RegistryError, StoreError
from storage.keeping import Withdrawal
from storage.records import Negative, Quarantine
from storage.store import Store
from tests.storage.samples import (
    HM,
    NOW,
    STAGES,
    examination,
    later,
    match,
    picture,
    post,
    reference,
    sha,
    twin,
)

LOGO = Negative("logo", sha("logo"), "editor", "on every picture", NOW)
DOUBT = Quarantine(sha("ref"), "matches 40 unrelated pictures", NOW)


def banked(store: Store) -> list[str]:
    return [reference.sha256 for reference, _ in store.bank_entries()]


@pytest.fixture
def registered(store: Store) -> Store:
    store.add_twin(twin(), [reference(), reference(file="second")])
    return store


# --- withdrawn, and put back --------------------------------------------------------------------------------


def test_a_withdrawn_picture_leaves_the_bank_and_comes_back(registered: Store) -> None:
    stamp = registered.registry_stamp()
    assert registered.bank.withdraw_references("Anna", later(1), [sha("ref")]) == [sha("ref")]
    assert registered.bank.withdraw_references("Anna", later(2), [sha("ref")]) == []
    assert banked(registered) == [sha("second")]
    assert registered.references() == [reference(withdrawn_at=later(1)), reference(file="second")]
    assert registered.registry_stamp() != stamp
    assert registered.bank.restore_references("Anna", [sha("ref")]) == [sha("ref")]
    assert registered.bank.restore_references("Anna") == []
    assert banked(registered) == [sha("ref"), sha("second")]
    assert registered.registry_stamp() == stamp


def test_all_pictures_of_a_twin_at_once(registered: Store) -> None:
    registered.add_twin(twin("Berta"), [reference("Berta")])  # the same picture as Anna's first
    both = sorted([sha("ref"), sha("second")])
    assert registered.bank.withdraw_references("Anna", NOW) == both
    assert [(one.twin, one.sha256) for one, _ in registered.bank_entries()] == [("Berta", sha("ref"))]
    assert registered.bank.restore_references("Anna") == both


def test_a_withdrawn_picture_that_is_registered_again_is_back(registered: Store) -> None:
    registered.bank.withdraw_references("Anna", NOW, [sha("ref")])
    assert registered.add_twin(twin(), [reference(), reference(file="second")]) == [reference()]
    assert banked(registered) == [sha("ref"), sha("second")]


def test_pictures_of_a_withdrawn_twin_are_still_found(registered: Store) -> None:
    stamp = registered.registry_stamp()
    given = [Withdrawal("Anna", at, at, "elin", "unpaid") for at in (NOW, later(1))]
    assert [bool(registered.bank.withdraw_twin(one)) for one in given] == [True, False]
    assert registered.twins() == [twin(withdrawn_at=NOW, withdrawn_because="unpaid")]
    assert banked(registered) == [sha("ref"), sha("second")]
    assert registered.registry_stamp() != stamp
    back = [registered.bank.restore_twin("Anna", later(2), "elin") for _ in range(2)]
    assert back == [(True, []), (False, ())]
    assert registered.registry_stamp() == stamp


# --- what must never match ----------------------------------------------------------------------------------


def test_a_negative_is_kept_withdrawn_and_restored(store: Store) -> None:
    assert [store.bank.add_negative(LOGO) for _ in range(2)] == [True, False]
    store.save_examination(examination("logo"))
    assert store.bank.negative_entries() == [(LOGO, examination().fingerprints)]
    assert [store.bank.withdraw_negative("logo", at) for at in (later(1), later(2))] == [True, False]
    assert store.bank.negatives() == [replace(LOGO, withdrawn_at=later(1))]
    assert store.bank.negative_entries() == []
    assert store.bank.add_negative(replace(LOGO, note="again"))
    assert store.bank.negatives() == [LOGO]
    assert store.counts()["negatives"] == 1


# --- what is not believed -----------------------------------------------------------------------------------


def test_a_quarantine_stands_until_it_is_lifted_and_stays_on_record(registered: Store) -> None:
    stamp = registered.registry_stamp()
    assert [registered.bank.quarantine(doubt) for doubt in (DOUBT, replace(DOUBT, at=later(1)))] == [
        True,
        False,
    ]
    assert registered.bank.quarantined() == {sha("ref")}
    assert registered.registry_stamp() != stamp
    assert registered.counts()["quarantined"] == 1
    registered.bank.lift_quarantine(sha("ref"), "editor", later(2))
    assert registered.bank.quarantined() == frozenset()
    assert registered.registry_stamp() == stamp
    again = replace(DOUBT, at=later(3))
    assert registered.bank.quarantine(again)
    lifted = replace(DOUBT, lifted_by="editor", lifted_at=later(2))
    assert registered.bank.quarantines() == [lifted, again]
    assert banked(registered) == [sha("ref"), sha("second")]  # it goes on matching; it is not believed


REFUSED: dict[str, tuple[Callable[[Store], object], str]] = {
    "no such twin": (lambda store: store.bank.withdraw_references("Berta", NOW), "no_twin"),
    "nothing to restore of": (lambda store: store.bank.restore_references("Berta"), "no_twin"),
    "no such twin to withdraw": (
        lambda store: store.bank.withdraw_twin(Withdrawal("Berta", NOW, NOW, "", "")),
        "no_twin",
    ),
    "not its picture": (
        lambda store: store.bank.withdraw_references("Anna", NOW, [sha("ref"), sha("x")]),
        "no_reference",
    ),
    "a name for two pictures": (
        lambda store: store.bank.add_negative(replace(LOGO, sha256=sha("other"))),
        "other_picture",
    ),
    "a nameless negative": (lambda store: store.bank.add_negative(replace(LOGO, name=" ")), "no_name"),
    "no such negative": (lambda store: store.bank.withdraw_negative("chart", NOW), "no_negative"),
    "doubt about nothing": (
        lambda store: store.bank.quarantine(replace(DOUBT, reference=sha("x"))),
        "no_file",
    ),
    "nothing to lift": (lambda store: store.bank.lift_quarantine(sha("ref"), "e", NOW), "not_quarantined"),
    "nothing there to lift": (lambda store: store.bank.lift_quarantine(sha("x"), "e", NOW), "no_file"),
}


@pytest.mark.parametrize(("attempt", "kind"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_done_is_refused_whole(
    registered: Store, attempt: Callable[[Store], object], kind: str
) -> None:
    registered.bank.add_negative(LOGO)
    before = registered.references(), registered.bank.negatives(), registered.bank.quarantines()
    with pytest.raises((StoreError, RegistryError)) as caught:
        attempt(registered)
    assert caught.value.kind == kind
    assert (registered.references(), registered.bank.negatives(), registered.bank.quarantines()) == before


# --- what more stages run over ------------------------------------------------------------------------------

MORE = {**STAGES, "fingerprint:tiles": "1"}
ENROLLED: dict[str, tuple[Callable[[Store], object], str]] = {
    "nothing": (lambda store: None, ""),
    "a reference": (lambda store: store.add_twin(twin(), [reference(file="a")]), "a"),
    "a negative": (lambda store: store.bank.add_negative(replace(LOGO, sha256=sha("a"))), "a"),
    "one never collected": (lambda store: store.add_twin(twin(), [reference(file="new")]), "new"),
}
WITHDRAWN: dict[str, Callable[[Store], object]] = {
    "a reference": lambda store: store.bank.withdraw_references("Anna", NOW),
    "a negative": lambda store: store.bank.withdraw_negative("logo", NOW),
}


def wanted(store: Store) -> dict[str, tuple[str, ...]]:
    files = list(store.files_to_examine(STAGES, MORE))
    assert store.count_files_to_examine(STAGES, MORE) == len(files)
    found = {file.sha256: file.stages for file in files}
    assert len(found) == len(files)
    return found


@pytest.mark.parametrize(("enrol", "file"), ENROLLED.values(), ids=ENROLLED.keys())
def test_more_stages_run_over_registered_files(
    store: Store, enrol: Callable[[Store], object], file: str
) -> None:
    store.save_post(HM, post(media=(picture("a"), picture("b", 1))))
    assert wanted(store) == {sha("a"): tuple(STAGES), sha("b"): tuple(STAGES)}
    for name in "ab":
        store.save_examination(examination(name))
    assert wanted(store) == {}
    enrol(store)
    missing = tuple(MORE) if file == "new" else ("fingerprint:tiles",)
    assert wanted(store) == ({sha(file): missing} if file else {})
    if file:
        store.save_examination(examination(file, stages=MORE))
    assert wanted(store) == {}


@pytest.mark.parametrize("what", WITHDRAWN)
def test_a_withdrawn_file_wants_no_more_stages_than_others(store: Store, what: str) -> None:
    store.save_post(HM, post())
    store.save_examination(examination())
    ENROLLED[what][0](store)
    assert list(wanted(store)) == [sha("a")]
    WITHDRAWN[what](store)
    assert wanted(store) == {}
    ENROLLED[what][0](store)
    assert list(wanted(store)) == [sha("a")]


def test_a_file_stays_registered_while_anything_else_names_it(store: Store) -> None:
    store.add_twin(twin(), [reference(file="a")])
    store.add_twin(twin("Berta"), [reference("Berta", file="a")])
    store.bank.add_negative(replace(LOGO, sha256=sha("a")))
    store.save_examination(examination())
    for withdraw in (
        lambda: store.bank.withdraw_references("Anna", NOW),
        lambda: store.bank.withdraw_negative("logo", NOW),
    ):
        withdraw()
        assert list(wanted(store)) == [sha("a")]
    store.bank.withdraw_references("Berta", NOW)
    assert wanted(store) == {}


def test_without_stages_for_references_all_files_are_alike(store: Store) -> None:
    store.save_post(HM, post())
    store.add_twin(twin(), [reference()])
    assert {file.sha256 for file in store.files_to_examine(STAGES)} == {sha("a"), sha("ref")}
    assert store.count_files_to_examine(STAGES) == 2


def test_registered_files_are_walked_in_batches_too(store: Store, small_batches: int) -> None:
    many = 2 * small_batches + 3
    store.add_twin(twin(), [reference(file=str(number)) for number in range(many)])
    media = tuple(picture(sha256=sha(f"c{number}"), position=number) for number in range(many))
    store.save_post(HM, post(media=media))
    done = 0
    for file in store.files_to_examine(STAGES, MORE):
        stages = MORE if set(file.stages) == set(MORE) else STAGES
        store.save_examination(replace(examination(stages=stages), sha256=file.sha256))
        done += 1
    assert done == 2 * many
    assert wanted(store) == {}


# --- what a stamp stood for ---------------------------------------------------------------------------------


def test_what_a_stamp_stood_for_is_remembered_while_a_file_carries_it(store: Store) -> None:
    store.save_post(HM, post())
    store.save_examination(examination())
    assert store.bank.members("m1") is None
    for members in ({"reference x": "1"}, {"reference x": "1", "reference y": "2"}):
        store.bank.remember("m1", members)
        assert store.bank.members("m1") == members
    store.save_matches(sha("a"), "m1", [match()])
    store.bank.remember("m2", {})
    assert (store.bank.members("m1"), store.bank.members("m2")) == (members, {})
    store.bank.remember("m3", {})  # nothing was matched under m2
    assert (store.bank.members("m1"), store.bank.members("m2")) == (members, None)
    store.save_matches(sha("a"), "m3", [match()])
    store.bank.remember("m3", {})
    assert store.bank.members("m1") is None
