"""Every route of the HTTP API with every role and every scope: what a token opens, and what nothing opens."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from PIL import Image
from starlette.testclient import TestClient

from desk.web.access import TABLE
from desk.web.api.app import PARTS, route_names
from desk.web.api.route import MOST_WRONG
from desk.web.scopes import EVERY, OPEN, SCOPES, undecided, usable
from desk.web.secrets import kept
from storage.errors import DeskError
from storage.people import Role
from storage.records import ConsentVerdict
from storage.store import Store
from tests.desk.used_store import shown
from tests.desk.web.conftest import HOST, Browser
from tests.storage.samples import sha

OUT = ConsentVerdict.OUT_OF_SCOPE
FILLED = {
    "number": "1",
    "which": "0",
    "sha256": "ab" * 32,
    "layer": "found",
    "name": "newsroom",
    "chart": "over-time",
}
GIVEN = {"references": {"twin": "Twin A"}, "exports": {"twin": "Twin A"}}
Program = Callable[..., TestClient]
pytestmark = pytest.mark.slow  # a store and an application each


def routes() -> Iterator[tuple[str, str, str]]:
    """(name, method, address below /api/v1 with something three_findings in)."""
    for part in PARTS:
        for route in part.router.routes:
            assert isinstance(route, APIRoute)
            address = route.path
            for name, value in FILLED.items():
                address = address.replace(f"{{{name}}}", value)
            if route.name not in OPEN:
                yield route.name, next(iter(route.methods or {"GET"})), address.lstrip("/")


def ask(client: TestClient, method: str, address: str) -> int:
    params = GIVEN.get(address, {})
    answer = client.request(method, address, params=params)
    if answer.status_code >= 400:
        assert set(answer.json()) == {"kind", "message", "where"}, answer.text
    return answer.status_code


def test_every_route_has_its_scope_and_its_roles() -> None:
    assert undecided(route_names()) == set()
    assert route_names() == OPEN | SCOPES.keys()
    assert TABLE.keys() >= SCOPES.keys()


@pytest.mark.parametrize("role", list(Role))
def test_a_token_opens_what_its_users_role_opens(three_findings: Store, program: Program, role: Role) -> None:
    client = program(role)
    for name, method, address in routes():
        status = ask(client, method, address)
        assert (status == 403) == (role not in TABLE[name]), name
        assert status in (200, 403, 404, 422), name


@pytest.mark.parametrize("scope", EVERY)
def test_a_token_opens_what_it_was_made_for_alone(
    three_findings: Store, program: Program, scope: str
) -> None:
    client = program(Role.ADMINISTRATOR, (scope,))
    for name, method, address in routes():
        opened = SCOPES[name] in (scope, "")
        assert (ask(client, method, address) != 403) == opened, name


def test_without_a_token_nothing_is_opened(
    three_findings: Store, desk: FastAPI, browser: Callable[[Role | None], Browser]
) -> None:
    logged_in = browser(Role.ADMINISTRATOR)  # with a cookie, which is not looked at
    for name, method, address in routes():
        answer = logged_in.request(method, f"/api/v1/{address}", headers={"origin": f"http://{HOST}"})
        assert answer.status_code == 401, name
        assert answer.headers["www-authenticate"] == "Bearer"
        assert "set-cookie" not in answer.headers
    assert logged_in.get("/api/v1/openapi.json").status_code == 200


def test_a_token_that_no_longer_holds_opens_nothing(
    three_findings: Store, desk: FastAPI, program: Program
) -> None:
    now = datetime.now(UTC)
    client = program(Role.READER)
    assert client.get("me").status_code == 200
    (token,) = three_findings.people.tokens()
    assert token.used_at is not None
    three_findings.people.disable(token.user.name, now)
    assert client.get("me").status_code == 401
    three_findings.people.disable(token.user.name, None)
    assert client.get("me").status_code == 200
    assert three_findings.people.revoke_token(token.id, now)
    assert client.get("me").json()["kind"] == "wrong_token"
    three_findings.people.add_token(
        token.user.name, "old", kept("old"), ["findings:read"], now, now - timedelta(1)
    )
    client.headers["authorization"] = "Bearer old"
    assert client.get("me").status_code == 401


def test_a_role_that_was_taken_away_takes_its_tokens_along(three_findings: Store, program: Program) -> None:
    with pytest.raises(DeskError, match="a reader may not do that"):
        program(Role.READER, ("findings:decide",))
    assert "audit:read" not in usable(Role.REVIEWER)


@pytest.mark.parametrize(
    "given", ["", "x", "Bearer", "Bearer ", "Basic YTpi", "Bearer " + "y" * 5000, "Bearer ü"]
)
def test_what_is_no_token_is_refused(three_findings: Store, program: Program, given: str) -> None:
    client = program(Role.READER)
    answer = client.get("me", headers={b"authorization": given.encode()})
    assert answer.status_code == 401


def test_wrong_tokens_in_numbers_are_slowed_and_right_ones_are_not(
    three_findings: Store, program: Program
) -> None:
    client = program(Role.READER)
    right = client.headers["authorization"]
    for _ in range(MOST_WRONG):
        assert client.get("me", headers={"authorization": "Bearer wrong"}).status_code == 401
    answer = client.get("me", headers={"authorization": "Bearer wrong"})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "900")
    assert client.get("me", headers={"authorization": right}).status_code == 200
    by_name, by_origin = three_findings.people.failures(
        "reader", "testclient", datetime(2026, 1, 1, tzinfo=UTC)
    )
    assert (by_name, by_origin) == (0, 0)  # logins are counted apart


# --- whose twins, whose names -------------------------------------------------------------------------------


def test_an_agency_is_told_of_its_own_twins_and_nothing_else(three_findings: Store, program: Program) -> None:
    both = shown(three_findings, "both", ("Stranger", ConsentVerdict.WITHDRAWN), ("Twin A", OUT))
    agency = program(Role.AGENCY)
    listed = agency.get("findings").json()["findings"]
    assert {one["id"] for one in listed} == {1, 2, both}
    for address in ("findings/3", "findings/3/picture", "findings/3/registered/0", "findings/99"):
        assert agency.get(address).status_code == 404
    for told in (agency.get(f"findings/{both}").json(), next(one for one in listed if one["id"] == both)):
        assert "Stranger" not in str(told)
        assert (told["twin"], told["consent"]) == ("Twin A", "out_of_scope")
        assert [one["twin"] for one in told["matches"]] == ["Twin A"]
    # `which` counts among the matches that she is told of: hers is the second of all.
    for name in ("ref Twin A", "ref Stranger", "both"):
        path = three_findings.media.path(sha(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (60, 40), (len(name), 99, 199)).save(path, "PNG")
    hers, all_of_them = agency.get(f"findings/{both}/registered/0"), program(Role.REVIEWER)
    assert hers.status_code == 200
    assert hers.content == all_of_them.get(f"findings/{both}/registered/1").content
    assert hers.content != all_of_them.get(f"findings/{both}/registered/0").content
    assert agency.get(f"findings/{both}/registered/1").status_code == 404
    assert agency.get("counts").json() == {"counts": {"new": 3}}
    assert {one["twin"] for one in agency.get("twins").json()["twins"]} == {"Twin A", "Twin A2", "Twin B"}
    assert agency.get("references", params={"twin": "Stranger"}).status_code == 404
    assert agency.get("findings", params={"twin": "Stranger"}).json()["findings"] == []


def test_a_model_is_told_of_her_own_twins_alone(three_findings: Store, program: Program) -> None:
    model = program(Role.MODEL)
    assert [one["id"] for one in model.get("findings").json()["findings"]] == [2]
    assert model.get("findings/1").status_code == 404
    assert [one["twin"] for one in model.get("twins").json()["twins"]] == ["Twin B"]
    assert model.get("licences").json() == {"licences": [], "next": None}


@pytest.mark.parametrize("role", [Role.READER, Role.REVIEWER])
def test_models_names_are_told_to_those_alone_who_may(
    three_findings: Store, program: Program, role: Role
) -> None:
    number = shown(three_findings, "named", ("Twin A", OUT), text="Seen: Anna Andersson, twin of hers")
    administrator, somebody = program(Role.ADMINISTRATOR), program(role)
    told = 0
    for name, method, address in routes():
        if method == "GET":
            place = address.replace("findings/1", f"findings/{number}")
            params = GIVEN.get(address, {})
            assert "Andersson" not in somebody.get(place, params=params).text, name
            told += "Andersson" in administrator.get(place, params=params).text
    assert told == 2  # the twins, and the caption
    read = {one.what for one in three_findings.audit.latest() if one.what.endswith("read")}
    assert read == {"models' names read", "a model's name read"}
    assert "Andersson" not in str(three_findings.audit.latest())
