"""Every route with every role: who may, who may not, and what an agency or a model never sees."""

from collections.abc import Callable, Iterator

import pytest
from fastapi.routing import APIRoute

from desk.web.access import PUBLIC, TABLE
from desk.web.api.app import route_names as routes_for_programs
from desk.web.app import PARTS, route_names
from desk.web.guard import unlisted
from storage.people import Role
from storage.records import ConsentVerdict, Labelling, Review, ReviewDecision, RuleVerdict
from storage.store import Store
from tests.desk.used_store import OCTOBER, shown
from tests.desk.web.conftest import HOST, Browser

OUT = ConsentVerdict.OUT_OF_SCOPE
FILLED = {
    "number": "1",
    "which": "0",
    "layer": "found",
    "name": "Twin A",
    "secret": "nothing",
    "sha256": "ab" * 32,
    "digest": "x",
    "chart": "over-time",
}
Someone = Callable[[Role | None], Browser]
pytestmark = pytest.mark.slow  # a store and an application each


def routes() -> Iterator[tuple[str, str, str]]:
    """(name, method, address with something three_findings in)."""
    for part in PARTS:
        for route in part.router.routes:
            assert isinstance(route, APIRoute)
            address = route.path.replace(":path", "")
            for name, value in FILLED.items():
                address = address.replace(f"{{{name}}}", value)
            yield route.name, next(iter(route.methods or {"GET"})), address


def test_every_route_is_in_the_table() -> None:
    assert unlisted(route_names()) == set()
    assert route_names() == PUBLIC | TABLE.keys()


@pytest.mark.parametrize("role", [None, *Role])
def test_each_role_gets_what_the_table_says(
    three_findings: Store, browser: Someone, role: Role | None
) -> None:
    asked = 0
    for name, method, address in routes():
        client = browser(role)  # logging out ends a session
        if method == "GET":
            answer = client.get(address)
        else:
            answer = client.post(address, data={"csrf": client.csrf}, headers={"origin": f"http://{HOST}"})
        asked += 1
        if name in PUBLIC:
            assert answer.status_code in (200, 303, 401, 404, 410, 422), name
        elif role is None:
            expected = 303 if method == "GET" else 401
            assert answer.status_code == expected, name
            assert method != "GET" or answer.headers["location"] == "/login"
        elif role in TABLE[name]:
            assert answer.status_code not in (401, 403), name
            assert answer.status_code < 500, name
        else:
            assert answer.status_code == 403, name
    assert asked == len(route_names() - routes_for_programs())  # those are walked in test_api_access.py


def test_an_agency_sees_its_own_twins_and_nothing_else(three_findings: Store, browser: Someone) -> None:
    agency = browser(Role.AGENCY)
    page = agency.get("/?status=all").text
    assert ("#1<" in page, "#2<" in page, "#3<" in page) == (True, True, False)
    assert "Stranger" not in page
    assert agency.get("/findings/1").status_code == 200
    for hidden in (
        "/findings/3",
        "/findings/3/picture.jpg",
        "/findings/99",
        "/twins/Stranger",
        "/twins/Nobody",
    ):
        assert agency.get(hidden).status_code == 404
    twins = agency.get("/twins").text
    assert "Twin A" in twins
    assert "Stranger" not in twins


def test_a_model_sees_her_own_twins_alone(three_findings: Store, browser: Someone) -> None:
    model = browser(Role.MODEL)
    page = model.get("/?status=all").text
    assert ("#1<" in page, "#2<" in page, "#3<" in page) == (False, True, False)
    assert model.get("/findings/1").status_code == 404
    assert "Berta Berg" in model.get("/twins/Twin B").text


def test_of_a_picture_with_others_twins_an_agency_sees_its_own_part(store: Store, browser: Someone) -> None:
    number = shown(store, "both", ("Stranger", OUT), ("Twin A", OUT))
    page = browser(Role.AGENCY).get(f"/findings/{number}").text
    assert "registered as Twin A" in page
    assert "registered as Stranger" not in page
    assert browser(Role.AGENCY).get(f"/findings/{number}/registered/0.jpg").status_code == 404


def test_what_people_said_of_others_twins_is_no_news_for_an_agency(store: Store, browser: Someone) -> None:
    title, said = "licence of Stranger to Outlet", "The licence asks for a label."
    rule = RuleVerdict("licence-7", Labelling.UNLABELLED, said, "", title, "high")
    twins = (("Stranger", ConsentVerdict.WITHDRAWN), ("Twin A", ConsentVerdict.IN_SCOPE))
    number = shown(store, "both", *twins, rules=[rule])
    store.add_review(Review(number, ReviewDecision.CONFIRMED, "ann", OCTOBER, "called them"))
    agency, reader = (browser(role).get(f"/findings/{number}").text for role in (Role.AGENCY, Role.READER))
    for told in ("called them", said, "c-withdrawn"):
        assert (told in agency, told in reader) == (False, True), told
    assert "c-in_scope" in agency


@pytest.mark.parametrize("role", [Role.READER, Role.REVIEWER])
def test_models_names_are_seen_by_those_alone_who_may(
    three_findings: Store, browser: Someone, role: Role
) -> None:
    somebody, administrator = browser(role), browser(Role.ADMINISTRATOR)
    for address in ("/", "/findings/1", "/twins", "/twins/Twin A", "/accounts", "/runs"):
        assert "Andersson" not in somebody.get(address).text, address
    assert "Anna Andersson" in administrator.get("/findings/1").text
    assert "Anna Andersson" in browser(Role.AGENCY).get("/twins").text


def test_a_user_who_is_disabled_is_out_at_once(three_findings: Store, browser: Someone) -> None:
    client = browser(Role.READER)
    assert client.get("/").status_code == 200
    from datetime import UTC, datetime  # noqa: PLC0415

    three_findings.people.disable("reader 0", datetime.now(UTC))
    assert client.get("/").status_code == 303
