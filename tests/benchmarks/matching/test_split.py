"""The two halves: no contributor and no photograph in both, and the same ones every time."""

from pathlib import Path

from PIL import Image

from benchmarks.matching.split import Half, half_of, photographs
from tests.detector.drawings import scene


def folder_of(place: Path, count: int) -> Path:
    folder = place / "photos"
    folder.mkdir()
    for number in range(count):
        Image.fromarray(scene(16, 16, number)).save(folder / f"photo{number}.png")
    return folder


def names(folder: Path, half: Half) -> list[str]:
    return [photo.name for photo in photographs(folder, half)]


def test_every_photograph_is_in_one_half_in_an_order_of_its_own(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, 24)
    choose, report = names(folder, Half.CHOOSE), names(folder, Half.REPORT)
    assert sorted([*choose, *report]) == sorted(f"photo{number}" for number in range(24))
    assert choose
    assert report
    assert choose == names(folder, Half.CHOOSE) != sorted(choose)


def test_a_contributor_stays_in_one_half(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, 12)
    rows = ["image,sender_id", *(f"photo{number},{number % 4}" for number in range(12))]
    (tmp_path / "photos.csv").write_text("\n".join(rows))
    for half in Half:
        assert {photo.contributor for photo in photographs(folder, half)} == {
            giver for giver in "0123" if half_of(giver) is half
        }


def test_empty_files_and_other_files_are_left_out(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, 3)
    (folder / "empty.jpg").touch()
    (folder / "LICENSE").write_text("CC0")
    assert len(names(folder, Half.CHOOSE) + names(folder, Half.REPORT)) == 3
