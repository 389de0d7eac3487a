"""Alerts on loopback: mail, a chat service's hook, signed webhooks; the queue, retries, rotation, erasure."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from werkzeug import Request

from desk.alerts.message import hidden
from desk.alerts.telling import one_line
from desk.config import Config, load
from desk.jobs import alerting
from storage.errors import ConfigError
from storage.notices import NoticeState
from storage.records import ConsentVerdict, Labelling
from storage.store import Store
from tests.desk.mailbox import Mailbox, mailbox
from tests.desk.used_store import FOUND, OUTLET, opened, shown

pytestmark = pytest.mark.slow  # a store, a mail server and a web server each
OUT, GONE = ConsentVerdict.OUT_OF_SCOPE, ConsentVerdict.WITHDRAWN
OLD, NEW = (f"whsec_{base64.b64encode(bytes([n]) * 24).decode()}" for n in (1, 2))
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path, used_pattern: Path) -> Iterator[Store]:
    made = opened(tmp_path, used_pattern)
    yield made
    made.close()


@pytest.fixture
def filled(store: Store) -> Store:
    shown(store, "first", ("Twin A", OUT), labelling=Labelling.UNLABELLED)
    shown(store, "second", ("Twin B", GONE), account=OUTLET, text="Berta Berg wears it")
    return store


@pytest.fixture
def post() -> Iterator[Mailbox]:
    with mailbox() as made:
        yield made


@pytest.fixture
def configured(tmp_path: Path) -> Callable[..., Config]:
    def made(toml: str, environ: dict[str, str] | None = None, hosts: str = "") -> Config:
        file = tmp_path / "twinwatch.toml"
        here = [f'"{one}"' for one in re.findall(r'^url = "\w+://(127\.0\.0\.1:\d+)', toml, re.MULTILINE)]
        allowed = ", ".join(filter(None, [hosts, *here]))  # of webhooks a test has to say so
        file.write_text(f'[alerts]\ndesk = "https://desk.example"\nallow_hosts = [{allowed}]\n{toml}')
        return load(file, environ or {})

    return made


def hook(server: HTTPServer, more: str = "", name: str = "archive") -> str:
    address = server.url_for("/hook")
    secrets = f'secrets = ["{OLD}"]' if "secrets" not in more else ""
    return f'[[alert]]\nname = "{name}"\nwebhook = "{address}"\n{secrets}\n{more}\n'


def local(server: HTTPServer) -> str:
    return f'"127.0.0.1:{server.port}"'


def mail(post: Mailbox, more: str = "") -> str:
    address = f"mailto://127.0.0.1:{post.port}/?from=watch@desk.example&to=ann@desk.example&mode=insecure"
    return f'[[alert]]\nname = "newsroom"\nurl = "{address}"\n{more}\n'


def told(config: Config, store: Store, *numbers: int, since: datetime = BEGINNING) -> list[alerting.Sent]:
    """A night that found these."""
    alerting.owe(config, store, "nightly-1", numbers, since)
    return alerting.send_owed(config, store, patience=0)


def requests(server: HTTPServer) -> list[Request]:
    return [request for request, _ in server.log]


# --- mail and chat ------------------------------------------------------------------------------------------


def test_a_digest_is_one_letter(filled: Store, configured: Callable[..., Config], post: Mailbox) -> None:
    (sent,) = told(configured(mail(post)), filled, 1, 2)
    assert (sent.state, sent.error, sent.notice.findings) == (NoticeState.SENT, "", (1, 2))
    (text,) = post.texts
    assert "Twinwatch: 2 new alerts" in text
    for words in ("#1", "#2", "Twin A", "https://desk.example/findings/2", sent.notice.message):
        assert words in text
    assert "Berta Berg" not in text
    assert "image" not in {part.get_content_maintype() for part in post.letters[0].walk()}


def test_at_once_is_a_letter_each(filled: Store, configured: Callable[..., Config], post: Mailbox) -> None:
    told(configured(mail(post, 'send = "at_once"')), filled, 1, 2)
    assert sorted("Twin A" in text for text in post.texts) == [False, True]


def test_too_many_at_once_end_in_a_digest(
    filled: Store, configured: Callable[..., Config], post: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alerting, "AT_ONCE_MOST", 1)
    shown(filled, "third", ("Twin A", OUT))
    sent = told(configured(mail(post, 'send = "at_once"')), filled, 1, 2, 3)
    assert [one.notice.findings for one in sent] == [(1,), (2, 3)]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ('retailer = "Outlet"', [(2,)]),
        ('twin = "Twin A"', [(1,)]),
        ('labelling = "unlabelled"', [(1,)]),
        ('consent = "withdrawn"', [(2,)]),
        ('platform = "rss"', []),
        ('platform = "rss"\nnothing_new = true', [()]),
    ],
)
def test_a_channel_is_told_what_it_asks_for(
    filled: Store,
    configured: Callable[..., Config],
    post: Mailbox,
    more: str,
    expected: list[tuple[int, ...]],
) -> None:
    assert [one.notice.findings for one in told(configured(mail(post, more)), filled, 1, 2)] == expected


def test_nothing_new_is_said_where_asked(
    filled: Store, configured: Callable[..., Config], post: Mailbox
) -> None:
    assert told(configured(mail(post)), filled) == []
    assert len(told(configured(mail(post, "nothing_new = true")), filled)) == 1
    assert "nothing new" in post.texts[0]


def test_a_mail_server_that_refuses_is_tried_again(
    filled: Store, configured: Callable[..., Config], post: Mailbox
) -> None:
    post.refusing = True
    (sent,) = told(configured(mail(post)), filled, 1)
    assert sent.state is NoticeState.OWED
    assert sent.error
    post.refusing = False
    made_due(filled)
    (again,) = alerting.send_owed(configured(mail(post)), filled, patience=0)
    assert (again.state, again.notice.message) == (NoticeState.SENT, sent.notice.message)


def test_a_chat_service_gets_plain_text(
    filled: Store, configured: Callable[..., Config], httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/chat").respond_with_data("")
    shown(
        filled,
        "loud",
        ("Twin A", OUT),
        account=replace(OUTLET, retailer="<!channel> @everyone [x](http://e)"),
    )
    address = f"json://127.0.0.1:{httpserver.port}/chat"
    (sent,) = told(configured(f'[[alert]]\nname = "chat"\nurl = "{address}"'), filled, 3)
    assert sent.state is NoticeState.SENT
    said = json.loads(requests(httpserver)[0].data)
    for harm in ("<!channel>", "@everyone", "](http"):
        assert harm not in said["message"] + said["title"], harm


def test_text_from_outside_is_one_harmless_line() -> None:
    assert one_line("a\n\x1b[31mb\u202ec") == "a \ufffd[31mb\ufffdc"
    assert "`" not in one_line("`rm`").replace("\u2060`\u2060", "")
    assert len(one_line("x" * 10_000)) < 400


def test_an_error_holds_no_part_of_a_secret_address() -> None:
    address = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/"
    assert "TIiajkdn" not in hidden("Failed to send to /T1JJ3T3L2/TIiajkdnlazkcOXrIdevi7FQ", address)
    assert "hunter22" not in hidden("login hunter22 refused", "mailto://ann:hunter22@mail.example")
    quoted = hidden("url: /x?p=h%40nter%2322", "json://ann:h%40nter%2322@mail.example")
    assert "nter" not in quoted
    long = hidden("x" * 290 + " hunter2222", "mailto://ann:hunter2222@mail.example")
    assert ("hunt" in long, "2222" in long) == (False, False)


# --- webhooks -----------------------------------------------------------------------------------------------


def test_a_webhook_is_signed_and_says_what_was_found(
    filled: Store, configured: Callable[..., Config], httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/hook", method="POST").respond_with_data("")
    (sent,) = told(configured(hook(httpserver), hosts=local(httpserver)), filled, 1, 2)
    assert sent.state is NoticeState.SENT
    (request,) = requests(httpserver)
    said = Webhook(OLD).verify(request.data, dict(request.headers))
    assert (said["type"], said["data"]["count"]) == ("findings.alerted", 2)
    assert [one["id"] for one in said["data"]["findings"]] == [2, 1]  # the strongest first
    assert said["data"]["findings"][1]["link"] == "https://desk.example/findings/1"
    assert "Berta Berg" not in request.get_data(as_text=True)
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(request.data, dict(request.headers))


def test_while_a_secret_is_replaced_both_verify(
    filled: Store, configured: Callable[..., Config], httpserver: HTTPServer, tmp_path: Path
) -> None:
    httpserver.expect_request("/hook").respond_with_data("")
    (tmp_path / "archive.secrets").write_text(f"# the new one first\n{NEW}\n{OLD}\n")
    told(configured(hook(httpserver, 'secrets_file = "archive.secrets"'), hosts=local(httpserver)), filled, 1)
    (request,) = requests(httpserver)
    for secret in (OLD, NEW):
        assert Webhook(secret).verify(request.data, dict(request.headers))


def made_due(store: Store) -> None:
    for one in store.notices.latest():
        if one.state is NoticeState.OWED:
            store.notices.failed(one.id, datetime.now(UTC), one.error)


def test_what_is_not_taken_is_tried_again_under_the_same_id_and_later_each_time(
    filled: Store, configured: Callable[..., Config], httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/hook").respond_with_data("", status=500)
    config = configured(hook(httpserver), hosts=local(httpserver))
    asked = datetime.now(UTC)  # before it: on a busy machine asking takes seconds, which are not waited less
    (sent,) = told(config, filled, 1)
    waits = []
    for _ in range(12):
        (notice,) = filled.notices.latest()
        if notice.state is not NoticeState.OWED:
            break
        assert notice.next_at
        waits.append((notice.next_at - asked).total_seconds())
        made_due(filled)
        asked = datetime.now(UTC)
        alerting.send_owed(config, filled, patience=0)
    assert waits == sorted(waits)
    assert (4 < waits[0] < 30, 60_000 < waits[-1] < 100_000) == (True, True)
    (notice,) = filled.notices.latest()
    assert (notice.state, notice.attempts) == (NoticeState.GIVEN_UP, 10)
    assert (notice.body, "500" in notice.error) == ({}, True)
    identities = {request.headers["webhook-id"] for request in requests(httpserver)}
    assert identities == {sent.notice.message}
    assert len(requests(httpserver)) == 10


def test_a_short_hiccup_is_waited_for(
    filled: Store, configured: Callable[..., Config], httpserver: HTTPServer
) -> None:
    httpserver.expect_ordered_request("/hook").respond_with_data("", status=503)
    httpserver.expect_ordered_request("/hook").respond_with_data("")
    config = configured(hook(httpserver), hosts=local(httpserver))
    alerting.owe(config, filled, "nightly-1", [1], BEGINNING)
    rested: list[float] = []

    def rest(seconds: float) -> None:
        rested.append(seconds)
        made_due(filled)

    (sent,) = alerting.send_owed(config, filled, rest=rest)
    assert (sent.state, len(rested), len(requests(httpserver))) == (NoticeState.SENT, 1, 2)
    assert 0 < rested[0] < 7  # five seconds or so, less what has gone by


@pytest.mark.parametrize(
    ("status", "headers", "state", "wait"),
    [
        (429, {"Retry-After": "120"}, NoticeState.OWED, 120),
        (503, {"Retry-After": "99999999"}, NoticeState.OWED, 86_400),
        (302, {"Location": "http://127.0.0.1:1/"}, NoticeState.OWED, 5),
        (410, {}, NoticeState.GIVEN_UP, 0),
    ],
)
def test_what_the_other_side_says_is_heard(
    filled: Store,
    configured: Callable[..., Config],
    httpserver: HTTPServer,
    status: int,
    headers: dict[str, str],
    state: NoticeState,
    wait: float,
) -> None:
    httpserver.expect_request("/hook").respond_with_data("", status=status, headers=headers)
    (sent,) = told(configured(hook(httpserver), hosts=local(httpserver)), filled, 1)
    (notice,) = filled.notices.latest()
    assert (sent.state, str(status) in sent.error) == (state, True)
    assert notice.next_at
    if state is NoticeState.OWED:
        assert abs((notice.next_at - datetime.now(UTC)).total_seconds() - wait) < 3
    assert len(requests(httpserver)) == 1  # a redirect is not followed


def test_a_private_address_must_be_named(
    filled: Store, configured: Callable[..., Config], httpserver: HTTPServer
) -> None:
    (sent,) = told(configured(hook(httpserver)), filled, 1)
    assert "loopback" in sent.error
    assert requests(httpserver) == []


@pytest.mark.parametrize("secret", ["whsec_", "whsec_!!!", "ü"])
def test_a_secret_that_is_none_is_said(
    filled: Store, configured: Callable[..., Config], httpserver: HTTPServer, secret: str
) -> None:
    more = f'secrets = ["{secret}"]'
    (sent,) = told(configured(hook(httpserver, more), hosts=local(httpserver)), filled, 1)
    assert "whsec_…" in sent.error
    assert secret.removeprefix("whsec_") not in sent.error or secret == "whsec_"


# --- once, and whatever happens -----------------------------------------------------------------------------


def test_a_killed_night_sends_what_it_owes_under_the_same_id_and_nothing_twice(
    filled: Store, configured: Callable[..., Config], httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/hook").respond_with_data("")
    config = configured(hook(httpserver), hosts=local(httpserver))
    (owed,) = alerting.owe(config, filled, "nightly-1", [1, 2], BEGINNING)  # and then it is killed
    shown(filled, "third", ("Twin A", OUT))
    sent = told(config, filled, 1, 2, 3)  # the next night is told of all of them
    assert [(one.notice.message == owed.message, one.notice.findings) for one in sent] == [
        (True, (1, 2)),
        (False, (3,)),
    ]
    assert told(config, filled, 1, 2, 3) == []
    assert len(requests(httpserver)) == 2


def test_a_night_that_is_killed_while_it_sends_tries_again(
    filled: Store, configured: Callable[..., Config], httpserver: HTTPServer
) -> None:
    config = configured(hook(httpserver), hosts=local(httpserver))
    (owed,) = alerting.owe(config, filled, "nightly-1", [1], BEGINNING)
    claimed = filled.notices.claim(datetime.now(UTC), timedelta(0))  # it was sending
    assert claimed
    httpserver.expect_request("/hook").respond_with_data("")
    (sent,) = alerting.send_owed(config, filled, patience=0)
    assert (sent.notice.message, sent.state, sent.notice.attempts) == (owed.message, NoticeState.SENT, 2)


def test_two_senders_send_once(filled: Store, configured: Callable[..., Config]) -> None:
    config = configured('[[alert]]\nname = "x"\nurl = "json://127.0.0.1:1"')
    alerting.owe(config, filled, "nightly-1", [1], BEGINNING)
    now = datetime.now(UTC)
    assert filled.notices.claim(now, alerting.HELD)
    assert filled.notices.claim(now, alerting.HELD) is None
    assert filled.notices.claim(now + alerting.HELD, alerting.HELD)


def test_what_alarms_anew_is_told_again(
    filled: Store, configured: Callable[..., Config], post: Mailbox
) -> None:
    config = configured(mail(post))
    told(config, filled, 1)
    shown(
        filled, "first", ("Twin A", GONE), labelling=Labelling.UNLABELLED, found_at=FOUND + timedelta(days=1)
    )
    (sent,) = told(config, filled, 1)
    assert sent.notice.told == {"1": ("Twin A: withdrawn",)}


def test_a_twin_that_was_erased_meanwhile_is_told_to_nobody(
    filled: Store, configured: Callable[..., Config], post: Mailbox, twinwatch: Callable[..., Any]
) -> None:
    config = configured(mail(post, 'send = "at_once"'))
    alerting.owe(config, filled, "nightly-1", [1, 2], BEGINNING)
    done = twinwatch("twins", "withdraw", "Twin B", "--erase", "--reason", "asked", "--by", "ann", "--yes")
    assert done.status == 0, done.err
    sent = alerting.send_owed(config, filled, patience=0)
    assert [(one.notice.findings, one.state) for one in sent] == [
        ((1,), NoticeState.SENT),
        ((2,), NoticeState.DROPPED),
    ]
    assert ("Twin A" in post.texts[0], len(post.texts)) == (True, 1)
    assert "Twin B" not in str(filled.notices.latest())


def test_a_channel_that_is_gone_is_owed_nothing(
    filled: Store, configured: Callable[..., Config], post: Mailbox
) -> None:
    alerting.owe(configured(mail(post)), filled, "nightly-1", [1], BEGINNING)
    (sent,) = alerting.send_owed(configured(""), filled, patience=0)
    assert (sent.state, post.texts) == (NoticeState.DROPPED, [])


def test_what_was_sent_is_remembered_as_having_left(
    filled: Store, configured: Callable[..., Config], post: Mailbox
) -> None:
    told(configured(mail(post)), filled, 1)
    (kept,) = filled.exports.all()
    assert (kept.command, kept.format, kept.findings, kept.twins) == (
        "alert newsroom",
        "message",
        (1,),
        ("Twin A",),
    )


# --- the night ----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_night_says_what_was_sent_and_an_alert_that_fails_does_not_fail_it(
    configured: Callable[..., Config], post: Mailbox, twinwatch: Callable[..., Any]
) -> None:
    dead = '[[alert]]\nname = "dead"\nurl = "json://127.0.0.1:1/"\nnothing_new = true\n'
    configured(mail(post, "nothing_new = true") + dead)
    night = twinwatch("nightly", "--json")
    summary = night.lines[-1]
    assert (night.status, summary["exit_status"]) == (0, 0)
    told = {one["channel"]: one for one in summary["alerts"]}
    assert (told["newsroom"]["state"], told["newsroom"]["kind"]) == ("sent", "nothing_new")
    assert (told["dead"]["state"], bool(told["dead"]["error"])) == ("owed", True)
    assert [(one["kind"], one["where"]) for one in summary["errors"]] == [("alert_not_sent", "dead")]
    assert len(post.texts) == 1


# --- settings -----------------------------------------------------------------------------------------------


def test_addresses_and_secrets_come_from_files_and_from_the_environment(
    configured: Callable[..., Config], tmp_path: Path
) -> None:
    (tmp_path / "a.url").write_text("mailto://a\n")
    (tmp_path / "b.secret").write_text(f"{OLD}\n{NEW}\n")
    config = configured(
        '[[alert]]\nname = "a"\nurl_file = "a.url"\n[[alert]]\nname = "b"\nwebhook = "https://old.example"',
        {
            "TWINWATCH_ALERTS__B_WEBHOOK": "https://new.example/x",
            "TWINWATCH_ALERTS__B_SECRETS_FILE": str(tmp_path / "b.secret"),
        },
    )
    first, second = config.channels
    assert (first.where(), first.kind) == ("mailto://a", "message")
    assert (second.where(), second.signing()) == ("https://new.example/x", (OLD, NEW))
    assert second.shown() == "https://new.example…"


@pytest.mark.parametrize(
    ("toml", "environ", "words"),
    [
        ('[[alert]]\nname = "a"', {}, "expected one of url"),
        ('[[alert]]\nname = "a"\nurl = "x://"\nwebhook = "https://h"', {}, "found 2 of them"),
        ('[[alert]]\nname = "A b"\nurl = "x://"', {}, "small letters"),
        ('[[alert]]\nname = "a"\nurl = "x://"\n[[alert]]\nname = "a"\nurl = "x://"', {}, "another alert"),
        ('[[alert]]\nname = "a"\nurl = "x://"\nlabelling = "maybe"', {}, "labelling"),
        ('[[alert]]\nname = "a"\nurl = "x://"\nsend = "never"', {}, "at_once"),
        ("", {"TWINWATCH_ALERTS__B_URL": "x://"}, "no [[alert]] named b"),
    ],
)
def test_what_is_wrong_is_said(
    configured: Callable[..., Config], toml: str, environ: dict[str, str], words: str
) -> None:
    with pytest.raises(ConfigError) as told:
        configured(toml, environ)
    assert words in str(told.value)


def test_a_wrong_address_is_not_repeated(configured: Callable[..., Config]) -> None:
    with pytest.raises(ConfigError) as told:
        configured('[[alert]]\nname = "a"\nwebhook = "hunter22"')
    assert "hunter22" not in str(told.value)


# --- the commands -------------------------------------------------------------------------------------------


def test_the_commands(
    filled: Store, configured: Callable[..., Config], post: Mailbox, twinwatch: Callable[..., Any]
) -> None:
    config = configured(mail(post))
    alerting.owe(config, filled, "nightly-1", [1], BEGINNING)
    (listed,) = twinwatch("alerts", "list", "--json").lines
    assert (listed["name"], listed["owed"], listed["address"]) == ("newsroom", 1, "mailto://127.0.0.1…")
    (due,) = twinwatch("alerts", "send", "--dry-run", "--json").lines
    assert (due["state"], due["dry_run"], post.texts) == ("owed", True, [])
    assert twinwatch("alerts", "test", "newsroom").status == 0
    assert "test" in post.texts[0]
    assert twinwatch("alerts", "send").status == 0
    assert len(post.texts) == 2
    assert twinwatch("alerts", "test", "nobody").status == 2
    post.refusing = True
    assert twinwatch("alerts", "test").status == 1
