"""Nothing that was planted runs, and no model's name leaves: every page for every role, every export, the
feed, alerts of each kind, letters and the agency's report, over the store of tests/desk/planted.py."""

import base64
import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser
import pytest
from fastapi import FastAPI
from lxml import etree
from openpyxl import load_workbook
from pypdf import PdfReader
from pytest_httpserver import HTTPServer
from starlette.testclient import TestClient

from desk import exporting
from desk.config import load
from desk.exports.csv import is_formula
from desk.handing import Recipient, handed
from desk.jobs import alerting
from desk.pictured import Pictured
from desk.web.app import application
from storage.people import Role
from tests.desk.mailbox import mailbox
from tests.desk.planted import AGENCY, MODEL, TWIN, Planted, planted
from tests.desk.web import test_api_access
from tests.desk.web.conftest import HOST, Browser
from tests.desk.web.test_access import FILLED, routes
from tests.desk.web.test_feeds import address

Someone = Callable[[Role | None], Browser]
pytestmark = pytest.mark.slow  # a store and an application each
OURS = {"origin": f"http://{HOST}"}
FORMS = ("csv", "xlsx", "jsonl", "html", "pdf")
NAMED = re.compile(r"berta[\W_]{0,3}berg|berg[\W_]{0,3}berta", re.IGNORECASE)
TURNING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[Planted]:
    made = planted(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def store(hostile: Planted) -> Any:
    return hostile.store


@pytest.fixture
def desk(hostile: Planted, tmp_path: Path) -> FastAPI:
    (tmp_path / "twinwatch.toml").write_text("")
    config = load(tmp_path / "twinwatch.toml", {})
    return application(config, hostile.store, frozenset({HOST}), secure=False)


class Acting(HTMLParser):
    """What a browser would act on."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.scripts: list[dict[str, str | None]] = []
        self.handlers: list[str] = []
        self.addresses: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "iframe", "object", "embed", "base", "x:xmpmeta", "entry"):
            self.scripts.append({"tag": tag, **dict(attrs)})
        self.handlers += [
            name for name, _ in attrs if name.startswith(("on", "hx-on")) or name in ("style", "srcdoc")
        ]
        self.addresses += [
            value or "" for name, value in attrs if name in ("href", "src", "action", "formaction")
        ]

    def handle_data(self, data: str) -> None:
        self.text += data


OURS_ALONE = (["desk.js"], ["desk.js", "htmx.min.js"])  # of a page, and of one whose list changes in place


def harmless(page: str, *, own_script: bool) -> Acting:
    acting = Acting(page)
    assert all(one["tag"] == "script" for one in acting.scripts), acting.scripts
    sources = [str(one.get("src")) for one in acting.scripts]
    expected = OURS_ALONE if own_script else ([],)
    assert [re.sub(r"^/static/\w+/", "", one) for one in sources] in expected, acting.scripts
    assert all(one.startswith("/static/") for one in sources)
    assert acting.handlers == []
    for one in acting.addresses:
        assert re.match(r"(/|#|\?|https?://|data:image/jpeg;base64,)", one), one
    assert not TURNING.search(acting.text.replace("\x0b", ""))
    assert "49${" not in acting.text
    return acting


# --- pages --------------------------------------------------------------------------------------------------


def pages() -> list[str]:
    """Every page that can be asked for without changing anything."""
    told = {**FILLED, "name": TWIN}
    found = [where for name, method, where in routes() if method == "GET" and name not in ("static", "link")]
    return [
        *(one.replace("Twin A", told["name"]) for one in found),
        "/?status=all",
        "/findings/2",
        "/findings/3",
    ]


@pytest.mark.parametrize("role", list(Role))
def test_no_page_runs_what_was_planted_or_tells_a_name_to_somebody_who_may_not_know_it(
    browser: Someone, role: Role
) -> None:
    client, seen = browser(role), 0
    for where in pages():
        answer = client.get(where, headers={"accept": "text/html"})
        assert answer.status_code < 500, where
        kind = answer.headers.get("content-type", "")
        if kind.startswith("text/html"):
            acting = harmless(answer.text, own_script=True)
            seen += "window.planted" in acting.text
        assert answer.headers["x-content-type-options"] == "nosniff"
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy, where
        assert "unsafe" not in policy
        if role in (Role.READER, Role.REVIEWER):
            assert not NAMED.search(answer.text), where
    assert seen >= 4  # it was there to be run
    if role in (Role.ADMINISTRATOR, Role.AGENCY, Role.MODEL):
        assert NAMED.search(client.get("/findings/2").text)


# --- the HTTP API -------------------------------------------------------------------------------------------


def asked_by_programs() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every list and every finding, each file in each form, and what answers with what was sent."""
    for _, method, place in test_api_access.routes():
        for number in (1, 2, 3) if "findings/1" in place and method == "GET" else ():
            yield method, place.replace("findings/1", f"findings/{number}"), {}
        if "findings/1" not in place and method == "GET":
            yield method, place, {"params": {"twin": TWIN} if place in test_api_access.GIVEN else {}}
    for form in FORMS:
        for pictures in ("none", "blurred") if form in ("html", "pdf") else ("none",):
            yield "POST", "exports", {"json": {"format": form, "names": True, "pictures": pictures}}
    yield "POST", "feeds", {"json": {"twin": MODEL}}
    chosen = [{"finding": 1, "seen": "confirmed"}, {"finding": 2, "seen": "rejected"}]
    yield "POST", "reviews", {"json": {"decision": "look_again", "note": MODEL, "findings": chosen}}
    yield "GET", "feeds", {}
    yield "GET", "audit", {}


@pytest.mark.parametrize("role", list(Role))
def test_no_answer_to_a_program_tells_a_name_to_somebody_who_may_not_know_it(
    hostile: Planted, program: Callable[..., TestClient], role: Role
) -> None:
    client, named = program(role), 0
    for method, where, given in asked_by_programs():
        answer = client.request(method, where, **given)
        assert answer.status_code < 500, where
        form = given.get("json", {}).get("format", "")
        told = text_of(form, answer.content) if form and answer.status_code == 200 else answer.text
        told = " ".join(told.split())
        if (method, where) == ("POST", "feeds"):
            continue  # an address with the filter that was sent
        if role in (Role.READER, Role.REVIEWER):
            assert not NAMED.search(told), where
        named += bool(NAMED.search(told))
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert not answer.headers["content-type"].startswith("text/html") or form == "html"
    assert bool(named) == (role not in (Role.READER, Role.REVIEWER))


# --- exports ------------------------------------------------------------------------------------------------


def taken(hostile: Planted, form: str, *, names: bool = False, pictured: Pictured = Pictured.NONE) -> bytes:
    findings = (one for number in hostile.findings if (one := hostile.store.finding(number)))
    whole = handed(hostile.store, findings, Recipient(names=names))
    return b"".join(exporting.pieces(form, whole, hostile.store.media, pictured))


def text_of(form: str, data: bytes) -> str:
    """All text in it, as somebody reads it who looks for a name."""
    if form == "pdf":
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    if form == "xlsx":
        with zipfile.ZipFile(BytesIO(data)) as parts:
            return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    return data.decode("utf-8-sig")


@pytest.mark.parametrize("form", FORMS)
def test_an_export_carries_no_name_unless_that_was_asked_for(hostile: Planted, form: str) -> None:
    told = text_of(form, taken(hostile, form))
    assert not NAMED.search(told)
    assert f"the model of {TWIN}" in " ".join(told.split())
    assert NAMED.search(" ".join(text_of(form, taken(hostile, form, names=True)).split()))


@pytest.mark.parametrize("form", ["html", "pdf"])
def test_an_export_carries_no_picture_unless_that_was_asked_for(hostile: Planted, form: str) -> None:
    def pictures(data: bytes) -> int:
        if form == "html":
            return data.count(b"data:image/jpeg")
        return sum(len(page.images) for page in PdfReader(BytesIO(data)).pages)

    assert pictures(taken(hostile, form)) == 0
    assert pictures(taken(hostile, form, pictured=Pictured.BLURRED)) == len(hostile.findings)


def test_csv_cells_are_no_formulas(hostile: Planted) -> None:
    rows = list(csv.reader(io.StringIO(text_of("csv", taken(hostile, "csv")), newline="")))
    assert len(rows) == 4
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if is_formula(cell)]
    assert sum("HYPERLINK" in cell for cell in cells) > 10
    assert not any(TURNING.search(cell) for cell in cells)


