"""Matching what is stored: new files, references that come and go, bytes that are gone, kills in between."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desk.jobs.flood import Brake
from desk.jobs.stages.carried import Settings
from detector.matching.search import bank
from storage.records import Match, MatchKind, Negative, PairDecision, PairReview, ReferenceKind
from storage.store import Store
from tests.desk.shop import NOW, Shop, beside, cropped, digest, jpeg, looked_at, photo

pytestmark = pytest.mark.slow  # many passes over a store, killed ones too

VILDE, NOOR, OTHER = photo(1), photo(2), photo(3)
COPY = {"Vilde": "copy"}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path)
    yield shop
    shop.store.close()


def test_a_picture_and_its_copies_are_found(shop: Shop) -> None:
    shop.register("Vilde", jpeg(VILDE))
    again, part, both, other = (
        jpeg(VILDE, 60),
        jpeg(cropped(VILDE)),
        jpeg(beside(VILDE, OTHER)),
        jpeg(OTHER),
    )
    shop.publish(again, part)
    shop.publish(both, other)
    done = shop.detect()
    assert [shop.twins(data) for data in (again, part, both, other)] == [COPY, COPY, COPY, {}]
    assert len(done.new) == 3
    assert done.retro.pictures == 0
    assert shop.detect().new == ()


def test_a_collage_names_each_twin(shop: Shop) -> None:
    shop.register("Vilde", jpeg(VILDE))
    shop.register("Noor", jpeg(NOOR))
    both = jpeg(beside(VILDE, NOOR))
    shop.publish(both)
    shop.detect()
    assert shop.twins(both) == {"Vilde": "copy", "Noor": "copy"}
    (finding,) = shop.findings()
    assert {twin.twin for twin in finding.answer.verdict.twins} == {"Vilde", "Noor"}


@pytest.mark.parametrize("cache", [True, False], ids=["archive", "one by one"])
def test_a_twin_registered_later_is_found_in_what_was_collected_before(shop: Shop, cache: bool) -> None:
    settings = Settings(cache=shop.folder / "cache" if cache else None)
    shop.register("Noor", jpeg(NOOR))
    part, other = jpeg(cropped(VILDE)), jpeg(OTHER)
    shop.publish(part, other, jpeg(NOOR, 70))
    shop.detect(settings)
    shop.register("Vilde", jpeg(VILDE))
    done = shop.detect(settings)
    assert (done.retro.came, done.retro.went) == (1, 0)
    assert (done.retro.pictures, done.retro.opened, done.retro.found) == (3, 1, 1)
    assert shop.twins(part) == COPY
    assert len(done.new) == 1
    assert shop.detect(settings).retro.pictures == 0


def test_with_another_matcher_everything_is_matched_anew_and_counted(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was registered in between is found on the way, though nothing was looked back for."""
    part, other = jpeg(cropped(VILDE)), jpeg(OTHER)
    shop.register("Noor", jpeg(NOOR))
    shop.publish(part, other)
    assert shop.detect().retro.anew == 0
    shop.register("Vilde", jpeg(VILDE))
    monkeypatch.setattr(bank, "MATCHER_VERSION", "another")
    done = shop.detect()
    assert (done.retro.came, done.retro.anew) == (0, 2)
    assert shop.twins(part) == COPY
    assert shop.detect().retro.anew == 0


def test_withdrawn_references_matches_go_and_come_back(shop: Shop) -> None:
    shop.register("Vilde", jpeg(VILDE))
    shop.register("Noor", jpeg(NOOR))
    part = jpeg(cropped(VILDE))
    shop.publish(part, jpeg(NOOR, 70))
    shop.detect()
    shop.store.bank.withdraw_references("Vilde", NOW)
    done = shop.detect()
    assert (done.retro.went, done.retro.dropped) == (1, 1)
    assert shop.twins(part) == {}
    assert {finding.answer.verdict.level for finding in shop.findings()} == {0, 3}
    shop.store.bank.restore_references("Vilde")
    assert shop.detect().retro.found == 1
    assert shop.twins(part) == COPY


def test_a_negative_takes_matches_away_until_it_is_withdrawn(shop: Shop) -> None:
    shop.register("Vilde", jpeg(VILDE, 15))
    again = jpeg(VILDE, 85)
    shop.publish(again)
    shop.detect()
    logo = jpeg(VILDE)
    shop.store.media.put(logo)
    shop.store.bank.add_negative(Negative("a backdrop", digest(logo), added_at=NOW))
    shop.detect()
    assert shop.twins(again) == {}
    shop.store.bank.withdraw_negative("a backdrop", NOW)
    shop.detect()
    assert set(shop.twins(again)) == {"Vilde"}


def test_bytes_that_are_gone_leave_the_fingerprint(shop: Shop) -> None:
    part, seen = jpeg(cropped(VILDE)), jpeg(NOOR, 70)
    shop.register("Noor", jpeg(NOOR))
    shop.publish(part, seen)
    shop.detect()
    shop.lose(part)
    shop.lose(seen)
    shop.register("Vilde", jpeg(VILDE))
    done = shop.detect()
    assert done.retro.opened == 0
    assert shop.twins(part) == {"Vilde": "fingerprint_only"}
    assert shop.twins(seen) == {"Noor": "copy"}  # it was seen while the bytes were there
    assert sorted(finding.answer.verdict.level for finding in shop.findings()) == [2, 3]


