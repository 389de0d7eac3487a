"""A filter as a file: in every format, for every role, written into the record; and what is too much."""

import csv
import io
import json
from collections.abc import Callable
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from desk.exports import pdf
from storage.people import Role
from storage.records import ConsentVerdict
from storage.store import Store
from tests.desk.used_store import OUTLET, shown
from tests.desk.web.conftest import HOST, Browser

OUT = ConsentVerdict.OUT_OF_SCOPE
OURS = {"origin": f"http://{HOST}"}
Someone = Callable[[Role | None], Browser]
pytestmark = pytest.mark.slow  # a store and an application each


@pytest.fixture
def filled(store: Store) -> Store:
    shown(store, "first", ("Twin A", OUT), text="Anna Andersson wears it")
    shown(store, "second", ("Twin B", OUT), account=OUTLET)
    shown(store, "third", ("Stranger", OUT))
    return store


def take(client: Browser, query: str = "", **given: str) -> bytes:
    answer = client.post(f"/export{query}", data={"csrf": client.csrf, **given}, headers=OURS)
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["content-disposition"]
    return answer.content


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_the_file_holds_what_the_filter_finds(filled: Store, browser: Someone) -> None:
    client = browser(Role.READER)
    assert [row["id"] for row in rows(take(client, "?retailer=Outlet"))] == ["2"]
    assert len(rows(take(client))) == 3
    assert rows(take(client, "?status=confirmed")) == []


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl", "html", "pdf"])
def test_every_format_reads_back(filled: Store, browser: Someone, form: str) -> None:
    data = take(browser(Role.READER), "?twin=Twin+A", format=form)
    if form == "xlsx":
        sheet = load_workbook(BytesIO(data))["Findings"]
        assert [cell.value for cell in sheet["A"]] == ["id", 1]
    elif form == "pdf":
        assert "Twin A" in PdfReader(BytesIO(data)).pages[0].extract_text()
    elif form == "jsonl":
        assert [json.loads(line)["id"] for line in data.splitlines()] == [1]
    else:
        assert b"Twin A" in data
    assert b"Andersson" not in data


def test_names_leave_with_those_alone_who_may_know_them(filled: Store, browser: Someone) -> None:
    (told,) = rows(take(browser(Role.ADMINISTRATOR), "?twin=Twin+A", names="yes"))
    assert (told["model"], told["caption"]) == ("Anna Andersson", "Anna Andersson wears it")
    (veiled,) = rows(take(browser(Role.REVIEWER), "?twin=Twin+A", names="yes"))
    assert (veiled["model"], veiled["caption"]) == ("", "[the model of Twin A] wears it")


def test_an_agency_takes_its_own_twins_and_nothing_else(store: Store, browser: Someone) -> None:
    shown(store, "both", ("Stranger", OUT), ("Twin A", OUT), text="Stranger beside her")
    shown(store, "third", ("Stranger", OUT))
    for form in ("csv", "jsonl", "html"):
        data = take(browser(Role.AGENCY), format=form)
        assert b"Stranger" not in data, form
        assert b"Twin A" in data, form


def test_who_took_what_is_remembered(filled: Store, browser: Someone) -> None:
    take(browser(Role.READER), "?twin=Twin+A", format="csv")
    (kept,) = filled.exports.all()
    assert (kept.by, kept.command, kept.format, kept.findings) == ("reader 0", "desk", "csv", (1,))
    assert (kept.twins, kept.thumbnails, len(kept.sha256), kept.size > 100) == (("Twin A",), False, 64, True)
    (line,) = filled.audit.latest()
    assert (line.who, line.what, line.about) == ("reader 0", "exported", "csv, 1 findings")
    assert "Twin A" not in str(line)  # the record cannot be altered: it names no twin


def test_too_many_for_one_file_is_said(
    filled: Store, browser: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "LIMIT", 2)
    client = browser(Role.READER)
    answer = client.post("/export", data={"csrf": client.csrf, "format": "pdf"}, headers=OURS)
    assert answer.status_code == 413
    assert "3 findings" in answer.text
    page = client.get("/").text  # told before it is asked for, with what to do instead
    assert "PDF (up to 2 findings)" in page
    assert "a PDF file holds 2 at most. Narrow them down, or take CSV, XLSX" in page
    assert "a HTML file holds" not in page
    for form in ("csv", "xlsx", "jsonl"):
        assert f'name="format" value="{form}"' in answer.text
    assert filled.audit.latest() == []


@pytest.mark.parametrize(
    ("query", "given"), [("", {"format": "exe"}), ("", {"pictures": "all"}), ("?status=x", {})]
)
def test_what_cannot_be_is_refused(browser: Someone, query: str, given: dict[str, str]) -> None:
    client = browser(Role.READER)
    answer = client.post(f"/export{query}", data={"csrf": client.csrf, **given}, headers=OURS)
    assert answer.status_code == 422


def test_it_wants_the_token_of_the_session(browser: Someone) -> None:
    assert browser(Role.READER).post("/export", data={"format": "csv"}, headers=OURS).status_code == 403
