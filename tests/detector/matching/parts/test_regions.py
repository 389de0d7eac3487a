"""Pictures within a picture: their rectangles are found, and hashed as if they stood alone."""

import numpy as np
import pytest

from detector.hashes import pdq
from detector.matching.parts import regions, tiles
from detector.matching.search.bank import TILE_RADIUS
from storage.records import Box, Fingerprint
from tests.detector.drawings import Pixels
from tests.detector.matching.pictures import clouds, collage, cropped, grey, inside

ONE, TWO = clouds(1), clouds(2)


def found_in(pixels: Pixels) -> list[tuple[Box, bytes]]:
    return [row for one in regions.fingerprints(grey(pixels)) for row in regions.unpack(one)]


def bits(one: bytes, other: bytes) -> int:
    return int(np.bitwise_count(np.frombuffer(one, np.uint8) ^ np.frombuffer(other, np.uint8)).sum())


def whole(pixels: Pixels) -> bytes:
    return pdq.hashed(regions.square(grey(pixels)))[0][:32]


@pytest.mark.parametrize(
    ("pixels", "expected"),
    [
        (inside(ONE, TWO, 0.5), (0.1, 0.15, 0.5, 0.5)),
        (inside(ONE, np.full_like(TWO, 255), 0.6), (0.1, 0.15, 0.6, 0.6)),
        (collage(ONE, TWO), (8 / 744, 0, 360 / 744, 1)),
        (collage(TWO, ONE), (376 / 744, 0, 360 / 744, 1)),
    ],
    ids=["in a picture", "framed", "left", "right"],
)
def test_a_picture_in_a_picture_is_found(pixels: Pixels, expected: tuple[float, ...]) -> None:
    box, hashed = min(found_in(pixels), key=lambda row: bits(row[1], whole(ONE)))
    assert (box.x, box.y, box.w, box.h) == pytest.approx(expected, abs=0.02)
    assert bits(hashed, whole(ONE)) <= TILE_RADIUS


def test_a_region_is_near_a_tile_of_what_it_was_cut_from() -> None:
    (kept,) = tiles.fingerprints(grey(ONE))
    part = cropped(ONE, 0.45, 0.0, 1.0, 0.55)
    nearest = min(bits(row[1], whole(part)) for row in tiles.unpack(kept))
    assert nearest <= 31
    mirrored = min(bits(row[2], whole(np.ascontiguousarray(part[:, ::-1]))) for row in tiles.unpack(kept))
    assert mirrored <= 31


@pytest.mark.parametrize("shape", [(480, 360), (16, 16), (3, 900), (1, 1), (31, 200)])
@pytest.mark.parametrize("value", [0, 128, 255])
def test_flat_pictures_have_no_regions_and_no_tiles(shape: tuple[int, int], value: int) -> None:
    flat = np.full(shape, value, np.uint8)
    assert regions.fingerprints(flat) == ()
    assert tiles.fingerprints(flat) == ()


def test_at_most_ten_are_kept_in_360_bytes() -> None:
    sheet = np.full((600, 600, 3), 255, np.uint8)
    for place in range(16):
        row, column = divmod(place, 4)
        sheet[row * 150 + 5 : row * 150 + 145, column * 150 + 5 : column * 150 + 145] = clouds(place)[
            :140, :140
        ]
    (one,) = regions.fingerprints(grey(sheet))
    assert 0 < len(one.bits) <= 10 * 36


def test_damaged_bytes_are_refused() -> None:
    with pytest.raises(ValueError):
        regions.unpack(Fingerprint("regions", b"123"))
    with pytest.raises(ValueError):
        tiles.unpack(Fingerprint("tiles", b"123"))


def checked(seed: int) -> Pixels:
    """Cloth woven of long straight threads: more rectangles than are kept."""
    dice = np.random.default_rng(seed)
    threads = np.add.outer(np.repeat(dice.integers(0, 90, 24), 20), np.repeat(dice.integers(0, 90, 18), 20))
    cloth = clouds(seed)[:480, :360].astype(np.int64) // 3
    return np.asarray(np.clip(cloth + threads[: len(cloth), : cloth.shape[1], None], 0, 255), np.uint8)


@pytest.mark.parametrize("seed", [1, 3, 5, 7, 9])
def test_a_band_over_woven_cloth_leaves_the_picture_below_it(seed: int) -> None:
    cloth = checked(seed)
    banded = np.concatenate([np.full((70, *cloth.shape[1:]), 255, np.uint8), cloth])
    assert min(bits(hashed, whole(cloth)) for _, hashed in found_in(banded)) <= TILE_RADIUS
    assert len(found_in(banded)) <= regions.REGIONS
