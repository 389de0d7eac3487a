"""Sums over three channels are numpy's own, to the bit: no verdict may hang on which of them was asked."""

import numpy as np
import pytest

from detector.matching.alignment import channels


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("shape", [(4001, 3), (61, 47, 3), (1, 3), (0, 3)])
def test_as_numpy_counts(dtype: type[np.floating], order: str, shape: tuple[int, ...]) -> None:
    numbers = np.random.default_rng(7).normal(40, 90, shape).astype(dtype)
    values = np.array(numbers, order="C" if order == "C" else "F")
    assert np.array_equal(channels.total(values), values.sum(axis=-1))
    assert np.array_equal(channels.mean(values), values.mean(axis=-1))
    assert channels.mean(values).dtype == dtype
    assert np.array_equal(channels.largest(values), values.max(axis=-1))
    some = values > 150
    assert np.array_equal(channels.any_of(some), some.any(axis=-1))
