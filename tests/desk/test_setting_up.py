"""init, doctor, db upgrade, and the commands that read where nothing was ever stored."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from desk.jobs import health, selftest
from storage.records import Account
from storage.store import Store
from storage.verification import Outcome, Verification


def test_init_writes_once(twinwatch: Callable[..., Any], tmp_path: Path) -> None:
    said = twinwatch("init", "deep/er")
    assert said.status == 0
    written = (tmp_path / "deep/er/twinwatch.toml").read_text()
    assert "[storage]" in written
    (tmp_path / "deep/er/twinwatch.toml").write_text("# mine")
    again = twinwatch("init", "deep/er")
    assert again.status == 2
    assert "is there already and was left as it is" in again.err
    assert (tmp_path / "deep/er/twinwatch.toml").read_text() == "# mine"


def test_what_init_wrote_is_a_valid_configuration(twinwatch: Callable[..., Any]) -> None:
    assert twinwatch("init", "--json").lines[0]["file"].endswith("/twinwatch.toml")
    assert twinwatch("nightly", "--dry-run").status == 0


def test_doctor_on_an_empty_folder_warns_and_makes_nothing(
    twinwatch: Callable[..., Any], tmp_path: Path
) -> None:
    said = twinwatch("doctor", "--json")
    assert said.status == 0
    found = {line["check"]: line for line in said.lines}
    assert all(set(line) == {"check", "state", "found", "mend"} for line in said.lines)
    for check in ("config", "watchlist", "contact", "heartbeat", "database", "trust"):
        assert found[check]["state"] == "warn"
        assert found[check]["mend"]
    for check in ("versions", "media", "hash", "workers"):
        assert found[check]["state"] == "ok"
    assert not list(tmp_path.iterdir())


def test_doctor_fails_when_something_fails(
    twinwatch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(selftest, "DRAWN_PDQ", "00" * 32)
    monkeypatch.setattr(health, "workers_answer", lambda: 1 / 0)
    (tmp_path / "twinwatch.db").write_bytes(b"no database at all" * 100)
    (tmp_path / "media").write_text("a file")
    said = twinwatch("doctor")
    assert said.status == 1
    assert "fail hash: PDQ of a drawn picture is" in said.out
    assert "fail workers: ZeroDivisionError" in said.out
    assert "fail database" in said.out
    assert "fail media" in said.out


def test_nothing_stored_is_not_an_error(twinwatch: Callable[..., Any], tmp_path: Path) -> None:
    for arguments in (("findings", "list"), ("findings", "export", "--format", "jsonl"), ("twins", "list")):
        said = twinwatch(*arguments)
        assert (said.status, said.out) == (0, "")
        assert "No store yet" in said.err
    assert twinwatch("findings", "show", "1").status == 1
    assert not list(tmp_path.iterdir())


def test_db_upgrade(twinwatch: Callable[..., Any]) -> None:
    (first,) = twinwatch("db", "upgrade", "--json").lines
    assert first["before"] is None
    assert first["after"]
    assert "already" in twinwatch("db", "upgrade").out


def test_doctor_counts_the_watched_accounts_that_nobody_verified(
    twinwatch: Callable[..., Any], tmp_path: Path
) -> None:
    entry = '[[account]]\nretailer = "H&M"\ncountry = "SE"\nplatform = "bluesky"\nhandle = "{}.example"\n'
    (tmp_path / "twinwatch.toml").write_text(entry.format("hm") + entry.format("mango"))
    twinwatch("db", "upgrade")
    store = Store.open(f"sqlite:///{tmp_path / 'twinwatch.db'}", tmp_path / "media", create=True)
    word = Verification(Outcome.CONFIRMED, datetime.now(UTC), by="Ada", note="asked them")
    store.accounts.verify(Account("bluesky", "hm.example"), word)
    found = {line["check"]: line for line in twinwatch("doctor", "--json").lines}["verified"]
    assert (found["state"], found["found"][:38]) == ("warn", "1 of 2 watched accounts are not verifi")
    store.accounts.verify(Account("bluesky", "mango.example"), word)
    store.close()
    found = {line["check"]: line for line in twinwatch("doctor", "--json").lines}["verified"]
    assert (found["state"], found["found"]) == ("ok", "all 2 watched accounts")
