"""The wheel holds exactly the four packages and the one command, and the files that the program reads."""

import configparser
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = {"storage", "crawler", "detector", "desk"}
READ_AT_RUN_TIME = ("*.toml", "*.html", "*.css", "*.mako", "*.ini")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def test_only_the_four_packages(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    (information,) = {top for top in tops if top.endswith(".dist-info")}
    assert tops - {information} == PACKAGES


def test_every_module_and_data_file_is_in_it(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    for package in PACKAGES:
        for pattern in ("*.py", *READ_AT_RUN_TIME):
            for path in (ROOT / package).rglob(pattern):
                assert path.relative_to(ROOT).as_posix() in names
    assert "desk/sample.toml" in names
    assert {"desk/templates/report.html", "desk/templates/report.css"} <= names
    assert any(name.startswith("detector/lexicon/") and name.endswith(".toml") for name in names)
    assert any(name.startswith("detector/rules/") and name.endswith(".toml") for name in names)
    assert any(name.startswith("storage/migrations/versions/") for name in names)
    assert {"crawler/watchlists/fashion.toml", "crawler/watchlists/template.toml"} <= names


def test_nothing_left_lying_about(wheel: zipfile.ZipFile) -> None:
    for name in wheel.namelist():
        assert "__pycache__" not in name
        assert not name.endswith((".pyc", ".db", ".sqlite", ".log", ".orig"))


def test_one_command(wheel: zipfile.ZipFile) -> None:
    (name,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    parser = configparser.ConfigParser()
    parser.read_string(wheel.read(name).decode())
    assert {section: dict(parser[section]) for section in parser.sections()} == {
        "console_scripts": {"twinwatch": "desk.cli:main"}
    }
