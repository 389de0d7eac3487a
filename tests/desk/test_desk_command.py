"""`twinwatch desk`: where it may be opened, and who may use it."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desk.commands.desk import _hosts, _loopback
from storage.people import Role
from tests.desk.matched_store import opened_here


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("--host", "0.0.0.0"), 1, "nobody may use this desk yet"),
        (("--host", "192.0.2.1", "--name", "desk.example"), 1, "add a user first"),
        (("--port", "0"), 2, "port"),
        (("user", "add", "ann"), 2, "role"),
        (("user", "add", "ann", "--role", "agency"), 2, "--whose"),
        (("user", "add", "ann", "--role", "reader", "--whose", "X"), 2, "--whose"),
        (("user", "add", " ", "--role", "reader"), 2, "name"),
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
