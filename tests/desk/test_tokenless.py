"""What `nightly --dry-run` and `doctor` say of an account whose platform wants a token that nobody gave."""

from pathlib import Path

import pytest

from desk.config import load
from desk.jobs.health_tokens import tokens_health
from desk.jobs.nightly import Request
from desk.jobs.rehearse import rehearse

TOML = """
[[account]]
retailer = "H&M"
platform = "{platform}"
handle = "{handle}"
"""


@pytest.mark.parametrize(
    ("platform", "handle", "said"),
    [
        ("youtube", "hm", "a handle cannot be looked up"),
        ("youtube", "UC" + "a" * 22, "and www.youtube.com's does not"),
        ("instagram", "hm", "it would fail: token_missing"),
        ("rss", "https://shop.example/feed", ""),
    ],
)
def test_without_a_token_it_is_said_what_would_happen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, handle: str, said: str
) -> None:
    monkeypatch.delenv("TWINWATCH_TOKENS__YOUTUBE", raising=False)
    file = tmp_path / "twinwatch.toml"
    file.write_text(TOML.format(platform=platform, handle=handle))
    config = load(file)
    (intent,) = rehearse(config, None, Request())
    assert said in intent.sentence()
    assert bool(intent.why) is bool(said)
    found = "".join(one.found for one in tokens_health(config, {}))
    assert ("handle cannot be looked up" in found) is (platform == "youtube")
    monkeypatch.setenv("TWINWATCH_TOKENS__YOUTUBE", "k" * 30)
    (intent,) = rehearse(config, None, Request())
    assert bool(intent.why) is (platform == "instagram")
