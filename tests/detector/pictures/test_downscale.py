"""The filter's weights folded onto blocks: the same samples where only the means of blocks are known."""

import numpy as np
import pytest

from detector.pictures.decode import SmallPicture
from detector.pictures.downscale import block_small, block_weights, quick_small, sampling_weights
from tests.detector.drawings import scene

LENGTHS = [64, 100, 533, 1080, 1351]
SHARES = [1, 2, 4, 8]


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("cut_first", [False, True])
def test_every_sample_weighs_one(length: int, share: int, cut_first: bool) -> None:
    found = block_weights(sampling_weights(length), share, cut_first=cut_first)
    assert found.shape == (64, -(-length // share))
    assert np.allclose(found.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("length", LENGTHS)
def test_blocks_of_one_pixel_weigh_what_the_pixel_does(length: int) -> None:
    assert np.array_equal(block_weights(sampling_weights(length), 1), sampling_weights(length))


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("cut_first", [False, True])
def test_a_straight_slope_is_known_from_its_block_means(share: int, cut_first: bool) -> None:
    """Inside; at the edges nobody knows how it goes on."""
    length = 1080 - (3 if share > 3 else 0)
    short = -length % share
    slope = np.arange(length + short) - (short if cut_first else 0)
    blocks = slope.reshape(-1, share).mean(axis=1)
    found = block_weights(sampling_weights(length), share, cut_first=cut_first) @ blocks
    exact = sampling_weights(length) @ np.arange(length)
    assert np.abs(found - exact)[2:-2].max() < 0.01


@pytest.mark.parametrize(
    ("cut_top", "cut_left"), [(False, False), (True, False), (False, True), (True, True)]
)
def test_the_short_block_may_come_first(cut_top: bool, cut_left: bool) -> None:
    """A picture that was turned: the same as the turned picture's own samples."""
    pixels = scene(731, 902, seed=2)
    padded = np.pad(pixels, ((0, -902 % 4), (0, -731 % 4), (0, 0)), "edge")
    blocks = (padded @ np.array([0.299, 0.587, 0.114])).reshape(226, 4, 183, 4).mean(axis=(1, 3))
    flips = (slice(None, None, -1 if cut_top else 1), slice(None, None, -1 if cut_left else 1))
    grey = np.rint(blocks).astype(np.uint8)[flips]
    found = block_small(SmallPicture(grey, 731, 902, 4, cut_top, cut_left))
    error = np.abs(found - quick_small(pixels[flips]))
    assert error.mean() < 0.5
    assert np.percentile(error, 99) < 4