def test_what_people_decide_stays_with_the_pair(shop: Shop) -> None:
    shop.register("Vilde", jpeg(VILDE))
    part = jpeg(cropped(VILDE))
    shop.publish(part)
    shop.detect()
    shop.lose(part)
    for decision, level in ((PairDecision.REJECTED, 0), (PairDecision.UNDO, 3), (PairDecision.CONFIRMED, 3)):
        shop.store.pairs.add(PairReview(digest(part), digest(jpeg(VILDE)), decision, "ann", NOW))
        shop.detect()
        (finding,) = shop.findings()
        assert finding.answer.verdict.level == level, decision
    assert "ann on 2026-11-20 confirmed" in " ".join(finding.answer.verdict.reasons)


def test_what_a_person_confirmed_stays_a_match_though_the_matcher_finds_it_no_more(shop: Shop) -> None:
    shop.register("Vilde", jpeg(VILDE))
    other = jpeg(OTHER)
    shop.publish(other)
    shop.detect()
    reference = digest(jpeg(VILDE))
    likely = Match(reference, MatchKind.LIKELY_COPY, "aligned", 0.2, 0.1, "Vilde", agreement=0.8)
    shop.store.matches.add(digest(other), [likely])
    shop.store.pairs.add(PairReview(digest(other), reference, PairDecision.CONFIRMED, "ann", NOW))
    fewer = looked_at(other)
    shop.store.save_examination(replace(fewer, fingerprints=fewer.fingerprints[:1]))  # to be matched anew
    shop.detect()
    assert shop.twins(other) == {"Vilde": "likely_copy"}
    assert shop.findings()[0].answer.verdict.level == 3


def test_a_picture_of_the_real_model_clears_what_it_matches_better(shop: Shop) -> None:
    shop.register("Vilde", jpeg(cropped(VILDE, 0.5), 30))
    shop.register("Ida", jpeg(VILDE), kind=ReferenceKind.HUMAN_ORIGINAL)
    shop.publish(jpeg(VILDE, 80))
    shop.detect()
    assert all(finding.answer.verdict.level < 3 for finding in shop.findings())


class Killed(Exception):
    pass


@pytest.mark.parametrize("after", [1, 3])
def test_killed_at_any_point_and_run_again_is_the_same_end(
    tmp_path: Path, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stocked(folder: Path) -> Shop:
        folder.mkdir()
        shop = Shop(folder)
        shop.register("Noor", jpeg(NOOR))
        for account in ("one", "two"):
            shop.publish(jpeg(cropped(VILDE), 90 if account == "one" else 70), jpeg(OTHER), account=account)
        shop.publish(jpeg(NOOR, 60), jpeg(beside(NOOR, VILDE)))
        shop.detect()
        shop.register("Vilde", jpeg(VILDE))
        shop.store.bank.withdraw_references("Noor", NOW)
        return shop

    whole, killed = stocked(tmp_path / "whole"), stocked(tmp_path / "killed")
    whole.detect()
    saves = 0

    def dying(self: Store, *arguments: Any) -> None:
        nonlocal saves
        saves += 1
        if saves == after:
            raise Killed
        return real(self, *arguments)

    real = Store.save_matches
    with monkeypatch.context() as patched:
        patched.setattr(Store, "save_matches", dying)
        try:
            killed.detect()
        except Killed:
            assert killed.twins(jpeg(NOOR, 60)) in ({}, {"Noor": "copy"})
    killed.detect()
    for data in (jpeg(cropped(VILDE), 90), jpeg(cropped(VILDE), 70), jpeg(beside(NOOR, VILDE)), jpeg(OTHER)):
        assert killed.twins(data) == whole.twins(data)
    for shop in (whole, killed):
        shop.store.close()


def test_a_reference_that_matches_everything_is_not_believed(shop: Shop, tmp_path: Path) -> None:
    settings = Settings(cache=tmp_path / "cache", brake=Brake(pictures=3, accounts=2))
    shop.register("Noor", jpeg(NOOR))
    shop.publish(jpeg(NOOR, 60))
    assert shop.detect(settings).quarantined == ()
    shop.register("Vilde", jpeg(VILDE))
    for number in range(4):
        shop.publish(jpeg(beside(VILDE, photo(10 + number))), account=("one", "two")[number % 2])
    done = shop.detect(settings)
    (held,) = done.quarantined
    assert held.reference == digest(jpeg(VILDE))
    assert "4 pictures" in held.reason
    assert {finding.answer.verdict.twin for finding in shop.findings()} == {"Noor"}
    assert len(shop.matches(jpeg(beside(VILDE, photo(10))))) == 1  # kept, not believed
    shop.store.bank.lift_quarantine(held.reference, "ann", NOW)
    assert shop.detect(settings).quarantined == ()
    assert {finding.answer.verdict.twin for finding in shop.findings()} == {"Noor", "Vilde"}
