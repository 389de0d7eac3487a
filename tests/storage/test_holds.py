"""Holds stand until they are lifted, once; a finding's hold covers the twins that it rests on."""

import pytest

from storage.errors import RegistryError, StoreError
from storage.keeping import Hold
from storage.store import Store
from tests.storage.samples import HM, NOW, answer, later, match, picture, post, reference, sha, twin


@pytest.fixture
def found(store: Store) -> Store:
    for name in ("Anna", "Berta"):
        store.add_twin(twin(name), [reference(name, name)])
    store.save_post(HM, post(media=(picture("a"),)))
    (item,) = store.all_items()
    store.save_matches(sha("a"), "stamp", [match("Anna", "Anna")])
    store.save_answer(item, "stamp", answer(), NOW)
    return store


def hold(twin: str = "", finding: int = 0) -> Hold:
    return Hold(0, twin, finding, "case 12", "ann", NOW)


def test_a_hold_stands_until_it_is_lifted_once(found: Store) -> None:
    made = found.holds.add(hold("Anna"))
    assert made.covers == "Anna"
    assert list(found.holds.over("Anna")) == [made]
    assert list(found.holds.over("Berta")) == []
    lifted = found.holds.lift(made.id, "elin", later(1), "settled")
    assert (lifted.lifted_by, lifted.lifted_at, lifted.lifted_because) == ("elin", later(1), "settled")
    assert list(found.holds.over("Anna")) == list(found.holds.all(standing=True)) == []
    assert list(found.holds.all()) == [lifted]
    with pytest.raises(RegistryError, match="already"):
        found.holds.lift(made.id, "elin", later(2), "again")


def test_a_held_finding_holds_the_twins_that_it_rests_on(found: Store) -> None:
    (finding,) = found.findings()
    made = found.holds.add(hold(finding=finding.id))
    assert made.covers == f"finding {finding.id}"
    assert list(found.holds.over("Anna")) == [made]
    assert list(found.holds.over("Berta")) == []


@pytest.mark.parametrize(
    ("given", "kind"), [(hold("Carla"), "no_twin"), (hold(finding=1 << 40), "no_finding")]
)
def test_what_is_not_there_cannot_be_held(found: Store, given: Hold, kind: str) -> None:
    with pytest.raises((RegistryError, StoreError)) as refused:
        found.holds.add(given)
    assert refused.value.kind == kind


def test_there_is_no_such_hold(found: Store) -> None:
    with pytest.raises(RegistryError, match="no hold 1099511627776"):
        found.holds.lift(1 << 40, "elin", NOW, "")
