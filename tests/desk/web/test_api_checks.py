"""Kept checks for programs: what the pages do, and no more."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from storage.keeping import Hold
from storage.people import Role
from storage.store import Store
from tests.desk.web.test_check_page import drawn
from tests.desk.web.test_kept_checks import SAID, answered

__all__ = ["answered"]
Program = Callable[..., TestClient]
pytestmark = pytest.mark.slow  # a store and an application each


def keep(client: TestClient, **data: str) -> Any:
    return client.post("checks", data=data, files={"picture": ("look.png", drawn())})


def test_a_check_is_kept_read_and_let_go(store: Store, program: Program, answered: Any) -> None:
    client = program(Role.REVIEWER)
    made = keep(client, caption=SAID, note="sent by a reader", country="SE")
    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["id"], told["note"], told["called"], told["twins"]) == (
        *(1, "sent by a reader", "look.png"),
        ["Twin A"],
    )
    assert (told["asked"]["country"], told["answer"]["reasons"]) == ("SE", ["People were told."])
    assert client.get("checks/1").json() == told
    assert client.get("checks").json()["checks"] == [
        {name: value for name, value in told.items() if name not in ("asked", "answer")}
    ]
    small = client.get("checks/1/picture")
    assert (small.headers["content-type"], small.content[:2]) == ("image/jpeg", b"\xff\xd8")
    assert client.delete("checks/1").json() == {"id": 1, "let_go": True}
    assert [client.get(path).status_code for path in ("checks/1", "checks/1/picture")] == [404, 404]
    assert client.delete("checks/1").status_code == 404
    done = [(one.what, one.about) for one in store.audit.latest()]
    assert done == [("check let go", "check 1"), ("kept check read", "check 1"), ("check kept", "check 1")]


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_the_newest_come_first_page_by_page(store: Store, program: Program, limit: int) -> None:
    client, seen = program(Role.ADMINISTRATOR), list[int]()
    for number in range(5):
        assert client.post("checks", data={"caption": f"{number} made with AI"}).status_code == 201
    cursor: str | None = ""
    while cursor is not None:
        page = client.get("checks", params={"limit": limit, "cursor": cursor}).json()
        seen += [one["id"] for one in page["checks"]]
        cursor = page["next"]
    assert seen == [5, 4, 3, 2, 1]
    assert client.get("checks", params={"cursor": "x"}).status_code == 400


def test_what_cannot_be_reached_is_not_kept(store: Store, program: Program) -> None:
    client = program(Role.REVIEWER)
    sent = client.post("checks", data={"address": "http://127.0.0.1:9/a.png"})
    assert (sent.status_code, sent.json()["kind"], sent.json()["where"]) == (422, "not_kept", "picture")
    assert client.post("checks", data={}).json()["kind"] == "invalid"
    assert store.checks.count() == 0


def test_a_hold_keeps_it(store: Store, program: Program, answered: Any) -> None:
    client = program(Role.REVIEWER)
    assert keep(client).status_code == 201
    store.holds.add(Hold(0, "Twin A", 0, "a lawsuit", "ann", datetime.now(UTC)))
    refused = client.delete("checks/1")
    assert (refused.status_code, refused.json()["kind"]) == (409, "check_held")
    assert store.checks.count() == 1


def test_a_token_for_checks_alone_keeps_none(program: Program) -> None:
    client = program(Role.REVIEWER, ("check",))
    assert client.post("check", data={"caption": "made with AI"}).status_code == 200
    assert client.post("checks", data={"caption": "made with AI"}).json()["kind"] == "wrong_scope"
    assert client.get("checks").json()["kind"] == "wrong_scope"
