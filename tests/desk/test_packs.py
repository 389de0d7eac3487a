"""Fingerprints in place of pictures: registered without bytes, found all the same, and never asked for."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from desk.jobs import old_packs
from desk.jobs.flood import Brake
from desk.jobs.hash_lists import import_hashes
from desk.jobs.matching import comparable
from desk.jobs.old_packs import KIND, packs_health
from desk.jobs.packs import Terms, import_pack
from desk.jobs.stages.carried import Settings
from detector.match_words import WITHOUT_PICTURE
from detector.standing import tier
from storage.errors import RegistryError
from storage.handed import Handed
from storage.records import MatchKind, Negative, PairDecision, PairReview, ReferenceKind
from tests.desk.packed import ATTESTED, BASIS, document_of, pack_of, picture_of, spoilt, written
from tests.desk.shop import NOW, Shop, cropped, digest, jpeg, looked_at, photo
from tests.detector.drawings import Pixels

pytestmark = pytest.mark.slow  # stores and workers

VILDE, NOOR, OTHER = photo(1), photo(2), photo(3)
ALONE = {"Vilde": "fingerprint_only"}
TERMS = Terms()
BOTH_WAYS = pytest.mark.parametrize(
    "cache", [pytest.param(True, marks=pytest.mark.slow), False], ids=["archive", "one by one"]
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path)
    yield shop
    shop.store.close()


@pytest.fixture
def packed(shop: Shop) -> Shop:
    """With a pack of one picture of Vilde."""
    import_pack(shop.store, written(shop.folder, pack_of({"Vilde": [jpeg(VILDE)]})), TERMS)
    return shop


def mirrored(data: Pixels) -> Pixels:
    return np.ascontiguousarray(data[:, ::-1])


# --- registered ---------------------------------------------------------------------------------------------


def test_a_pack_is_registered_without_a_byte_and_only_once(shop: Shop) -> None:
    path = written(shop.folder, pack_of({"Vilde": [jpeg(VILDE), jpeg(OTHER)], "Noor": [jpeg(NOOR)]}))
    done = import_pack(shop.store, path, TERMS)
    assert (len(done.new), len(done.known), done.warnings, done.left_out) == (3, 0, (), ())
    references = shop.store.references()
    assert {one.handed for one in references} == {Handed.FINGERPRINTS}
    assert {(one.basis, one.attested_by, one.source) for one in references} == {
        (BASIS, ATTESTED, "pack.json")
    }
    assert not any(shop.store.media.has(one.sha256) for one in references)
    before = shop.store.registry_stamp(), shop.store.bank_entries()
    again = import_pack(shop.store, path, TERMS)
    assert (len(again.new), len(again.known)) == (0, 3)
    assert (shop.store.registry_stamp(), shop.store.bank_entries()) == before


def test_who_imports_may_say_more_than_the_pack(shop: Shop) -> None:
    silent = pack_of({"Vilde": [jpeg(VILDE)]}, basis="", attested_by="")
    path = written(shop.folder, silent)
    with pytest.raises(RegistryError, match="on what these pictures are called AI"):
        import_pack(shop.store, path, TERMS)
    done = import_pack(shop.store, path, Terms(twin="V.", basis="their letter", contact="desk@example.org"))
    (one,) = done.new
    assert (one.twin, one.basis, one.attested_by) == ("V.", "their letter", "desk@example.org")


def test_nobody_attests_and_a_flat_picture_are_warnings(shop: Shop) -> None:
    flat = jpeg(np.full((300, 240, 3), 128, np.uint8))
    pack = pack_of({"Vilde": [flat]}, attested_by="")
    done = import_pack(shop.store, written(shop.folder, pack), TERMS)
    assert [word for word in ("nobody attests", "too little in it") if word in " ".join(done.warnings)] == [
        "nobody attests",
        "too little in it",
    ]
    shop.publish(flat, jpeg(np.full((300, 240, 3), 90, np.uint8)))
    shop.detect()
    assert shop.twins(flat) == {"Vilde": "copy"}  # the same bytes, whatever is in them


def test_a_twin_for_two_is_refused(shop: Shop) -> None:
    path = written(shop.folder, pack_of({"Vilde": [jpeg(VILDE)], "Noor": [jpeg(NOOR)]}))
    with pytest.raises(RegistryError, match="holds 2 twins"):
        import_pack(shop.store, path, Terms(twin="Anna"))
    assert shop.store.twins() == []


def test_other_kinds_and_half_a_pack(shop: Shop) -> None:
    """The second twin is registered as something else: the first one is not registered either."""
    shop.register("Noor", jpeg(photo(9)))
    document = document_of(pack_of({"Vilde": [jpeg(VILDE)], "Noor": [jpeg(NOOR)]}))
    document["twins"][1]["kind"] = "human_original"
    with pytest.raises(RegistryError, match="Noor is registered as digital_twin"):
        import_pack(shop.store, spoilt(shop.folder, document), TERMS)
    assert [twin.name for twin in shop.store.twins()] == ["Noor"]


def test_versions_that_cannot_be_compared_are_left_out_by_name(shop: Shop) -> None:
    document = document_of(pack_of({"Vilde": [jpeg(VILDE)]}))
    document["algorithms"] |= {"tiles": "0", "faces": "7"}
    done = import_pack(shop.store, spoilt(shop.folder, document), TERMS)
    assert done.left_out == (
        "faces 7 is not compared by this program",
        f"tiles was made by version 0, and this program compares version {comparable()['tiles']}",
    )
    assert {one.algorithm for one in shop.store.fingerprints([digest(jpeg(VILDE))])[digest(jpeg(VILDE))]} == {
        *("pdq", "pdq/forms", "phash", "phash/forms"),
    }
    document["algorithms"] = {"pdq": "1", "phash": "1", "tiles": "0"}
    with pytest.raises(RegistryError, match=r"pdq was made by version 1, and .* Ask for a new pack") as said:
        import_pack(shop.store, spoilt(shop.folder, document), Terms(twin="Noor"))
    assert said.value.kind == "other_versions"


# --- of a picture that is known ----------------------------------------------------------------------------


def test_the_same_picture_of_another_twin_is_a_warning(shop: Shop) -> None:
    shop.register("Noor", jpeg(VILDE))
    before = shop.store.fingerprints([digest(jpeg(VILDE))])
    path = written(shop.folder, pack_of({"Vilde": [jpeg(VILDE)]}))
    done = import_pack(shop.store, path, TERMS)
    assert done.warnings == (
        f"Vilde, picture {digest(jpeg(VILDE))[:12]}: looks like a picture registered for Noor",
    )
    assert shop.store.fingerprints([digest(jpeg(VILDE))]) == before  # what was seen here stands


def test_a_real_persons_picture_in_a_pack_of_twins_is_a_warning_that_says_so(shop: Shop) -> None:
    shop.register("Ida", jpeg(VILDE), kind=ReferenceKind.HUMAN_ORIGINAL)
    done = import_pack(shop.store, written(shop.folder, pack_of({"Vilde": [jpeg(VILDE)]})), TERMS)
    assert "registered for Ida, as a real person's picture and not AI" in done.warnings[0]


def test_a_likeness_of_a_negative_is_a_warning(shop: Shop) -> None:
    shop.store.media.put(jpeg(VILDE))
    shop.store.bank.add_negative(Negative("backdrop", digest(jpeg(VILDE))))
    shop.examine(jpeg(VILDE))
    done = import_pack(shop.store, written(shop.folder, pack_of({"Vilde": [jpeg(VILDE, 60)]})), TERMS)
    assert "looks like a picture that must never match (negative backdrop)" in done.warnings[0]


@pytest.mark.parametrize("how", ["registered", "collected", "packed"])
def test_fingerprints_that_belong_to_another_picture_are_refused(shop: Shop, how: str) -> None:
    """Whoever makes a pack could hang another picture's fingerprints on a picture that is known."""
    if how == "registered":
        shop.register("Noor", jpeg(VILDE))
    elif how == "collected":
        shop.publish(jpeg(VILDE))
    else:
        import_pack(shop.store, written(shop.folder, pack_of({"Noor": [jpeg(VILDE)]})), TERMS)
    lie = replace(picture_of("Vilde", jpeg(OTHER)), sha256=digest(jpeg(VILDE)))
    pack = pack_of({"Vilde": [jpeg(NOOR)]})
    path = written(shop.folder, replace(pack, pictures=(*pack.pictures, lie)))
    with pytest.raises(RegistryError, match=r"pictures\[1\].* are those of another picture") as said:
        import_pack(shop.store, path, TERMS)
    assert said.value.kind == "fingerprints_disagree"
    assert "Vilde" not in {twin.name for twin in shop.store.twins()}


