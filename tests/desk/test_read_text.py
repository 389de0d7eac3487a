"""read-text: one line out for each line in, whatever the line is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

GOOD = b'{"id": "1", "text": "Made with AI"}'

BAD = [
    b"not json",
    b"[1]",
    b'{"id": "2"}',
    b'{"id": "2", "text": 3}',
    b'{"id": "2", "text": "x", "surface": "nowhere"}',
    b"\xff\xfe",
    b'{"id": "\\ud800", "text": "x"}',
    b"\x00",
    b"{" * 10_000,
    b'{"text": "' + b"x" * 5_000_000 + b'"}',
]


@pytest.mark.parametrize("bad", BAD, ids=range(len(BAD)))
def test_a_bad_line_has_its_line_and_the_rest_goes_on(
    bad: bytes, twinwatch: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "t.jsonl").write_bytes(b"\n".join([GOOD, bad, b"", GOOD]) + b"\n")
    said = twinwatch("read-text", "t.jsonl", "--json")
    assert said.status == 3
    first, middle, last = said.lines
    assert first == last
    assert (first["id"], first["state"], first["error"]) == ("1", "present", None)
    assert middle["state"] is None
    assert middle["error"]["kind"] == "bad_line"
    assert middle["error"]["where"] == "line 2"


def test_fields_and_surfaces(twinwatch: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_bytes(b'{"id": 7, "text": "A plain dress", "surface": "alt_text"}')
    said = twinwatch("read-text", "t.jsonl", "--json")
    assert said.status == 0
    (line,) = said.lines
    assert list(line)[:4] == ["id", "state", "quote", "reason"]
    assert (line["id"], line["state"], line["surface"]) == (7, "absent", "alt_text")


def test_an_empty_file_is_done(twinwatch: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_bytes(b"")
    assert twinwatch("read-text", "t.jsonl", "--json").status == 0
