"""What the HTTP API answers: the contract's JSON, pages that go on, decisions that are made once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from fastapi import FastAPI
from PIL import Image
from pydantic import ValidationError
from starlette.testclient import TestClient

from desk.contract import finding_json
from desk.output import json_line
from desk.web.api import shapes, shapes_desk
from desk.web.api.seen import MOST, Seen
from desk.web.guard import MOST_JSON
from storage.notices import Notice
from storage.people import Role
from storage.records import ConsentVerdict, FindingStatus
from storage.store import Store
from tests.desk.used_store import OCTOBER, OUTLET, shown

OUT, IN = ConsentVerdict.OUT_OF_SCOPE, ConsentVerdict.IN_SCOPE
Program = Callable[..., TestClient]
pytestmark = pytest.mark.slow  # a store and an application each


@pytest.fixture
def filled(store: Store) -> Store:
    shown(store, "first", ("Twin A", OUT))
    shown(store, "second", ("Twin B", OUT), account=OUTLET, posted_at=OCTOBER + timedelta(days=3))
    shown(store, "third", ("Twin A", IN))
    return store


def every(client: TestClient, **asked: Any) -> list[int]:
    """The numbers of all findings, page by page."""
    numbers: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = client.get("findings", params={**asked, "cursor": cursor}).json()
        numbers += [one["id"] for one in page["findings"]]
        cursor = page["next"]
    return numbers


def test_a_finding_is_told_as_the_contract_says(filled: Store, program: Program) -> None:
    found = filled.finding(1)
    assert found
    told = program(Role.ADMINISTRATOR).get("findings").json()["findings"]
    told_here = next(one for one in told if one["id"] == 1)
    assert json_line(told_here) == json_line(finding_json(found))
    assert told_here["first_seen"].endswith("Z")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, [2, 1, 3]),
        ({"order": "oldest"}, [1, 2, 3]),
        ({"retailer": "Outlet"}, [2]),
        ({"platform": "instagram", "order": "oldest"}, [1, 3]),
        ({"twin": "Twin A", "consent": "in_scope"}, [3]),
        ({"since": "2026-10-13"}, [2]),
        ({"until": "2026-10-12"}, [1, 3]),
        ({"status": "confirmed"}, []),
    ],
)
@pytest.mark.parametrize("limit", [1, 2, 100])
def test_the_inboxs_filters_page_by_page(
    filled: Store, program: Program, asked: dict[str, str], expected: list[int], limit: int
) -> None:
    assert every(program(Role.READER), **asked, limit=limit) == expected


def test_pages_go_on_while_findings_are_added(filled: Store, program: Program) -> None:
    client = program(Role.READER)
    first = client.get("findings", params={"limit": 2}).json()
    shown(filled, "fourth", ("Twin B", OUT), posted_at=OCTOBER + timedelta(days=30))  # at the very top
    rest = client.get("findings", params={"limit": 2, "cursor": first["next"]}).json()
    assert [one["id"] for one in first["findings"] + rest["findings"]] == [2, 1, 3]
    oldest = client.get("findings", params={"order": "oldest", "limit": 3}).json()
    assert [one["id"] for one in oldest["findings"]] == [1, 2, 3]
    last = client.get("findings", params={"order": "oldest", "limit": 3, "cursor": oldest["next"]}).json()
    assert [one["id"] for one in last["findings"]] == [4]


@pytest.mark.parametrize("given", ["x", "AAAA", "W10", "e30", "WyJ4Il0", "-" * 600])
def test_a_cursor_that_is_none_is_refused(filled: Store, program: Program, given: str) -> None:
    client = program(Role.ADMINISTRATOR)
    for address in ("findings", "twins", "licences", "accounts", "audit"):
        answer = client.get(address, params={"cursor": given})
        assert (answer.status_code, answer.json()["kind"]) == (400, "bad_cursor")


def test_a_cursor_of_other_filters_is_refused(filled: Store, program: Program) -> None:
    client = program(Role.READER)
    cursor = client.get("findings", params={"limit": 1}).json()["next"]
    assert client.get("findings", params={"limit": 9, "cursor": cursor}).status_code == 200
    for other in ({"twin": "Twin A"}, {"order": "oldest"}, {"status": "new"}):
        assert client.get("findings", params={**other, "cursor": cursor}).status_code == 400


@pytest.mark.parametrize(
    "asked",
    [
        {"limit": 0},
        {"limit": 101},
        {"status": "x"},
        {"since": "0"},
        {"since": "2026-13-01"},
        {"retailer": "a\0b"},
        {"retailer": "a" * 201},
        {"order": "random"},
        {"cursor": "a b"},
    ],
)
def test_what_cannot_be_asked_says_where(filled: Store, program: Program, asked: dict[str, Any]) -> None:
    answer = program(Role.READER).get("findings", params=asked)
    assert (answer.status_code, answer.json()["where"]) == (422, next(iter(asked)))


@pytest.mark.parametrize("path", ["findings", "findings/1", "counts", "twins", "inbox", "openapi.json"])
def test_a_filter_that_is_misspelt_is_not_one_that_lets_everything_through(
    filled: Store, program: Program, path: str
) -> None:
    answer = program(Role.ADMINISTRATOR).get(path, params={"retailler": "Outlet"})
    told = answer.json()
    assert (answer.status_code, told["kind"], told["where"]) == (422, "unknown_parameter", "retailler")
    if path == "findings":
        assert "retailer" in told["message"]


# --- decisions ----------------------------------------------------------------------------------------------


def decide(client: TestClient, decision: str, seen: str, **more: str) -> Any:
    return client.post("findings/1/reviews", json={"decision": decision, "seen": seen, **more})


def test_a_decision_that_is_sent_twice_is_made_once(filled: Store, program: Program) -> None:
    client = program(Role.REVIEWER)
    done = decide(client, "confirmed", "new", note="seen")
    assert (done.status_code, done.json()["status"]) == (201, "confirmed")
    assert [one["decision"] for one in done.json()["taught"]] == ["confirmed"]
    again = decide(client, "confirmed", "new", note="seen")
    assert (again.status_code, again.json()["kind"], again.json()["where"]) == (409, "decided_since", "seen")
    assert len(filled.reviews(1)) == 1
    assert decide(client, "undo", "confirmed").json()["status"] == "new"
    assert decide(client, "undo", "new").json()["kind"] == "nothing_to_undo"
    lines = [(one.what, dict(one.detail).get("by")) for one in filled.audit.latest()]
    assert lines == [("decided: undo", "token"), ("decided: confirmed", "token")]


@pytest.mark.parametrize("address", ["nothing", "figures/%0A.svg", "findings/1%0A", "findings/1/"])
def test_what_is_no_address_is_told_as_anything_else(filled: Store, program: Program, address: str) -> None:
    answer = program(Role.READER).get(address)
    assert answer.status_code in (404, 422)
    assert set(answer.json()) == {"kind", "message", "where"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"[]", 422),
        (b'{"decision": "confirmed"}', 422),
        (b'{"decision": "maybe", "seen": "new"}', 422),
        (b'{"decision": "confirmed", "seen": "new", "until": "2026-12-31"}', 422),
        (b'{"decision": "settled", "seen": "new", "until": 0}', 422),
        (b'{"decision": "confirmed", "seen": "new", "more": 1}', 422),
        (b'{"decision": "confirmed", "seen": "new", "note": "\\ud800"}', 422),
        (b'{"decision": "confirmed", "seen": "new", "note": "' + b"a" * 2001 + b'"}', 422),
        (b"[" * 60_000, 400),
        (b" " * (MOST_JSON + 1), 413),
    ],
)
def test_a_body_that_cannot_be_changes_nothing(
    filled: Store, program: Program, body: bytes, status: int
) -> None:
    client = program(Role.REVIEWER)
    headers = {"content-type": "application/json"}
    answer = client.post("findings/1/reviews", content=body, headers=headers)
    assert (answer.status_code, set(answer.json())) == (status, {"kind", "message", "where"})
    assert not filled.reviews(1)


def test_of_two_at_once_one_decides(filled: Store) -> None:
    from storage.errors import StoreError  # noqa: PLC0415
    from storage.records import Review, ReviewDecision  # noqa: PLC0415

    filled.add_review(Review(1, ReviewDecision.REJECTED, "ann", OCTOBER), FindingStatus.NEW)
    with pytest.raises(StoreError, match="it is rejected now"):
        filled.add_review(Review(1, ReviewDecision.CONFIRMED, "eve", OCTOBER), FindingStatus.NEW)


def test_what_a_person_saw_is_read_with_its_screenshot(filled: Store, program: Program) -> None:
    client = program(Role.REVIEWER)
    picture = BytesIO()
    Image.new("RGB", (30, 20), (9, 99, 199)).save(picture, "PNG")
    given = {"surface": "platform_tag", "state": "present", "quote": "AI info"}
    done = client.post("findings/1/readings", data=given, files={"screenshot": ("a", picture.getvalue())})
    assert done.status_code == 201
    (seen,) = done.json()["person_readings"]
    assert (seen["quote"], seen["state"]) == ("AI info", "present")
    shot = client.get(f"findings/1/screenshots/{seen['screenshot']}")
    assert (shot.status_code, shot.headers["content-type"]) == (200, "image/jpeg")
    assert filled.audit.latest()[0].what == "screenshot seen"
    assert client.get(f"findings/2/screenshots/{seen['screenshot']}").status_code == 404
    broken = client.post("findings/1/readings", data=given, files={"screenshot": ("a", b"nothing")})
    assert (broken.status_code, broken.json()["kind"]) == (422, "no_screenshot")
    undo = {"surface": "caption", "state": "undo"}
    assert client.post("findings/1/readings", data=undo).json()["kind"] == "nothing_to_undo"


# --- what is described --------------------------------------------------------------------------------------


def undocumented(value: Any, shape: Any, schemas: dict[str, Any], at: str = "") -> list[str]:
    """Fields that the description does not name."""
    if "$ref" in shape:
        shape = schemas[shape["$ref"].rpartition("/")[2]]
    for one in shape.get("anyOf", ()):
        if one.get("type") != "null":
            return undocumented(value, one, schemas, at) if value is not None else []
    if isinstance(value, list):
        return [each for one in value for each in undocumented(one, shape.get("items", {}), schemas, at)]
    if not isinstance(value, dict) or "properties" not in shape:
        return []
    found = [f"{at}.{name}" for name in value if name not in shape["properties"]]
    for name, inner in value.items():
        found += undocumented(inner, shape["properties"].get(name, {}), schemas, f"{at}.{name}")
    return found


NOTICE = Notice("msg_1", "newsroom", "nightly-1", "findings", OCTOBER, {"1": ("unlabelled",)}, {"a": "b"})


@pytest.mark.parametrize(
    ("address", "shape", "left"),
    [
        ("findings", "Findings", set()),
        ("findings/1", "WholeFinding", set()),
        ("twins", "Twins", set()),
        ("references?twin=Twin A", "References", set()),
        ("licences", "Licences", set()),
        ("audit", "Record", set()),
        ("me", "Me", set()),
        ("inbox", "Inbox", set()),
        ("choices", "Choices", set()),
        ("figures", "Figures", set()),
        ("exports?twin=Twin A", "Departures", set()),
        ("feeds", "Feeds", set()),
        ("notices", "Notices", set()),
        ("users", "Users", set()),
        ("audit/chain", "Chain", set()),
        ("counts", "Counts", set()),
    ],
)
def test_every_field_is_described(
    filled: Store, program: Program, address: str, shape: str, left: set[str]
) -> None:
    client = program(Role.ADMINISTRATOR)
    client.get("twins")  # a line in the record
    client.post("exports", json={"format": "csv"})
    client.post("feeds", json={"retailer": "H&M"})
    filled.notices.owe([NOTICE])
    schemas = client.get("openapi.json").json()["components"]["schemas"]
    told = client.get(address).json()
    assert set(undocumented(told, schemas[shape], schemas)) <= left
    made = getattr(shapes, shape, None) or getattr(shapes_desk, shape)
    made.model_validate(told)
    with pytest.raises(ValidationError):
        made.model_validate({})


def test_the_description_says_who_may_and_what_comes(filled: Store, program: Program) -> None:
    told = program(Role.READER).get("openapi.json").json()
    assert told["openapi"] == "3.1.0"
    assert told["paths"]["/audit"]["get"]["x-roles"] == ["administrator"]
    assert told["paths"]["/audit"]["get"]["security"] == [{"token": ["audit:read"]}]
    for address, methods in told["paths"].items():
        for method, one in methods.items():
            left = {"200"} if address == "/openapi.json" else {"401", "403", "421", "422", "429", "503"}
            assert left <= one["responses"].keys(), address
            assert (method == "get") or {"411", "413"} <= one["responses"].keys(), address
            assert ("requestBody" not in one) or "400" in one["responses"], address
            assert one["description"]


def test_no_fingerprint_leaves_the_desk(filled: Store, program: Program) -> None:
    client = program(Role.ADMINISTRATOR)
    (told,) = client.get("references", params={"twin": "Twin A"}).json()["references"]
    assert not [name for name in told if "finger" in name or name in ("bits", "pdq", "phash")]


def test_long_lists_of_a_finding_are_cut_and_counted(filled: Store, program: Program, desk: FastAPI) -> None:
    from desk.dossier import dossier  # noqa: PLC0415
    from desk.web.access import Visitor  # noqa: PLC0415
    from storage.people import User  # noqa: PLC0415

    found = filled.finding(1)
    assert found
    whole = dossier(filled, found)
    many = replace(whole, answers=whole.answers * 250)
    visitor = Visitor(User(1, "ann", Role.READER), "", 0)
    told: Any = Seen(filled, visitor).whole(many)
    assert (len(told["history"]), told["left_out"]) == (MOST, {"history": 50, "timeline": 52})


def test_the_page_for_programs_lists_what_one_may(filled: Store, browser: Any) -> None:
    reader, administrator = (
        browser(Role.READER).get("/api").text,
        browser(Role.ADMINISTRATOR).get("/api").text,
    )
    assert "/api/v1/findings" in reader
    assert "DELETE /api/v1/feeds/{number}" in reader
    assert "<code>pictures</code>" in reader  # a field of what is sent for a file
    assert "/api/v1/alerts" in administrator
    assert "/api/v1/alerts" not in reader
    assert ("/api/v1/audit" in reader, "/api/v1/audit" in administrator) == (False, True)
