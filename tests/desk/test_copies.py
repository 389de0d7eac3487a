"""Collected pictures linked to earlier copies of themselves: whatever order they came in, the same groups."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from desk.jobs.copies import FILE
from tests.desk.shop import Shop, beside, digest, jpeg, looked_at, photo
from tests.detector.drawings import Pixels

pytestmark = pytest.mark.slow  # many pictures, in many orders


def framed(left: Pixels, right: Pixels) -> Pixels:
    """A collage with white between the pictures and around them."""
    one, other = (np.pad(one, ((20, 20), (20, 20), (0, 0)), constant_values=250) for one in (left, right))
    return beside(one, other)


COAT, GOWN, OTHER = photo(31), photo(32), photo(33)
PICTURES = {
    "coat": jpeg(COAT),
    "coat again": jpeg(COAT, 60),
    "coat, mirrored": jpeg(COAT[:, ::-1]),
    "gown": jpeg(GOWN),
    "gown again": jpeg(GOWN, 70),
    "coat beside gown": jpeg(framed(COAT, GOWN)),
    "other": jpeg(OTHER),
}
GROUPS = [{"coat", "coat again", "coat, mirrored"}, {"gown", "gown again"}]


def published(folder: Path, names: Sequence[str], nights: int) -> Shop:
    """In this order, in so many nights."""
    folder.mkdir()
    shop = Shop(folder)
    for night in range(nights):
        for name in names[night::nights]:
            shop.publish(PICTURES[name])
        shop.detect()
    return shop


def groups(shop: Shop) -> list[set[str]]:
    found: dict[str, set[str]] = {}
    for name, data in PICTURES.items():
        if shop.store.copies.shown(digest(data)):
            found.setdefault(shop.store.copies.group_of(digest(data)), set()).add(name)
    return sorted((group for group in found.values() if len(group) > 1), key=sorted)


@pytest.mark.parametrize(("nights", "backwards"), [(1, False), (3, True)])
def test_the_same_groups_in_whatever_order(tmp_path: Path, nights: int, backwards: bool) -> None:
    names = list(PICTURES)[:: -1 if backwards else 1]
    shop = published(tmp_path / "shop", names, nights)
    assert groups(shop) == GROUPS
    collage = shop.store.copies.of(digest(PICTURES["coat beside gown"]))
    earlier = {link.reference for link in collage}
    assert all(not link.mutual for link in collage)
    if not backwards:
        assert earlier
    for one, other in combinations(GROUPS, 2):
        assert not one & other
    shop.store.close()


def test_links_are_no_matches_with_twins_and_are_made_once(tmp_path: Path) -> None:
    shop = published(tmp_path / "shop", ["coat", "coat again", "other"], 1)
    linked = [shop.store.copies.of(digest(data)) for data in PICTURES.values()]
    assert sum(bool(links) for links in linked) == 1
    assert list(shop.store.findings()) == []
    shop.detect()
    (shop.folder / "media-cache" / FILE).unlink()
    shop.detect()
    assert [shop.store.copies.of(digest(data)) for data in PICTURES.values()] == linked
    shop.store.close()


def test_a_picture_fingerprinted_anew_keeps_each_link_once(tmp_path: Path) -> None:
    shop = published(tmp_path / "shop", ["coat", "gown", "coat beside gown"], 1)
    collage = PICTURES["coat beside gown"]
    links = shop.store.copies.of(digest(collage))
    assert {link.reference for link in links} == {digest(PICTURES["coat"]), digest(PICTURES["gown"])}
    found = looked_at(collage)
    for fingerprints in (found.fingerprints[:-1], found.fingerprints):
        shop.store.save_examination(replace(found, fingerprints=fingerprints))
    shop.detect()
    assert shop.store.copies.of(digest(collage)) == links
    shop.store.close()


def test_what_was_linked_stays_linked_when_the_bytes_are_gone(tmp_path: Path) -> None:
    shop = published(tmp_path / "shop", ["coat", "coat again"], 1)
    shop.lose(PICTURES["coat"])
    (shop.folder / "media-cache" / FILE).write_text('{"number": 9, "version": "older", "anew": false}')
    shop.detect()
    assert groups(shop) == [{"coat", "coat again"}]
    part = jpeg(COAT, 40)
    shop.publish(part)
    shop.detect()  # nothing to lay it on but the one that is there
    assert shop.store.copies.group_of(digest(part)) in {digest(PICTURES[name]) for name in GROUPS[0]}
    shop.store.close()


def test_another_stores_cache_is_not_believed(tmp_path: Path) -> None:
    first = published(tmp_path / "first", ["coat", "gown", "other", "coat again"], 1)
    first.store.close()
    for file in (tmp_path / "first").glob("twinwatch.db*"):
        file.unlink()
    again = Shop(tmp_path / "first")
    again.publish(PICTURES["gown"])
    again.publish(PICTURES["gown again"])
    again.detect()
    assert again.store.copies.group_of(digest(PICTURES["gown again"])) == digest(PICTURES["gown"])
    again.store.close()
