"""Hashes and readers are found by their place; two that claim one name fail at start-up."""

import sys
from pathlib import Path

import pytest

from detector.dropins import found_in
from detector.hashing import hashes
from detector.reader import readers
from storage.errors import TwinwatchError


@pytest.fixture
def folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> tuple[str, Path]:
    """An empty package of drop-ins, and its name."""
    name = f"dropins_of_{abs(hash(request.node.name))}"
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    return name, tmp_path / name


def test_what_is_installed() -> None:
    assert set(hashes()) == {"pdq", "phash"}
    assert {"c2pa", "comfyui", "digital_source_type", "metadata"} <= set(readers())


def test_a_new_file_is_found(folder: tuple[str, Path]) -> None:
    name, place = folder
    (place / "first.py").write_text('NAME = "one"')
    assert list(found_in(name, "NAME")) == ["one"]
    assert found_in(name, "NAME")["one"] is sys.modules[f"{name}.first"]


@pytest.mark.parametrize(
    ("second", "kind"), [('NAME = "one"', "duplicate_name"), ("VALUE = 1", "nameless_module")]
)
def test_a_clash_is_an_error(folder: tuple[str, Path], second: str, kind: str) -> None:
    name, place = folder
    (place / "first.py").write_text('NAME = "one"')
    (place / "second.py").write_text(second)
    with pytest.raises(TwinwatchError) as caught:
        found_in(name, "NAME")
    assert caught.value.kind == kind
    assert "second" in str(caught.value)
