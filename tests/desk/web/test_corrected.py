"""What was set right about a twin stands on its page and in the API: as far as whoever asks may know it."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from desk.web.corrected import corrected
from storage.keeping import Correction
from storage.people import Role
from storage.store import Store
from tests.desk.web.conftest import Browser

Someone = Callable[[Role | None], Browser]
Program = Callable[..., TestClient]
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.fixture
def mended(store: Store) -> Store:
    """Twin A was registered as another agency's twin of somebody else."""
    before = {"agency": "Former House", "model": "Ulla Uitmeer"}
    after = {"agency": "Agency One", "model": "Anna Andersson"}
    store.contests.correct(
        Correction("Twin A", AT, "ann", "Ulla Uitmeer's contract was another", before, after)
    )
    store.contests.correct(
        Correction("Twin A", AT, "bob", "typed wrong", {"kind": "synthetic_model"}, {"kind": "digital_twin"})
    )
    return store


def section(client: Browser) -> str:
    page = client.get("/twins/Twin A").text
    return "".join(re.findall(r'<h2 id="corrections">.*?</table>', page, re.DOTALL))


@pytest.mark.slow
def test_on_the_twin_s_page(mended: Store, browser: Someone) -> None:
    everything = section(browser(Role.ADMINISTRATOR))
    for text in (
        "ann",
        "Former House",
        "Agency One",
        "Ulla Uitmeer",
        "Anna Andersson",
        "20 Nov 2026",
        "09:30",
    ):
        assert text in everything, text
    assert "invented model" in everything
    house = section(browser(Role.REVIEWER))
    assert ("Former House" in house, "ann" in house, "not shown to you" in house) == (True, True, True)
    assert not re.search("Ulla|Uitmeer|Andersson", house)
    own = section(browser(Role.AGENCY))
    assert ("Agency One" in own, "Anna Andersson" in own) == (True, True)
    assert not re.search("Ulla|Uitmeer|Former House|typed wrong|>ann<|>bob<", own)
    assert section(browser(Role.READER)).count("<tr>") == 4
    client = browser(Role.READER)
    assert 'id="corrections"' not in client.get("/twins/Twin A2").text


@pytest.mark.slow
def test_in_the_api(mended: Store, program: Program) -> None:
    def of(role: Role) -> list[Mapping[str, Any]]:
        (twin,) = program(role).get("twins", params={"twin": "Twin A"}).json()["twins"]
        found: list[Mapping[str, Any]] = twin["corrections"]
        return found

    first, second = of(Role.ADMINISTRATOR)
    assert (first["by"], first["before"]["model"], first["after"]["agency"]) == (
        "ann",
        "Ulla Uitmeer",
        "Agency One",
    )
    assert second["before"] == {"kind": "synthetic_model"}
    assert not re.search("Ulla|Uitmeer|Andersson|Former", str(of(Role.READER)))
    assert of(Role.AGENCY)[0] == {
        "at": first["at"],
        "by": None,
        "reason": None,
        "before": {"agency": None, "model": None},
        "after": {"agency": "Agency One", "model": "Anna Andersson"},
    }


def test_what_was_erased_since_is_still_a_line() -> None:
    class Everything:
        sees_names, scope = True, None

    gone = Correction("Twin A", AT, "[erased]", "[erased]", {}, {})
    assert corrected(gone, Everything()) == {  # type: ignore[arg-type]
        "at": AT,
        "by": "[erased]",
        "reason": "[erased]",
        "before": {},
        "after": {},
    }
