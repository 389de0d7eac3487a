"""The registry and the watchlist's accounts, runs and problems."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from storage.crawled import AccountState, Validators
from storage.errors import RegistryError
from storage.records import (
    Box,
    Consent,
    Failure,
    Placed,
    ReferenceKind,
)
from storage.store import RunRecord, Store
from tests.storage.samples import HM, NOW, capture, later, picture, post, reference, sha, twin

LICENCE = Consent(
    twin="Anna",
    licensee="H&M",
    channels=("bluesky",),
    territories=("SE", "DE"),
    valid_from=date(2026, 1, 1),
    valid_until=date(2026, 12, 31),
    label_duty=("caption",),
    clause="§ 4",
)


def test_a_twin_and_its_pictures_come_back(store: Store) -> None:
    boxed = reference(
        mark_box=Box(0.1, 0.2, 0.3, 0.4),
        mark_placed=Placed.FOUND,
        attested_by="desk@example.org",
        source="a.jpg",
        added_at=NOW,
    )
    other = reference(file="second", kind=ReferenceKind.HUMAN_ORIGINAL)
    assert store.add_twin(twin(), [boxed, other]) == [boxed, other]
    assert store.add_twin(twin(), [boxed, reference(file="third")]) == [reference(file="third")]
    assert store.twins() == [twin()]
    assert store.references("Anna") == [boxed, other, reference(file="third")]
    assert store.references("nobody") == []
    assert [(entry.sha256, prints) for entry, prints in store.bank_entries()] == [
        (sha("ref"), ()),
        (sha("second"), ()),
        (sha("third"), ()),
    ]


def test_a_licence_is_kept_once(store: Store) -> None:
    store.add_twin(twin(), [])
    number, new = store.terms.add(LICENCE)
    assert new
    assert store.terms.add(LICENCE) == (number, False)
    assert store.terms.add(replace(LICENCE, territories=()))[0] != number
    assert store.terms.all()[0] == store.terms.one(number) == replace(LICENCE, id=number)
    assert len(store.terms.all()) == 2


REFUSED: dict[str, tuple[Callable[[Store], object], str]] = {
    "another kind": (
        lambda store: store.add_twin(twin(kind=ReferenceKind.SYNTHETIC_MODEL), []),
        "other_kind",
    ),
    "no basis": (lambda store: store.add_twin(twin(), [reference(basis=" ")]), "no_basis"),
    "another's picture": (lambda store: store.add_twin(twin(), [reference("Berta")]), "other_twin"),
    "no name": (lambda store: store.add_twin(twin(" "), []), "no_name"),
    "no such twin": (lambda store: store.terms.add(replace(LICENCE, twin="Berta")), "no_twin"),
}


@pytest.mark.parametrize(("attempt", "kind"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_registered_is_refused_whole(
    store: Store, attempt: Callable[[Store], object], kind: str
) -> None:
    store.add_twin(twin(), [])
    stamp = store.registry_stamp()
    with pytest.raises(RegistryError) as caught:
        attempt(store)
    assert caught.value.kind == kind
    assert store.registry_stamp() == stamp


STAMPED: dict[str, tuple[Callable[[Store], object], bool]] = {
    "a twin": (lambda store: store.add_twin(twin("Berta"), []), True),
    "a picture": (lambda store: store.add_twin(twin(), [reference(file="new")]), True),
    "a licence": (lambda store: store.terms.add(LICENCE), True),
    "a country": (lambda store: store.save_account_state(replace(HM, country="DE"), AccountState()), True),
    "a retailer": (
        lambda store: store.save_account_state(replace(HM, retailer="Monki"), AccountState()),
        True,
    ),
    "a known picture": (lambda store: store.add_twin(twin(), [reference()]), False),
    "a night": (lambda store: store.save_account_state(HM, AccountState(high_water=NOW)), False),
    "a post": (lambda store: store.save_post(HM, post()), False),
}


@pytest.mark.parametrize(("change", "changes"), STAMPED.values(), ids=STAMPED.keys())
def test_the_stamp_changes_with_what_verdicts_ask(
    store: Store, change: Callable[[Store], object], changes: bool
) -> None:
    store.add_twin(twin(), [reference()])
    store.save_account_state(HM, AccountState())
    before = store.registry_stamp()
    change(store)
    assert (store.registry_stamp() != before) is changes


def test_what_a_night_learned_of_an_account(store: Store) -> None:
    assert store.account_state(HM) == AccountState()
    learned = AccountState("did:plc:x", "https://pds.example", NOW, later(1))
    store.save_account_state(HM, learned)
    store.save_account_state(HM, learned)
    assert store.account_state(HM) == learned
    assert store.counts()["accounts"] == 1


def test_a_post_does_not_rewrite_its_account(store: Store) -> None:
    store.save_account_state(HM, AccountState())
    store.save_post(replace(HM, retailer="?"), post())
    assert next(store.all_items()).version.account == HM


def test_validators_of_an_address(store: Store) -> None:
    address = "https://news.example/feed.xml?" + "x" * 5000
    assert store.again.validators_of(address) is None
    store.again.save_validators(address, Validators("e1", "Mon", sha("1")))
    store.again.save_validators(address, Validators("e2"))
    assert store.again.validators_of(address) == Validators("e2")
    assert store.again.validators_of(address[:-1]) is None


def test_runs_newest_first_and_their_problems(store: Store) -> None:
    for day in range(3):
        store.start_run(f"r{day}", later(day))
    store.end_run("r1", later(5), {"posts": {"new": 2}})
    store.start_run("r1", later(9))  # again: nothing
    assert store.runs(2) == [
        RunRecord("r2", later(2), None, {}),
        RunRecord("r1", later(1), later(5), {"posts": {"new": 2}}),
    ]
    odd = Failure("not_json", "a body that is not JSON", "bluesky:hm.example")
    for _ in range(2):
        store.record_problem("r1", odd, sha("raw"))
    store.record_problem("r2", odd)
    assert store.problems("r1") == [(odd, sha("raw"))]


def test_counts(store: Store) -> None:
    store.save_post(HM, post(media=(picture("a"), picture("b", 1))), (capture(),))
    store.save_post(HM, post(text="B", seen_at=later(1)))
    store.add_twin(twin(), [reference()])
    assert store.counts() == {
        "accounts": 1,
        "posts": 1,
        "versions": 2,
        "media": 2,
        "twins": 1,
        "references": 1,
        "findings": 0,
        "negatives": 0,
        "marks": 0,
        "quarantined": 0,
    }