def test_workbook_cells_are_text_and_its_xml_is_well_formed(hostile: Planted) -> None:
    data = taken(hostile, "xlsx")
    with zipfile.ZipFile(BytesIO(data)) as parts:
        for name in parts.namelist():
            root = etree.fromstring(parts.read(name))
            assert not root.xpath("//*[local-name()='f' or local-name()='hyperlink']"), name
        assert not [name for name in parts.namelist() if "vba" in name.lower() or "external" in name.lower()]
    sheet = load_workbook(BytesIO(data))["Findings"]
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n", "d", "inlineStr"}
    quoted = [cell for row in sheet.iter_rows(min_row=2) for cell in row if is_formula(str(cell.value or ""))]
    assert quoted
    assert all(cell.quotePrefix for cell in quoted)


def test_the_html_export_is_text(hostile: Planted) -> None:
    acting = harmless(taken(hostile, "html", pictured=Pictured.BLURRED).decode(), own_script=False)
    assert "<script>window.planted=1</script>" in acting.text


def test_json_lines_are_one_object_each(hostile: Planted) -> None:
    lines = taken(hostile, "jsonl").split(b"\n")
    assert [json.loads(line)["id"] for line in lines if line] == list(hostile.findings)


def test_the_pdf_is_whole_and_acts_on_nothing(hostile: Planted) -> None:
    data = taken(hostile, "pdf")
    told = PdfReader(BytesIO(data), strict=True)
    assert all(b not in data for b in (b"/JavaScript", b"/JS ", b"/Launch", b"/URI", b"/EmbeddedFile"))
    assert not [page for page in told.pages if page.annotations]
    assert "window.planted" in "".join(page.extract_text() for page in told.pages)


