"""What the guides show can be copied."""

import re
from pathlib import Path

from desk.config import Config, load
from detector.reading import read_text
from detector.wording.lexicon import Lexicon
from storage.records import ReadingState

GUIDE = (Path(__file__).parent.parent / "docs" / "guides" / "rules-and-words.md").read_text("utf-8")
CONFIG, WORDS = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)


def test_the_configuration_is_one(tmp_path: Path) -> None:
    (tmp_path / "twinwatch.toml").write_text(CONFIG)
    config: Config = load(tmp_path / "twinwatch.toml", {})
    assert config.lexicon == tmp_path / "lexicon"
    assert (config.rules, config.rules_off) == (tmp_path / "rules", ("hm-promise-2025",))


def test_a_language_in_so_few_words_is_read() -> None:
    lexicon = Lexicon((("fi.toml", WORDS),))
    (said,) = re.findall(r'"text": "(.+?)"', GUIDE)
    assert read_text(said, lexicon=lexicon).state is ReadingState.PRESENT
    assert read_text(said).state is ReadingState.AMBIGUOUS  # it names AI, in words that nobody told us of
    assert read_text("Kuvaa ei ole luotu tekoälyn avulla", lexicon=lexicon).state is ReadingState.ABSENT


def test_the_channels_of_the_guide_are_ones(tmp_path: Path) -> None:
    text = (Path(__file__).parent.parent / "docs" / "guides" / "alerts.md").read_text("utf-8")
    (tmp_path / "twinwatch.toml").write_text("".join(re.findall(r"```toml\n(.*?)```", text, re.DOTALL)))
    channels = load(tmp_path / "twinwatch.toml", {}).channels
    assert [(one.name, one.kind, one.send) for one in channels] == [
        ("newsroom", "message", "digest"),
        ("archive", "webhook", "at_once"),
    ]
