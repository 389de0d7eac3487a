"""Our 256-bit pHash against the imagehash library, digit for digit."""

import imagehash
import numpy as np
import pytest
from PIL import Image

from detector.hashes import phash
from detector.hashing import TRANSFORMS
from detector.pictures.decode import decode, decode_small
from tests.detector.drawings import drawn, scene
from tests.detector.files import encoded
from tests.detector.hashes.test_pdq import UNDONE, differing

TEXTURED = [name for name in drawn() if not name.startswith("grey_ramp") and "1x1" not in name]


@pytest.mark.parametrize("name", TEXTURED)
def test_equals_imagehash(name: str) -> None:
    picture = drawn()[name]
    assert phash.fingerprint(picture).hex == str(imagehash.phash(Image.fromarray(picture), hash_size=16))


@pytest.mark.parametrize("place", range(8), ids=lambda place: TRANSFORMS[place] or "as it is")
def test_forms_are_those_of_the_turned_picture(place: int) -> None:
    reference = phash.fingerprint(scene(400, 533, seed=3)).bits
    turned = np.ascontiguousarray(UNDONE[place](scene(400, 533, seed=3)))
    forms = phash.fingerprints(turned)[1].bits
    distances = [differing(reference, forms[at : at + 32]) for at in range(0, 256, 32)]
    assert distances.index(min(distances)) == place
    assert distances[place] <= 8


def test_it_has_no_quality() -> None:
    assert phash.fingerprint(scene(64, 64)).quality is None


@pytest.mark.parametrize("size", [(1, 1), (90, 60), (400, 533), (1080, 1350), (1283, 727), (40, 3000)])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_the_small_decode_hashes_nearly_as_the_whole(size: tuple[int, int], kind: str) -> None:
    data = encoded(scene(*size, seed=8), kind)
    whole = phash.fingerprints(decode(data, kind.lower()).pixels)
    small = phash.quick_fingerprints(decode_small(data, kind.lower()))
    assert [one.algorithm for one in small] == [one.algorithm for one in whole]
    if size != (1, 1):  # flat: noise decides
        assert differing(whole[0].bits, small[0].bits) <= 16
    assert small[1].bits[:32] == small[0].bits
