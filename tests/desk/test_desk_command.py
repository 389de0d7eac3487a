"""`twinwatch desk`: where it may be opened, and who may use it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from desk.commands.desk import _hosts, _loopback
from desk.web import serve
from desk.web.secrets import kept
from storage.people import Role
from storage.store import Store
from tests.desk.matched_store import opened_here
from tests.storage.samples import twin


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("--host", "0.0.0.0"), 1, "nobody may use this desk yet"),
        (("--host", "192.0.2.1", "--name", "desk.example"), 1, "add a user first"),
        (("--port", "0"), 2, "port"),
        (("user", "add", "ann"), 2, "role"),
        (("user", "add", "ann", "--role", "agency"), 2, "--whose"),
        (("user", "add", "ann", "--role", "reader", "--whose", "X"), 2, "--whose"),
        (("user", "add", " ", "--role", "reader"), 1, "name"),
        (("user", "add", "a\u200bnn", "--role", "reader"), 1, "U+200B ZERO WIDTH SPACE"),
        (("user", "add", "ann\x1b[2J", "--role", "reader"), 1, "U+001B"),
        (("user", "add", "a\u3164", "--role", "reader"), 1, "HANGUL FILLER"),
        (("user", "add", "Command  Line", "--role", "reader"), 1, "the record calls something else"),
        (("user", "link", "eve"), 1, "no user 'eve'"),
        (("user", "disable", "eve"), 1, "no user 'eve'"),
    ],
)
def test_what_is_refused_says_why(
    filled: Callable[..., Any], arguments: tuple[str, ...], status: int, words: str
) -> None:
    said = filled("desk", *arguments)
    assert (said.status, words in said.err) == (status, True)


def test_a_user_is_added_linked_disabled_and_enabled(filled: Callable[..., Any], tmp_path: Path) -> None:
    first = filled("desk", "user", "add", "ann", "--role", "reviewer", "--json").lines[0]
    assert (first["role"], first["has_password"]) == ("reviewer", False)
    assert filled("desk", "user", "add", "ann", "--role", "reader").status == 1
    second = filled("desk", "user", "link", "ann", "--json").lines[0]
    assert second["link"] != first["link"]
    assert filled("desk", "user", "add", "n", "--role", "agency", "--whose", "Nordlys").status == 0
    assert [one["name"] for one in filled("desk", "user", "list", "--json").lines] == ["ann", "n"]
    assert filled("desk", "user", "disable", "ann").status == 0
    assert "disabled" in filled("desk", "user", "list").out
    assert filled("desk", "user", "disable", "ann", "--undo").status == 0
    with opened_here(tmp_path) as store:
        assert store.people.one("n").role is Role.AGENCY
        assert len(store.audit.latest()) == 5
        assert str(first["link"]).removeprefix("/link/") not in str(store.audit.latest())


@pytest.mark.parametrize("name", ["Ann", "\uff41nn", "\u1d43nn", "\u0410nn", " ann "])
def test_a_name_is_read_as_one_alone(filled: Callable[..., Any], name: str) -> None:
    assert filled("desk", "user", "add", "ann", "--role", "reader").status == 0
    again = filled("desk", "user", "add", name, "--role", "administrator")
    assert (again.status, "'ann'" in again.err) == (1, True)
    assert len(filled("desk", "user", "list", "--json").lines) == 1


def test_whoever_would_see_nothing_is_told_who_there_is(filled: Callable[..., Any], tmp_path: Path) -> None:
    with opened_here(tmp_path) as store:
        store.add_twin(twin("Ella", agency="Nordlys Models", model="Vilde"), [])
    asked = ("desk", "user", "add")
    wrong = filled(*asked, "one", "--role", "agency", "--whose", "Nordlis")
    assert (wrong.status, "'Nordlys Models'" in wrong.err) == (0, True)
    assert "/link/" in wrong.out
    wrong = filled(*asked, "two", "--role", "model", "--whose", "Wilde")
    assert (wrong.status, "'Vilde'" in wrong.err) == (0, True)
    assert not filled(*asked, "three", "--role", "agency", "--whose", "Nordlys Models").err


def test_a_link_that_was_handed_out_outlives_the_start(
    filled: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "serve", lambda *_, **__: None)
    handed = filled("desk", "user", "add", "root", "--role", "administrator", "--json").lines[0]["link"]
    started = filled("desk", "--port", str(_free_port()))
    assert (started.status, "/link/" in started.out) == (0, False)
    assert "made for root still holds" in started.err
    secret = kept(str(handed).removeprefix("/link/"))
    with opened_here(tmp_path) as store:
        assert store.people.link_holds(secret, datetime.now(UTC))
        root = store.people.one("root")
        store.people.make_link(root.id, kept("too old"), datetime.now(UTC) - timedelta(hours=1))
    assert "/link/" in filled("desk", "--port", str(_free_port())).out


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as other:
        return int(other.getsockname()[1])


def test_a_port_that_is_taken_is_said_before_anything_else(filled: Callable[..., Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = filled("desk", "--port", str(port))
    assert (said.status, f"something else answers on port {port}" in said.err) == (1, True)
    assert "/link/" not in said.out
    assert "In a few seconds" not in said.err


@pytest.mark.parametrize(
    ("host", "alone"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("127.9.9.9", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("desk", False),
    ],
)
def test_what_is_this_machine_alone(host: str, *, alone: bool) -> None:
    assert _loopback(host) is alone


def test_names_under_which_it_answers() -> None:
    assert "127.0.0.1:8420" in _hosts("127.0.0.1", 8420, [])
    assert _hosts("0.0.0.0", 8420, ["Desk.example"]) == {"desk.example", "desk.example:8420"}


@pytest.mark.slow  # a desk is started
@pytest.mark.parametrize(("given", "origin"), [((), "127.0.0.1"), (("--proxy", "127.0.0.1"), "203.0.113.9")])
@pytest.mark.parametrize("processes", ["1", "2"])  # two accept from one queue, in a way of our own
def test_behind_a_proxy_it_is_known_who_asks(
    tmp_path: Path, given: tuple[str, ...], origin: str, processes: str
) -> None:
    (tmp_path / "twinwatch.toml").write_text("")
    port, program = _free_port(), str(Path(sys.executable).with_name("twinwatch"))
    command = [
        program,
        "desk",
        "--port",
        str(port),
        "--name",
        "desk.example",
        "--processes",
        processes,
        *given,
    ]
    asked = {"Host": "desk.example", "Origin": "http://desk.example", "X-Forwarded-For": "203.0.113.9"}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=tmp_path, stdout=quiet, stderr=quiet) as desk:
        try:
            for _ in range(240):
                form = {**asked, "Content-Type": "application/x-www-form-urlencoded"}
                connection = HTTPConnection("127.0.0.1", port, timeout=60)
                with contextlib.closing(connection), contextlib.suppress(ConnectionError):
                    connection.request("POST", "/login", "name=eve&password=guessed", form)
                    assert connection.getresponse().read()
                    break
                time.sleep(0.5)
        finally:
            desk.terminate()
    store = Store.open(f"sqlite:///{tmp_path}/twinwatch.db", tmp_path / "media", create=False)
    (failed,) = (one for one in store.audit.latest() if one.what == "login failed")
    store.close()
    assert (failed.who, failed.about) == ("(no user)", origin)


def _workers(desk: int) -> set[int]:
    """Processes that answer for it."""
    children = Path(f"/proc/{desk}/task/{desk}/children").read_text().split()
    return {int(one) for one in children if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()}


@pytest.mark.slow  # a desk is started, and a process is held up for longer than uvicorn would wait
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are found as Linux tells them")
def test_a_process_that_is_held_up_is_not_killed_with_what_it_answers(tmp_path: Path) -> None:
    (tmp_path / "twinwatch.toml").write_text("")
    port, program = _free_port(), str(Path(sys.executable).with_name("twinwatch"))
    command, quiet = [program, "desk", "--port", str(port), "--processes", "2"], subprocess.DEVNULL
    with subprocess.Popen(command, cwd=tmp_path, stdout=quiet, stderr=quiet) as desk:
        try:
            for _ in range(240):
                connection = HTTPConnection("127.0.0.1", port, timeout=60)
                with contextlib.closing(connection), contextlib.suppress(ConnectionError):
                    connection.request("GET", "/login")
                    assert connection.getresponse().status == 200
                    break
                time.sleep(0.5)
            before = _workers(desk.pid)
            assert len(before) == 2
            held_up = min(before)
            os.kill(held_up, signal.SIGSTOP)
            time.sleep(8)
            os.kill(held_up, signal.SIGCONT)
            time.sleep(2)
            assert _workers(desk.pid) == before
        finally:
            desk.terminate()


def test_a_proxy_that_is_no_address_is_refused(filled: Callable[..., Any]) -> None:
    said = filled("desk", "--proxy", "nginx")
    assert (said.status, "no address" in said.err) == (2, True)
