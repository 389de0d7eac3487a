"""A file that is kept whole: copied beside all else that an import begins with, under its own digest, or not
at all."""

import hashlib
from contextlib import closing
from pathlib import Path

import pytest

from crawler.imports import zeeschuimer
from crawler.intake import whole
from crawler.intake.ahead import Entries
from crawler.intake.whole import Whole, digest_of
from storage.errors import IntakeError, TwinwatchError
from storage.media import MediaFolder

DATA = bytes(range(256)) * 1000


@pytest.fixture
def media(tmp_path: Path) -> MediaFolder:
    return MediaFolder(tmp_path / "media")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "file.ndjson"
    path.write_bytes(DATA)
    return path


def files(media: MediaFolder) -> list[bytes]:
    return [path.read_bytes() for path in media.root.rglob("*") if path.is_file()]


@pytest.mark.parametrize("at_once", [1000, len(DATA), len(DATA) + 1])
def test_what_is_kept_is_the_file(
    at_once: int, path: Path, media: MediaFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole, "AT_ONCE", at_once)
    copy = Whole(path, media)
    assert copy.keep() == copy.keep() == hashlib.sha256(DATA).hexdigest() == digest_of(path)
    copy.close()
    assert files(media) == [DATA]
    assert media.read(digest_of(path)) == DATA


def test_what_changes_afterwards_is_not_kept_under_the_old_digest(path: Path, media: MediaFolder) -> None:
    copy = Whole(path, media)
    copy._thread.join()
    path.write_bytes(b"another")
    assert media.read(copy.keep()) == DATA
    copy.close()


def test_an_import_that_did_not_come_to_it_leaves_nothing(path: Path, media: MediaFolder) -> None:
    with closing(Entries(zeeschuimer, path, lay_out=True)) as entries:
        entries.begin_to_keep(media)
    assert files(media) == []


def test_it_begins_by_itself_where_nobody_said_so(path: Path, media: MediaFolder) -> None:
    with closing(Entries(zeeschuimer, path, lay_out=True)) as entries:
        assert entries.keep_whole(media) == digest_of(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path, media: MediaFolder) -> None:
    with closing(Whole(tmp_path / "nothing", media)) as copy, pytest.raises(IntakeError) as caught:
        copy.keep()
    assert caught.value.kind == "not_readable"
    assert files(media) == []


def test_a_folder_that_cannot_be_written_is_named(path: Path, tmp_path: Path) -> None:
    (tmp_path / "media").write_bytes(b"a file where the folder should be")
    with (
        closing(Whole(path, MediaFolder(tmp_path / "media"))) as copy,
        pytest.raises(TwinwatchError) as caught,
    ):
        copy.keep()
    assert caught.value.kind in ("media", "not_readable")
