"""Looking back through an archive: whatever the bank finds picture by picture is found in one pass."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from detector.hashes import pdq
from detector.matching.candidate import Candidate
from detector.matching.collected import retro
from detector.matching.collected.archive import Archive, Picture
from detector.matching.collected.scan import Scan
from detector.matching.local_features import local, local_reference
from detector.matching.parts import regions, tiles
from detector.matching.search.bank import Bank, Entry
from detector.matching.search.index import LocalIndex
from storage.records import Box, Fingerprint, ReferenceImage, ReferenceKind
from tests.detector.drawings import Pixels, scene

pytestmark = pytest.mark.slow  # many pictures

SIZE = (210, 280)
SOUGHT = (1, 2)
OTHERS = range(20, 26)
VERSIONS = {"fingerprint:pdq": "1"}


def grey(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY), np.uint8)


def prints(pixels: Pixels) -> tuple[Fingerprint, ...]:
    """What is kept of a collected picture."""
    found = grey(pixels)
    whole = pdq.fingerprints(np.ascontiguousarray(pixels))
    return (*whole, *regions.fingerprints(found), *local.fingerprints(found))


def name(number: int) -> str:
    return f"{number:064x}"


@cache
def entry(seed: int) -> Entry:
    pixels = scene(*SIZE, seed=seed)
    found = grey(pixels)
    reference = ReferenceImage(
        f"twin {seed}", name(seed), ReferenceKind.DIGITAL_TWIN, basis="drawn for a test"
    )
    return reference, (*prints(pixels), *tiles.fingerprints(found), *local_reference.fingerprints(found))


def collage(pixels: Pixels) -> Pixels:
    canvas = np.full((340, 470, 3), 250, np.uint8)
    canvas[30:310, 15:225] = pixels
    canvas[30:310, 245:455] = scene(*SIZE, seed=77)
    return canvas


CHANGES: dict[str, Callable[[Pixels], Pixels]] = {
    "nothing": lambda pixels: pixels,
    "mirrored": lambda pixels: pixels[:, ::-1],
    "turned": lambda pixels: np.rot90(pixels),
    "inverted": lambda pixels: 255 - pixels,
    "cropped": lambda pixels: pixels[40:250, 25:185],
    "cropped at a tile and mirrored": lambda pixels: pixels[:196, 146::-1],
    "collage": collage,
}
COPIES = [(100 * seed + place, seed, change) for seed in SOUGHT for place, change in enumerate(CHANGES)]


@cache
def copies() -> dict[int, tuple[Fingerprint, ...]]:
    return {number: prints(CHANGES[change](scene(*SIZE, seed=seed))) for number, seed, change in COPIES}


def collected() -> Iterator[Picture]:
    yield from ((number, name(number), prints(scene(*SIZE, seed=number))) for number in OTHERS)
    yield from ((number, name(number), found) for number, found in sorted(copies().items()))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    made = Archive.started(tmp_path_factory.mktemp("archive"), VERSIONS)
    made.append(collected())
    return made


def sought() -> list[Entry]:
    return [entry(seed) for seed in SOUGHT]


def found(archive: Archive, **options: int) -> dict[tuple[str, str], dict[str, Candidate]]:
    """By picture and reference, then by how it was found."""
    made: dict[tuple[str, str], dict[str, Candidate]] = {}
    for sha256, candidate in retro.retro(archive, sought(), **options):
        made.setdefault((sha256, candidate.reference), {})[candidate.found_by] = candidate
    return made


@pytest.mark.slow
@pytest.mark.parametrize("threads", [1, 2])
def test_whatever_the_bank_finds_is_found(archive: Archive, threads: int) -> None:
    bank = Bank(sought())
    looked = found(archive, threads=threads)
    expected = {
        (sha256, one.reference): one
        for _, sha256, kept in collected()
        for one in bank.candidates(kept, sha256)
    }
    assert set(looked) == set(expected)
    for pair, one in expected.items():
        same = looked[pair][one.found_by]
        asked = {"pdq": pdq.LIKELY, "local": retro.VOTES}.get(same.found_by, one.threshold)
        assert (same.threshold, same.at) == (asked, None)
    assert {(name(number), name(seed)) for number, seed, _ in COPIES} <= set(looked)


@pytest.mark.parametrize(
    ("change", "found_by", "done"),
    [
        ("nothing", "pdq", ""),
        ("mirrored", "pdq", "mirrored"),
        ("turned", "pdq", "turned by 90° anticlockwise"),
        ("inverted", "pdq", "colours inverted"),
        ("cropped at a tile and mirrored", "regions", "mirrored"),
    ],
)
def test_it_says_what_was_done(archive: Archive, change: str, found_by: str, done: str) -> None:
    number = 100 + list(CHANGES).index(change)
    candidate = found(archive)[name(number), name(1)][found_by]
    assert candidate.transform == done
    assert candidate.distance <= candidate.threshold


def test_a_region_says_where_it_is(tmp_path: Path) -> None:
    _, kept = entry(1)
    (tile,) = (np.frombuffer(one.bits, tiles.TILE)[3] for one in kept if one.algorithm == tiles.ALGORITHM)
    rows = np.zeros(2, regions.ROW)
    rows["box"] = (51, 0, 102, 255), (0, 51, 255, 102)
    rows["hash"] = ~tile["hashes"][0], tile["hashes"][1]
    archive = Archive.started(tmp_path, VERSIONS)
    empty = (1, name(6), ())
    archive.append(
        [empty, (2, name(7), (Fingerprint(regions.ALGORITHM, rows.tobytes(), at=3.0),)), (3, name(8), ())]
    )
    ((sha256, candidate),) = retro.retro(archive, [entry(1)])
    box = Box(0.0, 0.2, 1.0, 0.2)
    assert (sha256, candidate) == (name(7), Candidate(name(1), "regions", 0, 56, box, "mirrored", 3.0))


def test_dead_rows_and_pictures_with_too_little_are_passed_over(tmp_path: Path) -> None:
    archive = Archive.started(tmp_path, VERSIONS)
    _, kept = entry(1)
    poor = tuple(Fingerprint(one.algorithm, one.bits, 49) for one in kept if one.algorithm == "pdq")
    whole = tuple(one for one in kept if one.algorithm == "pdq")
    archive.append([(1, name(7), kept), (2, name(8), poor), (3, name(9), whole)])
    archive.append([(4, name(7), ())])
    assert set(found(archive)) == {(name(9), name(1))}


def test_frames_say_their_second(tmp_path: Path) -> None:
    archive = Archive.started(tmp_path, VERSIONS)
    frames = [
        Fingerprint(one.algorithm, one.bits, one.quality, at)
        for at, seed in ((0.0, 50), (2.5, 1))
        for one in prints(scene(*SIZE, seed=seed))
    ]
    archive.append([(1, name(7), tuple(frames))])
    assert {one.at for one in found(archive)[name(7), name(1)].values()} == {2.5}


def test_identical_bytes_are_found_even_when_flat(tmp_path: Path) -> None:
    archive = Archive.started(tmp_path, VERSIONS)
    archive.append([(1, name(2), ()), (2, name(9), ())])
    assert set(found(archive)) == {(name(2), name(2))}


def test_nothing_to_look_for_and_nowhere_to_look(archive: Archive, tmp_path: Path) -> None:
    assert list(retro.retro(archive, [])) == []
    assert list(retro.retro(Archive.started(tmp_path, VERSIONS), sought())) == []
    nothing_kept = (entry(1)[0], ())
    assert list(retro.retro(archive, [nothing_kept])) == []


def test_in_pieces_it_finds_the_same(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = found(archive)
    monkeypatch.setattr(retro, "HASHES_AT_ONCE", 5)
    monkeypatch.setattr(retro, "PICTURES_AT_ONCE", 4)
    assert found(archive) == whole


@pytest.mark.parametrize("least", [1, 2, 4, 8])
def test_the_first_look_loses_nothing_that_votes_would_find(archive: Archive, least: int) -> None:
    index = LocalIndex(
        [
            local_reference.unpack(one)
            for _, kept in sought()
            for one in kept
            if one.algorithm == local_reference.ALGORITHM
        ]
    )
    pictures = [archive.features(row) for row in range(len(archive))]
    rows = np.concatenate(pictures)
    poses = np.stack([rows[part] for part in ("x", "y", "angle", "size")], axis=1)
    starts = np.cumsum([0, *map(len, pictures)])
    possible = Scan(index, least).possible(rows["word"], rows["signature"], poses, starts)
    voted = [place for place, one in enumerate(pictures) if any(index.votes(one).counts >= least)]
    assert voted
    assert set(voted) <= set(possible.tolist())


def test_the_region_of_a_whole_picture_is_the_whole(archive: Archive) -> None:
    assert found(archive)[name(100), name(1)]["pdq"].region == Box(0, 0, 1, 1)


@pytest.mark.parametrize("change", ["nothing", "mirrored", "turned", "inverted"])
def test_one_hash_alone_is_looked_for_in_all_its_forms(archive: Archive, change: str) -> None:
    """Nearly: who comes out is matched anew, by the picture's own forms."""
    reference, (whole, *_) = entry(1)
    number = name(100 + list(CHANGES).index(change))
    assert number in {sha256 for sha256, _ in retro.retro(archive, [(reference, (whole,))])}
    kept = {sha256: found for _, sha256, found in collected()}[number]
    (match,) = Bank([(reference, (whole,))]).candidates(kept, number)
    assert match.distance <= 31


def test_and_finds_none_of_the_others(archive: Archive) -> None:
    reference, (whole, *_) = entry(1)
    found = {sha256 for sha256, _ in retro.retro(archive, [(reference, (whole,))])}
    assert found.isdisjoint(map(name, OTHERS))
