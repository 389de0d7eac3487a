"""Files at hand beside the registry: in their order, with a reason for every one that matches nothing."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from desk.config import load
from desk.jobs import matching
from desk.jobs.check import Given, check
from desk.jobs.matching import NO_CANDIDATE, NOT_LOOKED_AT, NOTHING_REGISTERED, match_files
from desk.jobs.pictures import Looked
from desk.jobs.register import Enrolment, register
from detector.reasons import TOO_LITTLE
from storage.records import Failure, Negative, PairDecision, PairReview, Quarantine, ReferenceKind, Twin
from tests.desk.shop import NOW, Shop, cropped, digest, jpeg, looked_at, photo

pytestmark = pytest.mark.slow  # workers for each case

VILDE, OTHER = photo(1), photo(3)
REFERENCE, PART = jpeg(VILDE), jpeg(cropped(VILDE))
FLAT = jpeg(np.full((300, 300, 3), 200, np.uint8))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    shop = Shop(tmp_path_factory.mktemp("shop"))
    shop.register("Vilde", REFERENCE)
    shop.publish(PART)
    for name, data in (("a_part", PART), ("b_other", jpeg(OTHER)), ("c_flat", FLAT), ("d_text", b"no")):
        (shop.folder / "files").mkdir(exist_ok=True)
        (shop.folder / "files" / f"{name}.jpg").write_bytes(data)
    yield shop
    shop.store.close()


def test_a_reason_for_every_file_that_matches_nothing(shop: Shop) -> None:
    part, other, flat, text, missing = match_files([shop.folder / "files", Path("nowhere.jpg")], shop.store)
    (match,) = part.conclusion.matches
    assert (match.twin, match.kind.value, part.conclusion.reasons) == ("Vilde", "copy", ())
    assert (other.conclusion.matches, other.conclusion.reasons) == ((), (NO_CANDIDATE,))
    assert (flat.conclusion.too_little, flat.conclusion.reasons) == (True, (TOO_LITTLE,))
    assert text.failure is not None
    assert (missing.failure is not None, missing.examination) == (True, None)
    assert text.conclusion.reasons == missing.conclusion.reasons == (NOT_LOOKED_AT,)


def test_what_could_be_laid_had_enough_in_it(shop: Shop, tmp_path: Path) -> None:
    """A picture beside its own mirror image: no hash says anything of it, and its details do."""
    twofold = jpeg(np.concatenate([VILDE, VILDE[:, ::-1]], axis=1))
    assert looked_at(twofold).too_little
    (tmp_path / "twofold.jpg").write_bytes(twofold)
    (found,) = match_files([tmp_path / "twofold.jpg"], shop.store)
    assert [match.twin for match in found.conclusion.matches] == ["Vilde"]
    assert not found.conclusion.too_little


def test_without_a_registry_the_reason_is_that(shop: Shop) -> None:
    (alone,) = match_files([shop.folder / "files" / "b_other.jpg"], None)
    assert alone.conclusion.reasons == (NOTHING_REGISTERED,)


def test_the_first_answer_does_not_wait_for_the_hundredth_file(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[Path] = []

    def look(*_: object, **__: object) -> Iterator[Looked]:
        for number in range(300):
            taken.append(Path(f"{number}.jpg"))
            yield Looked(taken[-1], None, Failure("not_a_picture", "it is none", taken[-1].name))

    monkeypatch.setattr(matching, "look", look)
    answers = match_files([Path()], None)
    assert next(answers).path == taken[0]
    assert len(taken) == 2
    assert [one.path for one in answers] == taken[1:]


@pytest.mark.slow
def test_peoples_word_and_the_flood_brakes(shop: Shop) -> None:
    file = shop.folder / "files" / "a_part.jpg"
    pair = PairReview(digest(PART), digest(REFERENCE), PairDecision.CONFIRMED, "ann", NOW)
    shop.store.pairs.add(pair)
    (found,) = match_files([file], shop.store)
    assert found.conclusion.matches[0].decided is PairDecision.CONFIRMED

    shop.store.bank.quarantine(Quarantine(digest(REFERENCE), "20 unrelated pictures", NOW))
    (checked,) = check([str(file)], Given(), load(None, {}), shop.store)
    assert checked.answer is not None
    assert checked.answer.verdict.level == 0
    held = [reason for reason in checked.answer.verdict.reasons if "20 unrelated pictures" in reason]
    assert len(held) == 1
    shop.store.bank.lift_quarantine(digest(REFERENCE), "ann", NOW)

    shop.store.pairs.add(PairReview(digest(PART), digest(REFERENCE), PairDecision.REJECTED, "bob", NOW))
    (checked,) = check([str(file)], Given(), load(None, {}), shop.store)
    assert checked.answer is not None
    assert checked.answer.matches == ()
    assert any("bob on 2026-11-20 said that it is not" in reason for reason in checked.why_no_match)
    assert set(checked.why_no_match) <= set(checked.answer.verdict.reasons)
    for _ in range(2):
        shop.store.pairs.add(PairReview(digest(PART), digest(REFERENCE), PairDecision.UNDO, "ann", NOW))


def test_registering_warns_of_what_looks_like_anothers_or_must_never_match(shop: Shop) -> None:
    logo = jpeg(OTHER, 80)
    shop.store.media.put(logo)
    shop.store.bank.add_negative(Negative("a size chart", digest(logo), added_at=NOW))
    shop.examine(logo)
    twin = Twin("Noor", ReferenceKind.DIGITAL_TWIN, added_at=NOW)
    files = [shop.folder / "files" / name for name in ("a_part.jpg", "b_other.jpg", "c_flat.jpg")]
    done = register(shop.store, Enrolment(twin, tuple(files), "contract 8", attested_by="me"))
    assert len(done.new) == 3
    said = "\n".join(done.warnings)
    assert "a_part.jpg: looks like a picture registered for Vilde" in said
    assert "b_other.jpg: looks like a picture that must never match (negative a size chart)" in said
    assert "c_flat.jpg: too little in it" in said
