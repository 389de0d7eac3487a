"""Geometry: neighbours found by sorting are those that holding each beside each would find."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.matching.alignment import align
from detector.matching.local_features.features import points
from tests.detector.matching.pictures import cropped, grey, photograph, turned

ORIGINAL = photograph(1)


@given(
    st.lists(st.tuples(st.floats(0, 60), st.floats(0, 60)), max_size=40),
    st.lists(st.tuples(st.floats(-20, 80), st.floats(-20, 80)), max_size=40),
    st.floats(0.5, 12),
)
def test_neighbours_are_those_of_an_exhaustive_search(
    places: list[tuple[float, float]], expected: list[tuple[float, float]], within: float
) -> None:
    here, there = np.array(places, np.float64).reshape(-1, 2), np.array(expected, np.float64).reshape(-1, 2)
    mine, theirs = align._beside(here, there, within)
    far = ((here[:, None] - there[None]) ** 2).sum(axis=2) <= within**2
    assert {*zip(mine.tolist(), theirs.tolist(), strict=True)} == {*map(tuple, np.argwhere(far).tolist())}
    assert len(mine) == far.sum()


def test_the_ratio_test_leaves_the_likenesses_as_they_were() -> None:
    rows = np.random.default_rng(4).random((30, 20)).astype(np.float32)
    before = rows.copy()
    pairs = align._ratio_matches(rows)
    assert np.array_equal(rows, before)
    two = np.sort(before, axis=1)[:, -2:]
    good = np.flatnonzero((1 - two[:, 1]) < align.RATIO**2 * (1 - two[:, 0]))
    assert np.array_equal(pairs, np.stack([good, before[good].argmax(axis=1)], axis=1))


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_crop_lies_where_it_was_cut(mirrored: bool) -> None:
    cut = cropped(ORIGINAL, 0.1, 0.2, 0.9, 0.8)
    shown = np.ascontiguousarray(cut[:, ::-1]) if mirrored else cut
    found = align.fit(points(grey(shown), 400), points(grey(ORIGINAL), 400))
    assert found is not None
    assert found.mirrored is mirrored
    assert found.residual < 0.5
    height, width = ORIGINAL.shape[:2]
    middle = found.matrix @ np.array([width / 2, height / 2, 1])
    assert middle[:2] / middle[2] == pytest.approx([width * 0.4, height * 0.3], abs=2)


def test_another_photograph_fits_nowhere() -> None:
    found = align.fit(points(grey(turned(photograph(2), 12)), 400), points(grey(ORIGINAL), 400))
    assert found is None or len(found.pairs) < 12
