"""Pictures with too little in them, far too large, far too narrow: examined, looked up and laid on every
registered picture, they crash nothing and match nothing by accident."""

from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from detector.examine import examine, reference_stage_versions
from detector.matching.candidate import Alignment, Conclusion
from detector.matching.search.bank import Bank, Entry
from detector.verification import PreparedReferences, verified
from storage.records import Examination, MatchKind, ReferenceImage, ReferenceKind
from tests.detector.drawings import Pixels, colour_ramps, grey_ramp, noise, scene
from tests.detector.files import encoded
from tests.detector.matching.pictures import photograph

pytestmark = pytest.mark.slow  # large and strange files

STAGES = [name for name in reference_stage_versions() if name.startswith("fingerprint:")]


def flat(width: int, height: int, colour: tuple[int, int, int] = (200, 30, 60)) -> Pixels:
    return np.full((height, width, 3), colour, np.uint8)


def diagonal(width: int, height: int) -> Pixels:
    down, across = np.mgrid[:height, :width]
    return np.repeat(((down + across) * 255 // (width + height))[..., None], 3, axis=2).astype(np.uint8)


def written(*lines: str) -> Pixels:
    """Text on white, as in a size chart."""
    page = flat(480, 600, (255, 255, 255))
    for number, line in enumerate(lines):
        place = (30, 60 + 45 * number)
        cv2.putText(page, line, place, cv2.FONT_HERSHEY_SIMPLEX, 1.0, (10, 10, 10), 2, cv2.LINE_AA)
    return page


def plaid(width: int, height: int) -> Pixels:
    """The same few crossings again and again: every place of it looks like every other."""
    down, across = np.mgrid[:height, :width]
    made = flat(width, height, (150, 40, 40))
    made[(across % 40 < 12) | (down % 40 < 12)] = (30, 60, 40)
    made[(across % 40 < 12) & (down % 40 < 12)] = (20, 20, 20)
    return made


def panorama(pixels: Pixels) -> bytes:
    """100 megapixels from a few, as a JPEG of one channel: a fifth of a second to write."""
    vast = cv2.resize(pixels[..., 0], (20_000, 5_000), interpolation=cv2.INTER_NEAREST)
    return cv2.imencode(".jpg", vast, [cv2.IMWRITE_JPEG_QUALITY, 30])[1].tobytes()


def moving(kind: str, *frames: Pixels) -> bytes:
    first, *others = [Image.fromarray(frame) for frame in frames]
    out = BytesIO()
    first.save(out, kind, save_all=True, append_images=others, duration=1000, loop=0)
    return out.getvalue()


def png(pixels: Pixels, mode: str = "RGB") -> bytes:
    return encoded(np.ascontiguousarray(pixels), "PNG", mode)


# What it is, and whether it carries too little to be recognised at all.
INPUT: dict[str, tuple[Callable[[], bytes], bool]] = {
    "a flat colour": (lambda: png(flat(600, 400)), True),
    "white": (lambda: png(flat(400, 600, (255, 255, 255))), True),
    "nothing on nothing": (
        lambda: png(np.zeros((300, 300, 4), np.uint8)[..., :3], "RGBA"),
        True,
    ),
    "a gradient": (lambda: png(grey_ramp(600, 400)), True),
    "a gradient as JPEG": (lambda: encoded(grey_ramp(600, 400), "JPEG", quality=60), True),
    "a slanting gradient": (lambda: png(diagonal(500, 500)), True),
    "coloured gradients": (lambda: png(colour_ramps(400, 500)), True),
    "two halves": (lambda: png(np.hstack([flat(200, 400), flat(200, 400, (9, 9, 9))])), True),
    "text on white": (
        lambda: png(written("SIZE  S  M  L", "EU 36 38 40", "UK  8 10 12", "SALE -50%")),
        False,
    ),
    "one word on white": (lambda: png(written("NEW")), True),
    "plaid": (lambda: png(plaid(480, 640)), True),
    "noise": (lambda: png(noise(300, 400)), False),
    "an icon": (lambda: png(scene(16, 16, 70)), True),
    "a flat icon": (lambda: png(flat(16, 16)), True),
    "one pixel": (lambda: png(flat(1, 1)), True),
    "one row": (lambda: png(flat(400, 1)), True),
    "four px high": (lambda: png(scene(400, 4, 71)), True),
    "1:40, lying": (lambda: png(scene(2000, 50, 72)), True),
    "40:1, standing": (lambda: png(scene(50, 2000, 73)), True),
    "1:40, flat": (lambda: png(flat(2000, 50)), True),
    "a panorama": (lambda: panorama(scene(200, 50, 74)), False),
    "an empty panorama": (lambda: panorama(flat(200, 50)), True),
    "an animation of nothing": (
        lambda: moving("GIF", flat(200, 200), flat(200, 200, (9, 9, 9)), flat(200, 200, (80, 200, 80))),
        True,
    ),
    "an animation, half of it nothing": (
        lambda: moving("WEBP", flat(160, 200), scene(160, 200, 75)),
        False,
    ),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten drawn pictures, as they were registered."""
    place = tmp_path_factory.mktemp("registered")
    for seed in range(10):
        drawn = photograph(seed) if seed < 5 else scene(300, 400, seed)
        data = encoded(drawn, "JPEG", quality=90)
        (place / examine(data, []).sha256).write_bytes(data)
    return place


@cache
def examined(path: Path) -> Examination:
    """As what is registered is, once a file."""
    return examine(path.read_bytes(), STAGES)


def entry(path: Path) -> Entry:
    found = examined(path)
    assert found.failure is None
    twin = ReferenceImage(path.name[:8], found.sha256, ReferenceKind.DIGITAL_TWIN, basis="drawn for a test")
    return twin, found.fingerprints


@pytest.fixture(scope="module")
def bank(folder: Path) -> Bank:
    return Bank(entry(path) for path in sorted(folder.iterdir()))


@pytest.fixture(scope="module")
def kept() -> PreparedReferences:
    return PreparedReferences()


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("bad")
    for number, (made, _) in enumerate(INPUT.values()):
        (place / str(number)).write_bytes(made())
    return place


def bytes_of(bad: Path, name: str) -> Path:
    return bad / str(list(INPUT).index(name))


def matched(
    path: Path, bank: Bank, folder: Path, kept: PreparedReferences
) -> tuple[Examination, Conclusion, tuple[Alignment, ...]]:
    """As a night does it, but in this process: fingerprints, candidates, both files opened, conclusion."""
    found = examined(path)
    candidates = bank.candidates(found.fingerprints, found.sha256)
    beside = tuple((one.reference, folder / one.reference, one.at) for one in candidates)
    alignments, failure = verified(path, beside, kept)
    assert failure is None
    return found, bank.conclude(candidates, alignments), alignments


@pytest.mark.parametrize("name", INPUT)
def test_it_is_looked_at_and_matches_nothing(
    name: str, bad: Path, bank: Bank, folder: Path, kept: PreparedReferences
) -> None:
    found, conclusion, alignments = matched(bytes_of(bad, name), bank, folder, kept)
    assert found.failure is None
    assert found.width
    assert found.too_little is INPUT[name][1]
    assert conclusion.matches == ()
    assert bool(conclusion.reasons) is bool(alignments)  # whatever came into question has a reason


@pytest.mark.slow
@pytest.mark.parametrize("name", INPUT)
def test_laid_on_every_registered_picture_it_is_a_copy_of_none(
    name: str, bad: Path, folder: Path, kept: PreparedReferences
) -> None:
    """Even if its fingerprints had brought them all into question."""
    every = tuple((path.name, path, None) for path in sorted(folder.iterdir()))
    alignments, failure = verified(bytes_of(bad, name), every, kept)
    assert failure is None
    assert len(alignments) == len(every) == 10
    assert all(one.kind in (None, MatchKind.SAME_SCENE_OR_GARMENT) for one in alignments), alignments
    assert all(one.reason and "failed" not in one.reason for one in alignments)


@pytest.mark.slow
def test_registered_they_match_no_photograph_and_not_each_other(
    bad: Path, bank: Bank, folder: Path, kept: PreparedReferences
) -> None:
    """Somebody registers a flat colour, a page of text, an icon."""
    entries, paths = [], {}
    for name in INPUT:
        one = entry(bytes_of(bad, name))
        entries.append(one)
        paths[one[0].sha256] = bytes_of(bad, name)
    odd = Bank(entries)
    for path in (*sorted(folder.iterdir()), *paths.values()):
        found = examined(path)
        candidates = odd.candidates(found.fingerprints, found.sha256)
        beside = tuple((one.reference, paths[one.reference], one.at) for one in candidates)
        alignments, _ = verified(path, beside, kept)
        matches = odd.conclude(candidates, alignments).matches
        assert {one.reference for one in matches} <= {found.sha256}, (path.name, matches)
        assert bool(matches) is (path in paths.values())  # the same bytes are the same picture


def test_two_pages_with_one_word_in_common_are_no_copies(tmp_path: Path, kept: PreparedReferences) -> None:
    pages = [tmp_path / name for name in ("sale", "sizes")]
    pages[0].write_bytes(png(written("SALE")))
    pages[1].write_bytes(png(written("SIZE  S  M  L", "EU 36 38 40", "UK  8 10 12", "SALE -50%")))
    for page, other in (pages, pages[::-1]):
        ((found,), _) = verified(page, ((other.name, other, None),), kept)
        assert found.kind is not MatchKind.COPY
        assert found.reason


@pytest.mark.parametrize("at", [None, 0.0, 1.0])
def test_a_picture_that_says_nothing_is_told_from_one_that_is_another(
    at: float | None, bad: Path, folder: Path, kept: PreparedReferences
) -> None:
    first = sorted(folder.iterdir())[0]
    still = bytes_of(bad, "a flat colour" if at is None else "an animation of nothing")
    ((nothing,), _) = verified(still, ((first.name, first, at),), kept)
    assert (nothing.kind, nothing.too_little) == (None, True)
    ((other,), _) = verified(bytes_of(bad, "noise"), ((first.name, first, None),), kept)
    assert (other.kind, other.too_little) == (None, False)
