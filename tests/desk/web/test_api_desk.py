"""What programs can do that pages could before: the inbox by pictures, several decisions at once, files,
feeds, figures, alerts, withdrawal, users; and that it is done as the page does it."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from PIL import Image
from starlette.testclient import TestClient

from desk import exporting
from desk.exports import pdf
from desk.jobs import alerting
from desk.web.api import shapes_desk
from desk.web.api.cursors import cursor
from desk.web.api.exports import FILES, Form
from desk.web.api.shapes import Shape
from desk.web.pages import feeds as feed_page
from storage.passage import Place, Via
from storage.people import Role
from storage.records import ConsentVerdict, Extent, OriginEvidence, Review, ReviewDecision, Surface
from storage.store import Store
from tests.desk.figures.feeds import HM, NL, told
from tests.desk.figures.published import publish
from tests.desk.mailbox import Mailbox
from tests.desk.used_store import OCTOBER, shown
from tests.desk.web.conftest import HOST, Browser, with_alerts
from tests.detector.drawings import scene
from tests.detector.files import encoded
from tests.storage.samples import sha

OUT, IN = ConsentVerdict.OUT_OF_SCOPE, ConsentVerdict.IN_SCOPE
Program = Callable[..., TestClient]
Someone = Callable[[Role | None], Browser]
OURS = {"origin": f"http://{HOST}"}
pytestmark = pytest.mark.slow  # a store and an application each


@pytest.fixture
def desk(store: Store, tmp_path: Path, post: Mailbox) -> FastAPI:
    return with_alerts(store, tmp_path, post)


def examples() -> Iterator[tuple[type[Shape], Any]]:
    for made in vars(shapes_desk).values():
        if isinstance(made, type) and issubclass(made, Shape):
            extra = made.model_config.get("json_schema_extra")
            for example in extra.get("examples", ()) if isinstance(extra, dict) else ():  # type: ignore[union-attr]
                yield made, example


def test_every_example_is_one() -> None:
    found = list(examples())
    assert len(found) > 12
    for made, example in found:
        made.model_validate(example)


def all_of(client: TestClient, address: str, what: str, **asked: Any) -> list[Any]:
    found: list[Any] = []
    place: str | None = ""
    while place is not None:
        answer = client.get(address, params={**asked, "cursor": place})
        assert answer.status_code == 200, answer.text
        found += answer.json()[what]
        place = answer.json()["next"]
    return found


def refused(answer: Any) -> tuple[int, str, str]:
    told_here = answer.json()
    assert set(told_here) == {"kind", "message", "where"}
    return answer.status_code, told_here["kind"], told_here["where"]


# --- the inbox ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [1, 100])
def test_a_picture_in_several_posts_is_one_line(store: Store, program: Program, limit: int) -> None:
    publish(store, HM, [("one", told()), ("two", told())])
    publish(store, NL, [("one", told())])
    client = program(Role.READER)
    lines = all_of(client, "inbox", "lines", limit=limit)
    assert sorted(one["count"] for one in lines) == [1, 2]
    assert sum(one["count"] for one in lines) == len(all_of(client, "findings", "findings"))
    assert client.get("inbox", params={"retailer": "Nobody"}).json() == {"lines": [], "next": None}


def test_a_line_is_of_ones_own_twins(store: Store, program: Program, browser: Someone) -> None:
    number = shown(store, "both", ("Stranger", ConsentVerdict.WITHDRAWN), ("Twin A", IN))
    shown(store, "other", ("Stranger", OUT))
    (line,) = all_of(program(Role.AGENCY), "inbox", "lines")
    assert (line["finding"], line["consent"]) == (number, "in_scope")
    assert line["twins"] == [{"twin": "Twin A", "consent": "in_scope"}]
    assert "Stranger" not in str(line)
    page = browser(Role.AGENCY).get("/?status=all").text  # which says the same of it
    assert ("c-in_scope" in page, "c-withdrawn" in page) == (True, False)
    whole = all_of(program(Role.READER), "inbox", "lines")
    assert [one["consent"] for one in whole if one["finding"] == number] == ["withdrawn"]


def test_what_can_be_chosen_is_what_one_may_see(three_findings: Store, program: Program) -> None:
    assert program(Role.READER).get("choices").json()["twins"] == ["Stranger", "Twin A", "Twin B"]
    assert program(Role.AGENCY).get("choices").json()["twins"] == ["Twin A", "Twin B"]
    assert program(Role.MODEL).get("choices").json()["twins"] == ["Twin B"]


# --- one finding --------------------------------------------------------------------------------------------


def test_a_finding_tells_what_its_page_shows(three_findings: Store, program: Program) -> None:
    administrator = program(Role.ADMINISTRATOR).get("findings/1").json()
    assert administrator["models"] == {"Twin A": "Anna Andersson"}
    assert [one["twin"] for one in administrator["licences"]] == ["Twin A"]
    assert administrator["licences"][0]["document"] == "annex-a.pdf"
    moments = administrator["timeline"]
    assert [one["what"] for one in moments][:2] == ["posted", "first seen by us"]
    assert moments == sorted(moments, key=lambda one: one["at"])
    reader = program(Role.READER).get("findings/1").json()
    assert (reader["models"], reader["licences"][0]["document"]) == ({}, None)
    assert program(Role.MODEL).get("findings/2").json()["models"] == {"Twin B": "Berta Berg"}


def test_whoever_sees_her_own_alone_reads_no_review_in_the_timeline(
    three_findings: Store, program: Program
) -> None:
    three_findings.add_review(Review(1, ReviewDecision.CONFIRMED, "ann", OCTOBER, "beside Stranger"))
    timeline = program(Role.AGENCY).get("findings/1").json()["timeline"]
    assert not [one for one in timeline if one["what"].startswith("reviewed")]
    assert [
        one for one in program(Role.READER).get("findings/1").json()["timeline"] if "ann" in one["detail"]
    ]


def with_bytes(store: Store, name: str, data: bytes) -> None:
    path = store.media.path(sha(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def test_both_pictures_laid_on_each_other_one_by_one(three_findings: Store, program: Program) -> None:
    registered = scene(480, 640, seed=3)
    with_bytes(three_findings, "ref Twin A", encoded(registered, quality=92))
    with_bytes(three_findings, "first", encoded(registered, quality=60))
    client = program(Role.REVIEWER)
    layers = [client.get(f"findings/1/layers/0/{name}") for name in ("found", "registered", "difference")]
    assert [(one.status_code, one.headers["content-type"]) for one in layers] == [(200, "image/jpeg")] * 3
    assert len({Image.open(BytesIO(one.content)).size for one in layers}) == 1
    assert len({one.content for one in layers}) == 3
    assert refused(client.get("findings/1/layers/0/other"))[0] == 422
    assert refused(client.get("findings/1/layers/1/found"))[:2] == (404, "not_found")
    assert refused(program(Role.AGENCY).get("findings/3/layers/0/found"))[0] == 404


def test_the_picture_that_the_evidence_came_from(store: Store, program: Program) -> None:
    number = shown(store, "first", ("Twin A", OUT))
    with_bytes(store, "elsewhere", encoded(scene(80, 60)))
    here = Place("instagram", "hm", "H&M", "first", "", 0, sha("first"), "", None)
    there = replace(here, post_id="elsewhere", sha256=sha("elsewhere"))
    (item,) = store.all_items()
    found = store.finding(number)
    assert found
    told_there = OriginEvidence("caption", "said", "", Extent.WHOLE, 4, Via(there, here, True))
    store.save_answer(item, "j2", replace(found.answer, evidence=(told_there,)), OCTOBER)
    copy = program(Role.REVIEWER).get(f"findings/{number}/copies/0")
    assert (copy.status_code, copy.headers["content-type"]) == (200, "image/jpeg")
    assert refused(program(Role.REVIEWER).get(f"findings/{number}/copies/1"))[0] == 404
    assert refused(program(Role.AGENCY).get(f"findings/{number}/copies/0"))[0] == 404


# --- several at once ----------------------------------------------------------------------------------------


def decide(client: TestClient, decision: str, *chosen: tuple[int, str]) -> Any:
    findings = [{"finding": number, "seen": seen} for number, seen in chosen]
    return client.post("reviews", json={"decision": decision, "note": "both", "findings": findings})


@pytest.fixture
def three(store: Store) -> Store:
    for name in ("first", "second", "third"):
        shown(store, name, ("Twin A", OUT))
    return store


def test_several_are_decided_each_by_itself(three: Store, program: Program) -> None:
    client = program(Role.REVIEWER)
    done = decide(client, "confirmed", (1, "new"), (2, "rejected"), (3, "new")).json()
    assert [(one["finding"], one["status"]) for one in done["reviewed"]] == [
        (1, "confirmed"),
        (3, "confirmed"),
    ]
    assert [one["decision"] for one in done["reviewed"][0]["taught"]] == ["confirmed"]
    ((number, why),) = [(one["finding"], one["error"]) for one in done["refused"]]
    assert (number, why["kind"], why["where"]) == (2, "decided_since", "finding 2")
    lines = [(one.what, one.about, dict(one.detail)["by"]) for one in three.audit.latest()]
    assert lines == [
        ("decided: confirmed", "finding 3", "token"),
        ("decided: confirmed", "finding 1", "token"),
    ]
    again = decide(client, "confirmed", (1, "new"), (3, "new")).json()
    assert (again["reviewed"], len(again["refused"])) == ([], 2)


def test_what_nobody_can_decide_is_refused(three: Store, program: Program) -> None:
    client = program(Role.REVIEWER)
    assert refused(decide(client, "proposed", (1, "new")))[:2] == (422, "invalid")
    one = {"decision": "proposed", "seen": "new"}
    assert refused(client.post("findings/1/reviews", json=one))[:2] == (422, "invalid")
    one = {"decision": "settled", "seen": "new", "until": "2020-01-01"}
    assert refused(client.post("findings/1/reviews", json=one)) == (422, "day_past", "until")
    assert not three.reviews(1)
    one["until"] = "2999-12-31"
    assert client.post("findings/1/reviews", json=one).status_code == 201
    assert client.get("findings/1").json()["reviews"][0]["until"] == "2999-12-31"


def test_a_second_person_is_asked_for_of_each(three: Store, desk: FastAPI, program: Program) -> None:
    desk.state.config = desk.state.config.model_copy(update={"four_eyes": True})
    client, other = program(Role.REVIEWER), program(Role.REVIEWER)
    done = decide(client, "confirmed", (1, "new"), (2, "new")).json()
    assert [one["status"] for one in done["reviewed"]] == ["proposed", "proposed"]
    again = decide(client, "confirmed", (1, "proposed"), (2, "proposed")).json()
    assert [one["error"]["kind"] for one in again["refused"]] == ["second_person", "second_person"]
    assert len(decide(other, "confirmed", (1, "proposed"), (2, "proposed")).json()["reviewed"]) == 2


def test_where_one_is_not_there_none_is_decided(three_findings: Store, program: Program) -> None:
    client = program(Role.REVIEWER)
    assert refused(decide(client, "confirmed", (1, "new"), (99, "new")))[:2] == (404, "not_found")
    assert refused(decide(client, "confirmed", (1, "new"), (1, "new"))) == (422, "invalid", "findings")
    assert refused(decide(client, "confirmed")) == (422, "invalid", "findings")
    assert refused(decide(client, "confirmed", *((n, "new") for n in range(1, 202))))[0] == 422
    assert not three_findings.reviews(1)


# --- files --------------------------------------------------------------------------------------------------


def test_every_format_of_the_page_is_one_of_the_api() -> None:
    assert {one.value for one in Form} == exporting.exporters().keys()
    assert len(set(FILES)) == len(FILES) == len(Form)


@pytest.mark.parametrize("form", list(Form))
def test_a_file_is_the_pages_own(
    three_findings: Store, program: Program, browser: Someone, form: Form
) -> None:
    answer = program(Role.READER).post("exports", json={"format": form, "twin": "Twin A"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith(exporting.TYPES[form].partition(";")[0])
    assert f'.{form}"' in answer.headers["content-disposition"]
    client = browser(Role.READER)
    given = {"csrf": client.csrf, "format": form.value}
    page = client.post("/export?twin=Twin+A&status=all", data=given, headers=OURS)
    if form in exporting.STREAMED:
        assert answer.content == page.content
    by_api, by_page = three_findings.exports.all()
    assert (by_api.findings, by_api.twins, by_api.format, by_api.size) == (
        *(by_page.findings, by_page.twins, form.value),
        len(answer.content),
    )
    made, said = three_findings.audit.latest()
    assert (made.what, made.about, said.what, said.about) == ("exported", said.about, made.what, made.about)
    assert dict(said.detail) == {**made.detail, "by": "token"}
    assert "Twin A" not in str(said)


def test_no_status_is_every_status(three_findings: Store, program: Program) -> None:
    three_findings.add_review(Review(1, ReviewDecision.REJECTED, "ann", OCTOBER))
    client = program(Role.READER)

    def numbers(**asked: str) -> list[int]:
        lines = client.post("exports", json={"format": "jsonl", **asked}).text.splitlines()
        return sorted(json.loads(line)["id"] for line in lines)

    assert (numbers(), numbers(status="new"), numbers(status="rejected")) == ([1, 2, 3], [2, 3], [1])
    assert numbers(status="all") == [1, 2, 3]  # as the inbox's addresses say it


def test_names_and_twins_leave_as_the_role_grants(store: Store, program: Program) -> None:
    shown(store, "both", ("Stranger", OUT), ("Twin A", OUT), text="Stranger beside Anna Andersson")
    shown(store, "other", ("Stranger", OUT))
    given = {"format": "csv", "names": True, "pictures": "whole"}

    def rows(role: Role) -> list[dict[str, str]]:
        data = program(role).post("exports", json=given).content
        return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))

    assert "Anna Andersson" in rows(Role.ADMINISTRATOR)[0]["caption"] + rows(Role.ADMINISTRATOR)[1]["caption"]
    assert "Andersson" not in str(rows(Role.REVIEWER))
    (own,) = rows(Role.AGENCY)
    assert own["model"] == "Anna Andersson"
    assert "Stranger" not in str(own)
    assert rows(Role.MODEL) == []


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({}, "format"),
        ({"format": "exe"}, "format"),
        ({"format": "csv", "status": "x"}, "status"),
        ({"format": "csv", "pictures": "all"}, "pictures"),
        ({"format": "csv", "since": "yesterday"}, "since"),
        ({"format": "csv", "more": 1}, "more"),
    ],
)
def test_a_file_that_cannot_be_is_refused(
    three_findings: Store, program: Program, given: dict[str, Any], where: str
) -> None:
    assert refused(program(Role.READER).post("exports", json=given)) == (422, "invalid", where)
    assert three_findings.audit.latest() == []


def test_too_many_for_one_file_is_said(
    three_findings: Store, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "LIMIT", 2)
    client = program(Role.READER)
    answer = client.post("exports", json={"format": "pdf"})
    assert refused(answer) == (413, "too_many_findings", "pdf")
    assert (three_findings.audit.latest(), three_findings.exports.all()) == ([], [])
    monkeypatch.setattr("desk.web.api.exports.counted", lambda *_: (2, 2))  # more came in the meantime
    assert refused(client.post("exports", json={"format": "pdf"})) == (413, "too_many_findings", "pdf")


def test_what_left_is_told_without_saying_what_else_was_in_it(
    three_findings: Store, program: Program
) -> None:
    program(Role.ADMINISTRATOR).post("exports", json={"format": "csv"})
    (one,) = all_of(program(Role.AGENCY), "exports", "exports", twin="Twin A")
    assert (one["format"], one["findings"], "twins" in one, "path" in one) == ("csv", 3, False, False)
    assert "Stranger" not in str(one)
    assert refused(program(Role.AGENCY).get("exports", params={"twin": "Stranger"}))[0] == 404
    assert refused(program(Role.READER).get("exports", params={"twin": "Twin A"}))[0] == 403
    assert refused(program(Role.MODEL).get("exports"))[2] == "twin"


# --- feeds --------------------------------------------------------------------------------------------------


def test_a_feed_is_made_read_and_revoked(three_findings: Store, program: Program, browser: Someone) -> None:
    client = program(Role.AGENCY)
    made = client.post("feeds", json={"twin": "Twin A", "language": "nl"})
    assert made.status_code == 201
    address = made.json()["address"]
    feed = browser(None).get(address)
    assert feed.status_code == 200
    assert (b"Twin A" in feed.content, b"Stranger" in feed.content) == (True, False)
    (one,) = all_of(client, "feeds", "feeds")
    assert (one["id"], one["sought"]) == (made.json()["id"], "status: all; twin: Twin A")
    assert address.partition("key=")[2] not in client.get("feeds").text
    other = program(Role.ADMINISTRATOR)
    assert all_of(other, "feeds", "feeds") == []
    assert refused(other.delete(f"feeds/{one['id']}"))[:2] == (404, "not_found")
    assert client.delete(f"feeds/{one['id']}").json() == {"id": one["id"], "revoked": True}
    assert browser(None).get(address).status_code == 404
    assert refused(client.delete(f"feeds/{one['id']}"))[0] == 404
    said = [(line.what, dict(line.detail)) for line in three_findings.audit.latest()]
    assert said == [("feed revoked", {"by": "token"}), ("feed made", {"by": "token"})]


def test_there_are_so_many_feeds_at_most(
    three_findings: Store, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_page, "MOST_FEEDS", 3)
    client = program(Role.READER)
    assert [client.post("feeds", json={}).status_code for _ in range(3)] == [201] * 3
    assert refused(client.post("feeds", json={})) == (409, "too_many_feeds", "feeds")
    assert [one["id"] for one in all_of(client, "feeds", "feeds", limit=1)] == [1, 2, 3]


# --- figures ------------------------------------------------------------------------------------------------


@pytest.fixture
def measured(store: Store) -> Store:
    for account, labelled in ((HM, 4), (NL, 3)):
        posts = [
            (f"{account.handle} {number}", told(Surface.CAPTION) if number < labelled else told())
            for number in range(12)
        ]
        publish(store, account, posts)
    return store


@pytest.mark.parametrize("limit", [1, 100])
def test_figures_line_by_line(measured: Store, program: Program, limit: int) -> None:
    client = program(Role.READER)
    lines = all_of(client, "figures", "figures", limit=limit)
    assert [one["part"] for one in lines][:2] == ["all", "over_time"]
    assert (lines[0]["pictures"], lines[0]["labelled"], lines[0]["no_rate"]) == (24, 7, "few_pictures")
    file = client.get("figures.csv", params={"step": "quarter"})
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(file.text.removeprefix("\ufeff"), newline="")))
    assert (rows[0]["pictures"], rows[0]["step"]) == ("24", "quarter")
    surfaces = client.get("figures", params={"surface": ["image_mark", "caption"]}).json()["figures"][0]
    assert surfaces["surfaces"] == ["caption", "image_mark"]
    (line,) = measured.audit.latest()
    assert (line.what, dict(line.detail)) == ("exported: csv", {"asked": "?step=quarter", "by": "token"})


def test_figures_that_were_made_anew_go_on_where_the_page_ended(measured: Store, program: Program) -> None:
    client = program(Role.READER)
    first = client.get("figures", params={"limit": 2}).json()
    publish(measured, replace(HM, handle="hmse"), [("one more", told())])
    rest = client.get("figures", params={"limit": 100, "cursor": first["next"]}).json()["figures"]
    whole = all_of(client, "figures", "figures")
    assert [*(one["part"] for one in first["figures"]), *(one["part"] for one in rest)] == [
        one["part"] for one in whole
    ]
    gone = client.get("figures", params={"cursor": first["next"], "retailer": "H&M"})
    assert refused(gone) == (400, "bad_cursor", "cursor")


def test_a_chart_is_a_drawing_or_nothing(measured: Store, program: Program) -> None:
    client = program(Role.READER)
    drawn = client.get("figures/over-time.svg", params={"language": "nl", "dark": True})
    assert (drawn.status_code, drawn.headers["content-type"]) == (200, "image/svg+xml")
    assert "Aandeel" in drawn.text
    assert "default-src 'none'" in drawn.headers["content-security-policy"]
    nothing = client.get("figures/over-time.svg", params={"retailer": "Nobody"})
    assert refused(nothing) == (404, "nothing_to_draw", "chart")
    assert refused(client.get("figures/other.svg"))[0] == 422
    assert [one.what for one in measured.audit.latest()] == ["exported: svg"]
    for address in ("figures", "figures.csv", "figures/over-time.svg"):
        assert refused(program(Role.AGENCY).get(address))[:2] == (403, "not_allowed")


# --- alerts, withdrawal, users ------------------------------------------------------------------------------


def test_channels_are_told_without_their_secrets(store: Store, program: Program) -> None:
    client = program(Role.ADMINISTRATOR)
    channels = all_of(client, "alerts", "channels", limit=1)
    assert [(one["name"], one["filters"]) for one in channels] == [
        ("chat", {"twin": "Twin A"}),
        ("newsroom", {}),
    ]
    assert "TIiajkdnlazkcOXrIdevi7FQ" not in str(channels)
    assert "T1JJ3T3L2" not in str(channels)


def test_a_test_message_is_sent_and_written_down(store: Store, program: Program, post: Mailbox) -> None:
    client = program(Role.ADMINISTRATOR)
    assert client.post("alerts/newsroom/test").json() == {"channel": "newsroom", "sent": True, "error": None}
    assert "test message" in post.texts[0]
    post.refusing = True
    answer = client.post("alerts/newsroom/test")
    assert (answer.status_code, answer.json()["sent"], bool(answer.json()["error"])) == (200, False, True)
    assert refused(client.post("alerts/nobody/test")) == (404, "no_alert", "nobody")
    said = [(line.what, line.about) for line in store.audit.latest()]
    assert said == [("test message failed", "newsroom"), ("test message sent", "newsroom")]


def test_what_became_of_each_notice(
    three_findings: Store, program: Program, desk: FastAPI, post: Mailbox
) -> None:
    post.refusing = True
    config = desk.state.config
    alerting.owe(config, three_findings, "nightly-1", [1, 2], datetime(2026, 1, 1, tzinfo=UTC))
    alerting.send_owed(config, three_findings, patience=0)
    found = all_of(program(Role.ADMINISTRATOR), "notices", "notices", limit=1)
    assert [one["channel"] for one in found] == ["chat", "newsroom"]
    (newsroom,) = (one for one in found if one["channel"] == "newsroom")
    assert (newsroom["state"], newsroom["attempts"], newsroom["findings"]) == ("owed", 1, [1, 2])
    assert newsroom["error"]
    assert newsroom["next_at"]
    assert "Twin" not in str(found)


def test_a_model_ends_her_consent(three_findings: Store, program: Program) -> None:
    model = program(Role.MODEL)
    given = {"twin": "Twin B", "sure": True, "reason": "no more"}
    done = model.post("withdrawals", json=given)
    assert (done.status_code, done.json()["withdrawn"], done.json()["licences"]) == (201, True, [])
    again = model.post("withdrawals", json=given)
    assert (again.status_code, again.json()["withdrawn"]) == (201, False)
    assert len(three_findings.bank.withdrawals("Twin B")) == 1
    assert refused(model.post("withdrawals", json={**given, "twin": "Twin A"}))[0] == 404
    assert refused(model.post("withdrawals", json={**given, "sure": False})) == (422, "invalid", "sure")
    assert refused(program(Role.AGENCY, ("twins:read",)).post("withdrawals", json=given))[0] == 403
    lines = [
        (one.what, dict(one.detail)["by"], "Twin B" in str(one)) for one in three_findings.audit.latest()
    ]
    assert lines == [("consent withdrawn", "token", False)]  # the second time nothing happened


def test_nights_page_by_page(store: Store, program: Program) -> None:
    for number in range(5):
        store.start_run(f"nightly-{number}", OCTOBER)  # at the same moment: their names tell them apart
    client = program(Role.READER)
    every = ["nightly-4", "nightly-3", "nightly-2", "nightly-1", "nightly-0"]
    for limit in (1, 2, 5, 100):
        assert [one["run"] for one in all_of(client, "runs", "runs", limit=limit)] == every
    wrong = cursor(("yesterday", "nightly-1"), {})
    assert refused(client.get("runs", params={"cursor": wrong})) == (400, "bad_cursor", "cursor")


def test_what_went_wrong_in_a_night_names_no_model_to_those_who_may_not_know(
    store: Store, program: Program
) -> None:
    wrong = {"kind": "not_registered", "message": "no picture", "where": "renders/Anna_Andersson.png"}
    store.start_run("nightly-1", OCTOBER)
    store.end_run("nightly-1", OCTOBER, {"errors": [wrong]})
    reader, administrator = (program(role).get("runs").text for role in (Role.READER, Role.ADMINISTRATOR))
    assert ("Anna" in reader, "[the model of Twin A]" in reader, "Anna" in administrator) == (
        False,
        True,
        True,
    )


def test_users_and_the_chain_of_the_record(three_findings: Store, program: Program) -> None:
    client = program(Role.ADMINISTRATOR)
    program(Role.MODEL)
    found = all_of(client, "users", "users", limit=1)
    assert [(one["role"], one["whose"]) for one in found] == [
        ("administrator", None),
        ("model", "Berta Berg"),
    ]
    assert client.get("audit/chain").json() == {"broken": None}
