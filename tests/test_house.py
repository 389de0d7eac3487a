"""The house keeps its own rules: small rooms, empty `__init__`, names that say what they are."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("storage", "crawler", "detector", "desk")
FILE_LIMIT = 400  # non-blank lines: a file that passes it is asking to be two
FUNCTION_LIMIT = 60  # lines
VAGUE_NAMES = {"utils", "util", "common", "helpers", "helper", "manager", "misc"}


def python_files() -> Iterator[Path]:
    """All but the migrations: frozen records of what was done once, as long as they were."""
    for room in ROOMS:
        yield from sorted(p for p in (ROOT / room).rglob("*.py") if p.parent.name != "versions")


@pytest.mark.parametrize("room", ROOMS)
def test_package_markers_stay_empty(room: str) -> None:
    markers = list((ROOT / room).rglob("__init__.py"))
    assert markers
    assert [str(m.relative_to(ROOT)) for m in markers if m.read_text().strip()] == []


def test_no_file_and_no_function_outgrows_its_room() -> None:
    too_long = []
    for path in python_files():
        text = path.read_text()
        lines = sum(1 for line in text.splitlines() if line.strip())
        if lines > FILE_LIMIT:
            too_long.append(f"{path.relative_to(ROOT)}: {lines} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                size = (node.end_lineno or node.lineno) - node.lineno + 1
                if size > FUNCTION_LIMIT:
                    too_long.append(f"{path.relative_to(ROOT)}:{node.name}: {size} lines")
    assert too_long == []


def test_no_vague_names() -> None:
    named = [p for p in python_files() if {p.stem, p.parent.name} & VAGUE_NAMES]
    assert named == []


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in python_files()
        if path.name != "__init__.py" and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []
