"""Verifying inside a worker: one decode a picture, one preparation a reference as long as there is room."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from detector import verification
from detector.matching.alignment.verify import Prepared, prepare_reference, reference_features
from detector.matching.local_features.features import Packed
from detector.processes.jobs import Reference
from detector.verification import PreparedReferences, verified
from storage.records import MatchKind
from tests.detector.drawings import Pixels, scene
from tests.detector.files import encoded, jpeg

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(name: str, data: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return written


def beside(*paths: Path, at: float | None = None) -> tuple[Reference, ...]:
    return tuple((path.name, path, at) for path in paths)


def test_a_copy_beside_another_picture(write: Write) -> None:
    first, second = write("first", jpeg(seed=1)), write("second", jpeg(seed=2))
    found = write("found", encoded(scene(320, 400, seed=1)[40:, 30:], "JPEG", quality=60))
    alignments, failure = verified(found, beside(first, second), PreparedReferences())
    assert failure is None
    assert [(one.reference, one.kind) for one in alignments] == [("first", MatchKind.COPY), ("second", None)]


def test_a_reference_that_cannot_be_decoded_is_not_the_pictures_failure(write: Write, tmp_path: Path) -> None:
    good = write("good", jpeg(seed=1))
    bad, gone = write("bad", b"\xff\xd8\xff\xe0 broken"), tmp_path / "gone"
    alignments, failure = verified(good, beside(bad, good, gone), PreparedReferences())
    assert failure is None
    assert [one.kind for one in alignments] == [None, MatchKind.COPY, None]
    assert [one.reason.split(":")[0] for one in alignments] == [
        "the registered picture cannot be decoded",
        "",
        "the registered picture cannot be decoded",
    ]


@pytest.mark.parametrize(
    ("data", "at", "kind"),
    [
        (b"", None, "empty"),
        (b"plain words", None, "not_a_picture"),
        (jpeg()[:3000], None, "truncated"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", None, "video"),
    ],
)
def test_a_picture_that_cannot_be_decoded_says_why(
    write: Write, data: bytes, at: float | None, kind: str
) -> None:
    found, good = write("found", data), write("good", jpeg())
    alignments, failure = verified(found, beside(good, at=at), PreparedReferences())
    assert alignments == ()
    assert failure is not None
    assert (failure.kind, failure.where) == (kind, str(found))


def test_each_frame_of_an_animation_beside_its_own_references(write: Write) -> None:
    frames = [Image.fromarray(scene(240, 240, seed=seed)) for seed in (1, 2)]
    path = write("moving", b"")
    frames[0].save(path, "WEBP", save_all=True, append_images=frames[1:], duration=1000, lossless=True)
    first = write("first", encoded(scene(240, 240, seed=1), "PNG"))
    second = write("second", encoded(scene(240, 240, seed=2), "PNG"))
    asked = (*beside(first, second, at=0.0), *beside(first, second, at=1.5))
    alignments, failure = verified(path, asked, PreparedReferences())
    assert failure is None
    kinds = {(one.reference, one.at): one.kind for one in alignments}
    assert kinds[("first", 0.0)] is MatchKind.COPY
    assert kinds[("second", 1.5)] is MatchKind.COPY
    assert kinds[("first", 1.5)] is kinds[("second", 0.0)] is None


def test_a_picture_with_nothing_in_it_says_nothing_about_the_pair(write: Write) -> None:
    flat, good = write("flat", encoded(np.full((300, 300, 3), 90, np.uint8))), write("good", jpeg())
    ((one,), _) = verified(flat, beside(good), PreparedReferences())
    assert (one.kind, one.too_little) == (None, True)


def test_prepared_references_are_kept_until_there_is_no_room(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, found = [], []

    def counted(pixels: Pixels, features: Packed | None = None) -> Prepared:
        made.append(1)
        return prepare_reference(pixels, features)

    def looked_for(pixels: Pixels) -> Packed:
        found.append(1)
        return reference_features(pixels)

    monkeypatch.setattr(verification, "prepare_reference", counted)
    monkeypatch.setattr(verification, "reference_features", looked_for)
    paths = {name: write(name, jpeg(seed=ord(name))) for name in "abc"}
    room = PreparedReferences(2 * 1024 * 1024)
    for name in "abab":
        room.get(name, paths[name])
    assert (len(made), len(found)) == (2, 2)
    assert room.bytes <= 2 * 1024 * 1024
    scant = PreparedReferences(1)
    for name in "aabba":
        scant.get(name, paths[name])
    assert (len(made), len(found)) == (2 + 3, 2 + 2)  # its features were kept
    assert len(scant) == 1
    scant.clear()
    assert (len(scant), scant.bytes) == (0, 0)


def test_kept_features_make_the_same_reference() -> None:
    pixels = scene(700, 500, seed=3)
    fresh, kept = prepare_reference(pixels), prepare_reference(pixels, reference_features(pixels))
    assert len(fresh.points) > 100
    assert np.array_equal(fresh.pixels, kept.pixels)
    for name in ("places", "angles", "sizes", "descriptors"):
        assert np.array_equal(getattr(fresh.points, name), getattr(kept.points, name))
