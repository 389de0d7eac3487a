"""What is laid on a picture and what replaces a part of it, each told in words."""

from collections.abc import Callable

import numpy as np
import pytest

from detector.matching.changes.differing import compared, regions
from detector.matching.changes.fine import laid_finely
from detector.matching.changes.replaced import LOST, Judged, judged, look, traits
from tests.detector.drawings import Pixels
from tests.detector.matching.changes.test_altered import (
    IDENTITY,
    blended,
    ellipse,
    jpeg,
    lettered,
    photo,
    stuck,
)


def veiled(pixels: Pixels) -> Pixels:
    made = pixels.copy()
    made[300:420] = (0.4 * made[300:420] + 0.6 * np.array([20, 160, 60])).astype(np.uint8)
    return made


def largest(picture: Pixels, reference: Pixels) -> Judged:
    fine = laid_finely(jpeg(picture, 85), reference, IDENTITY)
    assert fine is not None
    seen = compared(fine)
    region, *_ = regions(fine, seen.odd, 0.02)
    return judged(region, look(fine, seen, 0.0))


def test_what_fits_in_replaces() -> None:
    reference = photo(11)
    picture = blended(reference, photo(12), ellipse((0.5, 0.4), (0.25, 0.2), 3))
    assert largest(picture, reference) == Judged(True, "something else")


@pytest.mark.parametrize("edit", [lettered, stuck, veiled])
def test_what_is_laid_on_does_not(edit: Callable[[Pixels], Pixels]) -> None:
    reference = photo(13)
    found = largest(edit(reference), reference)
    assert not found.replaced
    assert found.words


def test_a_blended_edge_is_no_new_one() -> None:
    reference = photo(11)
    soft, hard = (blended(reference, photo(12), ellipse((0.5, 0.4), (0.25, 0.2), blur)) for blur in (6, 0))
    edges = []
    for picture in (soft, hard):
        fine = laid_finely(picture, reference, IDENTITY)
        assert fine is not None
        seen = compared(fine)
        measured = traits(regions(fine, seen.odd, 0.02)[0], look(fine, seen, 0.0))
        assert measured is not None
        weighing, values = measured
        assert weighing is LOST
        assert set(values) == set(LOST.traits)
        edges.append(values["new edge"])
    assert edges[0] < edges[1]


def test_where_all_else_was_changed_as_well_a_region_has_to_be_plainer() -> None:
    reference = photo(11)
    fine = laid_finely(
        blended(reference, photo(12), ellipse((0.5, 0.4), (0.25, 0.2), 6)), reference, IDENTITY
    )
    assert fine is not None
    seen = compared(fine)
    region = regions(fine, seen.odd, 0.02)[0]
    odds = []
    for unexplained in (0.0, 0.3):
        measured = traits(region, look(fine, seen, unexplained))
        assert measured is not None
        weighing, values = measured
        trait = weighing.traits["unexplained"]
        odds.append(trait.speaks(values["unexplained"]))
    assert odds[1] < odds[0]


def test_a_band_reaches_across_and_fills_its_rectangle() -> None:
    reference = photo(11)
    across = []
    for mask in (ellipse((0.5, 0.4), (0.25, 0.2), 0), ellipse((0.5, 0.5), (5.0, 0.15), 0)):
        fine = laid_finely(blended(reference, photo(12), mask), reference, IDENTITY)
        assert fine is not None
        seen = compared(fine)
        measured = traits(regions(fine, seen.odd, 0.02)[0], look(fine, seen, 0.0))
        assert measured is not None
        across.append(measured[1]["band"])
    assert across[0] < 0.6 < 0.8 < across[1]
