"""A codebook is learnt as the committed one was: same shapes, same numbers every time, words that mean
something."""

from dataclasses import fields
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from benchmarks.matching.split import Half, half_of, photographs
from benchmarks.matching.train_codebook import EDGES, chosen_from, descriptors, learnt, main
from detector.matching.local_features.codebook import Codebook, codebook
from detector.matching.local_features.features import MIRRORED
from tests.detector.drawings import noise

KNOWN = next(name for name in "abcdef" if half_of(name) is Half.CHOOSE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve photographs full of features, half of them by a known contributor of the choosing half."""
    place = tmp_path_factory.mktemp("given") / "photos"
    place.mkdir()
    for number in range(12):
        soft = cv2.GaussianBlur(noise(200, 240 + number), (0, 0), 2.0)
        stretched = cv2.normalize(soft, np.zeros_like(soft), 0, 255, cv2.NORM_MINMAX)
        Image.fromarray(stretched).save(place / f"photo{number}.png")
    rows = ["image,sender_id", *(f"photo{number},{KNOWN}" for number in range(0, 12, 2))]
    place.with_suffix(".csv").write_text("\n".join(rows))
    return place


@pytest.mark.slow
def test_the_program_makes_a_codebook_like_the_committed_one(folder: Path, tmp_path: Path) -> None:
    assert main([str(folder), str(tmp_path / "one.npz"), "--photographs", "3"]) == 0
    with np.load(tmp_path / "one.npz") as kept:
        made = {name: kept[name] for name in kept.files}
    assert made.keys() == {one.name for one in fields(Codebook)}
    for name, numbers in made.items():
        known = getattr(codebook(), name)
        assert (numbers.shape, numbers.dtype) == (known.shape, known.dtype)
        assert np.isfinite(numbers).all()
    main([str(folder), str(tmp_path / "other.npz"), "--photographs", "3"])
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "other.npz").read_bytes()


def test_photographs_of_the_choosing_half_whose_contributor_is_known(folder: Path) -> None:
    chosen = chosen_from(photographs(folder, Half.CHOOSE), 900)
    assert sorted(photo.name for photo, _ in chosen) == sorted(f"photo{place}" for place in range(0, 12, 2))
    assert {edge for _, edge in chosen} <= set(EDGES)
    assert len(chosen_from(photographs(folder, Half.CHOOSE), 2)) == 2


@pytest.mark.slow
def test_what_it_learns_tells_descriptors_apart(folder: Path) -> None:
    found = descriptors(chosen_from(photographs(folder, Half.CHOOSE), 4))
    book = learnt(found)
    straight, over = book.reduce(found), book.reduce(found[:, MIRRORED])
    assert (straight.flipped != over.flipped).mean() > 0.99
    words = book.words(straight.low)
    assert len(np.unique(words)) > len(found) / 4
    bits = np.unpackbits(book.signatures(straight.low, words).view(np.uint8).reshape(-1, 8), axis=1)
    assert np.abs(bits.mean(axis=0) - 0.5).max() < 0.1  # every bit is set for half of them


def test_too_few_photographs_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    assert main([str(tmp_path / "empty"), str(tmp_path / "out.npz")]) == 1
    assert "too few" in capsys.readouterr().err
    assert not (tmp_path / "out.npz").exists()
