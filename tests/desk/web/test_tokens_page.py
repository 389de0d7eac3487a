"""Tokens: made, shown once, seen in use, revoked; on the page and on the command line."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from desk.web.secrets import kept
from storage.people import Role
from storage.store import Store
from tests.desk.web.conftest import HOST, Browser

OURS = {"origin": f"http://{HOST}"}
Someone = Callable[[Role | None], Browser]
slow = pytest.mark.slow  # a store and an application each


def make(client: Browser, **given: Any) -> Any:
    asked = {"csrf": client.csrf, "name": "newsroom", "scope": ["findings:read"], "days": "30", **given}
    return client.post("/tokens", data=asked, headers=OURS)


@slow
def test_a_token_is_shown_once_and_kept_as_a_digest(store: Store, browser: Someone) -> None:
    client = browser(Role.REVIEWER)
    page = make(client)
    assert page.status_code == 201
    found = re.search(r'value="(twinwatch_[\w-]{40,})"', page.text)
    assert found
    (token,) = store.people.tokens()
    assert (token.name, token.scopes, token.used_at) == ("newsroom", frozenset({"findings:read"}), None)
    assert store.people.token(kept(found[1]), token.made_at) == token
    later = client.get("/tokens").text
    assert ("newsroom" in later, found[1] in later) == (True, False)
    program = TestClient(client.app, base_url=f"http://{HOST}")
    shown = {"authorization": f"Bearer {found[1]}"}
    assert program.get("/api/v1/me", headers=shown).json()["token"] == "newsroom"
    assert "never" not in client.get("/tokens").text.split("<tbody>")[1]
    gone = client.post(f"/tokens/{token.id}/revoke", data={"csrf": client.csrf}, headers=OURS)
    assert gone.status_code == 303
    assert program.get("/api/v1/me", headers=shown).status_code == 401
    assert [one.what for one in store.audit.latest()] == ["token revoked", "token made"]
    assert found[1] not in str(store.audit.latest())
    program.close()


@slow
@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": " "}, "needs a name"),
        ({"name": "a\nb\x1b"}, "needs a name"),
        ({"scope": []}, "at least one"),
        ({"scope": ["audit:read"]}, "at least one"),
        ({"scope": ["findings:decide"]}, "at least one"),
        ({"days": "0"}, "from 1 to 366"),
        ({"days": "367"}, "from 1 to 366"),
    ],
)
def test_a_token_that_cannot_be_is_not_made(
    store: Store, browser: Someone, given: dict[str, Any], words: str
) -> None:
    page = make(browser(Role.READER), **given)
    assert (page.status_code, words in page.text) == (422, True)
    assert not store.people.tokens()


@slow
def test_a_name_is_free_again_when_its_token_is_revoked(store: Store, browser: Someone) -> None:
    client = browser(Role.READER)
    assert make(client).status_code == 201
    assert "Revoke it first" in make(client).text
    (token,) = store.people.tokens()
    client.post(f"/tokens/{token.id}/revoke", data={"csrf": client.csrf}, headers=OURS)
    assert make(client).status_code == 201
    for number in range(19):
        make(client, name=f"n{number}")
    assert "too many" in make(client, name="one more").text


@slow
def test_nobody_revokes_another_ones(store: Store, browser: Someone) -> None:
    make(browser(Role.REVIEWER))
    (token,) = store.people.tokens()
    other, administrator = browser(Role.READER), browser(Role.ADMINISTRATOR)
    assert "newsroom" not in other.get("/tokens").text
    address = f"/tokens/{token.id}/revoke"
    assert other.post(address, data={"csrf": other.csrf}, headers=OURS).status_code == 404
    assert administrator.post(address, data={"csrf": "x"}, headers=OURS).status_code == 403
    assert len(store.people.tokens()) == 1
    assert "newsroom" in administrator.get("/tokens").text
    assert administrator.post(address, data={"csrf": administrator.csrf}, headers=OURS).status_code == 303
    assert not store.people.tokens()


def test_tokens_on_the_command_line(twinwatch: Callable[..., Any]) -> None:
    twinwatch("desk", "user", "add", "ann", "--role", "reader")
    add = ("desk", "token", "add", "newsroom", "--user", "ann")
    assert twinwatch(*add).status == 2
    assert twinwatch(*add, "--scope", "findings:decide").status == 2
    assert twinwatch(*add, "--scope", "findings:read", "--days", "0").status == 2
    made = twinwatch(*add, "--scope", "findings:read", "--json").lines[0]
    assert made["secret"].startswith("twinwatch_")
    assert twinwatch(*add, "--scope", "findings:read").status == 1
    listed = twinwatch("desk", "token", "list", "--json").lines
    assert [(one["name"], one["user"], "secret" in one) for one in listed] == [("newsroom", "ann", False)]
    assert twinwatch("desk", "token", "revoke", "other", "--user", "ann").status == 1
    assert twinwatch("desk", "token", "revoke", "newsroom", "--user", "ann").status == 0
    assert twinwatch("desk", "token", "list", "--user", "ann").out == ""
    assert twinwatch("desk", "token", "list", "--user", "eve").status == 1
