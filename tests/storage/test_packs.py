"""References by their fingerprints alone, beside what was seen: kept apart, replaced, left out."""

from dataclasses import replace

import pytest

from storage.errors import RegistryError
from storage.handed import Handed
from storage.records import Examination, Failure, Fingerprint, ReferenceImage, ReferenceKind
from storage.store import Outdated, PackedPicture, Store
from tests.storage.samples import HM, examination, picture, post, reference, sha, twin

BITS, OTHER, TILES = b"\1" * 32, b"\2" * 32, b"\3" * 68
HANDED = replace(reference("Anna", "handed"), handed=Handed.FINGERPRINTS)
TODAY = {"pdq": "2", "tiles": "1"}


def handed(
    one: ReferenceImage = HANDED, bits: bytes = BITS, version: str = "2", tiles: str = "1"
) -> PackedPicture:
    prints = (
        ("pdq", version, Fingerprint("pdq", bits, 90)),
        ("tiles", tiles, Fingerprint("tiles", TILES)),
    )
    return PackedPicture(one, 400, 500, too_little=False, prints=prints)


def prints_of(store: Store, name: str = "handed") -> dict[str, bytes]:
    found = store.fingerprints([sha(name)]).get(sha(name), ())
    assert len({one.algorithm for one in found}) == len(found)
    return {one.algorithm: one.bits for one in found}


def looked_at(store: Store, name: str = "handed", bits: bytes = OTHER) -> None:
    seen = Examination(
        sha(name), "jpeg", 4, 5, (Fingerprint("pdq", bits, 80),), (), False, {"fingerprint:pdq": "2"}
    )
    store.save_examination(seen)


def test_it_is_a_reference_without_a_file_to_examine(store: Store) -> None:
    assert store.packs.register([(twin(), [handed()])]) == [HANDED]
    assert store.packs.register([(twin(), [handed()])]) == []
    assert store.references() == [HANDED]
    assert prints_of(store) == {"pdq": BITS, "tiles": TILES}
    assert list(store.files_to_examine({"fingerprint:pdq": "2"})) == []
    assert store.count_files_to_examine({"fingerprint:pdq": "2"}) == 0


def test_all_of_it_or_nothing(store: Store) -> None:
    store.add_twin(replace(twin("Berta"), kind=ReferenceKind.HUMAN_ORIGINAL), [])
    other = replace(reference("Berta", "b"), handed=Handed.FINGERPRINTS)
    with pytest.raises(RegistryError, match="human_original"):
        store.packs.register([(twin(), [handed()]), (twin("Berta"), [handed(other)])])
    assert store.references() == []
    assert store.files_beginning("") == []


def test_a_newer_pack_takes_the_place_of_an_older_one(store: Store) -> None:
    store.packs.register([(twin(), [handed(version="1")])])
    store.packs.register([(twin(), [handed(bits=OTHER)])])
    assert prints_of(store) == {"pdq": OTHER, "tiles": TILES}
    assert store.packs.outdated(TODAY) == []


def test_what_was_seen_stands_and_takes_the_place_of_what_was_said(store: Store) -> None:
    store.save_post(HM, post(media=(picture("handed"),)))
    looked_at(store)
    store.packs.register([(twin(), [handed()])])
    assert prints_of(store) == {"pdq": OTHER, "tiles": TILES}
    store.packs.register([(twin(), [handed(replace(HANDED, sha256=sha("later")))])])
    store.save_post(HM, post("p2", media=(picture("later"),), revision="r2"))
    assert [file.sha256 for file in store.files_to_examine({"fingerprint:pdq": "2"})] == [sha("later")]
    looked_at(store, "later")
    assert prints_of(store, "later") == {"pdq": OTHER, "tiles": TILES}


def test_the_picture_itself_makes_it_a_full_one(store: Store) -> None:
    store.packs.register([(twin(), [handed()])])
    come = reference("Anna", "handed", source="a.jpg")
    assert store.add_twin(twin(), [come]) == [come]
    assert store.add_twin(twin(), [come]) == []
    (now,) = store.references()
    assert (now.handed, now.source, now.basis) == (Handed.PICTURE, "a.jpg", HANDED.basis)
    wanted = {"fingerprint:tiles": "1"}
    assert [file.sha256 for file in store.files_to_examine({}, wanted)] == [sha("handed")]
    assert store.packs.register([(twin(), [handed()])]) == []  # and no pack takes that back
    assert store.references()[0].handed is Handed.PICTURE


def test_what_today_cannot_compare_is_named_and_left_out_of_the_bank(store: Store) -> None:
    store.add_twin(twin("Berta"), [reference("Berta", "full")])
    store.save_examination(replace(examination("full"), evidence=()))
    store.packs.register([(twin(), [handed(version="1")])])
    assert store.packs.outdated(TODAY) == [Outdated("Anna", "pdq", "1", 1)]
    assert store.packs.outdated_pictures(TODAY) == {sha("handed")}
    known = {one.sha256: {each.algorithm for each in prints} for one, prints in store.packs.entries(TODAY)}
    whole = {one.sha256: {each.algorithm for each in prints} for one, prints in store.bank_entries()}
    assert known[sha("handed")] == {"tiles"}
    assert whole[sha("handed")] == {"pdq", "tiles"}
    assert known[sha("full")] == whole[sha("full")]


def test_a_hash_of_a_published_standard_has_no_version(store: Store) -> None:
    store.packs.register([(twin(), [handed(version="")])])
    assert store.packs.outdated({"pdq": "77", "tiles": "1"}) == []


def test_what_a_run_has_told(store: Store) -> None:
    failure = Failure("pack_outdated", "pdq 1", "twin Anna")
    assert not store.packs.told(failure)
    store.record_problem("night", failure)
    assert store.packs.told(failure)
    assert not store.packs.told(replace(failure, message="pdq 2"))