# --- feed, alerts, letters, report --------------------------------------------------------------------------


def test_the_feed_is_well_formed_and_tells_no_name(browser: Someone, hostile: Planted) -> None:
    data = browser(None).get(address(browser(Role.ADMINISTRATOR), "?status=all")).content
    root = etree.fromstring(data)
    assert len(root.findall("{*}entry")) == len(hostile.findings)
    assert not NAMED.search(data.decode())
    assert {one.get("type") for one in root.iter("{*}summary")} == {"text"}
    assert all(str(one.get("href")).startswith("http") for one in root.iter("{*}link"))
    assert not feedparser.parse(data).bozo
    assert "window.planted" in "".join(root.itertext())


def test_alerts_of_each_kind_tell_no_name(hostile: Planted, tmp_path: Path, httpserver: HTTPServer) -> None:
    for path in ("/json", "/form", "/xml", "/hook"):
        httpserver.expect_request(path).respond_with_data("")
    secret = f"whsec_{base64.b64encode(b'1' * 24).decode()}"
    port = httpserver.port
    with mailbox() as post:
        mail = f"mailto://127.0.0.1:{post.port}/?from=a@desk.example&to=b@desk.example&mode=insecure"
        urls = [
            mail,
            f"{mail}&format=text",
            *(f"{kind}://127.0.0.1:{port}/{kind}" for kind in ("json", "form", "xml")),
        ]
        toml = f'[alerts]\nallow_hosts = ["127.0.0.1:{port}", "127.0.0.1:{post.port}"]\n'
        for number, url in enumerate(urls):
            when = "at_once" if number else "digest"
            toml += f'[[alert]]\nname = "a{number}"\nurl = "{url}"\nsend = "{when}"\n'
        toml += (
            f'[[alert]]\nname = "hook"\nwebhook = "http://127.0.0.1:{port}/hook"\nsecrets = ["{secret}"]\n'
        )
        (tmp_path / "twinwatch.toml").write_text(toml)
        config = load(tmp_path / "twinwatch.toml", {})
        alerting.owe(config, hostile.store, "nightly-1", hostile.findings, datetime(2026, 1, 1, tzinfo=UTC))
        sent = alerting.send_owed(config, hostile.store, patience=0)
        assert {one.error for one in sent} == {""}
        assert {one.notice.channel for one in sent} == {f"a{n}" for n in range(len(urls))} | {"hook"}
        said = [*post.texts, *(request.get_data(as_text=True) for request, _ in httpserver.log)]
    assert len(said) == 1 + 3 * 4 + 1
    for text in said:
        assert TWIN in text or TWIN.replace(" ", "+") in text
        assert not NAMED.search(text)
    for text in said[:-1]:  # the last one is data for a program, as it was published
        assert "@everyone" not in text
        assert not TURNING.search(text)
    for text in post.texts:
        assert "<script" not in text.lower()
    bodies = {request.path: request.get_data() for request, _ in httpserver.log}
    json.loads(bodies["/hook"])
    etree.fromstring(bodies["/xml"])


@pytest.mark.parametrize("form", ["md", "pdf"])
def test_a_letter_tells_no_name(twinwatch: Callable[..., Any], hostile: Planted, form: str) -> None:
    assert hostile.findings
    done = twinwatch("findings", "letter", "2", "-o", f"letter.{form}")
    assert done.status == 0, done.err
    told = text_of(form, Path(f"letter.{form}").read_bytes())
    assert TWIN in told
    assert not NAMED.search(told)


@pytest.mark.parametrize("form", ["html", "xlsx", "json"])
def test_the_agencys_report_tells_no_name(twinwatch: Callable[..., Any], hostile: Planted, form: str) -> None:
    assert hostile.findings
    done = twinwatch("agency-report", "--agency", AGENCY, "--month", "2026-11", "-o", f"report.{form}")
    assert done.status == 0, done.err
    data = Path(f"report.{form}").read_bytes()
    assert TWIN in text_of(form, data)
    assert not NAMED.search(text_of(form, data))
    if form == "html":
        harmless(data.decode(), own_script=False)


@pytest.mark.parametrize("form", FORMS)
def test_the_command_line_exports_no_name_either(
    twinwatch: Callable[..., Any], hostile: Planted, form: str
) -> None:
    assert hostile.findings
    done = twinwatch("findings", "export", "-o", f"out.{form}")
    assert done.status == 0, done.err
    assert not NAMED.search(text_of(form, Path(f"out.{form}").read_bytes()))
