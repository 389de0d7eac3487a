"""Alerts by e-mail through a real SMTP server (aiosmtpd): what arrives, and what becomes of a refusal."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from desk.config import Config, load
from desk.jobs import alerting
from storage.notices import NoticeState
from storage.records import ConsentVerdict, Labelling
from storage.store import Store
from tests.desk.used_store import HM, opened, shown

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
OUT = ("Twin A", ConsentVerdict.OUT_OF_SCOPE)
NOBODY = "550 5.1.1 nobody of that name here"


class Later(datetime):
    """A clock that is ten minutes ahead."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Later":
        return super().now(tz) + timedelta(minutes=10)


class Keeping:
    """aiosmtpd's handler. `refused`: whom it does not know."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.refused: set[str] = set()
        self.envelopes: list[Any] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.refused:
            return NOBODY
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        return "250 kept"

    @property
    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(one.content, policy=policy.default) for one in self.envelopes]


@pytest.fixture
def post() -> Iterator[Keeping]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    kept = Keeping(port)
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    yield kept
    server.stop()


@pytest.fixture
def store(tmp_path: Path, used_pattern: Path) -> Iterator[Store]:
    made = opened(tmp_path, used_pattern)
    yield made
    made.close()


@pytest.fixture
def configured(post: Keeping, tmp_path: Path) -> Callable[[str], Config]:
    def made(to: str) -> Config:
        port = post.port
        url = f"mailto://127.0.0.1:{port}/?from=watch@desk.example&to={to}&mode=insecure"
        allowed = f'[alerts]\nallow_hosts = ["127.0.0.1:{port}"]\n'
        (tmp_path / "twinwatch.toml").write_text(f'{allowed}[[alert]]\nname = "newsroom"\nurl = "{url}"\n')
        return load(tmp_path / "twinwatch.toml", {})

    return made


def test_it_arrives_whole(store: Store, configured: Callable[[str], Config], post: Keeping) -> None:
    account = replace(HM, retailer="Zoë & Søn – 連衣裙")
    text = "Anna Andersson draagt “linnen”, with Berta Berg"
    shown(store, "first", OUT, account=account, labelling=Labelling.UNLABELLED, text=text)
    config = configured("ann@desk.example")
    alerting.owe(config, store, "nightly-1", [1], BEGINNING)
    (sent,) = alerting.send_owed(config, store, patience=0)
    assert (sent.state, sent.error) == (NoticeState.SENT, "")
    (envelope,), (letter,) = post.envelopes, post.letters
    assert (envelope.mail_from, envelope.rcpt_tos) == ("watch@desk.example", ["ann@desk.example"])
    assert (letter["to"], letter["subject"]) == (
        "ann@desk.example",
        "Twinwatch: Zoë & Søn – 連衣裙: Twin A (unlabelled, out of scope)",
    )
    body = letter.get_body(("plain",))
    assert body is not None
    said = body.get_content()
    assert body.get_content_charset() == "utf-8"
    for words in (
        "#1 Zoë & Søn – 連衣裙: Twin A",
        "instagram hm 2026-10-12",
        sent.notice.message,
        "not that a law was broken",
    ):
        assert words in said, words
    whole = envelope.content.decode("utf-8", "replace") + said
    assert not any(name in whole for name in ("Berta", "Berg", "Andersson"))


def test_a_refused_recipient_is_told_and_tried_again(
    store: Store, configured: Callable[[str], Config], post: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown(store, "first", OUT, labelling=Labelling.UNLABELLED)
    config = configured("ann@desk.example")
    post.refused = {"ann@desk.example"}
    alerting.owe(config, store, "nightly-1", [1], BEGINNING)
    (refused,) = alerting.send_owed(config, store, patience=0)
    assert (refused.state, post.letters) == (NoticeState.OWED, [])
    assert "nobody of that name here" in refused.error
    (owed,) = store.notices.due(datetime.now(UTC) + timedelta(minutes=1))
    assert (owed.attempts, owed.error) == (1, refused.error)
    post.refused = set()
    assert alerting.send_owed(config, store, patience=0) == []  # not before its time
    monkeypatch.setattr(alerting, "datetime", Later)
    (again,) = alerting.send_owed(config, store, patience=0)
    assert (again.state, again.notice.message, again.notice.attempts) == (NoticeState.SENT, owed.message, 2)
    assert len(post.letters) == 1
