"""PDQ against Meta's reference implementation, digit for digit; its eight forms against turned pictures."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from detector.hashes import pdq
from detector.hashing import TRANSFORMS
from detector.pictures.decode import decode, decode_small
from detector.pictures.downscale import exact_small, quick_small, sample_points, sampling_weights
from tests.detector.drawings import Pixels, drawn, grey_ramp, scene, shapes
from tests.detector.files import encoded

REFERENCE: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "pdq_reference.json").read_text()
)["pictures"]
META_ORDER = (0, 3, 2, 1, 4, 5, 6, 7)  # our forms, by what was done to the reference, in Meta's order

UNDONE: tuple[Callable[[Pixels], Pixels], ...] = (  # the picture as each of TRANSFORMS leaves it
    lambda p: p,
    lambda p: np.rot90(p),
    lambda p: np.rot90(p, 2),
    lambda p: np.rot90(p, -1),
    lambda p: p[::-1],
    lambda p: p[:, ::-1],
    lambda p: np.rot90(p[:, ::-1]),
    lambda p: np.rot90(p[:, ::-1], -1),
)
FORM_TOLERANCE = 24  # bits; measured on 30 photographs of 400x533, whose even windows lean to one side


def differing(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def test_every_drawing_has_a_reference_value() -> None:
    assert set(REFERENCE) == set(drawn())
    assert len(REFERENCE) >= 40


@pytest.mark.parametrize("name", REFERENCE)
def test_hash_and_quality_equal_the_reference(name: str) -> None:
    found = pdq.fingerprint(drawn()[name])
    assert (found.hex, found.quality) == (REFERENCE[name]["pdq"], REFERENCE[name]["quality"])


@pytest.mark.parametrize("name", [name for name, kept in REFERENCE.items() if "dihedral" in kept])
def test_forms_equal_the_reference(name: str) -> None:
    found = pdq.fingerprints(drawn()[name])
    if len(found) == 1:
        assert set(REFERENCE[name]["dihedral"]) == {"0" * 64}
        return
    forms = [found[1].bits[place * 32 : place * 32 + 32].hex() for place in META_ORDER]
    assert forms == REFERENCE[name]["dihedral"]


@pytest.mark.parametrize("place", range(8), ids=lambda place: TRANSFORMS[place] or "as it is")
@pytest.mark.parametrize("size", [(400, 533), (512, 512)])
def test_a_turned_picture_comes_nearest_in_its_own_form(place: int, size: tuple[int, int]) -> None:
    reference = pdq.fingerprint(scene(*size, seed=3)).bits
    turned = np.ascontiguousarray(UNDONE[place](scene(*size, seed=3)))
    forms = pdq.fingerprints(turned)[1].bits
    distances = [differing(reference, forms[at : at + 32]) for at in range(0, 256, 32)]
    assert distances.index(min(distances)) == place
    assert distances[place] <= FORM_TOLERANCE


@pytest.mark.parametrize("size", [(5, 3), (4, 500), (1, 1)])
def test_a_sliver_has_the_empty_hash_at_quality_nought(size: tuple[int, int]) -> None:
    (found,) = pdq.fingerprints(scene(*size))
    assert (found.hex, found.quality) == ("0" * 64, 0)


@pytest.mark.parametrize("length", [5, 63, 64, 65, 128, 129, 1080, 5000])
def test_every_sample_weighs_one(length: int) -> None:
    weights = sampling_weights(length)
    assert weights.shape == (64, length)
    assert np.allclose(weights.sum(axis=1), 1, atol=1e-5)
    assert (weights[np.arange(64), sample_points(length)] > 0).all()


@pytest.mark.parametrize("size", [(400, 533), (1080, 1350), (40, 3000)])
def test_the_quick_way_stays_within_rounding_of_the_exact_one(size: tuple[int, int]) -> None:
    picture = scene(*size, seed=8)
    assert np.abs(quick_small(picture) - exact_small(picture)).max() < 0.005


QUICK_TOLERANCE = 16  # bits, as issue 3 asks; docs/benchmarks/hashing.md has what photographs need


@pytest.mark.parametrize("size", [(90, 60), (400, 533), (1080, 1350), (1350, 1081), (1283, 727), (40, 3000)])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("orientation", [1, 3, 6])
def test_the_small_decode_hashes_nearly_as_the_whole(
    size: tuple[int, int], kind: str, orientation: int
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(scene(*size, seed=8), kind, exif=exif)
    whole = pdq.fingerprints(decode(data, kind.lower()).pixels)
    small = pdq.quick_fingerprints(decode_small(data, kind.lower()))
    assert [one.algorithm for one in small] == [one.algorithm for one in whole]
    assert differing(whole[0].bits, small[0].bits) <= QUICK_TOLERANCE
    assert small[1].bits[:32] == small[0].bits
    assert abs((small[0].quality or 0) - (whole[0].quality or 0)) <= 1


def stripes(width: int, height: int) -> Pixels:
    return np.broadcast_to((np.arange(width) // 90 % 2 * 200)[None, :, None], (height, width, 3)).astype(
        np.uint8
    )


def halves(width: int, height: int) -> Pixels:
    return np.broadcast_to(
        np.where(np.arange(height) * 2 > height, 40, 220)[:, None, None], (height, width, 3)
    ).astype(np.uint8)


@pytest.mark.parametrize("draw", [stripes, halves, grey_ramp])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_what_only_noise_decides_has_no_quality(draw: Callable[[int, int], Pixels], kind: str) -> None:
    """Meta's quality of stripes is 100: their steps are high, and their hash means nothing."""
    assert pdq.quick_fingerprints(decode_small(encoded(draw(800, 1000), kind), kind.lower()))[0].quality == 0


@pytest.mark.parametrize("draw", [shapes, scene])
def test_what_the_picture_decides_keeps_its_quality(draw: Callable[[int, int], Pixels]) -> None:
    assert (pdq.quick_fingerprints(decode_small(encoded(draw(800, 1000)), "jpeg"))[0].quality or 0) > 49


@pytest.mark.parametrize("size", [(5, 3), (4, 500), (1, 1)])
def test_a_sliver_decoded_small_has_the_empty_hash(size: tuple[int, int]) -> None:
    assert pdq.quick_fingerprints(decode_small(encoded(scene(*size), "PNG"), "png")) == pdq.fingerprints(
        scene(*size)
    )


@pytest.mark.parametrize("seed", range(12))
def test_forms_can_be_guessed_from_the_hash_alone(seed: int) -> None:
    whole, forms = pdq.fingerprints(scene(120, 160, seed=seed))
    for place, guessed in enumerate(pdq.guessed_forms(whole.bits)):
        true = forms.bits[32 * place : 32 * place + 32]
        apart = (int.from_bytes(guessed) ^ int.from_bytes(true)).bit_count()
        assert apart <= (pdq.GUESSED if place not in (0, 6) else 0)
