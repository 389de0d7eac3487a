"""Whose picture is this? By the hashes of the whole, among thousands."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from desk.jobs.likeness import Newcomer, like_others
from desk.jobs.looked_at import HASHES
from detector.examine import reference_stage_versions
from storage.records import Negative
from tests.desk.shop import Shop, cropped, digest, jpeg, looked_at, photo
from tests.detector.drawings import Pixels

pytestmark = pytest.mark.slow  # workers

CHANGED: dict[str, Callable[[Pixels], Pixels]] = {
    "recompressed": lambda pixels: pixels,
    "mirrored": lambda pixels: pixels[:, ::-1],
    "turned": lambda pixels: pixels.transpose(1, 0, 2)[::-1],
    "a little cut": lambda pixels: cropped(pixels, 0.97),
}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    made = Shop(tmp_path)
    made.register("Anna", jpeg(photo(1)))
    made.store.roster.keep([looked_at(jpeg(photo(3)))])
    made.store.media.put(jpeg(photo(3)))
    made.store.bank.add_negative(Negative("backdrop", digest(jpeg(photo(3)))))
    return made


def newcomer(shop: Shop, twin: str, pixels: Pixels, name: str) -> Newcomer:
    data = jpeg(pixels, 60)
    shop.store.roster.keep([looked_at(data)])
    known = shop.store.roster.examined([digest(data)], reference_stage_versions(), HASHES)
    return Newcomer(twin, Path(name), name, known[digest(data)])


@pytest.mark.parametrize("change", CHANGED)
def test_anothers_picture_is_named_and_ones_own_is_not(shop: Shop, change: str) -> None:
    pixels = np.ascontiguousarray(CHANGED[change](photo(1)))
    ours, theirs = newcomer(shop, "Anna", pixels, "a.jpg"), newcomer(shop, "Berta", pixels, "b.jpg")
    assert list(like_others(shop.store, [ours], closely=False)) == []
    assert list(like_others(shop.store, [theirs], closely=False)) == [
        "b.jpg: looks like a picture registered for Anna"
    ]


def test_newcomers_beside_each_other_and_beside_negatives(shop: Shop) -> None:
    first, second = newcomer(shop, "Cleo", photo(5), "c.jpg"), newcomer(shop, "Dora", photo(5), "d.jpg")
    backdrop, other = newcomer(shop, "Cleo", photo(3), "e.jpg"), newcomer(shop, "Dora", photo(6), "f.jpg")
    assert list(like_others(shop.store, [first, second, backdrop, other], closely=False)) == [
        "d.jpg: looks like a picture registered for Cleo",
        "e.jpg: looks like a picture that must never match (negative backdrop)",
    ]


def test_a_withdrawn_picture_is_nobodys(shop: Shop) -> None:
    shop.store.bank.withdraw_references("Anna", shop.store.twins()[0].added_at or pytest.fail("a time"))
    assert not list(like_others(shop.store, [newcomer(shop, "Berta", photo(1), "b.jpg")], closely=False))
