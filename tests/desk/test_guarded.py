"""Messages through Apprise go where the address guard lets them: looked at when a connection is made. What
a service says of them is told without addresses."""

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from desk.alerts import message
from desk.alerts.channel import DIGEST, Channel
from desk.alerts.guarded import guarded
from storage.errors import AddressRefused
from storage.notices import Notice
from tests.desk.mailbox import Mailbox, mailbox

NOTICE = Notice("msg_1", "newsroom", "", "test", datetime(2026, 11, 20, tzinfo=UTC), {}, {"findings": []})
REFUSED = "only allow_hosts can permit it"


@pytest.fixture
def post() -> Iterator[Mailbox]:
    with mailbox() as made:
        yield made


@pytest.fixture
def corporate(monkeypatch: pytest.MonkeyPatch) -> None:
    """mail.corp.example is this machine."""
    real: Callable[..., Any] = socket.getaddrinfo

    def looked_up(host: Any, *rest: Any, **more: Any) -> Any:
        return real("127.0.0.1" if host == "mail.corp.example" else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)


def channel(address: str) -> Channel:
    return Channel("newsroom", "message", address, (), {}, DIGEST, False, {})


def mail(host: str, port: int) -> Channel:
    return channel(f"mailto://{host}:{port}/?from=a@desk.example&to=b@desk.example&mode=insecure")


def test_a_host_of_one_s_own_network_has_to_be_named(post: Mailbox) -> None:
    refused = message.send(mail("127.0.0.1", post.port), NOTICE, ())
    assert REFUSED in refused.error
    assert "loopback" in refused.error
    assert post.letters == []
    assert message.send(mail("127.0.0.1", post.port), NOTICE, (f"127.0.0.1:{post.port}",)).error == ""
    assert len(post.letters) == 1
    assert REFUSED in message.send(mail("127.0.0.1", post.port), NOTICE, ("127.0.0.1:1",)).error


@pytest.mark.usefixtures("corporate")
def test_so_has_a_name_that_leads_there(post: Mailbox) -> None:
    server = mail("mail.corp.example", post.port)
    assert REFUSED in message.send(server, NOTICE, ()).error
    assert REFUSED in message.send(server, NOTICE, ("other.corp.example",)).error
    assert message.send(server, NOTICE, (f"mail.corp.example:{post.port}",)).error == ""
    assert message.send(server, NOTICE, ("mail.corp.example",)).error == ""
    assert len(post.letters) == 2


def test_of_services_too(post: Mailbox) -> None:
    """Not mail alone: whatever opens a connection."""
    assert REFUSED in message.send(channel(f"json://127.0.0.1:{post.port}/x"), NOTICE, ()).error


@pytest.mark.parametrize(
    "address",
    [
        "mailto://10.0.0.5/?from=a@desk.example&to=b@desk.example",
        "mailto://ann:secret@desk.example/?smtp=192.168.1.9&to=b@desk.example",
        "json://localhost/x",
        "json://[::1]/x",
    ],
)
def test_what_the_address_says_itself_is_told_before_anything_is_sent(address: str) -> None:
    with pytest.raises(AddressRefused, match=REFUSED):
        message.ready(channel(address), ())


def test_of_a_name_nobody_is_asked_before_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*_: object, **__: object) -> None:
        raise AssertionError("a name server would have been asked")

    monkeypatch.setattr(socket, "getaddrinfo", asked)
    message.ready(channel("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"), ())
    message.ready(channel("mailtos://ann:secret@mail.example"), ())


def test_nothing_else_of_the_process_is_held_back(post: Mailbox) -> None:
    def reach() -> None:
        socket.create_connection(("127.0.0.1", post.port), 5).close()

    met: list[BaseException | None] = []

    def elsewhere() -> None:
        try:
            reach()
        except OSError as error:
            met.append(error)
        else:
            met.append(None)

    with guarded(()) as watch:
        with pytest.raises(ConnectionRefusedError):
            reach()
        other = threading.Thread(target=elsewhere)
        other.start()
        other.join()
    assert REFUSED in watch.refused
    reach()
    assert met == [None]


def test_of_what_a_service_says_addresses_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that it was given for a while stands in none of our settings, so nobody would know it again."""
    said = "HTTPSConnectionPool(host='m.example'): Max retries exceeded with url: /_m/x?access_token=syt_1"

    def notified(*_: object, **__: object) -> bool:
        logging.getLogger("apprise").debug(
            "Socket Exception: %s (Caused by timeout) https://m.example/t0ken", said
        )
        logging.getLogger("apprise").debug("payload: body of the message")
        return False

    monkeypatch.setattr("apprise.Apprise.notify", notified)
    outcome = message.send(channel("json://m.example/"), NOTICE, ())
    assert outcome.error.startswith("HTTPSConnectionPool(host='m.example'): Max retries exceeded with url: …")
    for secret in ("syt_1", "t0ken", "payload"):
        assert secret not in outcome.error
