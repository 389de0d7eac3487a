"""What the bank asks to be verified, and what its stamp covers: whatever is kept of the pictures."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.fingerprints import parts, picture_stages, quick_hashes, reference_parts, reference_stages
from detector.matching.candidate import Candidate
from detector.matching.search import bank as bank_module
from detector.matching.search.bank import MOST, VOTES, Bank, Entry, NegativeEntry
from detector.pictures.decode import small_picture
from storage.records import Failure, Fingerprint, Negative, ReferenceImage, ReferenceKind
from tests.detector.drawings import Pixels
from tests.detector.matching.pictures import collage, cropped, grey, inside, photograph

SEEDS = range(1, 5)


def fingerprints(pixels: Pixels, *, reference: bool = False) -> tuple[Fingerprint, ...]:
    """As `examine` takes them."""
    picture = small_picture(grey(pixels))
    wanted = {**picture_stages(), **reference_stages()}
    taken = [*quick_hashes(picture, wanted), *parts(picture, wanted)]
    taken += reference_parts(picture, wanted) if reference else ()
    return tuple(each for one in taken if not isinstance(one, Failure) for each in one)


def sha(seed: int) -> str:
    return f"{seed:064x}"


def registered(seed: int, twin: str = "") -> ReferenceImage:
    return ReferenceImage(
        twin or f"twin {seed}", sha(seed), ReferenceKind.DIGITAL_TWIN, basis="drawn for a test"
    )


ENTRIES: list[Entry] = [(registered(seed), fingerprints(photograph(seed), reference=True)) for seed in SEEDS]
LOGO: NegativeEntry = (
    Negative("shop logo", sha(9)),
    fingerprints(photograph(9), reference=True),
)
BANK = Bank(ENTRIES, [LOGO])
FOUND = fingerprints(photograph(1))
ON_A_PAGE = fingerprints(inside(photograph(1), np.full_like(photograph(1), 255), 0.6))


def of(candidates: tuple[Candidate, ...], seed: int) -> list[Candidate]:
    return [one for one in candidates if one.reference == sha(seed)]


WAYS: dict[str, tuple[Callable[[Pixels], Pixels], str]] = {
    "as it is": (lambda p: p, "pdq"),
    "mirrored": (lambda p: np.ascontiguousarray(p[:, ::-1]), "pdq"),
    "half of it": (lambda p: cropped(p, 0.0, 0.0, 1.0, 0.5), "regions"),
    "on a page": (lambda p: inside(p, np.full_like(p, 255), 0.6), "regions"),
    "an odd part of it": (lambda p: cropped(p, 0.08, 0.13, 0.83, 0.69), "local"),
}


@pytest.mark.parametrize("name", WAYS)
def test_every_way_leads_to_the_reference(name: str) -> None:
    change, way = WAYS[name]
    found = BANK.candidates(fingerprints(change(photograph(2))))
    assert [one.found_by for one in of(found, 2)] == [way]
    assert of(found, 2)[0].distance <= of(found, 2)[0].threshold or way == "local"


def test_a_negative_comes_into_question_like_a_reference() -> None:
    assert [one.found_by for one in of(BANK.candidates(fingerprints(photograph(9))), 9)] == ["pdq"]


def test_both_parts_of_a_collage() -> None:
    found = BANK.candidates(fingerprints(collage(photograph(3), photograph(4))))
    assert {one.reference for one in found} >= {sha(3), sha(4)}


def test_one_candidate_a_reference_and_frame() -> None:
    still = BANK.candidates(FOUND)
    assert len({one.reference for one in still}) == len(still)
    film = [replace(one, at=second) for second in (4.0, 0.0) for one in FOUND]
    found = BANK.candidates(film)
    assert [one.at for one in of(found, 1)] == [0.0, 4.0]  # as time goes
    assert [replace(one, at=None) for one in found if one.at == 0.0] == list(still)


def test_an_animation_is_its_first_picture_and_its_frames() -> None:
    moving = (*FOUND, *(replace(one, at=2.0) for one in fingerprints(photograph(2))))
    found = BANK.candidates(moving)
    assert [one.at for one in of(found, 1)] == [None]
    assert [one.at for one in of(found, 2)] == [2.0]


def test_identical_bytes_need_no_other_candidate() -> None:
    found = BANK.candidates(FOUND, sha(1))
    assert [one.found_by for one in of(found, 1)] == ["sha256"]
    assert found[0].found_by == "sha256"
    assert [one.found_by for one in of(BANK.candidates(FOUND, sha(2)), 1)] == ["pdq"]
    assert BANK.candidates((), sha(7)) == ()


def test_the_strongest_come_first_and_no_more_than_are_verified() -> None:
    base = int.from_bytes(bytes(range(32)))
    many = [
        (registered(100 + bits), (Fingerprint("pdq", (base ^ (1 << bits) - 1).to_bytes(32), 100),))
        for bits in range(0, 2 * MOST + 4, 2)
    ]
    found = Bank(many).candidates([Fingerprint("pdq", base.to_bytes(32), 100)])
    assert [one.distance for one in found] == list(range(0, 2 * MOST, 2))


def test_sure_hashes_come_before_near_ones_and_features_last() -> None:
    bits = bytes(range(32))
    near = (Fingerprint("pdq", (int.from_bytes(bits) ^ (1 << 40) - 1).to_bytes(32), 100),)
    far = tuple(one for one in ENTRIES[0][1] if one.algorithm == "local/reference")
    sure = (Fingerprint("pdq", bits, 100),)
    bank = Bank([(registered(1), far), (registered(2), near), (registered(3), sure)])
    local = tuple(one for one in FOUND if one.algorithm == "local")
    found = bank.candidates((Fingerprint("pdq", bits, 100), *local))
    assert [(one.reference, one.found_by) for one in found] == [
        (sha(3), "pdq"),
        (sha(2), "pdq"),
        (sha(1), "local"),
    ]
    assert found[2].distance >= found[2].threshold == VOTES


def test_an_empty_bank_has_no_candidate() -> None:
    assert Bank(()).candidates(FOUND, sha(1)) == ()
    assert len(Bank(())) == 0
    assert Bank(()).conclude((), ()).matches == ()
    assert len(BANK) == len(ENTRIES)


def test_a_reference_of_which_only_pdq_is_known_is_still_found() -> None:
    alone = [(one, prints[:1]) for one, prints in ENTRIES]
    assert alone[0][1][0].algorithm == "pdq"
    found = Bank(alone).candidates(FOUND)
    assert [(one.reference, one.found_by) for one in found] == [(sha(1), "pdq")]


def test_a_picture_too_poor_to_be_hashed_is_still_found_by_its_features() -> None:
    poor = [
        replace(one, quality=10) if one.quality is not None else one
        for one in FOUND
        if one.algorithm != "regions"
    ]
    assert [one.found_by for one in of(BANK.candidates(poor), 1)] == ["local"]


# --- damaged ------------------------------------------------------------------------------------------------

PACKED = ("pdq", "pdq/forms", "phash", "phash/forms", "regions", "local", "tiles", "local/reference")


def cut(prints: tuple[Fingerprint, ...], algorithm: str) -> tuple[Fingerprint, ...]:
    return tuple(replace(one, bits=one.bits[:-1]) if one.algorithm == algorithm else one for one in prints)


@pytest.mark.parametrize("algorithm", PACKED)
def test_damaged_fingerprints_are_passed_over_and_the_rest_is_believed(algorithm: str) -> None:
    reference, prints = ENTRIES[0]
    assert any(one.algorithm == algorithm for one in (*prints, *ON_A_PAGE))
    bank = Bank([(reference, cut(prints, algorithm)), *ENTRIES[1:]])
    assert of(bank.candidates(FOUND), 1)
    assert of(bank.candidates(fingerprints(photograph(2))), 2)
    assert of(BANK.candidates(cut(FOUND, algorithm)), 1)
    assert of(BANK.candidates(cut(ON_A_PAGE, algorithm)), 1)


def test_more_features_than_a_picture_keeps_say_no_more() -> None:
    endless = [replace(one, bits=one.bits * 200) if one.algorithm == "local" else one for one in FOUND]
    assert [one.reference for one in BANK.candidates(endless)] == [
        one.reference for one in BANK.candidates(FOUND)
    ]


ANY = st.builds(
    Fingerprint,
    st.sampled_from((*PACKED, "unheard of")),
    st.one_of(st.binary(max_size=300), st.sampled_from([one.bits for one in (*ON_A_PAGE, *ENTRIES[0][1])])),
    st.one_of(st.none(), st.integers(-5, 200)),
    st.one_of(st.none(), st.floats(0, 100)),
)


@given(st.lists(ANY, max_size=8), st.sampled_from(["", sha(1), "no digest"]))
@settings(deadline=None, max_examples=60)
def test_whatever_is_kept_of_a_picture_stops_nothing(prints: list[Fingerprint], name: str) -> None:
    found = BANK.candidates(prints, name)
    assert len({(one.reference, one.at) for one in found}) == len(found)
    assert all(one.reference in {sha(seed) for seed in (*SEEDS, 9)} for one in found)
    BANK.conclude(found, ())


@given(st.lists(st.lists(ANY, max_size=5), max_size=3))
@settings(deadline=None, max_examples=30)
def test_whatever_is_kept_of_a_reference_stops_nothing(entries: list[list[Fingerprint]]) -> None:
    bank = Bank([*ENTRIES[:1], *((registered(50 + at), tuple(one)) for at, one in enumerate(entries))])
    assert of(bank.candidates(FOUND), 1)


# --- the stamp ----------------------------------------------------------------------------------------------

TINY: Entry = (registered(1), (Fingerprint("pdq", bytes(range(32)), 100), Fingerprint("local", b"x" * 14)))
SIGN: NegativeEntry = (Negative("sign", sha(8)), (Fingerprint("pdq", bytes(32), 80),))
CHANGED: dict[str, Callable[[], Bank]] = {
    "nothing": lambda: Bank(()),
    "no negative": lambda: Bank([TINY]),
    "another twin": lambda: Bank([(replace(TINY[0], twin="Alma"), TINY[1])], [SIGN]),
    "another picture": lambda: Bank([(replace(TINY[0], sha256=sha(2)), TINY[1])], [SIGN]),
    "another kind": lambda: Bank([(replace(TINY[0], kind=ReferenceKind.HUMAN_ORIGINAL), TINY[1])], [SIGN]),
    "one fingerprint less": lambda: Bank([(TINY[0], TINY[1][:1])], [SIGN]),
    "another bit": lambda: Bank([(TINY[0], (replace(TINY[1][0], bits=b"\1" * 32), TINY[1][1]))], [SIGN]),
    "another quality": lambda: Bank([(TINY[0], (replace(TINY[1][0], quality=51), TINY[1][1]))], [SIGN]),
    "a second twin": lambda: Bank([TINY, (registered(1, "Alma"), TINY[1])], [SIGN]),
    "another name of the negative": lambda: Bank([TINY], [(replace(SIGN[0], name="logo"), SIGN[1])]),
    "another negative": lambda: Bank([TINY], [(replace(SIGN[0], sha256=sha(7)), SIGN[1])]),
    "the negative's bits": lambda: Bank([TINY], [(SIGN[0], (replace(SIGN[1][0], bits=b"\1" * 32),))]),
    "a negative instead": lambda: Bank((), [SIGN, (Negative(TINY[0].twin, TINY[0].sha256), TINY[1])]),
}


def test_any_change_of_the_bank_changes_its_stamp() -> None:
    stamps = {name: make().stamp for name, make in CHANGED.items()}
    stamps["as it is"] = Bank([TINY], [SIGN]).stamp
    assert len(set(stamps.values())) == len(stamps)


def test_what_no_match_is_made_of_changes_no_stamp() -> None:
    same = Bank([TINY], [SIGN]).stamp
    assert Bank([(replace(TINY[0], basis="said otherwise", attested_by="x"), TINY[1])], [SIGN]).stamp == same
    assert Bank([TINY], [(replace(SIGN[0], note="on every page"), SIGN[1])]).stamp == same
    assert Bank([(TINY[0], TINY[1][::-1])], [SIGN]).stamp == same
    others = [(registered(seed), TINY[1]) for seed in (5, 3, 4)]
    assert Bank(others).stamp == Bank(others[::-1]).stamp


@pytest.mark.parametrize("module", ["local", "local_reference", "regions", "tiles"])
def test_a_newer_version_of_what_a_match_is_made_of_changes_the_stamp(
    module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Bank([TINY], [SIGN]).stamp
    monkeypatch.setattr(getattr(bank_module, module), "VERSION", "newer")
    assert Bank([TINY], [SIGN]).stamp != before


@pytest.mark.parametrize("name", ["MATCHER_VERSION", "TILE_RADIUS", "VOTES", "WEIGHT", "MOST", "LIGHT"])
def test_another_matcher_or_threshold_changes_the_stamp(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Bank([TINY], [SIGN]).stamp
    monkeypatch.setattr(bank_module, name, 99)
    assert Bank([TINY], [SIGN]).stamp != before


def test_one_dark_frame_does_not_hide_an_animated_reference() -> None:
    bits = bytes(range(32))
    dark = Fingerprint("pdq", bytes(32), 0, at=0.0)
    bright = Fingerprint("pdq", bits, 90, at=1.0)
    reference = ReferenceImage("Vilma", "d" * 64, ReferenceKind.DIGITAL_TWIN, basis="drawn for a test")
    (found,) = Bank([(reference, (dark, bright))]).candidates((Fingerprint("pdq", bits, 90),))
    assert (found.reference, found.distance) == ("d" * 64, 0)