def test_the_picture_itself_makes_it_a_full_one(packed: Shop) -> None:
    found = jpeg(VILDE, 60)
    packed.publish(found)
    packed.detect()
    assert packed.twins(found) == ALONE
    packed.register("Vilde", jpeg(VILDE))
    (one,) = packed.store.references("Vilde")
    assert one.handed is Handed.PICTURE
    prints = packed.store.fingerprints([one.sha256])[one.sha256]
    assert sorted(prints, key=repr) == sorted(looked_at(jpeg(VILDE)).fingerprints, key=repr)  # none twice


@pytest.mark.slow
def test_and_what_it_matched_is_looked_at_again(packed: Shop) -> None:
    found = jpeg(VILDE, 60)
    packed.publish(found)
    packed.detect()
    packed.register("Vilde", jpeg(VILDE))
    packed.detect()
    assert packed.twins(found) == {"Vilde": "copy"}
    (finding,) = packed.findings()
    assert finding.answer.verdict.level == 3


# --- found --------------------------------------------------------------------------------------------------

CHANGES = {
    "recompressed": jpeg(VILDE, 40),
    "mirrored": jpeg(mirrored(VILDE)),
    "half the size": jpeg(VILDE[::2, ::2]),
    "a crop": jpeg(cropped(VILDE, 0.8)),
}


