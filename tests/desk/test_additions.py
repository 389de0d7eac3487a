"""A user's own words and rules: added to the program's, and a mistake in them named."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desk.additions import lexicon_of, rulebook_of
from desk.config import Config, load
from storage.errors import ConfigError
from tests.detector.test_rule import GOOD

pytestmark = pytest.mark.slow  # whole commands

WORDS = '[words]\nai = ["tekoälyn"]\npicture = ["kuva"]\nmade = ["luotu"]\nwith_after = ["avulla"]\n'
LABELS, RULES = '[labels]\nlexicon = "own"\n', '[rules]\nfolder = "own"\n'


def configured(folder: Path, toml: str, **texts: str | bytes) -> Config:
    (folder / "own").mkdir()
    for name, text in texts.items():
        (folder / "own" / f"{name}.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    (folder / "twinwatch.toml").write_text(toml)
    return load(folder / "twinwatch.toml", {})


def test_a_journalists_words_are_read(twinwatch: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text('{"id": 1, "text": "Kuva on luotu tekoälyn avulla"}')
    assert twinwatch("read-text", "t.jsonl", "--json").lines[0]["state"] == "ambiguous"
    configured(tmp_path, LABELS, fi=WORDS)
    assert twinwatch("read-text", "t.jsonl", "--json").lines[0]["state"] == "present"
    said = twinwatch("check", "nothing.jpg", "--json", "--config", "twinwatch.toml")
    assert said.status == 1  # the file is missing, and the configuration is good


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[words]\nmaking = ["x"]', "words.making: no such role"),
        ('[words]\nmade = ["x"', "not TOML"),
        (b"\xff", "not UTF-8"),
        (b"#" * (1024 * 1024 + 1), "larger than"),
    ],
)
def test_a_mistake_in_the_words_names_the_file(tmp_path: Path, text: str | bytes, expected: str) -> None:
    config = configured(tmp_path, LABELS, fi=text)
    with pytest.raises(ConfigError, match=expected) as caught:
        lexicon_of(config)
    assert "own/fi.toml" in str(caught.value)
    assert caught.value.where.endswith("own/fi.toml")
    assert caught.value.exit_status == 2


def test_a_mistake_in_the_rules_names_the_file(tmp_path: Path) -> None:
    config = configured(tmp_path, RULES, mine=GOOD.replace("trigger", "triger"))
    with pytest.raises(ConfigError, match="triger: no such key") as caught:
        rulebook_of(config)
    assert "own/mine.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("toml", "key", "load_own"),
    [(LABELS, r"\[labels\] lexicon", lexicon_of), (RULES, r"\[rules\] folder", rulebook_of)],
)
def test_a_folder_with_nothing_in_it_is_a_mistake(
    tmp_path: Path, toml: str, key: str, load_own: Callable[[Config], object]
) -> None:
    config = configured(tmp_path, toml)
    with pytest.raises(ConfigError, match=f"{key}: there is no .toml file"):
        load_own(config)
    (tmp_path / "own").rmdir()
    with pytest.raises(ConfigError, match=f"{key}: there is no such folder"):
        load_own(config)


def test_rules_are_added_and_switched_off(tmp_path: Path) -> None:
    config = configured(tmp_path, f'{RULES}off = ["hm-promise-2025"]\n', mine=GOOD)
    ids = {rule.id for rule in rulebook_of(config).rules}
    assert "x" in ids
    assert "hm-promise-2025" not in ids


@pytest.mark.parametrize("command", [("detect",), ("detect", "--compare"), ("nightly",), ("crawl",)])
def test_a_mistake_is_told_before_anything_is_done(
    command: tuple[str, ...], twinwatch: Callable[..., Any], tmp_path: Path
) -> None:
    configured(tmp_path, LABELS, fi="[wrods]")
    said = twinwatch(*command)
    assert said.status == (1 if "--compare" in command else 2)  # where there is no database, that comes first
    assert "--compare" in command or "own/fi.toml: wrods: no such key" in said.err


def test_doctor_counts_them_and_names_a_mistake(twinwatch: Callable[..., Any], tmp_path: Path) -> None:
    configured(tmp_path, RULES + LABELS.replace("own", "words"), mine=GOOD)
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "fi.toml").write_text(WORDS)
    checks = {line["check"]: line for line in twinwatch("doctor", "--json").lines}
    assert "of them your own: x; words from 1 files of yours" in checks["words and rules"]["found"]
    (tmp_path / "words" / "fi.toml").write_text("[wrods]")
    checks = {line["check"]: line for line in twinwatch("doctor", "--json").lines}
    assert checks["words and rules"]["state"] == "fail"
    assert "words/fi.toml: wrods" in checks["words and rules"]["found"]
