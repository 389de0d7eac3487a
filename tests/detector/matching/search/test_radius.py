"""Hashes within a radius: the tables beside reading through everything, while rows come and go."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from detector.matching.search import radius
from detector.matching.search.radius import EXACT_UP_TO, Found, Hashes, RadiusIndex, exactly

pytestmark = pytest.mark.slow  # many hashes

MANY = EXACT_UP_TO + 20_000
CHANCE = np.random.default_rng(31)


def drawn(count: int, seed: int = 1) -> Hashes:
    return np.random.default_rng(seed).integers(0, 2**64, (count, 4), dtype=np.uint64)


def moved(hashes: Hashes, distances: NDArray[np.int64], seed: int = 2) -> Hashes:
    """Each hash with so many of its bits the other way round."""
    order = np.random.default_rng(seed).random((len(hashes), 256)).argsort(axis=1)
    bits = np.packbits(order < distances[:, None], axis=1).view(np.uint64)
    return hashes ^ bits


def by_hand(hashes: Hashes, queries: Hashes, reach: int) -> list[tuple[int, int, int]]:
    apart = np.bitwise_count(queries[:, None] ^ hashes[None]).sum(axis=2)
    pairs = [(int(apart[query, row]), query, row) for query, row in np.argwhere(apart <= reach).tolist()]
    return [(query, row, far) for far, query, row in sorted(pairs, key=lambda one: (one[1], one[0], one[2]))]


def listed(found: Found) -> list[tuple[int, int, int]]:
    return list(zip(*(column.tolist() for column in found), strict=True))


@pytest.fixture(scope="module")
def stored() -> Hashes:
    return drawn(MANY)


@pytest.fixture(scope="module")
def index(stored: Hashes) -> RadiusIndex:
    """Not to be changed."""
    return RadiusIndex(stored)


@pytest.mark.parametrize("reach", [0, 31, 47, 56, 90])
def test_few_hashes_are_searched_exactly(reach: int) -> None:
    hashes = drawn(500)
    near = moved(hashes[:200], np.arange(200) % 100)
    queries = np.concatenate([near, drawn(20, seed=5)])
    found = RadiusIndex(hashes).search(queries, reach)
    assert listed(found) == by_hand(hashes, queries, reach)
    assert listed(exactly(hashes, queries, reach)) == listed(found)


@pytest.mark.parametrize("reach", [47, 56])
def test_a_wide_radius_is_exact_among_many(stored: Hashes, index: RadiusIndex, reach: int) -> None:
    queries = moved(stored[::6000], np.arange(20) * 3 % (reach + 1))
    assert listed(index.search(queries, reach)) == by_hand(stored, queries, reach)


def test_tables_find_neighbours_at_every_distance(stored: Hashes, index: RadiusIndex) -> None:
    """At least .99 of those at 31 bits, where it is hardest (search.md: .9976), and every one up to 23:
    twelve keys cannot all have two of so few."""
    for far, least in ((0, 1.0), (12, 1.0), (23, 1.0), (28, 0.995), (31, 0.99)):
        rows = np.arange(0, MANY, 40)
        queries = moved(stored[rows], np.full(len(rows), far), seed=far)
        mine, found, distances = index.search(queries, 31)
        assert (distances[found == rows[mine]] == far).all()
        assert (found == rows[mine]).sum() >= least * len(rows), far


def test_what_tables_bring_up_is_within_the_radius_and_in_order(stored: Hashes, index: RadiusIndex) -> None:
    queries = moved(stored[:40], np.arange(40))
    found = index.search(queries, 25)
    assert set(listed(found)) <= set(by_hand(stored, queries, 25))
    assert listed(found) == sorted(listed(found), key=lambda one: (one[0], one[2], one[1]))
    assert found[0].dtype == found[1].dtype == found[2].dtype == np.int64


def test_adding_piece_by_piece_is_the_same_as_at_once(stored: Hashes, index: RadiusIndex) -> None:
    grown = RadiusIndex()
    ends = [0, 10, 10, EXACT_UP_TO + 1, MANY - 1, MANY]
    for start, end in pairwise(ends):
        grown.add(stored[start:end])
    queries = moved(stored[::400], np.arange(300) % 32)
    assert listed(grown.search(queries, 31)) == listed(index.search(queries, 31))
    assert (len(grown), grown.rows) == (MANY, MANY)


@pytest.mark.parametrize("count", [1000, MANY])
def test_removed_hashes_are_never_found_and_the_others_keep_their_rows(stored: Hashes, count: int) -> None:
    index = RadiusIndex(stored[:count])
    gone = np.arange(count) % 3 == 0
    index.remove(gone)
    assert (len(index), index.rows) == (count - int(gone.sum()), count)
    for reach in (31, 47):
        mine, rows, _ = index.search(stored[:90], reach)
        assert rows.tolist() == [row for row in range(90) if row % 3] == mine.tolist()
    index.add(stored[:3])
    assert [row for _, row, _ in listed(index.search(stored[:3], 31))] == [count, 1, count + 1, 2, count + 2]


def test_removed_before_there_were_tables(stored: Hashes) -> None:
    index = RadiusIndex(stored[:10])
    index.remove(np.arange(10) == 4)
    index.add(stored[10:])
    assert index.search(stored[:10], 31)[1].tolist() == [0, 1, 2, 3, 5, 6, 7, 8, 9]


def test_thousands_of_nearly_equal_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """White backgrounds: their keys are full, and no query may blow up for it, nor lose anything."""
    middle = drawn(1, seed=9)
    alike = moved(np.repeat(middle, 6000, axis=0), CHANCE.integers(0, 12, 6000), seed=3)
    hashes = np.concatenate([drawn(EXACT_UP_TO, seed=4), alike])
    index = RadiusIndex(hashes)
    queries = np.concatenate([middle, moved(middle, np.array([20])), hashes[:3]])
    expected = by_hand(hashes, queries, 31)
    assert listed(index.search(queries, 31)) == expected
    monkeypatch.setattr(radius, "CROWDED", 0.001)  # never read through: the tables' own way
    monkeypatch.setattr(radius, "PAIRS", 1000)
    assert listed(index.search(queries, 31)) == expected


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 1000),
    count=st.integers(0, 60),
    asked=st.integers(0, 8),
    reach=st.integers(0, 256),
)
def test_any_small_index(seed: int, count: int, asked: int, reach: int) -> None:
    hashes, queries = drawn(count, seed), drawn(asked, seed + 1)
    hashes[::5] = 0
    expected = by_hand(hashes, queries, reach)
    assert listed(RadiusIndex(hashes).search(queries, reach)) == expected
    assert listed(exactly(hashes, queries, reach)) == expected


@pytest.mark.parametrize("wrong", [np.zeros((2, 3), np.uint64), np.zeros(4, np.uint64), np.zeros((2, 4))])
def test_other_shapes_are_refused(wrong: Hashes) -> None:
    with pytest.raises(ValueError, match="uint64"):
        RadiusIndex(wrong)
    with pytest.raises(ValueError, match="uint64"):
        RadiusIndex().search(wrong, 31)


def test_a_mask_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="rows"):
        RadiusIndex(drawn(3)).remove(np.zeros(2, np.bool_))