@pytest.mark.parametrize("data", CHANGES.values(), ids=CHANGES)
def test_what_shows_it_is_for_a_person(packed: Shop, data: bytes) -> None:
    packed.publish(data, jpeg(OTHER))
    done = packed.detect()
    assert done.failures == ()
    assert packed.twins(data) == ALONE
    assert packed.twins(jpeg(OTHER)) == {}
    (finding,) = packed.findings()
    assert finding.answer.verdict.level == 2
    assert finding.answer.matches[0].reason == WITHOUT_PICTURE
    assert any(WITHOUT_PICTURE in reason for reason in finding.answer.verdict.reasons)


def test_a_confirmed_pair_counts_as_a_copy(packed: Shop) -> None:
    packed.publish(CHANGES["mirrored"])
    packed.detect()
    (match,) = packed.matches(CHANGES["mirrored"])
    (waiting,) = packed.store.pairs.waiting(10)
    assert (waiting.picture, waiting.match.reference) == (digest(CHANGES["mirrored"]), match.reference)
    packed.store.pairs.add(
        PairReview(waiting.picture, match.reference, PairDecision.CONFIRMED, "editor", NOW)
    )
    packed.detect()
    (finding,) = packed.findings()
    assert finding.answer.verdict.level == 3
    assert tier(finding.answer.matches[0]) is MatchKind.COPY
    packed.store.pairs.add(PairReview(waiting.picture, match.reference, PairDecision.REJECTED, "editor", NOW))
    packed.detect()
    (finding,) = packed.findings()
    assert finding.answer.verdict.level == 0


def test_the_very_file_is_a_copy(packed: Shop) -> None:
    packed.publish(jpeg(VILDE))
    packed.detect()
    assert packed.twins(jpeg(VILDE)) == {"Vilde": "copy"}
    assert packed.findings()[0].answer.verdict.level == 3


@BOTH_WAYS
def test_a_pack_is_looked_for_in_what_was_collected_before(shop: Shop, cache: bool) -> None:
    settings = Settings(cache=shop.folder / "cache" if cache else None)
    shop.publish(CHANGES["mirrored"], CHANGES["a crop"], jpeg(OTHER))
    shop.register("Noor", jpeg(NOOR))
    shop.detect(settings)
    import_pack(shop.store, written(shop.folder, pack_of({"Vilde": [jpeg(VILDE)]})), TERMS)
    done = shop.detect(settings)
    assert (done.retro.came, done.retro.found) == (1, 2)
    assert shop.twins(CHANGES["mirrored"]) == shop.twins(CHANGES["a crop"]) == ALONE


