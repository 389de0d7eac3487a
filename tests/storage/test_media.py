"""Bytes are written once, whole, under their own digest."""

import hashlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from storage.errors import StoreError
from storage.media import MediaFolder

DATA = b"picture" * 1000
SHA = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def media(tmp_path: Path) -> MediaFolder:
    return MediaFolder(tmp_path / "media")


def test_bytes_come_back_under_their_digest(media: MediaFolder) -> None:
    assert not media.has(SHA)
    assert media.put(DATA) == SHA
    assert media.has(SHA)
    assert media.path(SHA) == media.root / SHA[:2] / SHA[2:4] / SHA
    assert media.read(SHA) == DATA
    with media.open(SHA) as file:
        assert file.read(7) == b"picture"
    assert media.put(b"") == hashlib.sha256(b"").hexdigest()


def test_the_same_bytes_are_not_written_twice(media: MediaFolder) -> None:
    media.put(DATA)
    before = media.path(SHA).stat()
    media.put(DATA)
    streamed = media.temporary()
    streamed.write_bytes(DATA)
    media.adopt(streamed, SHA)
    after = media.path(SHA).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert not streamed.exists()
    assert list((media.root / ".tmp").iterdir()) == []


def test_a_streamed_file_is_adopted(media: MediaFolder) -> None:
    path = media.temporary()
    path.write_bytes(DATA)
    media.adopt(path, SHA)
    assert (media.read(SHA), path.exists()) == (DATA, False)


@pytest.mark.parametrize(
    "name", ["", "abc", SHA.upper(), SHA[:-1], SHA + "0", "../" + SHA[3:], SHA[:-1] + "\n", SHA + "\n"]
)
def test_a_name_that_is_no_digest_is_refused(media: MediaFolder, name: str) -> None:
    for ask in (media.path, media.has, media.open, media.read):
        with pytest.raises(StoreError) as caught:
            ask(name)
        assert caught.value.kind == "bad_digest"


def test_missing_bytes_are_named(media: MediaFolder) -> None:
    with pytest.raises(StoreError) as caught:
        media.read(SHA)
    assert (caught.value.kind, caught.value.where) == ("media_missing", SHA)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError) as caught:
        MediaFolder(tmp_path / "file" / "media").put(DATA)
    assert caught.value.kind == "media"


def test_opening_makes_no_folder(tmp_path: Path) -> None:
    assert not MediaFolder(tmp_path / "media").has(SHA)
    assert not (tmp_path / "media").exists()


KILLED = """
import sys
from pathlib import Path
from storage.media import MediaFolder
media = MediaFolder(Path(sys.argv[1]))
number = 0
while True:
    media.put(bytes([number % 251]) * 400_000 + str(number).encode())
    number += 1
    print(number, flush=True)
"""


def test_a_kill_leaves_no_half_file_under_a_name(tmp_path: Path) -> None:
    writer = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE)
    assert writer.stdout is not None
    for _ in range(5):
        writer.stdout.readline()
    writer.kill()
    writer.wait()
    writer.stdout.close()
    named = [path for path in tmp_path.rglob("*") if path.is_file() and ".tmp" not in path.parts]
    assert len(named) >= 5
    for path in named:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name


def test_what_dead_processes_left_half_written_is_removed(media: MediaFolder) -> None:
    """Of this machine at once, of another after a day; never what a living process writes."""
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    here, day = socket.gethostname(), 25 * 3600
    left = {
        f"a.{dead.pid}.{here}": (0, False),
        f"b.{os.getpid()}.{here}": (day, True),
        f"c.{dead.pid}.elsewhere": (0, True),
        f"d.{dead.pid}.elsewhere": (day, False),
        "e": (0, True),
        f"f.nobody.{here}": (0, True),
    }
    for name, (age, _) in left.items():
        path = media.temporary().with_name(name)
        path.write_bytes(DATA)
        os.utime(path, (time.time() - age, time.time() - age))
    MediaFolder(media.root)
    kept = {path.name for path in (media.root / ".tmp").iterdir()}
    assert kept == {name for name, (_, stays) in left.items() if stays}
