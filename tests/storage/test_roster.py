"""What is looked at before it is registered: kept, found again, registered with all others, or forgotten."""

from dataclasses import replace

import pytest

from storage.errors import RegistryError
from storage.records import Examination, Failure, Fingerprint, ReferenceKind, Twin
from storage.store import Store
from tests.storage.samples import reference, sha, twin

STAGES = {"fingerprint:pdq": "1", "origin:c2pa": "2"}


def looked(name: str, *, at: float | None = None, failure: Failure | None = None) -> Examination:
    prints = (Fingerprint("pdq", b"\1" * 32, 90, at), Fingerprint("local", b"\2" * 64, None, at))
    return Examination(
        sha(name), "jpeg", 400, 300, prints, (), too_little=False, stages=STAGES, failure=failure
    )


def test_what_was_looked_at_is_known_and_not_registered(store: Store) -> None:
    store.roster.keep([looked("a"), looked("b", at=1.0), looked("c", failure=Failure("damaged", "torn"))])
    known = store.roster.examined([sha("a"), sha("b"), sha("c"), sha("d")], STAGES, ["pdq"])
    assert {(one.sha256, one.moves) for one in known.values()} == {(sha("a"), False), (sha("b"), True)}
    assert [one.algorithm for one in known[sha("a")].hashes] == ["pdq"]
    assert not store.roster.examined([sha("a")], {**STAGES, "fingerprint:pdq": "2"}, [])
    assert not store.twins()
    assert not list(store.files_to_match("stamp"))
    assert store.roster.hashes_of([sha("b"), sha("d")], ["local"]).keys() == {sha("b")}


def test_nobody_comes_for_it_and_it_is_forgotten(store: Store) -> None:
    store.roster.keep([looked("a"), looked("b"), looked("gone")])
    store.add_twin(twin("Anna"), [reference("Anna", "a"), reference("Anna", "gone")])
    store.bank.withdraw_references("Anna", twin("Anna").added_at or pytest.fail("a time"), [sha("gone")])
    assert store.roster.forget() == 1
    assert store.fingerprints([sha("a"), sha("b"), sha("gone")]).keys() == {sha("a"), sha("gone")}
    assert store.roster.forget() == 0


def test_all_of_them_or_none(store: Store) -> None:
    store.add_twin(twin("Anna"), [])
    other = replace(twin("Anna"), kind=ReferenceKind.SYNTHETIC_MODEL)
    odd = [reference("Anna", "b")]
    with pytest.raises(RegistryError):
        store.roster.register([(twin("Berta"), [reference("Berta", "a")]), (other, odd)])
    assert [one.name for one in store.twins()] == ["Anna"]
    assert not store.references()
    new = store.roster.register([(twin("Berta"), [reference("Berta", "a")]), (twin("Anna"), odd)])
    assert [one.twin for one in new] == ["Berta", "Anna"]


def test_what_was_left_empty_is_filled_and_nothing_else(store: Store) -> None:
    store.add_twin(Twin("Anna", ReferenceKind.DIGITAL_TWIN, model="Anna B."), [])
    store.roster.register([(Twin("Anna", ReferenceKind.DIGITAL_TWIN, model="Other", agency="Agency"), [])])
    (anna,) = store.twins()
    assert (anna.model, anna.agency) == ("Anna B.", "Agency")
