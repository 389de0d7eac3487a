"""Contests are appended; what they say of pictures and findings follows from the newest."""

import pytest

from storage.errors import RegistryError
from storage.keeping import WHOLE, Contest
from storage.records import FindingStatus
from storage.store import Store
from tests.storage.samples import HM, NOW, answer, later, match, picture, post, reference, sha, twin

pytestmark = pytest.mark.slow  # many stores

OTHER = "second"


@pytest.fixture
def found(store: Store) -> Store:
    """One finding that rests on Anna's first picture."""
    store.add_twin(twin(), [reference(), reference(file=OTHER)])
    store.save_post(HM, post(media=(picture("a"),)))
    (item,) = store.all_items()
    store.save_matches(sha("a"), "stamp", [match()])
    store.save_answer(item, "stamp", answer(), NOW)
    return store


def contest(of: str = WHOLE, *, undone: bool = False, day: int = 1) -> Contest:
    return Contest("Anna", of, "ann", later(day), "it is a photograph", undone)


def disputed(store: Store) -> list[str]:
    return [one.sha256 for one in store.references("Anna") if one.disputed]


def status(store: Store) -> FindingStatus:
    (finding,) = store.findings()
    return finding.status


def test_a_contested_picture_disputes_what_rests_on_it(found: Store) -> None:
    found.contests.add(contest(sha(OTHER)))
    assert (disputed(found), status(found)) == ([sha(OTHER)], FindingStatus.NEW)
    found.contests.add(contest(sha("ref")))
    assert (disputed(found), status(found)) == ([sha("ref"), sha(OTHER)], FindingStatus.DISPUTED)
    (finding,) = found.findings()
    assert list(found.contests.resting("Anna", [sha("ref")])) == [finding.id]
    assert list(found.contests.resting("Anna", [sha(OTHER)])) == []
    assert list(found.contests.resting("Anna")) == [finding.id]


def test_taking_it_back_leaves_what_else_was_said(found: Store) -> None:
    found.contests.add(contest(sha("ref"), day=1))
    found.contests.add(contest(day=2))
    assert disputed(found) == [sha("ref"), sha(OTHER)]
    found.contests.add(contest(day=3, undone=True))
    assert (disputed(found), status(found)) == ([sha("ref")], FindingStatus.DISPUTED)
    found.contests.add(contest(sha("ref"), day=4, undone=True))
    assert (disputed(found), status(found)) == ([], FindingStatus.NEW)
    assert [one.undone for one in found.contests.of("Anna")] == [False, False, True, True]
    assert found.contests.of("Anna")[0] == contest(sha("ref"))


def test_a_picture_that_comes_later_is_contested_with_its_twin(found: Store) -> None:
    found.contests.add(contest())
    found.add_twin(twin(), [reference(file="third")])
    assert disputed(found) == [sha("ref"), sha(OTHER), sha("third")]


def test_judging_follows(found: Store) -> None:
    before = found.registry_stamp()
    found.contests.add(contest())
    assert found.registry_stamp() != before


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (Contest("Berta", WHOLE, "ann", NOW, "?"), "no_twin"),
        (contest(sha("stranger")), "no_reference"),
        (contest(undone=True), "not_contested"),
    ],
)
def test_what_cannot_be_contested_is_refused(found: Store, given: Contest, kind: str) -> None:
    with pytest.raises(RegistryError) as refused:
        found.contests.add(given)
    assert refused.value.kind == kind
    assert found.contests.of() == []


def test_the_same_twice_is_refused(found: Store) -> None:
    found.contests.add(contest())
    with pytest.raises(RegistryError, match="already"):
        found.contests.add(contest(day=2))
