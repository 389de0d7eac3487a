"""The registered pictures found again: what is a copy, what a person has to decide, and what is neither."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from detector.examine import examine
from detector.hashes import pdq, phash
from detector.hashing import TRANSFORMS
from detector.matching.candidate import Alignment
from detector.matching.search.bank import Bank, Entry
from storage.records import Box, Examination, Fingerprint, Match, MatchKind, ReferenceImage, ReferenceKind
from tests.detector.drawings import Pixels, scene
from tests.detector.files import encoded
from tests.detector.hashes.test_pdq import UNDONE

SIZE = (400, 533)
ORIGINAL = scene(*SIZE, seed=11)
REFERENCE = ReferenceImage("Vilma", "1" * 64, ReferenceKind.DIGITAL_TWIN, basis="drawn for a test")
FLAT = np.full((200, 200, 3), 240, np.uint8)


def looked_at(pixels: Pixels) -> Examination:
    return examine(encoded(np.ascontiguousarray(pixels), "PNG"), ["fingerprint:pdq", "fingerprint:phash"])


def entry(found: Examination, twin: str = "Vilma", kind: ReferenceKind = ReferenceKind.DIGITAL_TWIN) -> Entry:
    return ReferenceImage(twin, found.sha256, kind, basis="drawn for a test"), found.fingerprints


@pytest.fixture(scope="module")
def bank() -> Bank:
    others = [entry(looked_at(scene(*SIZE, seed=seed)), f"other {seed}") for seed in range(20, 30)]
    return Bank([entry(looked_at(ORIGINAL)), *others])


def hashed(bank: Bank, fingerprints: Sequence[Fingerprint], sha256: str = "") -> tuple[Match, ...]:
    """What the hashes alone say: of pictures with too little texture to be laid on each other."""
    candidates = bank.candidates(fingerprints, sha256)
    blank = [
        Alignment(one.reference, None, "too little texture", one.at, too_little=True) for one in candidates
    ]
    return bank.conclude(candidates, blank).matches


def matched(bank: Bank, pixels: Pixels) -> tuple[Match, ...]:
    return hashed(bank, looked_at(pixels).fingerprints)


def as_image(change: Callable[[Image.Image], Image.Image]) -> Callable[[Pixels], Pixels]:
    return lambda pixels: np.asarray(change(Image.fromarray(pixels)).convert("RGB"))


def recompressed(quality: int) -> Callable[[Pixels], Pixels]:
    return lambda pixels: np.asarray(
        Image.open(BytesIO(encoded(pixels, "JPEG", quality=quality))).convert("RGB")
    )


SEPIA = np.array([[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]])
CHANGES: dict[str, Callable[[Pixels], Pixels]] = {
    "nothing": lambda pixels: pixels,
    "JPEG 90": recompressed(90),
    "JPEG 30": recompressed(30),
    "JPEG 10": recompressed(10),
    "a quarter": as_image(lambda image: image.resize((100, 133))),
    "double": as_image(lambda image: image.resize((800, 1066))),
    "wider by a fifth": as_image(lambda image: image.resize((480, 533))),
    "grey": as_image(ImageOps.grayscale),
    "sepia": lambda pixels: (pixels @ SEPIA.T).clip(0, 255).astype(np.uint8),
    "warm": lambda pixels: (pixels * [1.15, 1.0, 0.8]).clip(0, 255).astype(np.uint8),
    "brighter": as_image(lambda image: ImageEnhance.Brightness(image).enhance(1.3)),
    "more contrast": as_image(lambda image: ImageEnhance.Contrast(image).enhance(1.4)),
    "without colour, nearly": as_image(lambda image: ImageEnhance.Color(image).enhance(0.2)),
    "blurred": as_image(lambda image: image.filter(ImageFilter.GaussianBlur(2))),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_copy_is_a_copy_of_its_own_reference_alone(bank: Bank, name: str) -> None:
    (match,) = matched(bank, CHANGES[name](ORIGINAL))
    assert (match.twin, match.kind) == ("Vilma", MatchKind.COPY)
    assert match.distance <= match.threshold == {"pdq": 31, "phash": 16}[match.algorithm]
    assert (match.transform, match.region) == ("", Box(0, 0, 1, 1))
    assert (match.overlap, match.inliers) == (None, None)  # not measured by a hash of the whole


@pytest.mark.parametrize("place", range(8), ids=lambda place: TRANSFORMS[place] or "as it is")
def test_mirrored_and_turned_copies_say_how(bank: Bank, place: int) -> None:
    (match,) = matched(bank, UNDONE[place](ORIGINAL))
    assert (match.kind, match.transform) == (MatchKind.COPY, TRANSFORMS[place])


def test_a_negative_is_a_copy_too(bank: Bank) -> None:
    (match,) = matched(bank, 255 - ORIGINAL)
    assert (match.kind, match.transform) == (MatchKind.COPY, "colours inverted")
    (match,) = matched(bank, 255 - ORIGINAL[:, ::-1])
    assert match.transform == "mirrored, colours inverted"


def test_other_pictures_match_nothing(bank: Bank) -> None:
    for seed in range(40, 60):
        assert matched(bank, scene(*SIZE, seed=seed)) == ()


def with_bits(bits: bytes, quality: int | None = 100) -> tuple[Fingerprint, ...]:
    return (Fingerprint("pdq", bits, quality),)


def flipped(bits: bytes, count: int) -> bytes:
    return (int.from_bytes(bits) ^ ((1 << count) - 1)).to_bytes(32)


@pytest.mark.parametrize(
    ("distance", "kind", "threshold"),
    [
        (0, MatchKind.COPY, pdq.COPY),
        (31, MatchKind.COPY, pdq.COPY),
        (32, MatchKind.LIKELY_COPY, pdq.LIKELY),
        (pdq.LIKELY, MatchKind.LIKELY_COPY, pdq.LIKELY),
        ((pdq.LIKELY or 0) + 1, None, None),
    ],
)
def test_the_bands(distance: int, kind: MatchKind | None, threshold: int | None) -> None:
    bits = bytes(range(32))
    found = hashed(Bank([(REFERENCE, with_bits(bits))]), with_bits(flipped(bits, distance)))
    assert [(one.kind, one.distance, one.threshold) for one in found] == (
        [] if kind is None else [(kind, distance, threshold)]
    )


@pytest.mark.parametrize(
    ("distance", "kind"),
    [
        (phash.COPY, MatchKind.COPY),
        ((phash.COPY or 0) + 1, MatchKind.LIKELY_COPY),
        (phash.LIKELY, MatchKind.LIKELY_COPY),
        ((phash.LIKELY or 0) + 1, None),
    ],
)
def test_the_bands_of_the_other_hash(distance: int, kind: MatchKind | None) -> None:
    bits = bytes(range(32))
    elsewhere = bytes([0b01010101] * 32)
    bank = Bank([(REFERENCE, (*with_bits(bits), Fingerprint("phash", bits)))])
    matches = hashed(bank, (*with_bits(elsewhere), Fingerprint("phash", flipped(bits, distance))))
    assert [one.kind for one in matches] == ([] if kind is None else [kind])


def test_a_hash_without_a_quality_needs_one_with_it() -> None:
    """A flat picture's pHash is noise, and nothing says so but PDQ's quality."""
    alone = (Fingerprint("phash", bytes(range(32))),)
    assert hashed(Bank([(REFERENCE, alone)]), alone) == ()
    assert hashed(Bank([(REFERENCE, (*with_bits(bytes(32)), *alone))]), alone) == ()


@pytest.mark.parametrize(
    ("ours", "theirs", "found"), [(50, 50, True), (49, 50, False), (50, 49, False), (0, 0, False)]
)
def test_too_little_on_either_side_is_no_match(ours: int, theirs: int, found: bool) -> None:
    bits = bytes(range(32))
    bank = Bank([(REFERENCE, (*with_bits(bits, theirs), Fingerprint("phash", bits)))])
    assert bool(hashed(bank, (*with_bits(bits, ours), Fingerprint("phash", bits)))) is found


def test_identical_bytes_match_even_when_flat() -> None:
    flat = looked_at(FLAT)
    bank = Bank([entry(flat)])
    assert hashed(bank, flat.fingerprints) == ()
    (match,) = hashed(bank, flat.fingerprints, sha256=flat.sha256)
    assert (match.kind, match.algorithm, match.distance, match.overlap) == (MatchKind.COPY, "sha256", 0, 1.0)


def test_identical_bytes_are_the_best_match(bank: Bank) -> None:
    original = looked_at(ORIGINAL)
    (match,) = hashed(bank, original.fingerprints, sha256=original.sha256)
    assert match.algorithm == "sha256"


def test_one_picture_registered_for_two_twins_matches_both() -> None:
    found = looked_at(ORIGINAL)
    bank = Bank([entry(found, "Vilma"), entry(found, "Alma", ReferenceKind.HUMAN_ORIGINAL)])
    matches = hashed(bank, found.fingerprints)
    assert [(one.twin, one.reference_kind) for one in matches] == [
        ("Alma", ReferenceKind.HUMAN_ORIGINAL),
        ("Vilma", ReferenceKind.DIGITAL_TWIN),
    ]


def test_the_surest_and_nearest_come_first() -> None:
    bits = bytes(range(32))
    entries = [
        (
            ReferenceImage(f"at {far}", f"{far:064}", ReferenceKind.DIGITAL_TWIN, basis="b"),
            with_bits(flipped(bits, far)),
        )
        for far in (40, 3, 20)
    ]
    assert [one.twin for one in hashed(Bank(entries), with_bits(bits))] == ["at 3", "at 20", "at 40"]


def test_a_reference_of_which_only_one_hash_is_known_is_found_mirrored() -> None:
    (upright, _) = pdq.fingerprints(ORIGINAL)
    (match,) = hashed(Bank([(REFERENCE, (upright,))]), looked_at(ORIGINAL[:, ::-1]).fingerprints)
    assert match.transform == "mirrored"


@pytest.mark.parametrize("bits", [b"", b"\x00" * 31, b"\x00" * 64])
def test_a_hash_of_another_length_is_passed_over(bank: Bank, bits: bytes) -> None:
    assert hashed(Bank([(REFERENCE, with_bits(bits))]), looked_at(ORIGINAL).fingerprints) == ()
    assert hashed(bank, with_bits(bits)) == ()


@pytest.mark.parametrize("fingerprints", [(), (Fingerprint("unheard_of", b"\x00" * 32, 100),)])
def test_nothing_to_match_with(bank: Bank, fingerprints: tuple[Fingerprint, ...]) -> None:
    assert hashed(bank, fingerprints) == ()
    assert hashed(Bank(()), fingerprints, sha256="0" * 64) == ()


def stamp(*entries: Entry) -> str:
    return Bank(entries).stamp


def test_the_stamp_changes_with_what_a_match_is_made_of() -> None:
    found = looked_at(ORIGINAL)
    one, other = entry(found), entry(looked_at(scene(*SIZE, seed=12)), "Alma")
    stamps: Iterable[str] = [
        stamp(),
        stamp(one),
        stamp(one, other),
        stamp(entry(found, "Somebody else")),
        stamp(entry(found, kind=ReferenceKind.HUMAN_ORIGINAL)),
        stamp((one[0], found.fingerprints[:1])),
    ]
    assert len(set(stamps)) == 6
    assert stamp(one, other) == stamp(other, one)
    assert stamp(one) == stamp((replace(one[0], basis="said otherwise"), found.fingerprints))
