"""Bytes are written once, whole, under their own digest."""

import hashlib
import os
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


def _leave(media: MediaFolder, *, pid: int, hours: float) -> Path:
    path = media.temporary()
    unique, _, host = path.name.split(".", 2)
    path = path.with_name(f"{unique}.{pid}.{host}")
    path.write_bytes(b"half")
    then = time.time() - hours * 3600
    os.utime(path, (then, then))
    return path


def test_leftovers_of_dead_processes_are_swept_after_a_day(media: MediaFolder) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    old = _leave(media, pid=dead.pid, hours=25)
    young = _leave(media, pid=dead.pid, hours=1)
    running = _leave(media, pid=os.getpid(), hours=25)
    MediaFolder(media.root)
    assert [path.exists() for path in (old, young, running)] == [False, True, True]


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
