"""The eight forms of a block of frequencies, against those of pictures that are turned."""

import numpy as np
import pytest

from detector.hashing import TRANSFORMS, eight_forms, hashes, mirror_signs
from tests.detector.hashes.test_pdq import UNDONE

SIDE = 12
WAVES = np.cos(np.pi / SIDE * np.arange(6)[:, None] * (np.arange(SIDE) + 0.5)[None, :])
SIGNS = mirror_signs(np.arange(6) % 2 == 1)


@pytest.mark.parametrize("place", range(8), ids=lambda place: TRANSFORMS[place] or "as it is")
def test_a_form_is_what_the_reference_had(place: int) -> None:
    reference = np.random.default_rng(7).integers(0, 256, (SIDE, SIDE), dtype=np.uint8)
    picture = UNDONE[place](reference)
    forms = eight_forms(WAVES @ picture @ WAVES.T, SIGNS)
    assert forms.shape == (8, 6, 6)
    assert np.allclose(forms[place], WAVES @ reference @ WAVES.T, atol=1e-6)


def test_the_hashes_are_found_by_their_place() -> None:
    assert set(hashes()) == {"pdq", "phash"}
