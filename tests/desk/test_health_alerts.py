"""Before a night: whether each channel could be told, said without sending anything."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desk.alerts import message, webhook  # noqa: F401 - what they take from `socket` is taken before
from desk.config import load
from desk.jobs.diagnosis import State
from desk.jobs.health_alerts import alert_intents, alerts_health

SECRET = "whsec_MTExMTExMTExMTExMTExMTExMTExMTEx"
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
HOOK = f'webhook = "https://hooks.example.org/x/hidden"\nsecrets = ["{SECRET}"]'


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing goes out, and no name is asked for."""

    def refuse(*_: object, **__: object) -> Any:
        raise AssertionError("something was sent")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    real = socket.getaddrinfo

    def numbers_only(host: Any, *rest: Any, **more: Any) -> Any:
        assert str(host)[0].isdigit() or ":" in str(host), host
        return real(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", numbers_only)


@pytest.mark.parametrize(
    ("toml", "state", "found"),
    [
        (f'url = "{SLACK}"', State.OK, "a message to slack://…, one message a night, everything"),
        (f'url = "{SLACK}"\nsend = "at_once"\ntwin = "A"', State.OK, "one message a finding, twin: A"),
        ('url = "nonsense://x/y/hidden"', State.FAIL, "is no address that Apprise knows"),
        ('url_file = "./none.url"', State.FAIL, "cannot be read"),
        ('url_file = "./empty.url"', State.FAIL, "its address is empty"),
        (HOOK, State.OK, "a signed webhook to https://hooks.example.org…"),
        (HOOK.replace("https", "http", 1), State.WARN, "not encrypted"),
        (HOOK.replace(SECRET, "whsec_"), State.FAIL, "a secret is not whsec_"),
        (HOOK.replace(SECRET, "whsec_hidde"), State.FAIL, "a secret is not whsec_"),
        ('webhook = "https://hooks.example.org/"', State.FAIL, "a webhook is signed"),
        (HOOK.replace("hooks.example.org", "10.0.0.7"), State.FAIL, "only allow_hosts can permit it"),
        (HOOK.replace("hooks.example.org", "10.0.0.8"), State.OK, "https://10.0.0.8…"),
        (HOOK.replace("hooks.example.org", "hooks.example.org:x"), State.FAIL, "no http or https URL"),
        ('webhook_file = "./word.url"', State.FAIL, "no http or https URL"),
        (f'url = "{SLACK}"\nrule = "no-such-rule"', State.WARN, "told of nothing"),
        (f'url = "{SLACK}"\nrule = "default"', State.OK, "rule: default"),
    ],
)
@pytest.mark.usefixtures("silent")
def test_a_channel_is_looked_at_and_nothing_is_sent(
    tmp_path: Path, toml: str, state: State, found: str
) -> None:
    (tmp_path / "empty.url").write_text("# nothing\n")
    (tmp_path / "word.url").write_text("word\n")
    given = f'[alerts]\nallow_hosts = ["10.0.0.8"]\n[[alert]]\nname = "newsroom"\n{toml}\n'
    (tmp_path / "twinwatch.toml").write_text(given)
    config = load(tmp_path / "twinwatch.toml", {})
    (health,) = alerts_health(config)
    assert (health.check, health.state) == ("alert newsroom", state), health.found
    assert found in health.found
    assert bool(health.mend) == (state is not State.OK)
    (sentence,) = alert_intents(config)
    assert sentence.startswith(
        "alert newsroom: would be told" if state is State.OK else "alert newsroom: would not"
    )
    for text in (health.found, health.mend, sentence):
        assert "hidde" not in text
        assert "TIiajkdnlazkcOXrIdevi7FQ" not in text


def test_no_channel_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "twinwatch.toml").write_text("")
    config = load(tmp_path / "twinwatch.toml", {})
    (health,) = alerts_health(config)
    assert (health.check, health.state, health.mend) == ("alerts", State.OK, "")
    assert list(alert_intents(config)) == []


@pytest.mark.usefixtures("silent")
def test_doctor_and_the_rehearsal_of_a_night_say_so(twinwatch: Callable[..., Any], tmp_path: Path) -> None:
    toml = f'[[alert]]\nname = "chat"\nurl = "{SLACK}"\n[[alert]]\nname = "hook"\nwebhook = "https://x.example"\n'
    (tmp_path / "twinwatch.toml").write_text(toml)
    done = twinwatch("nightly", "--dry-run")
    assert done.status == 0
    assert "alert chat: would be told" in done.err
    assert "alert hook: would not be told as it should: alert hook: a webhook is signed" in done.err
    lines = {one["check"]: one for one in twinwatch("doctor", "--json").lines}
    assert (lines["alert chat"]["state"], lines["alert hook"]["state"]) == ("ok", "fail")
