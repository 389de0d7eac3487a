"""The report on origin readers, on a folder of three files."""

from pathlib import Path

import pytest

from benchmarks.labels import origin
from tests.detector.carriers import png, with_xmp
from tests.detector.files import jpeg

ROWS = "path,expected_ai_provenance,signal\nsaid.png,yes,png\nsilent.png,yes,png\nplain.jpg,no,none\n"


def test_found_missed_and_false(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept, photos = tmp_path / "kept", tmp_path / "photos"
    for folder in (kept, photos):
        folder.mkdir()
    (kept / "manifest.csv").write_text(ROWS)
    (kept / "said.png").write_bytes(png({"prompt": '{"1": {"class_type": "KSampler"}}'}))
    (kept / "silent.png").write_bytes(png())
    (kept / "plain.jpg").write_bytes(jpeg())
    (photos / "false.jpg").write_bytes(with_xmp('<rdf:Description Iptc4xmpExt:AISystemUsed="x"/>'))
    origin.main(kept, photos, with_hostile=False)
    told = capsys.readouterr().out
    assert "| say that AI made them | 2 | 1 | silent.png (png) |" in told
    assert "| do not | 1 | 0 | none |" in told
    assert "| do not | 1 | 1 | false.jpg (none) |" in told
    assert "all together" in told
