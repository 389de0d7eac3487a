"""Local features: packed small, and found again in one pose."""

from collections.abc import Callable
from itertools import pairwise

import cv2
import numpy as np
import pytest

from detector.matching.local_features import local, local_reference
from detector.matching.local_features.codebook import codebook
from detector.matching.local_features.features import MIRRORED, points
from detector.matching.search.index import NEAR, WEIGHTS, LocalIndex
from storage.records import Fingerprint
from tests.detector.drawings import Pixels
from tests.detector.matching.pictures import collage, cropped, grey, inside, photograph, turned

SEEDS = range(1, 13)
INDEX = LocalIndex(
    [local_reference.unpack(local_reference.fingerprints(grey(photograph(seed)))[0]) for seed in SEEDS]
)


def features(pixels: Pixels) -> local.Features:
    return local.unpack(local.fingerprints(grey(pixels))[0])


CHANGES: dict[str, Callable[[Pixels], Pixels]] = {
    "nothing": lambda p: p,
    "mirrored": lambda p: np.ascontiguousarray(p[:, ::-1]),
    "turned": lambda p: turned(p, 40),
    "a third": lambda p: cropped(p, 0.2, 0.3, 0.8, 0.85),
    "in a picture": lambda p: inside(p, photograph(99), 0.5),
    "collage": lambda p: collage(photograph(98), p),
    "small": lambda p: np.asarray(cv2.resize(p, (180, 240), interpolation=cv2.INTER_AREA)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_right_reference_gets_the_votes(name: str) -> None:
    votes = INDEX.votes(features(CHANGES[name](photograph(4))))
    assert votes.references[0] == 3
    assert votes.counts[0] >= 8
    assert all(count < votes.counts[0] / 2 for count in votes.counts[1:])


def test_another_picture_gets_next_to_none() -> None:
    votes = INDEX.votes(features(photograph(77)))
    assert all(count < 8 for count in votes.counts)


def test_an_empty_index_and_an_empty_picture() -> None:
    nothing = np.zeros(0, local.FEATURE)
    for index in (LocalIndex([]), LocalIndex([local_reference.NONE])):
        assert len(index.votes(features(photograph(1))).references) == 0
        assert len(index.votes(nothing).references) == 0
    assert len(INDEX.votes(nothing).references) == 0


def test_a_reference_without_features_keeps_its_place() -> None:
    rows = [
        local_reference.unpack(local_reference.fingerprints(grey(photograph(seed)))[0]) for seed in (1, 2)
    ]
    index = LocalIndex([rows[0], local_reference.NONE, rows[1]])
    assert index.votes(features(photograph(2))).references[0] == 2


def test_what_a_picture_keeps_is_small() -> None:
    (one,) = local.fingerprints(grey(photograph(1)))
    assert len(one.bits) <= local.PICTURE_FEATURES * 14
    assert len(local.unpack(one)) == len(one.bits) // 14


@pytest.mark.parametrize("shape", [(1, 1), (7, 300), (200, 200)])
def test_flat_pictures_have_no_features(shape: tuple[int, int]) -> None:
    flat = np.full(shape, 90, np.uint8)
    assert local.fingerprints(flat) == ()
    assert local_reference.fingerprints(flat) == ()


def test_damaged_bytes_are_refused() -> None:
    with pytest.raises(ValueError):
        local.unpack(Fingerprint("local", b"1234567890123"))
    with pytest.raises(ValueError):
        local_reference.unpack(Fingerprint("local/reference", b"1"))


def test_a_mirrored_descriptor_is_the_same_numbers_in_another_order() -> None:
    found = points(grey(photograph(1)), 100)
    assert (MIRRORED[MIRRORED] == np.arange(128)).all()
    book = codebook()
    straight, turned_over = book.reduce(found.descriptors), book.reduce(found.descriptors[:, MIRRORED])
    assert (straight.flipped != turned_over.flipped).mean() > 0.99
    assert (np.abs(straight.low.astype(int) - turned_over.low) <= 1).all(axis=1).mean() > 0.99


def test_the_nearest_word_comes_first() -> None:
    low = codebook().reduce(points(grey(photograph(1)), 100).descriptors).low
    words = codebook().words(low, 8)
    assert (words[:, 0] == codebook().words(low)[:, 0]).all()
    assert all(len(set(row)) == 8 for row in words.tolist())
    assert codebook().signatures(low, words).shape == words.shape


def test_many_pictures_counted_together_get_what_each_would_get_alone() -> None:
    pictures = [features(change(photograph(seed))) for seed in (2, 4, 77) for change in CHANGES.values()]
    pictures.insert(3, np.zeros(0, local.FEATURE))
    together = list(INDEX.votes_of(pictures))
    assert len(together) == len(pictures)
    for one, votes in zip(pictures, together, strict=True):
        alone = INDEX.votes(one)
        assert np.array_equal(votes.references, alone.references)
        assert np.array_equal(votes.counts, alone.counts)


@pytest.mark.parametrize("least", [3, 5])
def test_leaving_out_who_cannot_get_enough_votes_loses_nobody_who_can(least: int) -> None:
    for seed in (1, 4, 77):
        every, some = INDEX.votes(features(photograph(seed))), INDEX.votes(features(photograph(seed)), least)
        enough = every.counts >= least
        kept = some.counts >= least
        assert np.array_equal(every.references[enough], some.references[kept])
        assert np.array_equal(every.counts[enough], some.counts[kept])


def test_near_votes_weigh_more_than_many_far_ones() -> None:
    """One bit less in common is one vote's weight less, to the last bit at which it is a vote at all."""
    assert WEIGHTS[0] == 1
    assert all(one > other for one, other in pairwise(WEIGHTS[: NEAR + 1].tolist()))
    own, other = INDEX.votes(features(photograph(4))), INDEX.votes(features(photograph(77)))
    assert own.weights[0] / own.counts[0] > 2 * (other.weights / other.counts).max()


@pytest.mark.parametrize("weight", [0.5, 1.4])
def test_leaving_out_who_weighs_too_little_loses_nobody_who_weighs_enough(weight: float) -> None:
    for seed in (1, 4, 77):
        every = INDEX.votes(features(photograph(seed)), 3)
        some = INDEX.votes(features(photograph(seed)), 3, weight)
        enough, kept = every.weights >= weight, some.weights >= weight
        assert np.array_equal(every.references[enough], some.references[kept])
        assert np.allclose(every.weights[enough], some.weights[kept])
