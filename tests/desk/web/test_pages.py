"""What the pages show and do: filters in the address, decisions and their undo, readings, languages."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from fastapi import FastAPI
from PIL import Image

from storage.errors import StoreError
from storage.keeping import Export
from storage.people import Role
from storage.records import ConsentVerdict, FindingStatus, Labelling, ReviewDecision
from storage.store import Store
from tests.desk.used_store import CLAUSE, OCTOBER, OUTLET, shown
from tests.desk.web.conftest import HOST, Browser

IN, OUT = ConsentVerdict.IN_SCOPE, ConsentVerdict.OUT_OF_SCOPE
OURS = {"origin": f"http://{HOST}"}
Someone = Callable[[Role | None], Browser]
pytestmark = pytest.mark.slow  # a store and an application each


@pytest.fixture
def filled(store: Store) -> Store:
    shown(store, "first", ("Twin A", OUT))
    shown(store, "second", ("Twin B", OUT), account=OUTLET, posted_at=OCTOBER + timedelta(days=3))
    shown(store, "third", ("Twin A", IN), labelling=Labelling.UNLABELLED, text="Look: made by hand")
    return store


def numbers(page: str) -> list[int]:
    return [int(one) for one in re.findall(r'data-number="(\d+)"', page)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [2, 1, 3]),
        ("?retailer=Outlet", [2]),
        ("?platform=instagram", [1, 3]),
        ("?twin=Twin+A", [1, 3]),
        ("?labelling=unlabelled", [3]),
        ("?consent=out_of_scope", [2, 1]),
        ("?since=2026-10-13", [2]),
        ("?until=2026-10-12", [1, 3]),
        ("?status=confirmed", []),
        ("?status=all&twin=Twin+B", [2]),
    ],
)
def test_filters_live_in_the_address(
    filled: Store, browser: Someone, query: str, expected: list[int]
) -> None:
    assert numbers(browser(Role.READER).get(f"/{query}").text) == expected


@pytest.mark.parametrize(("kind", "status"), [("database_busy", 503), ("database", 500)])
def test_who_comes_while_the_database_cannot_answer_is_told_so(
    filled: Store, browser: Someone, monkeypatch: pytest.MonkeyPatch, kind: str, status: int
) -> None:
    client = browser(Role.READER)

    def refused(*_: object) -> None:
        raise StoreError("another process kept the database locked", kind=kind, where="here")

    monkeypatch.setattr(filled.inbox, "lines", refused)
    answer = client.get("/", headers={"accept": "text/html"})
    assert answer.status_code == status
    assert ("Something else is writing" in answer.text) is (status == 503)
    assert "locked" not in answer.text


@pytest.mark.parametrize(
    "query", ["status=x", "since=yesterday", "labelling=1", "consent=none", "after=1", "after=a-b"]
)
def test_a_filter_that_cannot_be_is_refused(browser: Someone, query: str) -> None:
    assert browser(Role.READER).get(f"/?{query}").status_code == 422


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/?status=%3Cb%3Ex", 422, "status: &lt;b&gt;x is none of new, confirmed"),
        ("/?since=soon", 422, "from (since): soon is no day such as 2026-06-30"),
        ("/figures?step=x", 422, "step: x is none of month"),
        ("/figures?surface=x", 422, "surface: x is none of"),
        ("/figures?until=2026-02-30", 422, "until: 2026-02-30 is no day"),
        ("/findings/%3Ci%3E", 422, "number: &lt;i&gt; is no whole number"),
        ("/nowhere", 404, "There is nothing here"),
        ("/decide", 405, "That address does not answer to this."),
    ],
)
def test_what_cannot_be_is_said_on_a_page_in_words(
    filled: Store, browser: Someone, address: str, status: int, words: str
) -> None:
    client = browser(Role.READER)
    client.headers["accept"] = "text/html,*/*;q=0.8"
    answer = client.get(address)
    assert (answer.status_code, "<h1>That did not work" in answer.text) == (status, True), answer.text
    assert words in answer.text
    client.headers["accept-language"] = "nl"
    dutch = client.get(address).text
    assert "<h1>Dat lukte niet" in dutch
    assert words not in dutch


def test_a_form_that_cannot_be_read_is_said_on_a_page(filled: Store, browser: Someone) -> None:
    client = browser(Role.REVIEWER)
    headers = {**OURS, "accept": "text/html"}
    address = "/findings/1/read"
    broken = {**headers, "content-type": "multipart/form-data"}
    answer = client.post(address, content=b"--x\r\nbroken", headers=broken)
    assert (answer.status_code, "could not be read" in answer.text) == (400, True), answer.text
    given = {"csrf": client.csrf, "decision": "confirmed", "note": "n" * 3000}
    answer = client.post("/findings/1/review", data=given, headers=headers)
    assert (answer.status_code, "note: too long: nnn" in answer.text) == (422, True), answer.text
    given = {"csrf": client.csrf, "decision": "confirmed", "number": "x"}
    answer = client.post("/decide", data=given, headers=headers)
    assert (answer.status_code, "number: x is no whole number" in answer.text) == (422, True), answer.text


def test_the_next_page_goes_on(store: Store, browser: Someone) -> None:
    for number in range(45):
        shown(store, f"p{number}", ("Twin A", OUT), posted_at=OCTOBER - timedelta(days=number))
    client = browser(Role.READER)
    first = client.get("/?twin=Twin+A").text
    following = re.search(r'href="([^"]+)" rel="next"', first)
    assert following
    second = client.get(following[1].replace("&amp;", "&")).text
    assert (numbers(first), numbers(second)) == (list(range(1, 41)), list(range(41, 46)))
    assert 'rel="next"' not in second


def test_a_finding_says_what_it_rests_on(filled: Store, browser: Someone) -> None:
    page = browser(Role.READER).get("/findings/1").text
    for words in (
        "What the licences say of Twin A.",
        CLAUSE,
        "registered as Twin A",
        "What could not be seen",
        "Timeline",
    ):
        assert words in page
    assert "<button" not in page.split("</header>")[1]  # a reader decides nothing


def decide(client: Browser, number: int, decision: str, **more: str) -> Any:
    given = {"csrf": client.csrf, "decision": decision, **more}
    return client.post(f"/findings/{number}/review", data=given, headers=OURS)


def test_a_decision_is_written_down_and_undone_by_another(filled: Store, browser: Someone) -> None:
    client = browser(Role.REVIEWER)
    assert decide(client, 1, "confirmed", note="seen").headers["location"] == "/findings/1"
    found = filled.finding(1)
    assert found
    assert found.status is FindingStatus.CONFIRMED
    assert filled.pairs.decided()
    assert decide(client, 1, "undo").status_code == 303
    assert [one.decision for one in filled.reviews(1)] == [ReviewDecision.CONFIRMED, ReviewDecision.UNDO]
    assert filled.reviews(1)[0].by == "reviewer 0"
    assert decide(client, 1, "undo").status_code == 409
    assert decide(client, 1, "maybe").status_code == 422
    assert decide(client, 99, "confirmed").status_code == 404
    assert [one.what for one in filled.audit.latest()] == ["decided: undo", "decided: confirmed"]
    assert "seen" not in str(filled.audit.latest())  # the note stands with the review


def test_settled_says_until_when(filled: Store, browser: Someone) -> None:
    client = browser(Role.REVIEWER)
    assert decide(client, 1, "settled", until="soon").status_code == 422
    assert decide(client, 1, "settled", until="2026-12-31").status_code == 303
    (given,) = filled.uses.settlements()
    assert str(given.until) == "2026-12-31"
    page = client.get("/findings/1").text
    assert "Settled by reviewer 0, for posts until 31 Dec 2026." in page
    assert "reviewed: settled, for posts until 2026-12-31" in page
    assert decide(client, 1, "undo").status_code == 303
    assert "Settled by" not in client.get("/findings/1").text


def test_what_cannot_be_settled_says_why(filled: Store, browser: Someone) -> None:
    client = browser(Role.REVIEWER)
    client.headers["accept"] = "text/html"
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date()
    past = decide(client, 1, "settled", until=str(yesterday))
    assert (past.status_code, "cannot end before today" in past.text) == (422, True)
    licensed = decide(client, 3, "settled")
    assert (licensed.status_code, "no twin’s use that could be settled" in licensed.text) == (409, True)
    assert not [*filled.reviews(1), *filled.reviews(3)]


def test_nobody_proposes_but_four_eyes(filled: Store, browser: Someone) -> None:
    client = browser(Role.REVIEWER)
    assert decide(client, 1, "proposed").status_code == 422
    given = {"csrf": client.csrf, "decision": "proposed", "number": ["1"]}
    assert client.post("/decide", data=given, headers=OURS).status_code == 422
    assert not filled.reviews(1)


def test_several_are_decided_at_once(filled: Store, browser: Someone) -> None:
    client = browser(Role.REVIEWER)
    given = {"csrf": client.csrf, "decision": "rejected", "number": ["1", "3", "3"], "back": "/?twin=Twin+A"}
    answer = client.post("/decide", data=given, headers=OURS)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?twin=Twin+A")
    assert numbers(client.get("/?status=rejected").text) == [1, 3]
    assert client.post("/decide", data={**given, "number": ["1", "99"]}, headers=OURS).status_code == 404
    assert len(filled.reviews(1)) == 1  # and nothing was done


def test_what_somebody_decided_since_is_told_and_stays(filled: Store, browser: Someone) -> None:
    first, second = browser(Role.REVIEWER), browser(Role.REVIEWER)
    second.headers["accept"] = "text/html"
    for page in ("/findings/1", "/"):
        shown_there = second.get(page).text
        assert 'name="seen" value="new"' in shown_there or 'name="seen" value="1 new"' in shown_there
    assert decide(first, 1, "rejected", seen="new").status_code == 303
    late = decide(second, 1, "confirmed", seen="new")
    assert (late.status_code, "Somebody has decided it since" in late.text) == (409, True)
    assert [one.decision for one in filled.reviews(1)] == [ReviewDecision.REJECTED]
    assert decide(second, 1, "confirmed", seen="rejected").status_code == 303
    assert decide(second, 1, "confirmed", seen="maybe").status_code == 422


def test_what_became_of_several_is_told_of_each(filled: Store, browser: Someone) -> None:
    client = browser(Role.REVIEWER)
    client.headers["accept"] = "text/html"
    assert decide(client, 3, "rejected").status_code == 303
    chosen = {"number": ["1", "3"], "seen": ["1 new", "2 new", "3 new"]}
    given = {"csrf": client.csrf, "decision": "confirmed", **chosen}
    done = client.post("/decide", data=given, headers=OURS)
    assert (done.status_code, "Decided: 1. Refused: 1" in done.text) == (409, True)
    assert re.search(r"#3</a>: Somebody has decided it since", done.text)
    found = [filled.finding(number) for number in (1, 3)]
    assert [one.status.value for one in found if one] == ["confirmed", "rejected"]


def test_what_the_program_could_not_read_a_person_can(filled: Store, browser: Someone) -> None:
    client = browser(Role.REVIEWER)
    picture = BytesIO()
    Image.new("RGB", (30, 20), (9, 99, 199)).save(picture, "PNG")
    given = {"csrf": client.csrf, "surface": "platform_tag", "state": "present", "quote": "AI info"}
    sent = {"screenshot": ("../../evil.png", picture.getvalue(), "image/png")}
    assert client.post("/findings/1/read", data=given, files=sent, headers=OURS).status_code == 303
    (seen,) = filled.looks.given(1)
    assert (seen.by, seen.quote, bool(seen.screenshot)) == ("reviewer 0", "AI info", True)
    assert "AI info" in client.get("/findings/1").text
    assert client.get(f"/findings/1/screenshots/{'ab' * 32}.jpg").status_code == 404
    assert client.get(f"/findings/2/screenshots/{seen.screenshot}.jpg").status_code == 404
    for wrong in ({"surface": "sky"}, {"state": "perhaps"}):
        assert client.post("/findings/1/read", data={**given, **wrong}, headers=OURS).status_code == 422
    broken = {"screenshot": ("a.png", b"no picture at all", "image/png")}
    assert client.post("/findings/1/read", data=given, files=broken, headers=OURS).status_code == 422


def test_twins_with_their_terms_and_uses(filled: Store, browser: Someone) -> None:
    client = browser(Role.READER)
    listed = client.get("/twins").text
    assert "cannot be found" in listed
    page = client.get("/twins/Twin A").text
    assert (CLAUSE in page, "#1" in page, "#2" in page) == (True, True, False)
    assert client.get("/twins/Nobody").status_code == 404


def test_an_unknown_page_is_not_there(browser: Someone) -> None:
    answer = browser(Role.READER).get("/nothing", headers={"accept": "text/html"})
    assert (answer.status_code, "<h1>" in answer.text) == (404, True)  # a page, as for all that is refused


def test_the_desk_speaks_dutch(filled: Store, browser: Someone) -> None:
    client = browser(Role.REVIEWER)
    page = client.get("/findings/1", headers={"accept-language": "nl"}).text
    assert '<html lang="nl">' in page
    assert "Wat niet te zien was" in page
    answer = client.post("/language", data={"csrf": client.csrf, "to": "nl", "back": "/twins"}, headers=OURS)
    assert answer.headers["location"] == "/twins"
    assert "Tweelingen" in client.get("/twins").text
    assert client.post("/language", data={"csrf": client.csrf, "to": "xx"}, headers=OURS).status_code == 422


def test_a_model_takes_her_consent_back_without_her_agency(filled: Store, browser: Someone) -> None:
    model = browser(Role.MODEL)
    assert "Withdraw consent" in model.get("/twins/Twin B").text
    address, form = "/twins/Twin B/withdraw", {"csrf": model.csrf, "reason": "I no longer want it"}
    assert (
        model.post(address, data=form, headers=OURS).status_code == 422
    )  # she has not said that she is sure
    done = model.post(address, data={**form, "sure": "yes"}, headers=OURS)
    assert (done.status_code, done.headers["location"]) == (303, "/twins/Twin%20B")
    (given,) = filled.bank.withdrawals("Twin B")
    assert (given.reason, given.by) == ("I no longer want it", "model 0")
    assert "Withdraw consent" not in model.get("/twins/Twin B").text
    assert model.post("/twins/Twin A/withdraw", data={**form, "sure": "yes"}, headers=OURS).status_code == 404
    agency = browser(Role.AGENCY)
    refused = agency.post(address, data={"csrf": agency.csrf, "sure": "yes"}, headers=OURS)
    assert refused.status_code == 403
    told = [(one.what, one.about) for one in filled.audit.latest()]
    assert ("consent withdrawn", "a twin") in told


def test_the_record_is_read_to_its_beginning(
    store: Store, browser: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.web.pages.people.LINES", 3)
    for number in range(7):
        store.audit.append(OCTOBER, "ann", f"did {number}", "", {"how often": number})
    client, address, told = browser(Role.ADMINISTRATOR), "/audit", []
    while address:
        text = client.get(address).text
        told += re.findall(r"did (\d)</", text)
        assert f"how often</span> {told[-1]}" in text
        older = re.search(r'href="(/audit\?before=\d+)"', text)
        address = older[1] if older else ""
    assert told == list("6543210")
    assert client.get("/audit?before=0").status_code == 422


def test_who_read_names_stands_in_the_record_once_an_hour(filled: Store, browser: Someone) -> None:
    administrator, reader = browser(Role.ADMINISTRATOR), browser(Role.READER)
    for _ in range(3):
        administrator.get("/twins/Twin A")
        reader.get("/twins/Twin A")
    read = [one for one in filled.audit.latest() if one.what == "a model's name read"]
    assert [one.who for one in read] in (["administrator 0"], ["administrator 0"] * 2)  # an hour may end


def test_what_left_the_house_about_her_is_told_to_whom_it_concerns(filled: Store, browser: Someone) -> None:
    made = Export(
        OCTOBER, "eva", "findings export", "csv", "/srv/secret/out.csv", "ab" * 32, 10, (1,), ("Twin B",)
    )
    filled.exports.record(made)
    page = browser(Role.MODEL).get("/twins/Twin B").text
    assert "What left the house" in page
    assert "/srv/secret" not in page
    assert "What left the house" not in browser(Role.READER).get("/twins/Twin B").text


def test_what_one_person_confirms_waits_for_another_with_four_eyes(
    filled: Store, browser: Someone, desk: FastAPI
) -> None:
    desk.state.config = desk.state.config.model_copy(update={"four_eyes": True})
    first, second = browser(Role.REVIEWER), browser(Role.REVIEWER)

    def confirm(client: Browser) -> int:
        form = {"csrf": client.csrf, "decision": "confirmed"}
        headers = {**OURS, "accept": "text/html"}
        return client.post("/findings/1/review", data=form, headers=headers).status_code

    assert (confirm(first), confirm(first)) == (303, 409)
    assert "waits for a second person" in second.get("/findings/1").text
    assert numbers(second.get("/?status=proposed").text) == [1]
    assert confirm(second) == 303
    assert [one.decision for one in filled.reviews(1)] == [ReviewDecision.PROPOSED, ReviewDecision.CONFIRMED]
