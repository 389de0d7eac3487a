"""A comparison that a limit ended saw nothing: it says so, takes nothing away, and is tried once more."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from desk.jobs.matching import FileToMatch, Matcher, bank_of, kept_in
from detector.matching.candidate import Candidate
from detector.matching.conclusion import FEW_AND_NOT_KEPT, LOCAL, STRONG_VOTES
from detector.matching.search.bank import Bank
from detector.processes.jobs import Verified, VerifyJob
from detector.processes.workers import Workers
from storage.records import Failure
from tests.desk.shop import Shop, digest, jpeg, photo

pytestmark = pytest.mark.slow  # passes with workers

VILDE, NOOR = photo(1), photo(2)
REFERENCE, OTHER_REFERENCE, FOUND = jpeg(VILDE), jpeg(NOOR), jpeg(VILDE, 60)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path)
    shop.register("Vilde", REFERENCE)
    shop.publish(FOUND)
    yield shop
    shop.store.close()


def stop(patched: pytest.MonkeyPatch, kind: str = "time_limit") -> list[str]:
    """Every comparison; the names of the pictures, as they come."""
    asked: list[str] = []

    def stopped(_: Workers, jobs: Iterable[VerifyJob]) -> Iterator[Verified]:
        for job in jobs:
            asked.append(job.picture.name)
            yield Verified(job, (), Failure(kind, "stopped after 20 seconds"))

    patched.setattr(Workers, "verify", stopped)
    return asked


def test_the_next_pass_tries_once_more(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        stop(patched)
        shop.detect()
    (match,) = shop.matches(FOUND)
    assert (match.kind.value, match.agreement) == ("fingerprint_only", None)
    assert match.reason == "the pictures could not be compared: stopped after 20 seconds"
    shop.detect()
    assert shop.twins(FOUND) == {"Vilde": "copy"}


def test_what_is_stopped_twice_waits_for_another_bank(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        asked = stop(patched)
        for so_often in (1, 2, 2):
            shop.detect()
            assert len(asked) == so_often
    shop.detect()
    assert shop.twins(FOUND) == {"Vilde": "fingerprint_only"}


def test_a_fault_of_the_picture_itself_is_not_tried_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        asked = stop(patched, "not_decodable")
        shop.detect()
        shop.detect()
    assert len(asked) == 1


def test_it_takes_nothing_away(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A twin registered for the same picture has it compared anew, with all that it matched before."""
    shop.detect()
    (before,) = shop.matches(FOUND)
    shop.register("Noor", REFERENCE, OTHER_REFERENCE)
    with monkeypatch.context() as patched:
        stop(patched)
        shop.detect()
    assert before in shop.matches(FOUND)
    assert shop.twins(FOUND) == {"Vilde": "copy", "Noor": "fingerprint_only"}
    shop.detect()
    assert shop.twins(FOUND) == {"Vilde": "copy", "Noor": "copy"}


def test_a_few_details_that_nobody_looked_at_are_not_nothing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five votes are too little for a match by fingerprints alone: the picture matches nothing for now, and
    that its bytes were not kept is no reason for it."""
    weak = Candidate(digest(REFERENCE), LOCAL, 5, 4)
    with monkeypatch.context() as patched:
        stop(patched)
        patched.setattr(Bank, "candidates", lambda *_: (weak,))
        file = FileToMatch(digest(FOUND), (), shop.store.media.path(digest(FOUND)))
        matcher = Matcher(bank_of(shop.store), kept_in(shop.store), Workers())
        ((_, conclusion),) = matcher.match([file])
        assert conclusion.reasons == ("the pictures could not be compared: stopped after 20 seconds",)
        shop.detect()
        assert shop.matches(FOUND) == ()
    shop.detect()
    assert shop.twins(FOUND) == {"Vilde": "copy"}


@pytest.mark.parametrize(("votes", "said"), [(STRONG_VOTES, False), (STRONG_VOTES - 1, True)])
def test_what_was_not_to_be_compared_keeps_its_own_reason(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, votes: int, said: bool
) -> None:
    """Of two registered pictures the one's bytes are gone: that nobody could lay it stays true when the other
    one's comparison is stopped."""
    shop.register("Noor", OTHER_REFERENCE)
    found = (Candidate(digest(REFERENCE), "pdq", 4, 31), Candidate(digest(OTHER_REFERENCE), LOCAL, votes, 4))
    kept = {digest(REFERENCE): shop.store.media.path(digest(REFERENCE))}
    with monkeypatch.context() as patched:
        stop(patched)
        patched.setattr(Bank, "candidates", lambda *_: found)
        file = FileToMatch(digest(FOUND), (), shop.store.media.path(digest(FOUND)))
        ((_, conclusion),) = Matcher(bank_of(shop.store), kept.get, Workers()).match([file])
    why = {match.twin: match.reason for match in conclusion.matches}
    assert why.pop("Vilde") == "the pictures could not be compared: stopped after 20 seconds"
    assert all("are not kept" in reason for reason in why.values())
    assert (len(why), FEW_AND_NOT_KEPT in conclusion.reasons) == (not said, said)


def linked(shop: Shop) -> bool:
    return bool(shop.store.copies.of(digest(FOUND)) or shop.store.copies.of(digest(REFERENCE)))


@pytest.fixture
def twice(tmp_path: Path) -> Iterator[Shop]:
    """One picture published twice, registered nowhere."""
    shop = Shop(tmp_path)
    shop.publish(REFERENCE)
    shop.publish(FOUND)
    yield shop
    shop.store.close()


def test_two_collected_pictures_are_laid_on_each_other_once_more(
    twice: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        asked = stop(patched)
        told = [failure.kind for failure in twice.detect().failures]
        assert told
        assert set(told) == {"time_limit"}
        assert asked
        assert not linked(twice)
    twice.detect()
    assert linked(twice)


def test_collected_pictures_are_not_asked_about_for_ever(
    twice: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        asked = stop(patched)
        tries = []
        for _ in range(4):
            asked.clear()
            twice.detect()
            tries.append(len(asked))
    assert tries[0] == tries[1] > 0
    assert tries[2:] == [0, 0]
