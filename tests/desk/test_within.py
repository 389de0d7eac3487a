"""A file that a list names: found in its folder, or refused in words."""

import os
import unicodedata
from pathlib import Path

import pytest

from desk.jobs.pictures import FILE_LIMIT
from desk.jobs.within import Within
from storage.errors import RegistryError

JPEG = b"\xff\xd8\xff\xe0 a picture"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "renders"
    (inside / "studio").mkdir(parents=True)
    (tmp_path / "secret.jpg").write_bytes(JPEG)
    contents = {
        "a.jpg": JPEG,
        "studio/b.jpg": JPEG,
        "with\\stroke.jpg": JPEG,
        "empty.jpg": b"",
        "zip.jpg": b"PK\x03\x04 and more",
        "rar.jpg": b"Rar!\x1a\x07\x00",
        "tar.jpg": bytes(257) + b"ustar\x00",
        "film.jpg": b"\x00\x00\x00\x18ftypmp42",
    }
    for name, data in contents.items():
        (inside / name).write_bytes(data)
    (inside / unicodedata.normalize("NFD", "Zoë.jpg")).write_bytes(JPEG)
    with (inside / "vast.jpg").open("wb") as vast:
        vast.truncate(FILE_LIMIT + 1)
    (inside / "link.jpg").symlink_to(inside / "a.jpg")
    (inside / "elsewhere").symlink_to(tmp_path)
    os.mkfifo(inside / "pipe.jpg")
    return inside


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("a.jpg", "a.jpg"),
        ("./studio//b.jpg", "studio/b.jpg"),
        ("studio\\b.jpg", "studio/b.jpg"),
        ("with\\stroke.jpg", "with\\stroke.jpg"),
        ("Zoë.jpg", unicodedata.normalize("NFD", "Zoë.jpg")),
    ],
)
def test_it_is_found(folder: Path, words: str, found: str) -> None:
    assert Within(folder).picture(words) == folder / found


def test_an_absolute_path_that_leads_into_the_folder(folder: Path) -> None:
    assert Within(folder).picture(str(folder / "a.jpg")) == folder / "a.jpg"


@pytest.mark.parametrize(
    ("words", "kind", "why"),
    [
        ("A.JPG", "no_file", "; is 'a.jpg' meant?"),
        ("b.jpg", "no_file", "there is no 'b.jpg' in"),
        ("a.jpg/b.jpg", "no_file", "there is no"),
        ("studio", "not_within", "is a folder"),
        ("pipe.jpg", "not_within", "is no plain file"),
        ("../secret.jpg", "not_within", "leads out of"),
        ("..\\secret.jpg", "not_within", "leads out of"),
        ("studio/../a.jpg", "not_within", "leads out of"),
        ("/etc/passwd", "not_within", "lies outside"),
        ("C:\\renders\\a.jpg", "not_within", "lies outside"),
        ("https://brand.example/a.jpg", "not_within", "is an address: nothing is fetched"),
        ("link.jpg", "not_within", "is a symbolic link"),
        ("elsewhere/secret.jpg", "not_within", "elsewhere is a symbolic link"),
        ("x" * 5000, "not_within", "cannot be read: File name too long"),
        ("empty.jpg", "no_picture", "is empty"),
        ("vast.jpg", "no_picture", f"is larger than {FILE_LIMIT} bytes"),
        ("zip.jpg", "no_picture", "is an archive: unpack it"),
        ("rar.jpg", "no_picture", "is an archive"),
        ("tar.jpg", "no_picture", "is an archive"),
        ("film.jpg", "no_picture", "is a video"),
    ],
)
def test_it_is_refused(folder: Path, words: str, kind: str, why: str) -> None:
    with pytest.raises(RegistryError) as refused:
        Within(folder).picture(words)
    assert (refused.value.kind, why in str(refused.value)) == (kind, True), str(refused.value)
