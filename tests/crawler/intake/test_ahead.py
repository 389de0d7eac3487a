"""A large file is read by a process of its own: the same entries, every one once, and nothing silent."""

import os
import pickle
import signal
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from crawler.imports import zeeschuimer
from crawler.intake import ahead, apart
from crawler.intake.entries import Entry, Misread
from crawler.intake.ready import Ready
from storage.errors import IntakeError

NOW = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Posts of all kinds, and lines that are none; so much that the pipe cannot hold it."""
    monkeypatch.setattr(ahead, "LARGE", 1000)
    path = tmp_path / "z.ndjson"
    lines = [line(number) for number in range(2000)]
    path.write_bytes(b"\n".join([*lines, b"{broken", *lines[:3]]))
    return path


def line(number: int) -> bytes:
    one: dict[str, Any] = {
        "code": f"C{number}",
        "taken_at": 1_760_000_000,
        "user": {"username": "hm", "pk": "7"},
        "caption": {"text": "coat " * 200},
        "media_type": 1,
        "image_versions2": {"candidates": [{"url": f"https://a.example/{number}.jpg"}]},
        "gen_ai_detection_method": {"detection_method": "NONE"},
    }
    return orjson.dumps({"source_platform": "instagram.com", "data": one})


def here(path: Path, room: Path) -> list[Entry]:
    return list(zeeschuimer.read(path, NOW, room))


def entries_of(path: Path, *, lay_out: bool = True) -> ahead.Entries:
    return ahead.Entries(zeeschuimer, path, lay_out=lay_out)


@pytest.mark.parametrize("lay_out", [True, False])
def test_the_same_entries_in_their_order(lay_out: bool, large: Path, tmp_path: Path) -> None:
    """Made again from the rows that they were laid out as, or sent whole."""
    with closing(entries_of(large, lay_out=lay_out)) as reading:
        entries = list(reading.read())
        expected = list(zeeschuimer.read(large, reading.now, tmp_path))
    assert [one.whole() if isinstance(one, Ready) else one for one in entries] == expected
    assert sum(isinstance(one, Ready) for one in entries) == 2003
    assert sum(isinstance(one, Misread) for one in entries) == 1
    assert reading.process
    assert reading.process.returncode == 0


def test_records_travel_as_they_are(large: Path, tmp_path: Path) -> None:
    entries = here(large, tmp_path)
    assert pickle.loads(apart.packed(entries)) == entries


def test_who_stops_reading_ends_the_process(large: Path) -> None:
    with closing(entries_of(large)) as reading:
        next(reading.read())
        assert reading.process
        assert reading.process.poll() is None
    assert reading.process.returncode is not None


def test_a_process_that_dies_is_no_end_of_the_file(large: Path) -> None:
    with closing(entries_of(large)) as reading:
        entries = reading.read()
        next(entries)
        assert reading.process
        os.kill(reading.process.pid, signal.SIGKILL)
        with pytest.raises(IntakeError) as caught:
            list(entries)
    assert caught.value.kind == "reader_died"


def test_long_texts_come_in_small_messages(
    large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is packed at once is bounded, however long a caption is."""
    monkeypatch.setattr(apart, "TEXT_AT_ONCE", 3000)  # three of a thousand characters each
    messages = list(apart.messages(zeeschuimer.read(large, NOW, tmp_path), lay_out=True))
    *posts, end = [pickle.loads(one) for one in messages]
    assert max(len(some) for some in posts) == 4, "and the line that is none"
    assert sum(len(some) for some in posts) == 2004
    assert end == []