@BOTH_WAYS
def test_so_is_a_single_hash_mirrored_pictures_too(shop: Shop, cache: bool) -> None:
    settings = Settings(cache=shop.folder / "cache" if cache else None)
    upright = jpeg(VILDE, 50)
    shop.publish(CHANGES["mirrored"], upright, jpeg(OTHER))
    shop.register("Noor", jpeg(NOOR))
    shop.detect(settings)
    pdq = next(one for one in looked_at(jpeg(VILDE)).fingerprints if one.algorithm == "pdq")
    path = shop.folder / "hashes.txt"
    path.write_text(f"# one\n{pdq.hex}\n")
    import_hashes(shop.store, path, Terms(twin="Vilde", basis="their list"))
    assert shop.detect(settings).retro.found == 2
    assert shop.twins(CHANGES["mirrored"]) == shop.twins(upright) == ALONE
    later = jpeg(mirrored(VILDE), 60)
    shop.publish(later)
    shop.detect(settings)
    assert shop.twins(later) == ALONE


def test_a_negative_bars_it(packed: Shop) -> None:
    """A logo's own picture is found there, and nothing is left for the pack."""
    found = jpeg(VILDE, 60)
    packed.store.media.put(found)
    packed.store.bank.add_negative(Negative("backdrop", digest(found)))
    packed.examine(found)
    packed.publish(found)
    packed.detect()
    assert packed.twins(found) == {}


def test_a_reference_that_matches_everything_is_stopped(packed: Shop) -> None:
    """Not one picture was handed over, so pictures that look nearly alike cannot be told apart: the brake."""
    for number, account in enumerate(("one", "two", "three")):
        packed.publish(jpeg(VILDE, 50 + number), account=account)
    done = packed.detect(Settings(cache=None, brake=Brake(pictures=3, accounts=2)))
    assert [one.reference for one in done.quarantined] == [digest(jpeg(VILDE))]
    assert all(finding.answer.verdict.level == 0 for finding in packed.findings())


# --- never asked for ---------------------------------------------------------------------------------------


def test_a_night_does_not_miss_the_bytes(packed: Shop) -> None:
    stages = {"fingerprint:pdq": "99"}
    assert list(packed.store.files_to_examine(stages, stages)) == []
    assert packed.store.count_files_to_examine(stages, stages) == 0
    done = packed.detect()
    assert (done.examined, done.failures) == (0, ())
    packed.store.bank.withdraw_references("Vilde", NOW)
    assert packed.detect().failures == ()


def test_once_it_was_published_it_is_looked_at(packed: Shop) -> None:
    packed.examines = False
    packed.publish(jpeg(VILDE))
    (file,) = packed.store.files_to_examine({"fingerprint:pdq": "2"}, {})
    assert file.sha256 == digest(jpeg(VILDE))
    packed.examine(jpeg(VILDE))
    prints = packed.store.fingerprints([file.sha256])[file.sha256]
    assert [one.algorithm for one in prints].count("pdq") == 1  # what was seen takes the pack's place


def test_what_cannot_be_compared_any_more_is_told_once_and_stays_found(
    packed: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = jpeg(VILDE, 60)
    packed.publish(found)
    packed.detect()
    assert list(packs_health(packed.store)) == []
    newer = {**comparable(), "pdq": "9", "phash": "9", "tiles": "9"}
    for module in (old_packs, *_that_compare()):
        monkeypatch.setattr(module, "comparable", lambda: newer)
    done = packed.detect()
    (failure,) = [one for one in done.failures if one.kind == KIND]
    assert failure.where == "twin Vilde"
    assert "pdq 2 (this program compares 9)" in failure.message
    assert "ask the agency for a new pack" in failure.message
    assert packed.twins(found) == ALONE  # what was seen stays seen
    assert packed.detect().failures == ()
    (health,) = packs_health(packed.store)
    assert "twin Vilde" in health.found
    later = jpeg(VILDE, 55)
    packed.publish(later)
    packed.detect()
    assert packed.twins(later) == {}


def _that_compare() -> tuple[object, ...]:
    from desk.jobs import matching, stored_matches  # noqa: PLC0415 - beside their namesakes

    return matching, stored_matches
